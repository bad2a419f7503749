"""Finds the news: the stories in the articles of some days, a line of each, and stories that could become topics.

Rule: a story counts with its independent outlets. The stories of most outlets come first, then the newest ones. A
limited number of articles is read, so that a large record takes no longer: the same share of each day.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from briefings import compose, stories
from briefings.article.citation import build_link
from briefings.article.metadata import Language, detect_language
from briefings.article.source_name import describe_source
from briefings.compose.news.naming import Rarity, StoryNames, propose_names, read_opening
from briefings.compose.news.topic_phrases import choose_phrases
from briefings.model import Article, Evidence, Line, Slot, Source, Topic
from briefings.report import NewsBriefing, NewsStory, SuggestedTopic, TopicSuggestions
from briefings.service.quote_lookup import SearchFilters
from briefings.service.relaxation import describe_days
from briefings.service.story_reader import StoryReader
from briefings.similarity.source_independence import IndependentOutlets
from briefings.storage.db.types import ArticleFilter
from briefings.storage.repository import Repository
from briefings.storage.search import search
from briefings.text.folding import make_search_key, make_text_key
from briefings.text.words import count_words

#: most stories of an answer, and most suggested topics
MAX_STORIES, MAX_SUGGESTIONS = 8, 12
#: days that suggested topics are from
SUGGESTION_DAYS = 7
#: articles that are read, and others that show which words are rare
_MAX_ARTICLES, _MAX_BACKGROUND = 400, 300
#: articles read at a time
_PAGE_SIZE = 100
#: most days that each have a share of the articles; for a longer time, the newest articles are read
_MAX_SHARED_DAYS = 62
#: newest articles of a story that its name and line are chosen from, and longest line, in words
_MAX_STORY_ARTICLES, _MAX_LINE_WORDS = 12, 60
#: fewest independent outlets, or articles, of a suggested topic
_MIN_OUTLETS, _MIN_ARTICLES = 2, 2
#: share of a story's articles that a topic has if it is about this story
_TOPIC_SHARE = 0.5
#: most words of a headline that stand for a story without a name
_MAX_HEADLINE_WORDS = 12


@dataclass(frozen=True)
class _Window:
    """The articles of some days, newest first, and their independent outlets."""

    articles: tuple[Article, ...]
    outlets: IndependentOutlets
    #: number of articles in these days
    total: int

    @cached_property
    def stories(self) -> "list[_Story]":
        """Return the stories, those of most outlets first, then the newest."""
        articles_by_label: dict[str, list[Article]] = {}
        for label, article in zip(stories.cluster_articles(self.articles), self.articles, strict=True):
            articles_by_label.setdefault(label, []).append(article)
        window_stories = [
            _Story(tuple(articles), self.outlets.count(article.id for article in articles))
            for articles in articles_by_label.values()
        ]
        return sorted(
            window_stories,
            key=lambda story: (-story.outlets, -story.newest.toordinal(), -len(story.articles), story.articles[0].id),
        )


@dataclass(frozen=True, slots=True)
class _Story:
    """The articles of one story, newest first, and the number of its independent outlets."""

    articles: tuple[Article, ...]
    outlets: int

    @property
    def newest(self) -> date:
        return max(article.published or date.min for article in self.articles)


class NewsReader:
    """Reads the news from one repository, with the configured topics. Thread-safe."""

    def __init__(self, repository: Repository, reader: StoryReader, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._reader = reader
        self._topics = topics
        self._matcher = stories.TopicMatcher(topics)

    def get_news(
        self, since: date | None, until: date | None, *, outlet: str | None = None, seen_ids: Set[str] = frozenset()
    ) -> NewsBriefing:
        """Return the top stories of these days, both included, with one verbatim line each.

        Articles whose ids are in `seen_ids` are left out. Without an article in these days, the result has no stories,
        and `newest_day` has the last day before them.
        """
        window = self._read_window(since, until, outlet, seen_ids)
        if not window.articles:
            return _build_news(since, until, outlet, newest_day=self._find_newest_day(since, outlet))
        rarity = Rarity((*window.articles, *self._read_background(since)))
        shown_stories = [self._describe(story, rarity) for story in window.stories[:MAX_STORIES]]
        cited_ids = {story.line.evidence[0].article for story in shown_stories if story.line}
        return replace(
            _build_news(since, until, outlet),
            sources=tuple(describe_source(article) for article in window.articles if article.id in cited_ids),
            lines=tuple(story.line for story in shown_stories if story.line),
            words=sum(count_words(story.line.text) for story in shown_stories if story.line),
            stories=tuple(shown_stories),
            story_count=len(window.stories),
            article_count=len(window.articles) if seen_ids else window.total,
            read_count=len(window.articles),
        )

    def suggest_topics(
        self, today: date, *, days: int = SUGGESTION_DAYS, limit: int = MAX_SUGGESTIONS
    ) -> TopicSuggestions:
        """Return the stories of the last days that are no topics yet, each with a name from its headlines.

        If there is no article in the days up to `today`, the days up to the newest article before are used.
        """
        until = today
        window = self._read_window(until - timedelta(days=days - 1), until)
        if not window.articles and (newest_day := self._find_newest_day(until)):
            until = newest_day
            window = self._read_window(until - timedelta(days=days - 1), until)
        since = until - timedelta(days=days - 1)
        suggestions: list[SuggestedTopic] = []
        keys_by_id: dict[str, str] = {}
        rarity: Rarity | None = None
        for story in window.stories:
            if len(suggestions) == limit:
                break
            if story.outlets < _MIN_OUTLETS or len(story.articles) < _MIN_ARTICLES or self._find_topic(story):
                continue
            if rarity is None:
                articles = (*window.articles, *self._read_background(since))
                rarity = Rarity(articles)
                keys_by_id = {article.id: make_text_key(read_opening(article)) for article in articles}
            suggestion = self._suggest(story, keys_by_id, self._name(story, rarity))
            if suggestion and all(
                make_search_key(suggestion.name) != make_search_key(other.name) for other in suggestions
            ):
                suggestions.append(suggestion)
        return TopicSuggestions(tuple(suggestions), since, until)

    def _read_window(
        self, since: date | None, until: date | None, outlet: str | None = None, seen_ids: Set[str] = frozenset()
    ) -> _Window:
        ids, total = self._select_ids(since, until, _MAX_ARTICLES, outlet)
        articles = [
            article
            for article in self._read_articles(ids)
            if article.id not in seen_ids and article.text.strip() and detect_language(article) is not Language.OTHER
        ]
        articles.sort(key=lambda article: article.published or date.min, reverse=True)
        outlets = IndependentOutlets(articles, self._reader.find_duplicates(articles))
        return _Window(tuple(articles), outlets, total)

    def _select_ids(
        self, since: date | None, until: date | None, limit: int, outlet: str | None
    ) -> tuple[list[str], int]:
        """Return the ids of articles to read, and the count of all articles of these days and the outlet."""
        filters = SearchFilters(outlet=outlet)
        names = None if outlet is None else [name for name, _ in self._outlets if filters.matches_outlet(name)]
        by_day = bool(since and until and (until - since).days < _MAX_SHARED_DAYS)
        return self._repository.run_query(
            lambda db, index: search.select_days(db, index, (since, until), limit, names, by_day=by_day)
        )

    def _read_background(self, before: date | None) -> tuple[Article, ...]:
        """Return the newest articles before a day."""
        if before is None or before == date.min:
            return ()
        ids = self._repository.find_ids(ArticleFilter(until=before - timedelta(days=1)), _MAX_BACKGROUND)
        return tuple(self._read_articles(ids))

    def _read_articles(self, ids: Sequence[str]) -> list[Article]:
        """Return the articles in the order of `ids`."""
        by_id = {
            article.id: article
            for start in range(0, len(ids), _PAGE_SIZE)
            for article in self._repository.get_articles(ids[start : start + _PAGE_SIZE])
        }
        return [by_id[article_id] for article_id in ids if article_id in by_id]

    def _find_newest_day(self, before: date | None, outlet: str | None = None) -> date | None:
        """Return the last day before `before` with an article, if possible of the outlet, else the newest day."""
        if before is None or before == date.min:
            return self._repository.get_counts().until
        ids, _ = self._select_ids(None, before - timedelta(days=1), 1, outlet)
        days = [article.published for article in self._read_articles(ids)]
        return next(iter(days), None) or self._repository.get_counts().until

    def _find_topic(self, story: _Story) -> Topic | None:
        """Return the topic that has most of the story's articles, or None."""
        counts = self._matcher.count(story.articles)
        topic = max(self._topics, key=lambda topic: counts[topic.slug], default=None)
        return topic if topic and counts[topic.slug] >= _TOPIC_SHARE * len(story.articles) else None

    def _name(self, story: _Story, rarity: Rarity) -> StoryNames:
        outlets = {article.publisher for article in story.articles if article.publisher}
        return propose_names(
            story.articles[:_MAX_STORY_ARTICLES], rarity, outlets | {name for name, _ in self._outlets}
        )

    @property
    def _outlets(self) -> Sequence[tuple[str, int]]:
        return self._repository.get_overview(latest=0).outlets

    def _suggest(self, story: _Story, keys_by_id: Mapping[str, str], names: StoryNames) -> SuggestedTopic | None:
        name = next((phrase for phrase in names.phrases if not stories.find_topic(self._topics, phrase)), None)
        if name is None or not names.is_recognisable:
            return None
        story_ids = {article.id for article in story.articles}
        words = choose_phrases(
            name,
            [*names.phrases, *names.single_names],
            [keys_by_id[article_id] for article_id in story_ids],
            [key for article_id, key in keys_by_id.items() if article_id not in story_ids],
        )
        return SuggestedTopic(name, words, story.outlets, len(story.articles), story.newest)

    def _describe(self, story: _Story, rarity: Rarity) -> NewsStory:
        topic = self._find_topic(story)
        names = self._name(story, rarity)
        name, words = (topic.title, topic.slug) if topic else _choose_name(story, names)
        line = self._choose_line(story)
        return NewsStory(
            name,
            words,
            line,
            story.outlets,
            len(story.articles),
            story.newest,
            tuple(article.id for article in story.articles),
            is_topic=topic is not None,
            lead=_choose_lead(story, line),
        )

    def _choose_line(self, story: _Story) -> Line | None:
        """Return the line that a briefing on the newest articles of the story begins with, or None."""
        articles = story.articles[:_MAX_STORY_ARTICLES]
        people_lookup = self._reader.load_people_lookup(articles)
        briefing = compose.compose(
            "",
            "",
            self._reader.load_quotes(articles, people_lookup),
            max_words=_MAX_LINE_WORDS,
            people_lookup=people_lookup,
            duplicates=self._reader.find_duplicates(articles),
        )
        lines = (*briefing.get_slot_lines(Slot.STATUS), *briefing.get_slot_lines(Slot.QUOTES))
        return next((line for line in lines if line.evidence), None) or _find_sentence(articles)


def _find_sentence(articles: Sequence[Article]) -> Line | None:
    """Return the sentence that says most about the articles, for those whose sentences need their context."""
    for excerpt in stories.summarise(articles, _MAX_LINE_WORDS):
        span = excerpt.span
        evidence = Evidence(excerpt.article.id, span.start, span.end, excerpt.text, build_link(excerpt.article, span))
        return Line(Slot.STATUS, excerpt.text, evidence=(evidence,), outlets=1)
    return None


def _choose_lead(story: _Story, line: Line | None) -> Source | None:
    """Return the article whose headline is printed with a story: that of its line, or else the newest one."""
    titled = [article for article in story.articles if article.title and article.title.strip()]
    cited_id = line.evidence[0].article if line else None
    lead = next((article for article in titled if article.id == cited_id), next(iter(titled), None))
    return describe_source(lead) if lead else None


def _choose_name(story: _Story, names: StoryNames) -> tuple[str, str]:
    """Return the name of a story, or its newest headline if it has none, and the words that find it."""
    phrases = (
        phrase
        for phrase in names.phrases
        if len(stories.filter_by_words(phrase, story.articles)) >= _TOPIC_SHARE * len(story.articles)
    )
    phrase = next(phrases, None)
    article = next((article for article in story.articles if article.title), story.articles[0])
    headline = " ".join((article.title or article.text[:200]).split())
    name = phrase if phrase and names.is_recognisable else headline
    return name, phrase or " ".join(headline.split()[:_MAX_HEADLINE_WORDS])


def _build_news(
    since: date | None, until: date | None, outlet: str | None, newest_day: date | None = None
) -> NewsBriefing:
    """Return the news without stories, with the title "News in The Tribune, 24 June 2016"."""
    days, place = describe_days(since, until), f" in {outlet}" if outlet else ""
    separator = " " if days.startswith(("since", "until")) and not place else ", "
    title = f"News{place}{separator}{days}" if days else f"News{place}"
    return NewsBriefing("", title, (), (), 0, since=since, until=until, newest_day=newest_day)
