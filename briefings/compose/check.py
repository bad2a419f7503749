"""A draft's quotations beside the record: exact, differing, somebody else's, the paper's own words, or not found.

Rule: a verdict against the draft needs proof, which is shown with its link; where the record itself is not sure, the
words are judged and the doubt is said.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefings.compose.check_record import Remembered, Told, Uttered
from briefings.compose.check_words import Likeness, every_place, likeness, places
from briefings.compose.claims import Claim, claim
from briefings.compose.hits import Read, Said, hits, newest, own_words, with_reports
from briefings.compose.quotations import Quotation
from briefings.model import Article, Change, Checked, CheckedQuote, Hit, Kind, Searched, Span, Verdict
from briefings.quotes.quotations import SHORTEST_UNCUED
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.sentences import sentences
from briefings.text.spans import Overlapping, merged, without

#: likeness, 0 to 1, from which words are another wording of their speaker's, and from which of somebody else's
SAME, SAME_OF_ANOTHER = 0.72, 0.85
#: words, from which a likeness to what somebody else said is no accident
_TELLING = 5
#: likeness from which a real quotation is worth showing as the closest, and how many are shown
_NEAR, _MOST_NEAREST = 0.5, 3
#: words left out that are shown whole; of more the ends are
_SHOWN, _ENDS = 12, 4
#: places of one paragraph at which words of the paper's are looked at
_MOST_PLACES = 20
_BRACKETS = re.compile(r"\[[^\[\]]*\w[^\[\]]*\]")

Related = Callable[[Quotation], Read]


def check(draft: str, quotations: Sequence[Quotation], related: Related, searched: Searched) -> Checked:
    """The verdict on each of `quotations`; `related` gives the articles, with their quotes, that may hold one."""
    told = Remembered()
    judged = (_judged(draft, quotation, [told.of(*pair) for pair in related(quotation)]) for quotation in quotations)
    return Checked(draft, tuple(quote for quote in judged if quote is not None), searched)


def _judged(draft: str, quotation: Quotation, told: Sequence[Told]) -> CheckedQuote | None:
    """The verdict; None for a few words in marks that nobody said."""
    ordered = sorted(told, key=lambda each: (newest(each.article), each.article.id))
    judge = _Judge(draft, quotation, ordered)
    return judge.exact() or (None if quotation.is_short else judge.paper() or judge.drifted() or judge.nothing())


@dataclass(frozen=True, slots=True)
class _Judge:
    """One quotation and the articles it is judged by, newest first."""

    draft: str
    quotation: Quotation
    told: Sequence[Told]

    def exact(self) -> CheckedQuote | None:
        """The verdict where the words stand so in a quotation."""
        found = [
            (uttered, at)
            for each in self.told
            for uttered in each.uttered
            if uttered.is_quoted and (at := places(self.quotation.pieces, uttered.words)) and self._counts(uttered)
        ]
        for wanted in (Claim.SAME, Claim.UNCLEAR):
            of_them = [(uttered, at) for uttered, at in found if self._claim(uttered) is wanted]
            if of_them:
                best, at = min(of_them, key=lambda pair: self._rank(pair[0]))
                doubt = self._unclear(best) if wanted is Claim.UNCLEAR else ""
                notes = (doubt, _left_out(best.article, at), _interrupted(best), self._brackets())
                return self._verdict(Verdict.EXACT, best, " ".join(filter(None, notes)), also=[u for u, _ in of_them])
        others = [uttered for uttered, _ in found if self._tells(uttered)]
        return self._verdict(Verdict.MISATTRIBUTED, min(others, key=self._rank)) if others else None

    def paper(self) -> CheckedQuote | None:
        """The verdict where the words, or some of them, stand outside the quotation marks."""
        for each in self.told:
            marked = merged(f for quote in each.quotes if quote.kind is not Kind.INDIRECT for f in quote.content)
            for line in each.paragraphs:
                for at in every_place(self.quotation.pieces, line, _MOST_PLACES):
                    if any(without(span, marked) for span in at):
                        return self._own_words(each, Span(at[0].start, at[-1].end))
        return None

    def drifted(self) -> CheckedQuote | None:
        """The verdict where the likest quotation is another wording of the words."""
        found = [(uttered, alike) for uttered, alike in self._likest() if self._is_same(uttered, alike)]
        if not found:
            return None
        best, alike = found[0]
        verdict = Verdict.MISATTRIBUTED if self._claim(best) is Claim.OTHER else Verdict.DIFFERS
        note = self._unclear(best) if self._claim(best) is Claim.UNCLEAR else ""
        return self._verdict(verdict, best, note, alike.changes)

    def nothing(self) -> CheckedQuote:
        """The verdict where nothing like it is known, with the closest that somebody did say."""
        groups: list[list[Said]] = []
        for uttered, _ in self._likest():
            known = {(article.id, quote.span) for group in groups for article, quote in group}
            if len(groups) < _MOST_NEAREST and (uttered.article.id, uttered.quote.span) not in known:
                groups.append(self._reports(uttered))
        return self._checked(Verdict.NOT_FOUND, None, "", (), hits(groups))

    def _claim(self, uttered: Uttered) -> Claim:
        return claim(self.quotation.claimed, *uttered.said)

    def _counts(self, uttered: Uttered) -> bool:
        """Whether it is a quotation at all: one word in marks, given to nobody, is one where it was quoted alone."""
        return not self.quotation.is_short or self.quotation.words > 1 or len(uttered.words.keys) == 1

    def _tells(self, uttered: Uttered) -> bool:
        """Whether the words are enough to be told as somebody else's: a few words out of a long speech are not."""
        words = self.quotation.words
        return words >= SHORTEST_UNCUED or 2 * words >= len(uttered.words.keys)

    def _rank(self, uttered: Uttered) -> tuple[bool, bool, bool, int]:
        """Whole quotations first, then those with a speaker, then the newest; of equals the shortest."""
        quote = uttered.quote
        return uttered.interrupted, quote.speaker is None, quote.kind is Kind.MIXED, newest(uttered.article)

    def _likest(self) -> list[tuple[Uttered, Likeness]]:
        """The quotations by how alike they are; of equals those of the speaker whom the draft names, newest first."""
        rated = [
            (uttered, likeness(self.quotation.pieces, uttered.words))
            for each in self.told
            for uttered in each.uttered
            if uttered.is_quoted and not uttered.interrupted
        ]
        order = [Claim.SAME, Claim.UNCLEAR, Claim.OTHER]
        alike = [pair for pair in rated if pair[1].share >= _NEAR and pair[1].tells]
        return sorted(
            alike,
            key=lambda pair: (
                not self._is_same(*pair),
                order.index(self._claim(pair[0])),
                -round(pair[1].share + pair[1].words, 3),
            ),
        )

    def _is_same(self, uttered: Uttered, alike: Likeness) -> bool:
        if self._claim(uttered) is Claim.SAME:
            return alike.share >= SAME
        return alike.share >= SAME_OF_ANOTHER and self.quotation.words >= _TELLING

    def _own_words(self, told: Told, span: Span) -> CheckedQuote:
        text = told.article.text
        at = Overlapping(quote.span for quote in told.quotes)
        around = [told.quotes[number] for number in at.numbers(span)]
        reported = [quote for quote in around if quote.kind is Kind.INDIRECT]
        quoted = [part for quote in around if quote.kind is not Kind.INDIRECT for part in _inside(quote.content, span)]
        if quoted:
            words = ", ".join(f"“{piece.of(text).strip(' ,')}”" for piece in quoted)
            note = f"Only {words} stands in quotation marks there; the rest is the paper's own."
        elif reported and reported[0].speaker:
            note = f"The paper tells in its own words what {reported[0].speaker.name} said."
        else:
            note = "Nobody is quoted with these words."
        if reported and not quoted:
            (best,) = hits([[(told.article, reported[0])]])
        else:
            best = own_words(told.article, _sentence(text, span))
        return self._checked(Verdict.NARRATION, best, note)

    def _reports(self, uttered: Uttered, also: Sequence[Uttered] = ()) -> list[Said]:
        """The quotation, those that hold the same words, and the other reports of what its speaker uttered."""
        read = [(each.article, each.quotes) for each in self.told]
        reports = with_reports(uttered.said, read)
        known = {(article.id, quote.span) for article, quote in reports}
        same = [other for other in also if not other.interrupted and other.speaker and other.speaker == uttered.speaker]
        return [*reports, *(o.said for o in same if (o.article.id, o.quote.span) not in known)]

    def _verdict(
        self,
        verdict: Verdict,
        best: Uttered,
        note: str = "",
        changes: tuple[Change, ...] = (),
        also: Sequence[Uttered] = (),
    ) -> CheckedQuote:
        (hit,) = hits([self._reports(best, also)])
        return self._checked(verdict, hit, note, changes)

    def _checked(
        self,
        verdict: Verdict,
        best: Hit | None,
        note: str = "",
        changes: tuple[Change, ...] = (),
        nearest: tuple[Hit, ...] = (),
    ) -> CheckedQuote:
        span = self.quotation.span
        words = span.of(self.draft)
        return CheckedQuote(
            words, span.start, span.end, self.quotation.claimed, verdict, best, note or None, changes, nearest
        )

    def _unclear(self, uttered: Uttered) -> str:
        """Why it cannot be told whether the speaker is the one whom the draft names."""
        speaker = uttered.quote.speaker
        if speaker is None:
            return "The article does not say whose words these are."
        if self.quotation.claimed is not None and self.quotation.claimed.anonymous:
            return f"The draft names nobody; the record has {speaker.name}."
        if speaker.anonymous:
            return f"The article does not name the speaker: “{speaker.name}”."
        return f"The record has {speaker.name} for the speaker, but is not sure."

    def _brackets(self) -> str:
        words = self.quotation.span.of(self.draft)
        return "What stands in brackets is the draft's own." if _BRACKETS.search(words) else ""


def _inside(fragments: Sequence[Span], span: Span) -> list[Span]:
    """The parts of `fragments` that lie in `span`."""
    return [Span(max(f.start, span.start), min(f.end, span.end)) for f in fragments if f.overlaps(span)]


def _left_out(article: Article, at: Sequence[Span]) -> str:
    """The words between the pieces of a quotation, where they stand in its source."""
    between = [article.text[one.end : other.start].strip(" ,.;:") for one, other in pairwise(at)]
    shown = ", ".join(f"“{_shortened(words)}”" for words in between if words)
    if not shown:
        return ""
    turning = lexicon.words("negations").intersection(word for words in between for word in fold(words).split())
    weighed = " They turn or weaken what is said: see that the meaning holds." if turning else ""
    return f"Left out: {shown}.{weighed}"


def _shortened(words: str) -> str:
    each = words.split()
    return " ".join(each if len(each) <= _SHOWN else [*each[:_ENDS], "…", *each[-_ENDS:]])


def _interrupted(uttered: Uttered) -> str:
    return "The paper interrupts these words: they are two quotations there." if uttered.interrupted else ""


def _sentence(text: str, span: Span) -> Span:
    """From the beginning of the sentence in which `span` begins to the end of the one in which it ends."""
    around = [sentence for sentence in sentences(text) if sentence.overlaps(span)]
    return Span(around[0].start, around[-1].end) if around else span
