"""The stored articles as the matcher needs them: in bulk, with their quotes, and the topics that watches can name."""

from collections.abc import Collection, Mapping, Sequence

from bot.storage.topics.changes import TeamTopics
from bot.storage.topics.repository import TopicRepository
from briefings import BriefingService, Topic
from briefings.watches import ArticleWithQuotes


class StoredArticles:
    """Article source of the runner. Without `topic_repository`, all teams have the topics of the file. Calls block."""

    def __init__(self, service: BriefingService, topic_repository: TopicRepository | None = None) -> None:
        self._service = service
        self._topic_repository = topic_repository
        self._topics_by_team: dict[str, TeamTopics] = {}

    def load_articles(self, ids: Sequence[str]) -> Mapping[str, ArticleWithQuotes]:
        """Return the stored articles with these ids and their quotes, by id. Raises DatabaseUnavailable."""
        return self._service.watching.read_articles(ids)

    def load_topics(self, teams: Collection[str]) -> Mapping[str, Sequence[Topic]]:
        """Return the topics that the watches of these teams can name, by team. Raises DatabaseUnavailable."""
        if self._topic_repository is None:
            return dict.fromkeys(teams, self._service.watching.topics)
        self._topics_by_team = self._topic_repository.read_all(teams, self._topics_by_team)
        return {team: topics.topics for team, topics in self._topics_by_team.items()}
