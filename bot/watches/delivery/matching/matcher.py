"""Matches the articles that arrived with the watches of all teams, and records what they match.

Rule: the index of the watches is in memory. Before each batch it is brought up to date with the changes of watches and
topics since the last one, so that a watch of another replica counts from its next article on.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from bot.core.logs import format_traceback, get_logger
from bot.storage.arrivals import ArticleArrival
from bot.storage.database import Database
from bot.watches.delivery.matching.arrival_queue import ArrivalQueue, BotQueue
from bot.watches.delivery.matching.record_context import FoundMatch, list_head_articles
from bot.watches.delivery.matching.recorder import MatchRecorder
from bot.watches.delivery.matching.team_index import TeamIndex
from bot.watches.delivery.notice_rows import lock_matches
from bot.watches.delivery.watch_repository import load_changes
from bot.watches.found_passage import FoundPassage, MatchRole
from briefings import Article, DatabaseUnavailable, Quote, Topic
from briefings.text import make_search_key
from briefings.watches import ArticleWithQuotes, Sameness, WatchFinding, compare_reports

#: arrivals that are matched together
BATCH_SIZE = 100
#: matches of one transaction, so that other writers need not wait long
MAX_GROUP_MATCHES = 500
#: characters by which a stored passage and a quote are compared
_COMPARED_LENGTH = 200
_ROLES = {
    Sameness.SAME: MatchRole.REPORT,
    Sameness.OTHER_WORDING: MatchRole.WORDING,
    Sameness.OTHER: None,
}


class ArticleSource(Protocol):
    """Where articles and topics come from. Calls block."""

    def load_articles(self, ids: Sequence[str]) -> Mapping[str, ArticleWithQuotes]:
        """Return the stored articles with these ids and their quotes, by id."""
        ...

    def load_topics(self, teams: Collection[str]) -> Mapping[str, Sequence[Topic]]:
        """Return the topics that the watches of these teams can name, by team. It is called for each batch."""
        ...


@dataclass(frozen=True, slots=True)
class _Group:
    """Matches that are recorded in one transaction, which deletes the arrivals `finished`.

    An arrival with very many matches is finished by the last of several groups.
    """

    finished: Sequence[int]
    matches: Sequence[FoundMatch]
    comparer: "_Comparer"


class ArrivalMatcher:
    """Matches arrivals. Every call blocks; calls must not overlap.

    With `team`, only with the watches of this team. `queue` has the arrivals (default: the bot's database).
    """

    def __init__(
        self,
        database: Database,
        source: ArticleSource,
        clock: Callable[[], datetime],
        queue: ArrivalQueue | None = None,
        team: str | None = None,
    ) -> None:
        self._database = database
        self._source = source
        self._clock = clock
        self._queue = queue or BotQueue(database)
        self._team = team
        self._index = TeamIndex()
        self._version = 0
        #: what is matched and not recorded yet
        self._groups: deque[_Group] = deque()

    @property
    def watch_count(self) -> int:
        """Number of active watches, as of the last batch."""
        return len(self._index)

    def process_group(self) -> tuple[int, int] | None:
        """Record a group of matches of the oldest arrivals. Return the numbers of finished arrivals and of matches.

        Return None if there are no arrivals. Raises DatabaseUnavailable.
        """
        try:
            if not self._groups:
                self._groups.extend(self._match_batch())
            return self._record_safely(self._groups.popleft()) if self._groups else None
        except BaseException:
            self._groups.clear()  # the arrivals are still there, and are matched again
            raise

    def _match_batch(self) -> Iterator[_Group]:
        """Match the oldest arrivals, and yield the groups to record."""
        arrivals = self._queue.list_first(BATCH_SIZE)
        if not arrivals:
            return
        # the watches are read after the arrivals, so that each watch that was set up before an article counts
        self._refresh()
        ids = list(dict.fromkeys(arrival.article for arrival in arrivals))
        articles = self._source.load_articles(ids) if len(self._index) else {}
        comparer = _Comparer(self._source, articles, arrivals)
        finished: list[int] = []
        matches: list[FoundMatch] = []
        for arrival in arrivals:
            matches += self._match(arrival, articles)
            while len(matches) > MAX_GROUP_MATCHES:
                yield _Group(finished, matches[:MAX_GROUP_MATCHES], comparer)
                finished, matches = [], matches[MAX_GROUP_MATCHES:]
            finished.append(arrival.id)
        yield _Group(finished, matches, comparer)

    def _record_safely(self, group: _Group) -> tuple[int, int]:
        try:
            return len(group.finished), self._record(group)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # one match must not keep all others from being posted
            get_logger().error("watch batch failed", error=type(error).__name__, place=format_traceback(error))
            arrival_ids = sorted({*group.finished, *(match.arrival for match in group.matches)})
            return len(group.finished), sum(self._record_alone(arrival_id, group) for arrival_id in arrival_ids)

    def _record(self, group: _Group) -> int:
        now = self._clock()
        # read before the transaction, in which other writers wait
        group.comparer.preload(self._database.read(lambda db: list_head_articles(db, group.matches, now)))

        def record(db: Connection) -> int:
            lock_matches(db)
            own_arrivals = self._queue.claim(db, group.finished, {match.arrival for match in group.matches})
            own_matches = [match for match in group.matches if match.arrival in own_arrivals]
            return MatchRecorder(db, now, group.comparer.compare).record(own_matches)

        match_count = self._database.write(record)
        self._queue.finish(group.finished)
        return match_count

    def _record_alone(self, arrival_id: int, group: _Group) -> int:
        """Record the matches of one arrival of a group; if that fails again, only delete the arrival."""
        own_matches = [match for match in group.matches if match.arrival == arrival_id]
        finished = [arrival_id] if arrival_id in group.finished else []
        try:
            return self._record(_Group(finished, own_matches, group.comparer))
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # logged above
            get_logger().error("arrival dropped by watches", arrival=arrival_id, error=type(error).__name__)
            return self._record(_Group([arrival_id], [], group.comparer))

    def _refresh(self) -> None:
        known_version = self._version
        changes = self._database.read(lambda db: load_changes(db, known_version, self._team))
        self._index.update(changes.watches)
        self._version = changes.version
        if len(self._index) != changes.active_count:
            # rows of a team that left are deleted, and so are no changes
            self._index = TeamIndex()
            self._index.update(self._database.read(lambda db: load_changes(db, 0, self._team)).watches)
        self._index.set_topics(self._source.load_topics(self._index.teams))

    def _match(self, arrival: ArticleArrival, articles: Mapping[str, ArticleWithQuotes]) -> list[FoundMatch]:
        article_with_quotes = articles.get(arrival.article)
        if article_with_quotes is None:
            return []
        try:
            matches = self._index.match(article_with_quotes)
        except Exception as error:  # noqa: BLE001  # one article must not keep all others from being matched
            get_logger().error("article match failed", error=type(error).__name__, place=format_traceback(error))
            return []
        return [
            FoundMatch(arrival.id, match.watch_id, article_with_quotes[0], match.finding)
            for match in matches
            # arrivals wait longer in the record of a workspace, until it has its first watch
            if self._team is None or self._index.get_creation_time(match.watch_id) <= arrival.arrived_at
        ]


class _Comparer:
    """Compares matches with earlier ones, whose articles it loads once."""

    def __init__(
        self, source: ArticleSource, articles: Mapping[str, ArticleWithQuotes], arrivals: Sequence[ArticleArrival]
    ) -> None:
        self._source = source
        self._articles: dict[str, ArticleWithQuotes | None] = dict(articles)
        self._copies = {(arrival.article, original) for arrival in arrivals for original in arrival.originals}
        #: results, because many watches find the same passages
        self._roles: dict[tuple[FoundPassage, WatchFinding], MatchRole | None] = {}

    def preload(self, ids: Collection[str]) -> None:
        """Load these articles together, so that `compare` need not load them one by one."""
        missing_ids = sorted(set(ids) - self._articles.keys())
        if missing_ids:
            self._articles |= dict.fromkeys(missing_ids) | dict(self._source.load_articles(missing_ids))

    def compare(self, earlier: FoundPassage, article: Article, finding: WatchFinding) -> MatchRole | None:
        """Return how a finding repeats the statement of an earlier passage, or None for another statement."""
        key = (earlier, finding)
        if key not in self._roles:
            self._roles[key] = self._compare(earlier, article, finding)
        return self._roles[key]

    def _compare(self, earlier: FoundPassage, article: Article, finding: WatchFinding) -> MatchRole | None:
        head = self._load(earlier.article)
        earlier_finding = _find_passage(head, earlier) if head else None
        if head is None or earlier_finding is None:
            return None
        copies = [pair for pair in self._copies if article.id in pair]
        return _ROLES[compare_reports((head[0], earlier_finding), (article, finding), copies)]

    def _load(self, article_id: str) -> ArticleWithQuotes | None:
        if article_id not in self._articles:
            self._articles[article_id] = self._source.load_articles([article_id]).get(article_id)
        return self._articles[article_id]


def _find_passage(article_with_quotes: ArticleWithQuotes, passage: FoundPassage) -> WatchFinding | None:
    """Return the passage as a finding, or None if the article has changed since."""
    article, quotes = article_with_quotes
    if passage.is_quote:
        quote = next((quote for quote in quotes if _is_shown(article, quote, passage)), None)
        return WatchFinding(article.id, quote, None) if quote else None
    has_sentence = passage.end > 0 and passage.span.of(article.text).startswith(passage.words)
    return WatchFinding(article.id, None, passage.span if has_sentence else None)


def _is_shown(article: Article, quote: Quote, passage: FoundPassage) -> bool:
    """Whether a passage shows this quote, and not one that has taken its place in a changed article."""
    # a passage has no comma at its end
    start = make_search_key(quote.content[0].of(article.text)[:_COMPARED_LENGTH])
    return quote.span.start == passage.start and passage.wording_key.startswith(start)
