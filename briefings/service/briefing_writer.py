"""Writes briefings and updates from the stored articles of a topic or of free words.

Rule: both use the articles stored at that moment, with names completed over the articles of one story.
Rule: a briefing on a story that was composed before computes only what has changed, with the same result. An update is
composed once for all readers with the same history.
"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from briefings import compose
from briefings.report import Report
from briefings.service.quote_lookup import SearchFilters
from briefings.service.relaxation import describe_question, select_relaxed_articles
from briefings.service.story_reader import WILDCARD, StoryReader
from briefings.similarity.story_memory import StoryMemories, StoryMemory
from briefings.storage.repository import Repository

if TYPE_CHECKING:
    from briefings.updates import KnownUpdates, ReadingHistory, Update

#: stories that are remembered: the topics of a run of digests; and characters of their articles in all
_MAX_STORIES, _MAX_STORY_CHARACTERS = 200, 4_000_000


class BriefingWriter:
    """Writes from one repository; `reader` finds the articles. Thread-safe."""

    def __init__(self, repository: Repository, reader: StoryReader) -> None:
        self._repository = repository
        self._reader = reader
        self._memories = StoryMemories(_MAX_STORIES, _MAX_STORY_CHARACTERS)
        self._known_updates: KnownUpdates | None = None

    def write_briefing(self, text: str, filters: SearchFilters, words: int, *, relax: bool) -> Report:
        """Return the briefing on a topic slug or on free words, with at most `words` words in lines with evidence.

        With `relax`, filters are left out if no article matches all of them. Raises BadQuestion, and NothingFound with
        `.nearest`.
        """
        with self._memories.use((text, filters)) as memory, self._repository.hold_connection():
            return self._compose(text, filters, words, memory, relax=relax)

    def _compose(self, text: str, filters: SearchFilters, words: int, memory: StoryMemory, *, relax: bool) -> Report:
        topic, slug, title = self._reader.resolve_topic(text)
        rows = self._reader.open_rows(memory)
        selection, dropped_filters = select_relaxed_articles(
            filters, lambda some_filters: self._reader.select_articles(text, topic, some_filters, rows), relax=relax
        )
        if not selection.articles:
            raise self._reader.build_nothing_found(text, topic, filters, selection.exclusions)
        ids = [article.id for article in selection.articles]
        people_lookup = rows.read_people(selection.articles)
        question = "" if topic or text.strip() == WILDCARD else text
        briefing = compose.compose(
            slug,
            title,
            self._reader.load_quotes(selection.articles, people_lookup, rows),
            max_words=words,
            exclusions=selection.exclusions,
            question=question,
            searched_count=self._reader.count_searched_articles(selection, filters) if question else None,
            people_lookup=people_lookup,
            duplicates=self._reader.find_duplicates(selection.articles),
            changed_days={
                article_id: changed_at.date()
                for article_id, changed_at in self._repository.get_change_times(ids).items()
            },
            memory=memory,
        )
        return replace(briefing, dropped_filters=dropped_filters, filters=describe_question("", filters, None, None))

    def write_update(self, text: str, history: "ReadingHistory", today: date, words: int) -> "Update | None":
        """Return what is new for readers with this history; None if nothing is. Raises BadQuestion."""
        with self._repository.hold_connection():
            # before anything else is read; a new analysis may leave the token unchanged
            change_token, story = self._repository.get_change_token(), self._reader.identify_story(text)
            return self._get_known_updates().find_or_compose(
                change_token,
                (text, story, today, words),
                history,
                lambda: self._compose_update(text, history, today, words),
            )

    def _get_known_updates(self) -> "KnownUpdates":
        if self._known_updates is None:
            from briefings.updates import KnownUpdates  # only digests need it

            self._known_updates = KnownUpdates()
        return self._known_updates

    def _compose_update(self, text: str, history: "ReadingHistory", today: date, words: int) -> "Update | None":
        from briefings.updates import find_update  # only digests need it

        topic, slug, title = self._reader.resolve_topic(text)
        with self._memories.use(("update", text)) as memory:
            rows = self._reader.open_rows(memory)
            articles = self._reader.select_articles(text, topic, rows=rows).articles
            people_lookup = rows.read_people(articles)
            articles_with_quotes = self._reader.load_quotes(articles, people_lookup, rows)
        cited_articles = self._repository.get_articles(
            {piece.article for line in history.lines for piece in line.evidence}
        )
        return find_update(
            slug,
            title,
            articles_with_quotes,
            history,
            cited_articles={article.id: article for article in cited_articles},
            find_older_texts=lambda article_id: [
                version.article.text for version in self._repository.list_versions(article_id)
            ],
            today=today,
            max_words=words,
            people_lookup=people_lookup,
            duplicates=self._reader.find_duplicates(articles),
        )
