"""What a briefing can be made of: the sentences and quotes of a story's articles, read, scored and compared once.

Rule: a sentence is a candidate when it can stand alone: running text, no passage cut in two, no opening "They", and no
opening "He" unless it is certain who he is. Of very many articles only the newest are read, and it is said.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice

from briefings.article import headline
from briefings.article.link import link_to
from briefings.compose.counted import Background, Placed, placed, stems
from briefings.compose.pronouns import head_pronoun, meant, surname
from briefings.compose.shorten import without_turn
from briefings.compose.worth import Concept, Worth, concepts, words_of
from briefings.corroboration import Outlets
from briefings.facts import Anchor, SentenceFacts, day_told, facts_of, written
from briefings.model import Article, Evidence, Kind, Quote, Span
from briefings.quotes.story import Naming, named_in_full
from briefings.ranking import Vector, bearers, centroid, cosine, vectors
from briefings.text import lexicon
from briefings.text.blank import blanked
from briefings.text.fold import fold
from briefings.text.sentences import sentences
from briefings.text.spans import merged, touching
from briefings.text.words import count

#: words of a sentence that can be a line
SHORTEST, LONGEST = 6, 60
#: sentences this much alike tell the same thing
SAME_MATTER = 0.4
#: articles read in depth, the newest; a story of more is told from these
DEEPEST = 300
#: sentences read in depth, shared out among the articles, and the fewest of one: news has what matters at the top
SENTENCES, FEWEST = 400, 2
#: characters looked through for each sentence that is to be read
_ROOM = 500
#: outlets beside the first that make a sentence matter more
_CARRIED = 4
_DANGLING = re.compile(rf"(?:{lexicon.alternation('dangling')})\b")

_Read = Sequence[tuple[Article, tuple[Quote, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One candidate: where it stands, what it tells, how much it matters (0 to about 1), who else carries it."""

    article: Article
    facts: SentenceFacts
    vector: Vector
    score: float
    outlets: int
    #: whom its opening pronoun means, "He: Jane Roe"; None when it opens with none
    note: str | None

    @property
    def text(self) -> str:
        """The sentence as the article has it."""
        return self.facts.span.of(self.article.text)


class Material:
    """A story's articles in order of publication (undated last, then by id), with their quotes, ready to compose."""

    def __init__(self, read: _Read, naming: Naming = named_in_full, copies: Iterable[tuple[str, str]] = ()) -> None:
        self.naming = naming
        ordered = sorted(read, key=lambda pair: (pair[0].published or date.max, pair[0].id))
        newest = _newest(ordered)
        #: articles that were left aside, older than those read
        self.unread = len(ordered) - len(newest)
        self.articles = [article for article, _ in newest]
        most = max(FEWEST, SENTENCES // max(1, len(newest)))
        self._spans = {article.id: _running(article, most) for article in self.articles}
        self.read = [(article, self._within(article, quotes)) for article, quotes in newest]
        self.outlets = Outlets(self.articles, copies)

    @cached_property
    def newest(self) -> date | None:
        """The day of the newest dated article."""
        return max((article.published for article in self.articles if article.published), default=None)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The candidates, article by article."""
        found = [(a, facts, note) for a, quotes in self.read for facts, note in self._standing_alone(a, quotes)]
        weighed = vectors([facts.span.of(article.text) for article, facts, _ in found])
        middle = centroid(weighed)
        carriers = bearers(weighed, [article.id for article, _, _ in found], SAME_MATTER)
        return tuple(
            Sentence(article, facts, vector, _score(article, facts, cosine(vector, middle), carried), carried, note)
            for (article, facts, note), vector, carried in zip(
                found, weighed, map(self.outlets.count, carriers), strict=True
            )
        )

    @cached_property
    def figures(self) -> tuple[Placed, ...]:
        """The figures of all articles, boilerplate aside, article by article."""
        return tuple(found for article in self.articles for found in placed(article, self.spans(article)))

    @cached_property
    def background(self) -> Background:
        """How much it says that two of the sentences share a term."""
        return Background(passage for article in self.articles for passage in stems(article, self.spans(article)))

    @cached_property
    def worth(self) -> Worth:
        """What each thing that the articles tell weighs."""
        told: dict[str, set[Concept]] = {
            article.id: set(words_of(" ".join(span.of(article.text) for span in self.spans(article))))
            for article in self.articles
        }
        for sentence in self.sentences:
            facts = sentence.facts
            told[sentence.article.id] |= concepts(sentence.article.text, facts.names, facts.amounts, facts.days)
        return Worth(told, self.outlets)

    @cached_property
    def people(self) -> dict[str, str]:
        """Folded surnames of those quoted by name, with the full names; surnames that two people bear are left out."""
        bearers_: dict[str, set[str]] = {}
        for _, quotes in self.read:
            for quote in quotes:
                if quote.speaker and not quote.speaker.anonymous and " " in quote.speaker.name:
                    bearers_.setdefault(surname(quote.speaker.name), set()).add(quote.speaker.name)
        return {key: next(iter(full)) for key, full in bearers_.items() if key and len(full) == 1}

    def spans(self, article: Article) -> tuple[Span, ...]:
        """The sentences of the article that are read: its running text, from the top."""
        return self._spans[article.id][0]

    @property
    def is_cut(self) -> bool:
        """Whether of some article only the first sentences are read."""
        return any(cut for _, cut in self._spans.values())

    def view(self, article: Article) -> str:
        """The article's text with every quoted passage turned into blanks: what the paper itself says."""
        return self._views[article.id]

    def facts(self, article: Article, sentence: Span) -> SentenceFacts:
        """The facts of any sentence of the article, whether or not it can stand alone."""
        return facts_of(article.text, self.view(article), sentence, self._anchor(article))

    def evidence(self, article: Article, span: Span) -> Evidence:
        """`span` of `article` as evidence, with the link that opens it."""
        return Evidence(article.id, span.start, span.end, span.of(article.text), link_to(article, span))

    def _within(self, article: Article, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
        """The quotes that open in what is read of the article."""
        spans, cut = self._spans[article.id]
        return tuple(quote for quote in quotes if not cut or (spans and quote.span.start < spans[-1].end))

    def _anchor(self, article: Article) -> Anchor | None:
        """An undated article's bare days ("23 June") take their year from the first dated article of its story."""
        if article.published is not None:
            return written(article)
        dated = [a for a in self.articles if a.published is not None]
        return Anchor(dated[0].published, dated[0].id, own=False) if dated and dated[0].published else None

    @cached_property
    def _views(self) -> dict[str, str]:
        return {article.id: blanked(article.text, _passages(quotes)) for article, quotes in self.read}

    def _standing_alone(self, article: Article, quotes: Sequence[Quote]) -> list[tuple[SentenceFacts, str | None]]:
        passages = _passages(quotes)
        anchor, view = self._anchor(article), self.view(article)
        found: list[tuple[SentenceFacts, str | None]] = []
        before: Span | None = None
        for sentence in self.spans(article):
            if _is_whole(article.text, sentence, touching(passages, sentence)):
                body = without_turn(article.text, sentence)
                pronoun = head_pronoun(article.text, body)
                person = meant(view, before, self.people) if pronoun else None
                if person or not _DANGLING.match(fold(body.of(article.text))):
                    note = f"{pronoun}: {person}" if person else None
                    told = day_told(view, before, anchor) if before else None
                    found.append((facts_of(article.text, view, sentence, anchor, told), note))
            before = sentence
        return found


@lru_cache(maxsize=1_024)
def _running(article: Article, most: int) -> tuple[tuple[Span, ...], bool]:
    """The first `most` sentences of the running text, headline aside, and whether there are more."""
    head = headline(article)
    barred = merged([*article.boilerplate, *([head] if head else [])])
    top = article.text[: most * _ROOM]
    whole = len(top) == len(article.text)
    running = (span for span in sentences(top) if not touching(barred, span))
    found = tuple(islice(running, most + 1))
    # the last sentence of a part may be cut short
    kept = found[:most] if whole or len(found) > most else found[:-1]
    return kept, not whole or len(found) > most


def _newest(ordered: _Read) -> list[tuple[Article, tuple[Quote, ...]]]:
    """The newest articles, at most so many; undated ones only where there is room. In the order given."""
    dated = [pair for pair in ordered if pair[0].published is not None]
    undated = [pair for pair in ordered if pair[0].published is None]
    kept = dated[-DEEPEST:]
    return [*kept, *undated[: DEEPEST - len(kept)]]


def _passages(quotes: Sequence[Quote]) -> tuple[Span, ...]:
    """What stands in quotation marks."""
    return merged(fragment for quote in quotes if quote.kind is not Kind.INDIRECT for fragment in quote.content)


def _score(article: Article, facts: SentenceFacts, likeness: float, carried: int) -> float:
    position = 1 - facts.span.start / max(1, len(article.text))
    # any quantity would count "15 minutes" and "three MPs" as news: measured, it loses facts of the seeds
    told = min(1.0, 0.5 * bool(facts.days) + 0.5 * any(amount.is_figure for amount in facts.amounts))
    brevity = 1 - count(facts.span.of(article.text)) / 150
    return brevity * (0.55 * likeness + 0.2 * position + 0.1 * told + 0.15 * min(_CARRIED, carried - 1))


def _is_whole(text: str, sentence: Span, passages: Sequence[Span]) -> bool:
    """Whether a sentence, with those `passages` in quotation marks that touch it, is one of the paper's own."""
    words = sentence.of(text)
    if not SHORTEST <= count(words) <= LONGEST:
        return False
    cut = any(passage.start <= sentence.start or passage.end >= sentence.end for passage in passages)
    return not cut and sum(map(len, passages)) < len(sentence) / 2 and words.rstrip("\"'”’)").endswith((".", "!", "?"))
