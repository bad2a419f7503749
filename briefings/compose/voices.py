"""The slot of who said what: one passage a speaker, direct speech before a few words, the most reported first.

Rule: the words stand exactly as in the article; whoever is unnamed there is shown as unnamed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from briefings.compose.budget import Budget
from briefings.compose.material import Material
from briefings.model import Article, Kind, Line, Quote, Slot, Span, Speaker
from briefings.ranking import centroid, cosine, vectors
from briefings.text.sentences import sentences
from briefings.text.words import count
from briefings.utterances import same_speaker, same_utterance

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
        if quote.speaker is not None
    ]
    usable = [item for item in found if SHORTEST <= count(item[3].of(item[0].text)) <= LONGEST]
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
        for (article, quote, speaker, span), vector in zip(usable, weighed, strict=True)
        for carried in [_carried(material, article, quote, span)]
    ]
    return sorted(ranked, key=lambda v: (-v.score, v.article.published is None, v.article.id, v.span))


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


def _carried(material: Material, article: Article, quote: Quote, span: Span) -> int:
    words = span.of(article.text)
    alike = {
        other.id
        for other, quotes in material.read
        for said in quotes
        if same_speaker(quote, said)
        and any(same_utterance(words, fragment.of(other.text)) for fragment in _long_enough(other, said, words))
    }
    return material.outlets.count(alike | {article.id})


def _long_enough(article: Article, quote: Quote, words: str) -> Sequence[Span]:
    """The fragments that hold at least half as many words: fewer are a snippet, not the same statement again."""
    return [f for f in quote.content if 2 * count(f.of(article.text)) >= count(words)]


def _line(material: Material, voice: Voice) -> Line:
    return Line(
        slot=Slot.QUOTES,
        text=voice.text,
        evidence=(material.evidence(voice.article, voice.span),),
        speaker=voice.speaker,
        outlets=voice.outlets,
    )
