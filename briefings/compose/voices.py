"""The slot of who said what: one passage a speaker, direct speech before a few words, short and telling before long.

Rule: the words stood in quotation marks, exactly so; a paraphrase is never among them. Whoever is
unnamed in the article is shown as unnamed. A second passage of a speaker comes only after everybody was heard.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import permutations

from briefings.compose.budget import Budget
from briefings.compose.choice import Choice, choose
from briefings.compose.material import Material
from briefings.compose.worth import Concept, words_of
from briefings.model import Article, Kind, Line, Quote, Slot, Span, Speaker
from briefings.ranking import centroid, cosine, terms, vectors
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.sentences import sentences
from briefings.text.spans import touching
from briefings.text.words import count
from briefings.utterances import same_pairs, same_utterance

#: words of a passage that makes a line
SHORTEST, LONGEST = 4, 35
#: words up to which a passage is no better for being shorter, and words with a meaning of their own that it must have
#: unless a second outlet found it worth printing
_FEW, _TELLING = 8, 3
#: sentences of one passage, at most
_SENTENCES = 3
_MOST = 8
#: passages looked at in depth, those that matter most
_WEIGHED = 200
#: outlets beside the first that make a passage better
_OUTLETS = 3
#: what hearing one more person is worth, beside what is told
_HEARD = 1.0
#: and what it is worth beside that to hear somebody whom every article quotes
_PROMINENT = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A passage that may be shown: its speaker, the words to show of it, how much it matters, who carries it."""

    article: Article
    quote: Quote
    speaker: Speaker
    span: Span
    score: float
    outlets: int

    @property
    def text(self) -> str:
        """The words to show, as the article has them."""
        return self.span.of(self.article.text)


#: what follows other words of a quotation and holds one of these may not be understood alone
_POINTING = re.compile(rf"\b(?:{lexicon.alternation('pointing')})\b")
_Usable = tuple[Article, Quote, Speaker, Span]


@dataclass(frozen=True, slots=True)
class _Report:
    """Words that an article (its id) has from a speaker; `passage` says which of the usable ones they are, if any."""

    article: str
    text: str
    passage: int | None = None


def _all(found: list[Voice]) -> list[Voice]:
    return found


class Voices:
    """Picks passages for a briefing; remembers who was heard, and what with. `shown` are texts shown elsewhere.

    Only those are picked that `wanted` leaves of them.
    """

    def __init__(
        self,
        material: Material,
        budget: Budget,
        told: set[Concept],
        shown: Sequence[str],
        wanted: Callable[[list[Voice]], list[Voice]] = _all,
    ) -> None:
        self._material = material
        self._budget = budget
        self._told = told
        self._shown = shown
        self._candidates = wanted(_candidates(material))
        quoted = ({quote.speaker.name for quote in quotes if quote.speaker} for _, quotes in material.read)
        #: how many articles quote somebody
        self._quoting = Counter(name for names in quoted for name in names)
        self._choices = [
            Choice(
                voice.text, max(_FEW, count(voice.text)), words_of(voice.text), _quality(voice), self._hearing(voice)
            )
            for voice in self._candidates
        ]
        self._chosen: list[Voice] = []

    def hear(self, times: int) -> None:
        """Lets everybody be heard up to `times` times, as long as the budget is open."""
        choose(
            self._choices,
            self._material.worth,
            self._budget,
            told=self._told,
            allowed=lambda at: self._may_speak(self._candidates[at], times),
            taken=lambda at: self._chosen.append(self._candidates[at]),
        )

    def lines(self) -> list[Line]:
        """The passages chosen, in the order in which they were."""
        return [
            Line(
                slot=Slot.QUOTES,
                text=voice.text,
                evidence=(self._material.evidence(voice.article, voice.span),),
                speaker=voice.speaker,
                outlets=voice.outlets,
            )
            for voice in self._chosen
        ]

    def _hearing(self, voice: Voice) -> float:
        """What it is worth to hear this speaker: more of somebody whom many of the articles quote."""
        return _HEARD + _PROMINENT * self._quoting[voice.speaker.name] / len(self._material.articles)

    def _may_speak(self, voice: Voice, times: int) -> bool:
        if len(self._chosen) >= _MOST:
            return False
        said = [other.text for other in self._chosen if other.speaker.name == voice.speaker.name]
        return len(said) < times and not any(same_utterance(text, voice.text) for text in [*said, *self._shown])


def _candidates(material: Material) -> list[Voice]:
    usable = [
        (article, quote, quote.speaker, span)
        for article, quotes in material.read
        for quote in quotes
        if quote.speaker is not None and quote.kind is not Kind.INDIRECT
        for span in _passages(article, quote)
    ]
    weighed = vectors([span.of(article.text) for article, _, _, span in usable])
    middle = centroid(weighed)
    ranked = [
        Voice(article, quote, speaker, span, cosine(vector, middle), carried)
        for (article, quote, speaker, span), vector, carried in zip(
            usable, weighed, _carried(material, usable), strict=True
        )
    ]
    ranked = [voice for voice in ranked if voice.outlets > 1 or len(terms(voice.text)) >= _TELLING]
    ranked.sort(key=lambda v: (v.article.published is None, v.article.id, v.span))
    return nlargest(_WEIGHED, ranked, key=_quality)


def _quality(voice: Voice) -> float:
    direct, named = voice.quote.kind is Kind.DIRECT, not voice.speaker.anonymous
    # what comes after other words in a quotation may point back to them
    opens = any(voice.span.start == fragment.start for fragment in voice.quote.content)
    return (
        0.3
        + 0.5 * voice.score
        + 0.2 * direct
        + 0.15 * named
        + 0.2 * min(_OUTLETS, voice.outlets - 1)
        + 0.1 * voice.quote.confidence
        - 0.2 * (not opens)
    )


def _passages(article: Article, quote: Quote) -> Iterator[Span]:
    """The runs of one to three whole sentences of each fragment that make a line."""
    for fragment in quote.content:
        spans = sentences(fragment.of(article.text))
        for first in range(len(spans)):
            for last in range(first, min(len(spans), first + _SENTENCES)):
                start, end = fragment.start + spans[first].start, fragment.start + spans[last].end
                # the comma before the closing mark is the paper's, not the speaker's
                span = Span(start, start + len(article.text[start:end].rstrip(",")))
                length = count(span.of(article.text))
                points = first > 0 and _POINTING.search(fold(span.of(article.text)))
                if SHORTEST <= length <= LONGEST and not points and not touching(article.boilerplate, span):
                    yield span


def _carried(material: Material, usable: Sequence[_Usable]) -> list[int]:
    """How many independent outlets have each of the passages, or at least half of its words, from its speaker."""
    bearers = [{article.id} for article, _, _, _ in usable]
    reports: dict[str, list[_Report]] = {}
    for article, quotes in material.read:
        for quote in quotes:
            if quote.speaker is not None:
                texts = [_Report(article.id, fragment.of(article.text)) for fragment in quote.content]
                reports.setdefault(quote.speaker.name, []).extend(texts)
    for at, (article, _, speaker, span) in enumerate(usable):
        reports[speaker.name].append(_Report(article.id, span.of(article.text), at))
    for heard in reports.values():
        for pair in same_pairs([report.text for report in heard]):
            for one, other in permutations(heard[at] for at in pair):
                if one.passage is not None and 2 * count(other.text) >= count(one.text):
                    bearers[one.passage].add(other.article)
    return [material.outlets.count(articles) for articles in bearers]
