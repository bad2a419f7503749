"""What a briefing can be made of: the sentences and quotes of a story's articles, read, scored and compared once.

Rule: a sentence is a candidate when it can stand alone: running text, no passage cut in two, no opening "But he".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from briefings.article import headline
from briefings.article.link import link_to
from briefings.corroboration import Outlets
from briefings.facts import SentenceFacts, facts_of
from briefings.facts.sentence import Anchor
from briefings.model import Article, Evidence, Quote, Span
from briefings.ranking import Vector, centroid, cosine, vectors
from briefings.text import lexicon
from briefings.text.blank import blanked
from briefings.text.fold import fold
from briefings.text.sentences import sentences

#: words of a sentence that can be a line
SHORTEST, LONGEST = 6, 60
#: sentences this much alike tell the same thing
SAME_MATTER = 0.4
_DANGLING = re.compile(rf"(?:{lexicon.alternation('dangling')})\b")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One candidate: where it stands, what it tells, how much it matters (0 to about 1), who else carries it."""

    article: Article
    facts: SentenceFacts
    vector: Vector
    score: float
    outlets: int

    @property
    def text(self) -> str:
        """The sentence as the article has it."""
        return self.facts.span.of(self.article.text)


class Material:
    """A story's articles in order of publication (undated last, then by id), with their quotes, ready to compose."""

    def __init__(self, read: Sequence[tuple[Article, tuple[Quote, ...]]]) -> None:
        self.read = sorted(read, key=lambda pair: (pair[0].published or date.max, pair[0].id))
        self.articles = [article for article, _ in self.read]
        self.outlets = Outlets(self.articles)

    @cached_property
    def newest(self) -> date | None:
        """The day of the newest dated article."""
        return max((article.published for article in self.articles if article.published), default=None)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The candidates, article by article."""
        found = [(a, facts) for a, quotes in self.read for facts in _standing_alone(a, quotes, self._anchor(a))]
        weighed = vectors([facts.span.of(article.text) for article, facts in found])
        middle = centroid(weighed)
        return tuple(
            Sentence(article, facts, vector, self._score(article, facts, vector, middle, carried), carried)
            for (article, facts), vector in zip(found, weighed, strict=True)
            for carried in [self._carried(article, vector, found, weighed)]
        )

    def evidence(self, article: Article, span: Span) -> Evidence:
        """`span` of `article` as evidence, with the link that opens it."""
        return Evidence(article.id, span.start, span.end, span.of(article.text), link_to(article, span))

    def _anchor(self, article: Article) -> Anchor | None:
        """An undated article's bare days ("23 June") take their year from the first dated article of its story."""
        if article.published is not None:
            return Anchor(article.published, article.id)
        dated = [a for a in self.articles if a.published is not None]
        return Anchor(dated[0].published, dated[0].id, own=False) if dated and dated[0].published else None

    def _carried(
        self,
        article: Article,
        vector: Vector,
        found: Sequence[tuple[Article, SentenceFacts]],
        weighed: Sequence[Vector],
    ) -> int:
        alike = {other.id for (other, _), v in zip(found, weighed, strict=True) if cosine(vector, v) >= SAME_MATTER}
        return self.outlets.count(alike | {article.id})

    def _score(self, article: Article, facts: SentenceFacts, vector: Vector, middle: Vector, carried: int) -> float:
        position = 1 - facts.span.start / max(1, len(article.text))
        told = min(1.0, 0.5 * bool(facts.days) + 0.5 * bool(facts.figures))
        brevity = 1 - len(facts.span.of(article.text).split()) / 150
        return brevity * (0.55 * cosine(vector, middle) + 0.2 * position + 0.1 * told + 0.15 * (carried - 1))


def _standing_alone(article: Article, quotes: Sequence[Quote], anchor: Anchor | None) -> list[SentenceFacts]:
    head = headline(article)
    barred = [*article.boilerplate, *([head] if head else [])]
    fragments = [fragment for quote in quotes for fragment in quote.content]
    view = blanked(article.text, fragments)
    return [
        facts_of(article.text, view, sentence, anchor)
        for sentence in sentences(article.text)
        if not any(sentence.overlaps(span) for span in barred) and _stands_alone(article.text, sentence, fragments)
    ]


def _stands_alone(text: str, sentence: Span, fragments: Sequence[Span]) -> bool:
    words = sentence.of(text)
    if not SHORTEST <= len(words.split()) <= LONGEST or _DANGLING.match(fold(words)):
        return False
    inside = [fragment for fragment in fragments if fragment.overlaps(sentence)]
    cut = any(fragment.start <= sentence.start or fragment.end >= sentence.end for fragment in inside)
    return not cut and sum(map(len, inside)) < len(sentence) / 2 and words.rstrip("\"'”’)").endswith((".", "!", "?"))
