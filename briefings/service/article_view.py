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
from briefings.attribution.features.person_names import Person
from briefings.compose.draft_check.word_alignment import split_compounds, split_words
from briefings.compose.who_said import ArticleQuote, get_spoken_span, make_length_key
from briefings.errors import NothingFound
from briefings.model import Article, Change, Kind, Quote, Source, Span, Speaker, Topic
from briefings.service.story_reader import StoryReader
from briefings.similarity.quote_matching import get_quote_text, group_by_speaker, group_texts, is_same_utterance
from briefings.storage.repository import Repository
from briefings.text import lexicon
from briefings.text.folding import make_search_key

#: characters of a text that are shown at once, and by how many a part may be longer to end where a line does
PART_CHARACTERS, _MAX_PART_OVERRUN = 40_000, 2_000
#: other wordings told of one quotation, copies and older versions told of one article
MAX_WORDINGS, MAX_DUPLICATES, MAX_VERSIONS = 6, 20, 10
#: quotations searched for, of those asked for and of the others; words in a row by which, how often in one quotation;
#: quotes taken of one search
_MAX_SEARCHED_QUOTES, _PHRASE_WORDS, _MAX_PHRASES, _MAX_MATCHES = 3, 3, 2, 20
#: words of the shortest utterance that is looked for elsewhere: fewer are anybody's
_MIN_UTTERANCE_WORDS = 3
#: words of two wordings that are compared; more words than these, at an end, are a longer report and no change
_MAX_COMPARED_WORDS, _MAX_EXTRA_WORDS = 400, 6
#: topics whose names are remembered
_MAX_CACHED_STORIES = 4


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
class NumberedQuote:
    """A quotation of the article, its number there (from 1), and its other wordings, at most `MOST_WORDINGS`."""

    number: int
    quote: Quote
    wordings: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class OlderVersion:
    """A version of the article that another took the place of: from when to when it stood here, in UTC."""

    added_at: datetime
    replaced_at: datetime
    #: its text was another one; otherwise only what is told of it was
    has_new_text: bool


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article, or the `part` of it that is asked for."""

    article: Article
    #: what of the text is shown
    part: Span
    #: of all the text, in order
    parts: tuple[Span, ...]
    #: the quotations that reach into the part, in their order
    quotes: tuple[NumberedQuote, ...]
    #: the words asked for; None when none were, or they stand nowhere in this text
    requested_span: Span | None
    #: how many quotations the whole article has
    quotation_count: int
    duplicates: tuple[Source, ...] = ()
    older_versions: tuple[OlderVersion, ...] = ()


class ArticleViews:
    """What can be opened of one record. Safe to call from several threads."""

    def __init__(self, repository: Repository, reader: StoryReader, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._reader = reader
        self._topics = topics
        self._stories: dict[str, tuple[str, _CachedStory]] = {}
        self._lock = Lock()

    def view_article(self, article_id: str, span: Span | None = None, offset: int = 0) -> ArticleView:
        """The article of an id, in the part that holds the start of `at`, or else the character `begin`.

        Raises NothingFound when the record holds no such article.
        """
        (article,) = self._repository.get_articles([article_id]) or (None,)
        if article is None:
            raise NothingFound(
                "The record holds no such article. It may have been removed since this link was made, or the link may "
                "have been cut."
            )
        requested_span = span if span and len(span) and span.end <= len(article.text) else None
        parts = split_into_parts(article.text)
        part = next(
            (candidate for candidate in parts if (requested_span.start if requested_span else offset) < candidate.end),
            parts[-1],
        )
        story = self._find_story(article)
        quotes = story.quotes[article.id] if story else self._load_quotes(article)
        visible_quotes = [
            NumberedQuote(number, quote) for number, quote in enumerate(quotes, 1) if quote.span.overlaps(part)
        ]
        duplicates = self._find_duplicates(article.id)
        return ArticleView(
            article,
            part,
            parts,
            self._add_wordings(
                article, visible_quotes, requested_span, story, {duplicate.id for duplicate in duplicates}
            ),
            requested_span,
            len(quotes),
            duplicates[:MAX_DUPLICATES],
            self._list_older_versions(article),
        )

    def _load_quotes(self, article: Article) -> tuple[Quote, ...]:
        ((_, quotes),) = self._reader.load_quotes([article], self._reader.load_people_lookup([article]))
        return quotes

    def _find_duplicates(self, article_id: str) -> tuple[Source, ...]:
        duplicate_ids = {
            duplicate.original if duplicate.article == article_id else duplicate.article
            for duplicate in self._repository.find_duplicates([article_id])
        }
        return tuple(map(make_source, self._repository.get_articles(duplicate_ids - {article_id})))

    def _list_older_versions(self, article: Article) -> tuple[OlderVersion, ...]:
        versions = self._repository.list_versions(article.id, MAX_VERSIONS)
        texts = [version.article.text for version in versions] + [article.text]
        text_changes = [older_text != newer_text for older_text, newer_text in pairwise(texts)]
        return tuple(
            OlderVersion(older_version.added_at, older_version.replaced_at, has_new_text)
            for older_version, has_new_text in zip(versions, text_changes, strict=True)
        )

    def _find_story(self, article: Article) -> "_CachedStory | None":
        """The topic's articles, read, when this one is among those that a briefing on it rests on."""
        for topic in self._topics:
            if stories.filter_by_topic(topic, [article]) and article.id in (story := self._load_story(topic)).quotes:
                return story
        return None

    def _load_story(self, topic: Topic) -> "_CachedStory":
        """The topic as it is read now; from memory when nothing has changed since."""
        change_token = self._repository.get_change_token()
        with self._lock:
            cached_entry = self._stories.get(topic.slug)
        if cached_entry and cached_entry[0] == change_token:
            return cached_entry[1]
        articles = self._reader.select_articles(topic.slug, topic).articles
        story = _CachedStory(self._reader.load_quotes(articles, self._reader.load_people_lookup(articles)))
        with self._lock:
            self._stories.pop(topic.slug, None)
            self._stories[topic.slug] = change_token, story
            while len(self._stories) > _MAX_CACHED_STORIES:
                del self._stories[next(iter(self._stories))]
        return story

    def _add_wordings(
        self,
        article: Article,
        visible_quotes: Sequence[NumberedQuote],
        requested_span: Span | None,
        story: "_CachedStory | None",
        duplicate_ids: set[str],
    ) -> tuple[NumberedQuote, ...]:
        """`shown` with what other articles report of the same utterances, copies of this one aside."""
        reports = {
            numbered_quote.number: list(story.find_reports(article, numbered_quote.quote)) if story else []
            for numbered_quote in visible_quotes
        }
        requested_quotes, other_quotes = _choose_searched_quotes(article, visible_quotes, requested_span)
        for numbered_quote, report in [
            *self._search_reports(article, requested_quotes),
            *self._search_reports(article, other_quotes),
        ]:
            reports[numbered_quote.number].append(report)
        return tuple(
            replace(
                numbered_quote,
                wordings=_find_wordings(
                    article, numbered_quote.quote, reports[numbered_quote.number], duplicate_ids | {article.id}
                ),
            )
            for numbered_quote in visible_quotes
        )

    def _search_reports(
        self, article: Article, numbered_quotes: Sequence[NumberedQuote]
    ) -> Iterator[tuple[NumberedQuote, ArticleQuote]]:
        """Reports of `quotes` that the record finds by some words in a row, by whoever bears the speaker's surname."""
        texts = {
            numbered_quote.number: get_quote_text(article, numbered_quote.quote) for numbered_quote in numbered_quotes
        }
        for match in self._repository.find_any(
            [phrase for text in texts.values() for phrase in _choose_phrases(text)], _MAX_MATCHES
        ):
            text = get_quote_text(match.article, match.quote)
            for numbered_quote in numbered_quotes:
                if _are_same_surname(numbered_quote.quote.speaker, match.quote.speaker) and is_same_utterance(
                    texts[numbered_quote.number], text
                ):
                    yield numbered_quote, (match.article, match.quote)


class _CachedStory:
    """The articles of one topic with their quotes, and which quotes report one utterance."""

    def __init__(self, articles_with_quotes: Iterable[tuple[Article, tuple[Quote, ...]]]) -> None:
        pairs = list(articles_with_quotes)
        self.quotes = {article.id: quotes for article, quotes in pairs}
        self._quotes_by_speaker = group_by_speaker((article, quote) for article, quotes in pairs for quote in quotes)
        #: by a speaker's name, for those who were asked for: by article and span, all reports of the utterance there
        self._reports: dict[str, dict[tuple[str, Span], list[ArticleQuote]]] = {}

    def find_reports(self, article: Article, quote: Quote) -> Sequence[ArticleQuote]:
        """All that report what this quotation does."""
        name = quote.speaker.name if quote.speaker and not quote.speaker.anonymous else None
        if name is None:
            return ()
        if name not in self._reports:
            speaker_quotes = self._quotes_by_speaker.get(name, [])
            groups = [
                [speaker_quotes[index] for index in group]
                for group in group_texts([get_quote_text(*report) for report in speaker_quotes])
            ]
            self._reports[name] = {
                (report_article.id, report_quote.span): group
                for group in groups
                for report_article, report_quote in group
            }
        return self._reports[name].get((article.id, quote.span), ())


def split_into_parts(text: str) -> tuple[Span, ...]:
    """`text` in parts of about `PART` characters, each to the end of a line where one is near; one at least."""
    parts, start = [], 0
    while len(text) - start > PART_CHARACTERS + _MAX_PART_OVERRUN:
        line_break = text.find("\n", start + PART_CHARACTERS, start + PART_CHARACTERS + _MAX_PART_OVERRUN)
        end = line_break + 1 if line_break >= 0 else start + PART_CHARACTERS
        parts.append(Span(start, end))
        start = end
    return (*parts, Span(start, len(text)))


def make_source(article: Article) -> Source:
    """What is told of an article elsewhere than on its page."""
    return Source(article.id, article.publisher, article.published, article.url, article.title)


def _choose_searched_quotes(
    article: Article, visible_quotes: Sequence[NumberedQuote], requested_span: Span | None
) -> tuple[list[NumberedQuote], list[NumberedQuote]]:
    """The quotations that the record is searched for: those asked for, and the longest others in marks."""
    named_quotes = [
        numbered_quote
        for numbered_quote in visible_quotes
        if _are_same_surname(numbered_quote.quote.speaker, numbered_quote.quote.speaker)
        and _is_long(article, numbered_quote.quote)
    ]
    requested_quotes = [
        numbered_quote
        for numbered_quote in named_quotes
        if requested_span and numbered_quote.quote.span.overlaps(requested_span)
    ][:_MAX_SEARCHED_QUOTES]
    other_quotes = [
        numbered_quote
        for numbered_quote in named_quotes
        if numbered_quote not in requested_quotes and numbered_quote.quote.kind is not Kind.INDIRECT
    ]
    return requested_quotes, sorted(
        other_quotes, key=lambda numbered_quote: make_length_key((article, numbered_quote.quote))
    )[:_MAX_SEARCHED_QUOTES]


def _are_same_surname(first: Speaker | None, second: Speaker | None) -> bool:
    """Whether both have a name, and one surname: an article may name by it alone whom another names in full."""
    surnames = [
        Person(speaker.name).surname for speaker in (first, second) if speaker is not None and not speaker.anonymous
    ]
    return len(surnames) == 2 and surnames[0] == surnames[1]


def _is_long(article: Article, quote: Quote) -> bool:
    return len(get_quote_text(article, quote).split()) >= _MIN_UTTERANCE_WORDS


def _choose_phrases(text: str) -> list[str]:
    """Words in a row by which another wording may be found: the runs that say most, none in another."""
    tokens, stop_words = make_search_key(text).split(), lexicon.load_words("stop_words")
    weights = [0 if word in stop_words else len(word) for word in tokens]
    starts = sorted(
        range(max(1, len(tokens) - _PHRASE_WORDS + 1)),
        key=lambda start_index: -sum(weights[start_index : start_index + _PHRASE_WORDS]),
    )
    chosen_starts: list[int] = []
    for start in starts:
        if len(chosen_starts) < _MAX_PHRASES and all(
            abs(start - chosen_start) >= _PHRASE_WORDS for chosen_start in chosen_starts
        ):
            chosen_starts.append(start)
    return [" ".join(tokens[start_index : start_index + _PHRASE_WORDS]) for start_index in chosen_starts]


def _find_wordings(
    article: Article, quote: Quote, reports: Iterable[ArticleQuote], excluded_ids: set[str]
) -> tuple[Wording, ...]:
    """One wording an article, the fullest, dated ones first."""
    best_reports: dict[str, ArticleQuote] = {}
    for report in sorted(reports, key=make_length_key):
        best_reports.setdefault(report[0].id, report)
    other_reports = [report for article_id, report in best_reports.items() if article_id not in excluded_ids][
        :MAX_WORDINGS
    ]
    return tuple(_make_wording(article, quote, *other_report) for other_report in other_reports)


def _make_wording(article: Article, quote: Quote, other_article: Article, report: Quote) -> Wording:
    span = get_spoken_span(other_article, report)
    return Wording(
        make_source(other_article),
        span,
        span.of(other_article.text),
        _find_changes(article, quote.span, other_article, span),
    )


def _find_changes(article: Article, span: Span, other_article: Article, other_span: Span) -> tuple[Change, ...]:
    """Where two wordings part, word by word; that one of them begins earlier or goes on for long is no change."""
    words, other_words = split_words(article.text, span), split_words(other_article.text, other_span)
    words, other_words = split_compounds(words, other_words.compounds), split_compounds(other_words, words.compounds)
    keys, other_keys = words.keys[:_MAX_COMPARED_WORDS], other_words.keys[:_MAX_COMPARED_WORDS]
    return tuple(
        Change(
            words.get_span(opcode.src_start, opcode.src_end), other_words.get_span(opcode.dest_start, opcode.dest_end)
        )
        for opcode in Levenshtein.opcodes(keys, other_keys)
        if opcode.tag != "equal" and not _is_longer_report(opcode, len(keys), len(other_keys))
    )


def _is_longer_report(opcode: Opcode, length: int, other_length: int) -> bool:
    """Whether a change of two texts of so many words is that one of them begins earlier, or ends later, by far."""
    is_at_end = 0 == opcode.src_start == opcode.dest_start or (opcode.src_end, opcode.dest_end) == (
        length,
        other_length,
    )
    longer_size, shorter_size = sorted(
        (opcode.src_end - opcode.src_start, opcode.dest_end - opcode.dest_start), reverse=True
    )
    return is_at_end and not shorter_size and longer_size > _MAX_EXTRA_WORDS
