"""The slot of who said what: one passage a speaker, direct speech before a few words, the most reported first.

Rule: the words stood in quotation marks, exactly so; a paraphrase is never among them. Whoever is
unnamed in the article is shown as unnamed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from briefings.compose.budget import Budget
from briefings.compose.material import Material
from briefings.model import Article, Kind, Line, Quote, Slot, Span, Speaker
from briefings.ranking import centroid, cosine, vectors
from briefings.text.sentences import sentences
from briefings.text.spans import touching
from briefings.text.words import count
from briefings.utterances import same_pairs, same_utterance

#: words of a passage that makes a line
SHORTEST, LONGEST = 4, 45
_ROUNDS = 2
_MOST = 8


@dataclass(frozen=True, slots=True)
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


_Usable = tuple[Article, Quote, Speaker, Span]


@dataclass(frozen=True, slots=True)
class _Report:
    """Words that an article (its id) has from a speaker; `passage` says which of the usable ones they are, if any."""

    article: str
    text: str
    passage: int | None = None


def voices(material: Material, budget: Budget) -> list[Line]:
    """The lines of the slot, best first; a second passage of a speaker only after everybody was heard."""
    chosen: list[Voice] = []
    candidates = _candidates(material)
    for round_ in range(_ROUNDS):
        for voice in candidates:
            said = [other for other in chosen if other.speaker.name == voice.speaker.name]
            again = any(same_utterance(other.text, voice.text) for other in said)
            if len(said) <= round_ and not again and len(chosen) < _MOST and budget.fits(voice.text):
                budget.spend(voice.text)
                chosen.append(voice)
    return [_line(material, voice) for voice in chosen]


def _candidates(material: Material) -> list[Voice]:
    found = [
        (article, quote, quote.speaker, _shown(article, quote))
        for article, quotes in material.read
        for quote in quotes
        if quote.speaker is not None and quote.kind is not Kind.INDIRECT
    ]
    usable = [item for item in found if _is_usable(item[0], item[3])]
    weighed = vectors([span.of(article.text) for article, _, _, span in usable])
    middle = centroid(weighed)
    ranked = [
        Voice(
            article,
            quote,
            speaker,
            span,
            _score(quote, speaker, cosine(vector, middle), count(span.of(article.text)), carried),
            carried,
        )
        for (article, quote, speaker, span), vector, carried in zip(
            usable, weighed, _carried(material, usable), strict=True
        )
    ]
    return sorted(ranked, key=lambda v: (-v.score, v.article.published is None, v.article.id, v.span))


def _is_usable(article: Article, span: Span) -> bool:
    """Whether a passage has a line's length and no tag or notice inside."""
    return SHORTEST <= count(span.of(article.text)) <= LONGEST and not touching(article.boilerplate, span)


def _score(quote: Quote, speaker: Speaker, likeness: float, words: int, outlets: int) -> float:
    direct = quote.kind is Kind.DIRECT
    return (
        likeness
        - 0.005 * words
        + 0.2 * direct
        + 0.15 * (not speaker.anonymous)
        + 0.2 * (outlets - 1)
        + 0.1 * quote.confidence
    )


def _shown(article: Article, quote: Quote) -> Span:
    """As many whole sentences of the first fragment as make a line."""
    fragment = quote.content[0]
    end = fragment.start
    for sentence in sentences(fragment.of(article.text)):
        reach = Span(fragment.start, fragment.start + sentence.end)
        if end > fragment.start and count(reach.of(article.text)) > LONGEST:
            break
        end = reach.end
    # the comma before the closing mark is the paper's, not the speaker's
    return Span(fragment.start, fragment.start + len(article.text[fragment.start : end].rstrip(",")))


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


def _line(material: Material, voice: Voice) -> Line:
    return Line(
        slot=Slot.QUOTES,
        text=voice.text,
        evidence=(material.evidence(voice.article, voice.span),),
        speaker=voice.speaker,
        outlets=voice.outlets,
    )
