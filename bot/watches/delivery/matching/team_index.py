"""The active watches of all teams in memory, each with the topics that its team's watches can name.

Rule: a team's watches that can name a topic are compiled again when its topics change.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.watches.model import ChannelWatch
from briefings import Topic
from briefings.watches import ArticleWithQuotes, Watch, WatchIndex, WatchMatch


class TeamIndex:
    """Not thread-safe."""

    def __init__(self) -> None:
        self._index = WatchIndex()
        self._watches: dict[int, ChannelWatch] = {}
        self._topics: dict[str, Sequence[Topic]] = {}
        #: ids of watches that are not in the index yet, in the form of their last change
        self._changed_ids: set[int] = set()

    def __len__(self) -> int:
        return len(self._watches)

    @property
    def teams(self) -> frozenset[str]:
        """The teams that have a watch."""
        return frozenset(watch.config.team for watch in self._watches.values())

    def get_creation_time(self, watch_id: int) -> datetime:
        """Return when an active watch was set up."""
        return self._watches[watch_id].created_at

    def update(self, changed_watches: Iterable[ChannelWatch]) -> None:
        """Add, replace or remove watches. They match after the next `set_topics`."""
        for watch in changed_watches:
            if watch.is_active:
                self._watches[watch.id] = watch
                self._changed_ids.add(watch.id)
            elif self._watches.pop(watch.id, None):
                self._changed_ids.discard(watch.id)
                self._index.remove(watch.id)

    def set_topics(self, topics_by_team: Mapping[str, Sequence[Topic]]) -> None:
        """Use these topics from now on, for the watches that changed and for those that were there."""
        changed_teams = {team for team in topics_by_team if self._topics.get(team) != topics_by_team[team]}
        self._topics = dict(topics_by_team)
        if not (changed_teams or self._changed_ids):
            return
        for watch in self._watches.values():
            query = watch.config.query
            can_name_topic = bool(query.words or query.about)
            if watch.id in self._changed_ids or (can_name_topic and watch.config.team in changed_teams):
                self._index.add(Watch(watch.id, query), self._topics.get(watch.config.team, ()))
        self._changed_ids.clear()

    def match(self, article_with_quotes: ArticleWithQuotes) -> tuple[WatchMatch, ...]:
        """Return the watches that an article with its quotes matches, by id."""
        return self._index.match(article_with_quotes)
