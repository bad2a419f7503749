"""The feeds of each workspace are polled into its own record, and one that fails stops no other."""

import asyncio
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.tenancy import get_team, use_no_team
from bot.records.team_records import TeamRecords
from bot.server.feed_poller import TeamFeedPoller
from bot.storage.installations import InstallationStore
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from briefings import BriefingService, DatabaseUnavailable
from briefings.feeds import FeedReport
from briefings.model import Article
from briefings.storage import FeedRepository, TeamDatabases
from tests.support.two_workspaces import CLIENT, install


@dataclass
class TeamFeedService:
    """Feeds of one record, whose polls add an article named after the workspace; those of T2 fail."""

    service: BriefingService
    teams: list[str]
    polled: list[str] = field(default_factory=list)

    async def poll(self) -> FeedReport:
        team = self.teams.pop(0)
        self.polled.append(team)
        if team == "T2":
            raise DatabaseUnavailable("The database of T2 is locked.")
        if team == "T3":
            raise RuntimeError("a bug")
        self.service.upsert_article(Article(team, f"The harbour of {team} opened on Monday."))
        return FeedReport()

    async def list_feeds(self) -> tuple[str, ...]:
        return ()


async def test_each_record_is_polled_and_a_failure_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    installed = {"T1", "T2", "T3", "T4"}

    def build_feeds(_: FeedRepository, service: BriefingService) -> TeamFeedService:
        return TeamFeedService(service, [opened[-1]])

    class NotedDatabases(TeamDatabases):
        def open(self, team: str, clock: object) -> object:  # type: ignore[override]  # notes who is opened
            opened.append(team)
            return super().open(team, clock)  # type: ignore[arg-type]  # as above

    records = TeamRecords(
        NotedDatabases(f"sqlite:///{tmp_path}/record.db"),
        installed.__contains__,
        build_feeds=build_feeds,  # type: ignore[arg-type]  # a stand-in
    )
    with closing(records):
        for team in ("T1", "T2", "T3", "T4", "T5"):
            installed.add(team)
            records.borrow(team).release()
        installed.remove("T5")
        poller = TeamFeedPoller(records, _stop)
        with pytest.raises(asyncio.CancelledError):
            await poller.run()
        counts = {}
        for team in ("T1", "T2", "T3", "T4"):
            with records.borrow(team) as record:
                counts[team] = record.service.get_counts().articles
        assert counts == {"T1": 1, "T2": 0, "T3": 0, "T4": 1}
        assert records.count().articles == 2
    log = capsys.readouterr().out
    assert log.count("feed poll failed") == 2
    assert "T5" not in log


async def test_records_of_installed_workspaces_are_polled_by_work_that_names_no_team(tmp_path: Path) -> None:
    """The poller sees no team's rows, so each workspace is polled, and found to be installed, in its own scope."""
    address = f"sqlite:///{tmp_path}/record.db"
    polled: list[str] = []

    def build_feeds(_: FeedRepository, service: BriefingService) -> TeamFeedService:
        return TeamFeedService(service, [get_team()], polled)

    with closing(open_store(address, RateLimit(9), lambda: 0.0)) as store:
        for team in ("T1", "T4"):
            await install(store, team)
        installations = InstallationStore(store.database, store.audit_log, CLIENT)
        databases = TeamDatabases(address)
        records = TeamRecords(databases, installations.has_workspace, build_feeds=build_feeds)  # type: ignore[arg-type]  # a stand-in
        with closing(records), use_no_team():
            for team in ("T1", "T4", "T9"):
                databases.open(team, lambda: datetime.now(UTC)).articles.close()
            with pytest.raises(asyncio.CancelledError):
                await TeamFeedPoller(records, _stop).run()
    assert sorted(polled) == ["T1", "T4"]


async def _stop(_: float) -> None:
    raise asyncio.CancelledError
