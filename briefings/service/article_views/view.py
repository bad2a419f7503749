"""View of one stored article: its text, its quotes, their other wordings, its duplicates and older versions.

Rule: a view is bounded, however long the article and however large the database. It shows one part of the text, runs a
few searches for other wordings, and completes names over a topic once while the database does not change.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from threading import Lock

from briefings import stories
from briefings.article.source_name import describe_source
from briefings.attribution.features.person_names import Person
from briefings.compose.who_said.hits import ArticleQuote, make_length_key
from briefings.model import Article, Kind, Quote, Source, Span, Speaker, Topic
from briefings.service.article_selection import find_article
from briefings.service.article_views.wordings import Wording, find_wordings
from briefings.service.story_reader import StoryReader
from briefings.similarity.quote_matching import get_quote_text, group_by_speaker, group_texts, is_same_utterance
from briefings.storage import collect_damage
from briefings.storage.repository import Repository
from briefings.text import lexicon
from briefings.text.folding import make_search_key

#: characters per part of a text, and how many more a part may have in order to end at a line break
PART_CHARACTERS, _MAX_PART_OVERRUN = 40_000, 2_000
#: maximum number of duplicates of an article
MAX_DUPLICATES = 20
#: maximum number of older versions of an article
MAX_VERSIONS = 10
#: quotes searched for (of the requested ones and of the others), words per search phrase, phrases per quote, and
#: matches per search
_MAX_SEARCHED_QUOTES, _PHRASE_WORDS, _MAX_PHRASES, _MAX_MATCHES = 3, 3, 2, 20
#: minimum length, in words, of an utterance that is searched for elsewhere: shorter ones match by chance
_MIN_UTTERANCE_WORDS = 3
#: topics kept in memory with completed names
_MAX_CACHED_STORIES = 4


@dataclass(frozen=True, slots=True)
class NumberedQuote:
    """A quote, its number in the article counted from 1, and at most six other wordings."""

    number: int
    quote: Quote
    wordings: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class OlderVersion:
    """An older version of the article, and when it was added and replaced, in UTC."""

    added_at: datetime
    replaced_at: datetime
    #: whether the next version has another text; otherwise only the metadata changed
    has_new_text: bool


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article, or one part of a long article."""

    article: Article
    #: the part shown
    part: Span
    #: all parts, in text order
    parts: tuple[Span, ...]
    #: the quotes that overlap the part, in text order
    quotes: tuple[NumberedQuote, ...]
    #: the requested words; None without a request, or if the span is not within the text
    requested_span: Span | None
    #: number of quotes in the whole article
    quotation_count: int
    duplicates: tuple[Source, ...] = ()
    older_versions: tuple[OlderVersion, ...] = ()


class ArticleViews:
    """Views of the articles of one repository. Thread-safe."""

    def __init__(self, repository: Repository, reader: StoryReader, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._reader = reader
        self._topics = topics
        self._stories: dict[str, tuple[str, _CachedStory]] = {}
        self._lock = Lock()

    def view_article(self, article_id: str, span: Span | None = None, offset: int = 0) -> ArticleView:
        """Return an article, in the part that contains the start of `span`, or else the character at `offset`.

        Raises NothingFound if the article is not stored.
        """
        article = find_article(
            self._repository,
            article_id,
            "This article was not found. It may have been removed, or the link may be incomplete.",
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
        return tuple(map(describe_source, self._repository.get_articles(duplicate_ids - {article_id})))

    def _list_older_versions(self, article: Article) -> tuple[OlderVersion, ...]:
        versions = self._repository.list_versions(article.id, MAX_VERSIONS)
        texts = [version.article.text for version in versions] + [article.text]
        text_changes = [older_text != newer_text for older_text, newer_text in pairwise(texts)]
        return tuple(
            OlderVersion(older_version.added_at, older_version.replaced_at, has_new_text)
            for older_version, has_new_text in zip(versions, text_changes, strict=True)
        )

    def _find_story(self, article: Article) -> "_CachedStory | None":
        """Return the articles and quotes of the topic whose briefing uses this article, or None."""
        for topic in self._topics:
            if stories.filter_by_topic(topic, [article]) and article.id in (story := self._load_story(topic)).quotes:
                return story
        return None

    def _load_story(self, topic: Topic) -> "_CachedStory":
        """Load a topic, from memory if the database has not changed."""
        change_token = self._repository.get_change_token()
        with self._lock:
            cached_entry = self._stories.get(topic.slug)
        if cached_entry and cached_entry[0] == change_token:
            return cached_entry[1]
        with collect_damage() as problems:
            articles = self._reader.select_articles(topic.slug, topic).articles
            story = _CachedStory(self._reader.load_quotes(articles, self._reader.load_people_lookup(articles)))
        if problems:  # read again for the next reader, who is told, too
            return story
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
        """Add what other articles report of the same utterances, except duplicates of this article."""
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
                wordings=find_wordings(
                    article, numbered_quote.quote, reports[numbered_quote.number], duplicate_ids | {article.id}
                ),
            )
            for numbered_quote in visible_quotes
        )

    def _search_reports(
        self, article: Article, numbered_quotes: Sequence[NumberedQuote]
    ) -> Iterator[tuple[NumberedQuote, ArticleQuote]]:
        """Search for reports of the quotes by some phrases; the speakers must have the same surname."""
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
    """The articles of one topic with their quotes, and which quotes report the same utterance."""

    def __init__(self, articles_with_quotes: Iterable[tuple[Article, tuple[Quote, ...]]]) -> None:
        pairs = list(articles_with_quotes)
        self.quotes = {article.id: quotes for article, quotes in pairs}
        self._quotes_by_speaker = group_by_speaker((article, quote) for article, quotes in pairs for quote in quotes)
        #: cache by speaker name: all reports of the utterance, by article id and span of each report
        self._reports: dict[str, dict[tuple[str, Span], list[ArticleQuote]]] = {}

    def find_reports(self, article: Article, quote: Quote) -> Sequence[ArticleQuote]:
        """Return all reports of the utterance that this quote reports."""
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
    """Split a text into parts of about 40,000 characters that end at a line break if one is near; at least one part."""
    parts, start = [], 0
    while len(text) - start > PART_CHARACTERS + _MAX_PART_OVERRUN:
        line_break = text.find("\n", start + PART_CHARACTERS, start + PART_CHARACTERS + _MAX_PART_OVERRUN)
        end = line_break + 1 if line_break >= 0 else start + PART_CHARACTERS
        parts.append(Span(start, end))
        start = end
    return (*parts, Span(start, len(text)))


def _choose_searched_quotes(
    article: Article, visible_quotes: Sequence[NumberedQuote], requested_span: Span | None
) -> tuple[list[NumberedQuote], list[NumberedQuote]]:
    """Choose the quotes to search for: the requested ones, and the longest others in quotation marks."""
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
    """Whether both are named and have the same surname; one article may print the surname only."""
    surnames = [
        Person(speaker.name).surname for speaker in (first, second) if speaker is not None and not speaker.anonymous
    ]
    return len(surnames) == 2 and surnames[0] == surnames[1]


def _is_long(article: Article, quote: Quote) -> bool:
    return len(get_quote_text(article, quote).split()) >= _MIN_UTTERANCE_WORDS


def _choose_phrases(text: str) -> list[str]:
    """Choose phrases to search other wordings by: the most distinctive runs of words, without overlap."""
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
