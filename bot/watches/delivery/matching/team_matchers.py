"""Matches what arrived in the records of the workspaces, each with the watches of its own workspace.

Rule: a workspace is matched in its own scope: its rows, and its record.
Rule: a workspace whose record cannot be read waits for the next pass, and keeps no other one from being matched.
Rule: a pass looks at some workspaces, and the next pass goes on from there, so that a pass stays short.
Rule: those without a watch are looked at too, though rarely, so that a watch which starts or resumes finds no old
arrivals.
"""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.logs import format_traceback, get_logger
from bot.core.tenancy import use_team
from bot.records.record import NoRecord, Records
from bot.storage.database import Database
from bot.storage.topics.changes import TeamTopics
from bot.storage.topics.repository import TopicRepository
from bot.watches.delivery.matching.arrival_queue import TeamQueue
from bot.watches.delivery.matching.matcher import ArrivalMatcher
from bot.watches.delivery.watch_repository import list_watching_teams
from briefings import Topic
from briefings.watches import ArticleWithQuotes

#: workspaces that one pass looks at: with a watch, and without one
TEAMS_PER_PASS, IDLE_TEAMS_PER_PASS = 20, 2
#: how long the list of workspaces without a watch is used
_LIST_PERIOD = timedelta(minutes=1)


class TeamArticles:
    """The articles and topics of one workspace. Calls block."""

    def __init__(self, records: Records, team: str, topic_repository: TopicRepository | None) -> None:
        self._records, self._team = records, team
        self._topic_repository = topic_repository
        self._topics_by_team: dict[str, TeamTopics] = {}

    def load_articles(self, ids: Sequence[str]) -> Mapping[str, ArticleWithQuotes]:
        """Return the stored articles with these ids and their quotes, by id. Raises NoRecord, DatabaseUnavailable."""
        with self._records.borrow(self._team) as record:
            return record.service.watching.read_articles(ids)

    def load_topics(self, teams: Collection[str]) -> Mapping[str, Sequence[Topic]]:
        """Return the topics that the watches of the workspace can name. Raises NoRecord, DatabaseUnavailable."""
        own_teams = [team for team in teams if team == self._team]
        if self._topic_repository is None:
            with self._records.borrow(self._team) as record:
                return dict.fromkeys(own_teams, record.service.watching.topics)
        self._topics_by_team = self._topic_repository.read_all(own_teams, self._topics_by_team)
        return {team: topics.topics for team, topics in self._topics_by_team.items()}


class TeamMatchers:
    """Matches arrivals. Every call blocks; calls must not overlap."""

    def __init__(
        self,
        database: Database,
        records: Records,
        topic_repository: TopicRepository | None,
        clock: Callable[[], datetime],
        teams_per_pass: int = TEAMS_PER_PASS,
    ) -> None:
        self._database = database
        self._records = records
        self._topic_repository = topic_repository
        self._clock = clock
        self._teams_per_pass = teams_per_pass
        self._matchers: dict[str, ArrivalMatcher] = {}
        #: the workspaces that have a record, in the order in which those without a watch are looked at
        self._recorded_teams: deque[str] = deque()
        self._listed_at: datetime | None = None
        #: the workspace with a watch that was looked at last, and those that the current pass still looks at
        self._last_team = ""
        self._waiting_teams: list[str] | None = None

    @property
    def watch_count(self) -> int:
        """Number of active watches, as of the last batch of each workspace."""
        return sum(matcher.watch_count for matcher in self._matchers.values())

    def process_group(self) -> tuple[int, int] | None:
        """Record a group of matches of one workspace. Return the numbers of finished arrivals and of matches.

        Return None at the end of a pass. Raises DatabaseUnavailable if the bot's own database can't be read.
        """
        if self._waiting_teams is None:
            self._waiting_teams = self._choose_teams()
        while self._waiting_teams:
            counts = self._process_team(self._waiting_teams[0])
            if counts is not None:
                return counts
            self._waiting_teams.pop(0)
        self._waiting_teams = None
        return None

    def _choose_teams(self) -> list[str]:
        """Return the next workspaces that have a watch, after the last one and around, and some without a watch."""
        teams = self._database.read(list_watching_teams)
        self._matchers = {team: matcher for team, matcher in self._matchers.items() if team in teams}
        later = [team for team in teams if team > self._last_team]
        chosen_teams = [*later, *(team for team in teams if team <= self._last_team)][: self._teams_per_pass]
        self._last_team = chosen_teams[-1] if chosen_teams else ""
        return [*chosen_teams, *self._choose_idle_teams(teams)]

    def _choose_idle_teams(self, watching_teams: Collection[str]) -> list[str]:
        now = self._clock()
        if self._listed_at is None or not timedelta(0) <= now - self._listed_at < _LIST_PERIOD:
            known_teams = set(self._records.list_teams())
            kept_teams = [team for team in self._recorded_teams if team in known_teams]
            self._recorded_teams = deque([*sorted(known_teams.difference(kept_teams)), *kept_teams])
            self._listed_at = now
        idle_teams = [team for team in self._recorded_teams if team not in watching_teams][:IDLE_TEAMS_PER_PASS]
        for team in idle_teams:
            self._recorded_teams.remove(team)
            self._recorded_teams.append(team)
        return idle_teams

    def _process_team(self, team: str) -> tuple[int, int] | None:
        matcher = self._matchers.get(team)
        if matcher is None:
            articles = TeamArticles(self._records, team, self._topic_repository)
            queue = TeamQueue(self._records, team)
            matcher = self._matchers[team] = ArrivalMatcher(self._database, articles, self._clock, queue, team)
        try:
            with use_team(team):
                return matcher.process_group()
        except NoRecord:
            get_logger().info("watches skipped, not installed", team=team)
        except Exception as error:  # noqa: BLE001  # one workspace must not keep all others from being matched
            place = format_traceback(error)
            get_logger().error("watch pass failed", team=team, error=type(error).__name__, place=place)
        return None
