"""An article as it stands in the record: its text, who is quoted in it, its copies and older versions, and how other
articles word the same utterances.

Rule: all of it is bounded, however long the article and however large the record: a part of the text at a time, a few
searches for other wordings, and names completed over a topic once as long as the record does not change.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from threading import Lock

from rapidfuzz.distance import Levenshtein, Opcode

from briefings import stories
from briefings.compose.check_words import opened, words_in
from briefings.compose.hits import Said, fullest, said_span
from briefings.errors import NothingFound
from briefings.model import Article, Change, Kind, Quote, Source, Span, Speaker, Topic
from briefings.quotes.names import Person
from briefings.reading import Reading
from briefings.record.store import Record
from briefings.text import lexicon
from briefings.text.search_key import search_key
from briefings.utterances import by_speaker, grouped, same_utterance, words_of

#: characters of a text that are shown at once, and by how many a part may be longer to end where a line does
PART, _SLACKENED = 40_000, 2_000
#: other wordings told of one quotation, copies and older versions told of one article
MOST_WORDINGS, MOST_COPIES, MOST_VERSIONS = 6, 20, 10
#: quotations searched for, of those asked for and of the others; words in a row by which, how often in one quotation;
#: quotes taken of one search
_SEARCHED, _RUN, _RUNS, _TAKEN = 3, 3, 2, 20
#: words of the shortest utterance that is looked for elsewhere: fewer are anybody's
_FEWEST = 3
#: words of two wordings that are compared; more words than these, at an end, are a longer report and no change
_COMPARED, _ADDED = 400, 6
#: topics whose names are remembered
_REMEMBERED = 4


@dataclass(frozen=True, slots=True)
class Wording:
    """The same utterance where another article reports it: its words there, and where they part.

    `changes` are of offsets into the asked article (`draft`) and into this one (`source`).
    """

    source: Source
    span: Span
    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation of the article, its number there (from 1), and its other wordings, at most `MOST_WORDINGS`."""

    number: int
    quote: Quote
    wordings: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Older:
    """A version of the article that another took the place of: from when to when it stood here, in UTC."""

    added_at: datetime
    replaced_at: datetime
    #: its text was another one; otherwise only what is told of it was
    reworded: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One article, or the `part` of it that is asked for."""

    article: Article
    #: what of the text is shown
    part: Span
    #: of all the text, in order
    parts: tuple[Span, ...]
    #: the quotations that reach into the part, in their order
    quotes: tuple[Quoted, ...]
    #: the words asked for; None when none were, or they stand nowhere in this text
    asked: Span | None
    #: how many quotations the whole article has
    quotations: int
    copies: tuple[Source, ...] = ()
    older: tuple[Older, ...] = ()


class Holdings:
    """What can be opened of one record. Safe to call from several threads."""

    def __init__(self, record: Record, reading: Reading, topics: Sequence[Topic]) -> None:
        self._record = record
        self._reading = reading
        self._topics = topics
        self._stories: dict[str, tuple[str, _Story]] = {}
        self._lock = Lock()

    def article(self, article_id: str, at: Span | None = None, begin: int = 0) -> Held:
        """The article of an id, in the part that holds the start of `at`, or else the character `begin`.

        Raises NothingFound when the record holds no such article.
        """
        (article,) = self._record.articles([article_id]) or (None,)
        if article is None:
            raise NothingFound(
                "The record holds no such article. It may have been removed since this link was made, or the link may "
                "have been cut."
            )
        asked = at if at and len(at) and at.end <= len(article.text) else None
        parts = parted(article.text)
        part = next((p for p in parts if (asked.start if asked else begin) < p.end), parts[-1])
        story = self._story(article)
        quotes = story.quotes[article.id] if story else self._alone(article)
        shown = [Quoted(n, quote) for n, quote in enumerate(quotes, 1) if quote.span.overlaps(part)]
        copies = self._copies(article.id)
        return Held(
            article,
            part,
            parts,
            self._worded(article, shown, asked, story, {copy.id for copy in copies}),
            asked,
            len(quotes),
            copies[:MOST_COPIES],
            self._older(article),
        )

    def _alone(self, article: Article) -> tuple[Quote, ...]:
        ((_, quotes),) = self._reading.read([article], self._reading.naming([article]))
        return quotes

    def _copies(self, article_id: str) -> tuple[Source, ...]:
        linked = {
            copy.of if copy.article == article_id else copy.article for copy in self._record.copies_of([article_id])
        }
        return tuple(map(source_of, self._record.articles(linked - {article_id})))

    def _older(self, article: Article) -> tuple[Older, ...]:
        older = self._record.versions(article.id, MOST_VERSIONS)
        texts = [version.article.text for version in older] + [article.text]
        changed = [one != other for one, other in pairwise(texts)]
        return tuple(Older(v.added_at, v.replaced_at, now) for v, now in zip(older, changed, strict=True))

    def _story(self, article: Article) -> "_Story | None":
        """The topic's articles, read, when this one is among those that a briefing on it rests on."""
        for topic in self._topics:
            if stories.under(topic, [article]) and article.id in (story := self._read(topic)).quotes:
                return story
        return None

    def _read(self, topic: Topic) -> "_Story":
        """The topic as it is read now; from memory when nothing has changed since."""
        now = self._record.changed()
        with self._lock:
            known = self._stories.get(topic.slug)
        if known and known[0] == now:
            return known[1]
        articles = self._reading.select(topic.slug, topic).articles
        story = _Story(self._reading.read(articles, self._reading.naming(articles)))
        with self._lock:
            self._stories.pop(topic.slug, None)
            self._stories[topic.slug] = now, story
            while len(self._stories) > _REMEMBERED:
                del self._stories[next(iter(self._stories))]
        return story

    def _worded(
        self, article: Article, shown: Sequence[Quoted], asked: Span | None, story: "_Story | None", copies: set[str]
    ) -> tuple[Quoted, ...]:
        """`shown` with what other articles report of the same utterances, copies of this one aside."""
        reports = {one.number: list(story.reports(article, one.quote)) if story else [] for one in shown}
        asked_for, others = _most_telling(article, shown, asked)
        for one, report in [*self._searched(article, asked_for), *self._searched(article, others)]:
            reports[one.number].append(report)
        return tuple(
            replace(one, wordings=_wordings(article, one.quote, reports[one.number], copies | {article.id}))
            for one in shown
        )

    def _searched(self, article: Article, quotes: Sequence[Quoted]) -> Iterator[tuple[Quoted, Said]]:
        """Reports of `quotes` that the record finds by some words in a row, by whoever bears the speaker's surname."""
        told = {one.number: words_of(article, one.quote) for one in quotes}
        for found in self._record.find_any([run for words in told.values() for run in _runs(words)], _TAKEN):
            words = words_of(found.article, found.quote)
            for one in quotes:
                if _are_one(one.quote.speaker, found.quote.speaker) and same_utterance(told[one.number], words):
                    yield one, (found.article, found.quote)


class _Story:
    """The articles of one topic with their quotes, and which quotes report one utterance."""

    def __init__(self, read: Iterable[tuple[Article, tuple[Quote, ...]]]) -> None:
        told = list(read)
        self.quotes = {article.id: quotes for article, quotes in told}
        self._said = by_speaker((article, quote) for article, quotes in told for quote in quotes)
        #: by a speaker's name, for those who were asked for: by article and span, all reports of the utterance there
        self._reports: dict[str, dict[tuple[str, Span], list[Said]]] = {}

    def reports(self, article: Article, quote: Quote) -> Sequence[Said]:
        """All that report what this quotation does."""
        name = quote.speaker.name if quote.speaker and not quote.speaker.anonymous else None
        if name is None:
            return ()
        if name not in self._reports:
            heard = self._said.get(name, [])
            groups = [[heard[at] for at in group] for group in grouped([words_of(*one) for one in heard])]
            self._reports[name] = {(a.id, q.span): group for group in groups for a, q in group}
        return self._reports[name].get((article.id, quote.span), ())


def parted(text: str) -> tuple[Span, ...]:
    """`text` in parts of about `PART` characters, each to the end of a line where one is near; one at least."""
    parts, start = [], 0
    while len(text) - start > PART + _SLACKENED:
        line = text.find("\n", start + PART, start + PART + _SLACKENED)
        end = line + 1 if line >= 0 else start + PART
        parts.append(Span(start, end))
        start = end
    return (*parts, Span(start, len(text)))


def source_of(article: Article) -> Source:
    """What is told of an article elsewhere than on its page."""
    return Source(article.id, article.publisher, article.published, article.url, article.title)


def _most_telling(article: Article, shown: Sequence[Quoted], asked: Span | None) -> tuple[list[Quoted], list[Quoted]]:
    """The quotations that the record is searched for: those asked for, and the longest others in marks."""
    named = [one for one in shown if _are_one(one.quote.speaker, one.quote.speaker) and _is_long(article, one.quote)]
    asked_for = [one for one in named if asked and one.quote.span.overlaps(asked)][:_SEARCHED]
    others = [one for one in named if one not in asked_for and one.quote.kind is not Kind.INDIRECT]
    return asked_for, sorted(others, key=lambda one: fullest((article, one.quote)))[:_SEARCHED]


def _are_one(one: Speaker | None, other: Speaker | None) -> bool:
    """Whether both have a name, and one surname: an article may name by it alone whom another names in full."""
    named = [Person(who.name).surname for who in (one, other) if who is not None and not who.anonymous]
    return len(named) == 2 and named[0] == named[1]


def _is_long(article: Article, quote: Quote) -> bool:
    return len(words_of(article, quote).split()) >= _FEWEST


def _runs(words: str) -> list[str]:
    """Words in a row by which another wording may be found: the runs that say most, none in another."""
    key, stop = search_key(words).split(), lexicon.words("stop_words")
    weight = [0 if word in stop else len(word) for word in key]
    starts = sorted(range(max(1, len(key) - _RUN + 1)), key=lambda at: -sum(weight[at : at + _RUN]))
    kept: list[int] = []
    for start in starts:
        if len(kept) < _RUNS and all(abs(start - other) >= _RUN for other in kept):
            kept.append(start)
    return [" ".join(key[at : at + _RUN]) for at in kept]


def _wordings(article: Article, quote: Quote, reports: Iterable[Said], but_for: set[str]) -> tuple[Wording, ...]:
    """One wording an article, the fullest, dated ones first."""
    best: dict[str, Said] = {}
    for report in sorted(reports, key=fullest):
        best.setdefault(report[0].id, report)
    others = [report for key, report in best.items() if key not in but_for][:MOST_WORDINGS]
    return tuple(_wording(article, quote, *other) for other in others)


def _wording(article: Article, quote: Quote, other: Article, report: Quote) -> Wording:
    span = said_span(other, report)
    return Wording(source_of(other), span, span.of(other.text), _changes(article, quote.span, other, span))


def _changes(article: Article, span: Span, other: Article, there: Span) -> tuple[Change, ...]:
    """Where two wordings part, word by word; that one of them begins earlier or goes on for long is no change."""
    ours, theirs = words_in(article.text, span), words_in(other.text, there)
    ours, theirs = opened(ours, theirs.compounds), opened(theirs, ours.compounds)
    one, two = ours.keys[:_COMPARED], theirs.keys[:_COMPARED]
    return tuple(
        Change(ours.span(part.src_start, part.src_end), theirs.span(part.dest_start, part.dest_end))
        for part in Levenshtein.opcodes(one, two)
        if part.tag != "equal" and not _goes_on(part, len(one), len(two))
    )


def _goes_on(part: Opcode, one: int, two: int) -> bool:
    """Whether a change of two texts of so many words is that one of them begins earlier, or ends later, by far."""
    at_an_end = 0 == part.src_start == part.dest_start or (part.src_end, part.dest_end) == (one, two)
    longer, shorter = sorted((part.src_end - part.src_start, part.dest_end - part.dest_start), reverse=True)
    return at_an_end and not shorter and longer > _ADDED
