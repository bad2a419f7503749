"""The records of the workspaces: opened once, closed when not in use, and only for installed workspaces."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Event

import pytest

from bot.core.tenancy import use_all_teams, use_no_team, use_team
from bot.records.feeds import TeamFeeds
from bot.records.record import NoRecord, RecordLease, SharedRecord, borrow_record, run_with_record
from bot.records.team_records import CHECK_SECONDS, TeamRecords
from briefings import BadSettings, BriefingService, DatabaseUnavailable
from briefings.model import Article, Topic
from briefings.storage import TeamDatabases, TeamRepositories

FLOODS = Topic("floods", "Floods", ("flood",))


class CountedDatabases(TeamDatabases):
    """Databases that note which teams were opened and closed."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.opened: list[str] = []
        self.closed: list[str] = []

    def open(self, team: str, clock: object) -> TeamRepositories:
        self.opened.append(team)
        repositories = super().open(team, clock)  # type: ignore[arg-type]  # passed on
        close = repositories.articles.close

        def note_close() -> None:
            self.closed.append(team)
            close()

        repositories.articles.close = note_close  # type: ignore[method-assign]  # to see that it is closed
        return repositories


class World:
    """Records whose clock and installations the tests change."""

    def __init__(self, databases: CountedDatabases, max_open: int) -> None:
        self.databases = databases
        self.seconds = 0.0
        self.installed = {"T1", "T2", "T3"}
        self.records = TeamRecords(databases, self.is_installed, [FLOODS], max_open=max_open, now=lambda: self.seconds)

    def is_installed(self, team: str) -> bool:
        return team in self.installed

    def add(self, team: str, article_id: str, text: str = "The flood reached Easton on Monday.") -> None:
        with self.records.borrow(team) as record:
            record.service.upsert_article(Article(article_id, text, publisher="The Tribune"))

    def list_ids(self, team: str) -> list[str]:
        with self.records.borrow(team) as record:
            return [article.id for article in record.service._repository.get_articles()]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with run_world(tmp_path) as world:
        yield world


@contextmanager
def run_world(folder: Path, max_open: int = 8) -> Iterator[World]:
    world = World(CountedDatabases(f"sqlite:///{folder}/record.db"), max_open)
    with closing(world.records):
        yield world


def test_each_workspace_has_its_own_articles_and_the_common_topics(world: World) -> None:
    world.add("T1", "a")
    world.add("T2", "b")
    assert (world.list_ids("T1"), world.list_ids("T2"), world.list_ids("T3")) == (["a"], ["b"], [])
    with world.records.borrow("T3") as record:
        assert record.service.topics == (FLOODS,)
    assert world.databases.opened == ["T1", "T2", "T3"]


@pytest.mark.parametrize("team", ["", "T9", "t1", "T1 ", "../T1", "U1", "T1/../T2", "*"])
def test_a_request_without_an_installed_workspace_gets_no_record(world: World, team: str) -> None:
    with pytest.raises(NoRecord, match="can't tell which workspace this is"):
        world.records.borrow(team)
    assert world.databases.opened == []


async def test_a_task_without_a_workspace_gets_no_record(world: World) -> None:
    """Nor does work that sees all teams, unless it names one."""
    feeds = TeamFeeds(world.records)
    for scope in (use_no_team(), use_all_teams("a test"), use_team("*"), use_team("")):
        with scope, pytest.raises(NoRecord):
            await feeds.list_feeds()
    with use_team("T1"), pytest.raises(BadSettings, match="can't be fetched"):
        await feeds.list_feeds()


@pytest.mark.parametrize("team", ["T2", "T9", ""])
def test_work_of_one_workspace_opens_no_record_of_another(world: World, team: str) -> None:
    world.add("T1", "a")
    for borrow in (world.records.borrow, world.records.borrow_open):
        with use_team(team), pytest.raises(NoRecord):
            borrow("T1")


def test_record_in_use_is_not_closed_when_others_are_opened(tmp_path: Path) -> None:
    with run_world(tmp_path, max_open=1) as world:
        world.add("T1", "a")
        with world.records.borrow("T1") as record:
            world.add("T2", "b")
            assert "T1" not in world.databases.closed
            assert record.service.get_counts().articles == 1
        world.add("T3", "c")
        assert world.records.open_count == 1
        assert sorted(world.databases.closed) == ["T1", "T2"]
        assert world.list_ids("T1") == ["a"]


def test_the_least_recently_used_record_is_closed_first(tmp_path: Path) -> None:
    with run_world(tmp_path, max_open=2) as world:
        for team in ("T1", "T2", "T1", "T3"):
            world.list_ids(team)
        assert world.databases.closed == ["T2"]


def test_workspace_that_left_gets_no_record_a_few_seconds_later(world: World) -> None:
    world.add("T1", "a")
    world.installed.remove("T1")
    world.seconds += CHECK_SECONDS
    with pytest.raises(NoRecord):
        world.records.borrow("T1")
    assert world.databases.closed == ["T1"]


def test_deleted_record_is_gone_at_once_also_while_it_is_in_use(world: World) -> None:
    world.add("T1", "a")
    world.add("T2", "b")
    with world.records.borrow("T1"):
        assert world.records.delete("T1")
        assert world.databases.closed == []
    assert world.databases.closed == ["T1"]
    assert (world.list_ids("T1"), world.list_ids("T2")) == ([], ["b"])
    assert not world.records.delete("T1/../T2")


def test_record_that_another_replica_deleted_is_opened_again(world: World, tmp_path: Path) -> None:
    world.add("T1", "a")
    with closing(TeamDatabases(f"sqlite:///{tmp_path}/record.db")) as other_replica:
        assert other_replica.delete("T1")
    world.seconds += CHECK_SECONDS
    assert world.list_ids("T1") == []


def test_record_that_cannot_be_opened_is_tried_again(world: World, tmp_path: Path) -> None:
    (tmp_path / "record-teams").mkdir()
    file = tmp_path / "record-teams" / "T1.db"
    file.write_bytes(b"no database" * 1_000)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            world.records.borrow("T1")
    world.add("T2", "b")
    file.unlink()
    assert world.list_ids("T1") == []


def test_threads_that_want_the_same_record_open_it_once(world: World) -> None:
    barrier = Barrier(8)

    def read(_: int) -> list[str]:
        barrier.wait(10)
        with use_team("T1"):  # a thread of a pool has no team
            return world.list_ids("T1")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(8))) == [[]] * 8
    assert world.databases.opened == ["T1"]


async def test_record_is_in_use_until_the_thread_ends_even_if_nobody_waits(world: World) -> None:
    started, may_end = Event(), Event()

    def work(service: BriefingService) -> int:
        started.set()
        assert may_end.wait(10)
        return service.get_counts().articles

    with ThreadPoolExecutor(1) as pool:
        with use_team("T1"):
            running = run_with_record(pool, await borrow_record(world.records), work)
        await asyncio.to_thread(started.wait, 10)
        running.cancel()
        await asyncio.to_thread(world.records.delete, "T1")
        assert world.databases.closed == []
        may_end.set()
    assert world.databases.closed == ["T1"]


def test_work_that_is_refused_or_dropped_releases_its_record() -> None:
    released: list[str] = []
    record = SharedRecord(None).borrow("").record  # type: ignore[arg-type]  # the service is not used
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(RuntimeError):
        run_with_record(pool, RecordLease(record, lambda: released.append("refused")), lambda _: None)
    assert released == ["refused"]


def test_totals_are_those_of_all_records(world: World) -> None:
    world.add("T1", "a")
    world.add("T2", "b")
    for team in ("T1", "T2"):
        with world.records.borrow(team) as record:
            world.records.note_totals(team, record.service.get_counts())
    assert world.records.count().articles == 2
    world.records.delete("T1")
    assert world.records.count().articles == 1


def test_dropped_lines_of_all_records_are_counted_together(world: World) -> None:
    for team in ("T1", "T2"):
        with world.records.borrow(team) as record:
            record.service._count_dropped(2)  # as a briefing does
    assert world.records.dropped_lines == 4
