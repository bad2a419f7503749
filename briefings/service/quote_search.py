"""Find who said some words, or what a speaker said: one search for Slack, the terminal and the web pages.

Rule: quotes are read newest first, in windows of 100. `find_answer` returns the first window, grouped by utterance.
Pages continue that list window by window, so that the first page is the beginning of `find_answer`. At most ten windows
are read: older quotes need a filter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock

from briefings import compose, stories
from briefings.attribution.features.person_names import Person
from briefings.attribution.name_clustering import NameCluster
from briefings.compose.people.subject import Subject
from briefings.errors import NothingFound
from briefings.model import Article, Quote, Span, Topic, WhoSaid
from briefings.service import quote_lookup
from briefings.service.answers.match_reader import MatchReader, group_by_article
from briefings.service.answers.speaker_relevance import make_speaker_filter
from briefings.service.answers.story_completion import ArticlesWithQuotes
from briefings.service.answers.windows import AnswerWindows, make_quote_key
from briefings.service.person_search import MAX_PAGE, PAGE_SIZE, Page, PersonSearch
from briefings.service.quote_lookup import SearchFilters
from briefings.service.story_reader import StoryReader
from briefings.similarity.quote_matching import get_quote_text
from briefings.storage import collect_damage
from briefings.storage.db.types import QuoteScope, SearchHit
from briefings.storage.repository import Repository
from briefings.storage.search.fuzzy import correct_spelling
from briefings.storage.search.results import read_speaker_names
from briefings.text.folding import make_search_key

#: windows of `quote_lookup.MAX_QUOTES` quotes that the pages of one question cover
MAX_WINDOWS = 10
#: quotes read to find out whether a word is a person's name
_MAX_NAME_QUOTES = 50
#: longest question, in words, that may be a misspelled name
_MAX_NAME_WORDS = 2
#: topics suggested for a question
_MAX_TOPICS = 3
#: windows of recent answers kept in memory, so that turning a page reads only what is new
_MAX_CACHED_WINDOWS = 20


@dataclass(frozen=True, slots=True)
class SearchResultsPage:
    """One page of an answer, with what the question may also mean."""

    answer: WhoSaid
    page: Page
    #: people with the name that was searched for
    people: tuple[NameCluster, ...] = ()
    topics: tuple[Topic, ...] = ()
    corrected_text: str | None = None
    #: speakers with a similar name, if no person has the name
    similar_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked, and where the repository searches for it."""

    text: str
    filters: SearchFilters
    scope: QuoteScope
    #: what each quote must be about; None for anything, and for a topic, which selects articles
    subject: Subject | None = None

    def start_answer(self, speaker_name: str | None = None) -> AnswerWindows:
        """Return the answer before anything was read."""
        return AnswerWindows(speaker_name, skips_empty_windows=self.subject is not None)

    def matches_quote(self, article: Article, quote: Quote) -> bool:
        """Whether a quote is by the speaker and about the subject."""
        is_about = self.subject is None or self.subject.is_subject_of(article, quote)
        return self.filters.matches_speaker(quote) and is_about

    def matches_sentence(self, article: Article, span: Span) -> bool:
        """Whether a sentence of an article is about the subject."""
        return self.subject is None or self.subject.is_mentioned_around(article, span)


class QuoteSearch:
    """Searches the quotes of one repository, with the configured topics. Thread-safe."""

    def __init__(
        self, repository: Repository, reader: StoryReader, people: PersonSearch, topics: Sequence[Topic]
    ) -> None:
        self._repository = repository
        self._reader = reader
        self._people = people
        self._matches = MatchReader(repository)
        self._topics = topics
        self._answers: dict[tuple[str, SearchFilters], tuple[str, AnswerWindows]] = {}
        self._lock = Lock()

    def find_answer(self, text: str, filters: SearchFilters) -> WhoSaid:
        """Return the answer from the newest 100 quotes, with at most 100 hits; `more` if there may be older quotes."""
        answer = self._load_answer(text, filters, hit_count=0)
        return WhoSaid(
            text,
            self._repository.get_counts(),
            answer.build_first_hits(),
            answer.narration,
            answer.nearest,
            more=answer.is_first_window_full,
            bounds=filters.descriptions,
        )

    def has_quotes(self, text: str, filters: SearchFilters) -> bool:
        """Whether a quote may answer the question; False only if none can."""
        scope = filters.to_quote_scope(self._topics)
        return bool(self._repository.find_quotes(text, scope, limit=1)) or (
            filters.by is None and self._is_person_name(text, scope)
        )

    def find_page(self, text: str, filters: SearchFilters, page_number: int) -> SearchResultsPage:
        """Return one page of the answer, at most 20 hits; narration and nearest quotes are on the first page only.

        Each utterance is on one page. Raises NothingFound if the page does not exist.
        """
        start, end = (page_number - 1) * PAGE_SIZE, page_number * PAGE_SIZE
        if page_number > MAX_PAGE:
            raise NothingFound(f"Pages end at {MAX_PAGE}. Add a date, an outlet or a name to find older quotes.")
        answer = self._load_answer(text, filters, hit_count=end + 1)
        hits = answer.build_hits(start, end)
        if page_number > 1 and not hits:
            raise NothingFound(_explain_missing_page(page_number, answer))
        is_first, is_empty = page_number == 1, not (answer.utterance_count or answer.narration)
        who_said = WhoSaid(
            text,
            self._repository.get_counts(),
            hits,
            answer.narration if is_first else (),
            answer.nearest if is_first and not hits else (),
            more=answer.has_unread_quotes or answer.utterance_count > end,
            bounds=filters.descriptions,
        )
        page = Page(page_number, answer.utterance_count > end)
        return self._add_suggestions(SearchResultsPage(who_said, page), filters, is_empty=is_empty)

    def _load_answer(self, text: str, filters: SearchFilters, hit_count: int) -> AnswerWindows:
        """Return the answer with all of its first window and at least `hit_count` utterances, if it has so many.

        The answer continues from the cached one as long as the repository has not changed. An answer that leaves out
        damaged articles is not cached, so that each reader is told.
        """
        with self._repository.hold_connection():
            return self._load_held_answer(text, filters, hit_count)

    def _load_held_answer(self, text: str, filters: SearchFilters, hit_count: int) -> AnswerWindows:
        change_token = self._repository.get_change_token()
        question = _Question(text, filters, filters.to_quote_scope(self._topics), filters.get_subject(self._topics))
        if question.subject:  # most of the newest quotes may be about something else
            hit_count = max(hit_count, 1)
        with self._lock:
            cached_token, answer = self._answers.get((text, filters), ("", AnswerWindows()))
        with collect_damage() as problems:
            if cached_token != change_token:
                answer = self._start_answer(question)
            while answer.utterance_count < hit_count and answer.has_unread_quotes and answer.window_count < MAX_WINDOWS:
                answer = self._read_next_window(question, answer)
        if not problems:
            self._cache_answer((text, filters), change_token, answer)
        return answer

    def _cache_answer(self, key: tuple[str, SearchFilters], change_token: str, answer: AnswerWindows) -> None:
        with self._lock:
            self._answers.pop(key, None)
            self._answers[key] = change_token, answer
            while sum(cached.window_count for _, cached in self._answers.values()) > _MAX_CACHED_WINDOWS:
                del self._answers[next(iter(self._answers))]

    def _start_answer(self, question: _Question) -> AnswerWindows:
        """Read the first window: of the words, or of the speaker they name; or find the most similar quotes."""
        text, filters = question.text, question.filters
        if not make_search_key(text) or (filters.by is None and self._is_person_name(text, question.scope)):
            return self._read_next_window(question, question.start_answer(filters.by or text))
        answer = self._search_words(question)
        if answer.utterance_count or answer.narration or answer.nearest:
            return answer
        if filters.by is None:
            speaker_answer = self._read_next_window(question, question.start_answer(text))
            if speaker_answer.utterance_count:
                return speaker_answer
        return self._find_similar_quotes(question)

    def _is_person_name(self, text: str, scope: QuoteScope) -> bool:
        """Whether `text` is the name or the surname of a speaker."""
        surname_scope = replace(scope, by=Person(text).surname)
        names = self._repository.run_query(
            lambda db, index: read_speaker_names(db, index, surname_scope, _MAX_NAME_QUOTES)
        )
        speaker_names = set(map(make_search_key, names))
        key = make_search_key(text)
        return any(name == key or name.endswith(f" {key}") for name in speaker_names)

    def _search_words(self, question: _Question) -> AnswerWindows:
        """Read the first window of the quotes that contain the words, and the narration."""
        contains_text = cache(compose.make_matcher(question.text))  # each quote is tested again for the answer
        matches = self._matches.read(question.text, question.scope, contains_text)
        can_be_by = make_speaker_filter(
            question.filters.by, (quote for _, quotes in matches.articles_with_quotes for quote in quotes)
        )
        articles_with_quotes = self._reader.complete_by_story(
            matches.articles_with_quotes,
            lambda article, quote: can_be_by(quote) and contains_text(get_quote_text(article, quote)),
        )
        utterances = compose.find_utterances(
            question.text,
            articles_with_quotes,
            quote_filter=question.matches_quote,
            sentence_filter=question.matches_sentence,
            contains_text=contains_text,
        )
        answer = replace(question.start_answer(), narration=utterances.narration, nearest=utterances.nearest)
        return answer.add_window(utterances.groups, is_full=matches.is_full)

    def _find_similar_quotes(self, question: _Question) -> AnswerWindows:
        """Return an answer without hits, with the most similar quotes instead."""
        articles = quote_lookup.find_similar_articles(self._repository, question.text, question.scope)
        quotes = self._repository.get_quotes([article.id for article in articles])
        nearest_quotes = compose.find_nearest(
            question.text, [(article, quote) for article in articles for quote in quotes[article.id] if quote.speaker]
        )
        nearest_keys = set(map(make_quote_key, nearest_quotes))
        contains_text = cache(compose.make_matcher(question.text))
        articles_with_quotes = self._reader.complete_by_story(
            [(article, quotes[article.id]) for article in articles],
            # only the names that the answer may show are completed
            lambda article, quote: (
                make_quote_key((article, quote)) in nearest_keys or contains_text(get_quote_text(article, quote))
            ),
        )
        utterances = compose.find_utterances(
            question.text,
            articles_with_quotes,
            nearest=articles_with_quotes,
            quote_filter=question.matches_quote,
            sentence_filter=question.matches_sentence,
            contains_text=contains_text,
        )
        answer = AnswerWindows(narration=utterances.narration, nearest=utterances.nearest)
        return answer.add_window(utterances.groups, is_full=False)

    def _read_next_window(self, question: _Question, answer: AnswerWindows) -> AnswerWindows:
        """Read the next newest quotes that contain the words, or of the speaker; add what they report first."""
        matches = self._read_matches(question, answer)
        articles = {match.article.id: match.article for match in matches}
        articles_with_quotes = [
            (articles[article_id], quotes) for article_id, quotes in group_by_article(matches).items()
        ]
        if answer.speaker_name is not None:
            name, surname = answer.speaker_name, Person(answer.speaker_name).surname
            completed_quotes = self._reader.complete_by_story(
                articles_with_quotes, lambda _, quote: quote_lookup.is_spoken_by(quote, surname)
            )
            completed_quotes = [
                (article, tuple(quote for quote in quotes if question.matches_quote(article, quote)))
                for article, quotes in completed_quotes
            ]
            utterances = compose.group_quotes_by(name, _drop_read_quotes(completed_quotes, answer))
        else:
            contains_text = cache(compose.make_matcher(question.text))
            completed_quotes = self._reader.complete_by_story(
                articles_with_quotes, lambda article, quote: contains_text(get_quote_text(article, quote))
            )
            utterances = compose.group_matching_quotes(
                _drop_read_quotes(completed_quotes, answer), contains_text, question.matches_quote
            )
        return answer.add_window(utterances, is_full=len(matches) == quote_lookup.MAX_QUOTES)

    def _read_matches(self, question: _Question, answer: AnswerWindows) -> Sequence[SearchHit]:
        """Read the quotes of the next window.

        The first window of a speaker searches for the surname, because some articles print only that. Later windows
        search for the whole name, because a common surname may fill many windows with other people.
        """
        size, skip = quote_lookup.MAX_QUOTES, answer.window_count * quote_lookup.MAX_QUOTES
        name = answer.speaker_name
        if name is None:
            return self._repository.find_quotes(question.text, question.scope, size, skip)
        surname = Person(name).surname
        if answer.window_count and make_search_key(name) != make_search_key(surname):
            return self._repository.find_quotes("", replace(question.scope, by=name), size, skip - size)
        return self._repository.find_quotes("", replace(question.scope, by=surname), size, skip)

    def _add_suggestions(
        self, results: SearchResultsPage, filters: SearchFilters, *, is_empty: bool
    ) -> SearchResultsPage:
        """Add people and topics that the question may mean and, if nothing was found, other spellings."""
        text = results.answer.query
        key = make_search_key(text)
        name = filters.by or text
        people = self._people.find_people(name, exact_only=filters.by is None)
        corrected_text: str | None = None
        if is_empty and key:
            corrected_text = self._repository.run_query(lambda db, index: correct_spelling(db, index, text))
        similar_names: tuple[str, ...] = ()
        if is_empty and not people and (filters.by or len(key.split()) <= _MAX_NAME_WORDS):
            similar_names = self._people.find_similar_names(name)
        return replace(
            results,
            people=people,
            topics=self._suggest_topics(text, is_empty=is_empty),
            corrected_text=corrected_text,
            similar_names=similar_names,
        )

    def _suggest_topics(self, text: str, *, is_empty: bool) -> tuple[Topic, ...]:
        """Return the topics that the words name or, if nothing was found, topics with a similar name."""
        key = make_search_key(text)
        named_topics = [topic for topic in self._topics if key and _is_topic_named(topic, key)]
        similar_slugs = stories.suggest_topics(text, self._topics) if is_empty and key and not named_topics else ()
        similar_topics = [topic for slug in similar_slugs for topic in self._topics if topic.slug == slug]
        return (*named_topics, *similar_topics)[:_MAX_TOPICS]


def _drop_read_quotes(articles_with_quotes: ArticlesWithQuotes, answer: AnswerWindows) -> ArticlesWithQuotes:
    return [
        (article, tuple(quote for quote in quotes if make_quote_key((article, quote)) not in answer.quote_keys))
        for article, quotes in articles_with_quotes
    ]


def _explain_missing_page(page_number: int, answer: AnswerWindows) -> str:
    if answer.has_unread_quotes:
        count = MAX_WINDOWS * quote_lookup.MAX_QUOTES
        return f"Pages end with the newest {count:,} quotes. Add a date, an outlet or a name to find older ones."
    return f"Page {page_number:,} doesn't exist. The results end before it."


def _is_topic_named(topic: Topic, key: str) -> bool:
    """Whether a search key is in the topic's slug, title or phrases, or contains one of its phrases."""
    topic_text = " ".join(map(make_search_key, (topic.slug, topic.title, *topic.words)))
    return f" {key} " in f" {topic_text} " or any(
        f" {make_search_key(phrase)} " in f" {key} " for phrase in topic.words
    )
