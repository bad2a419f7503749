"""The four seeds in a record of one moment; over it the bot with who uses it, and the `ontherecord` command."""

import asyncio
import io
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
import structlog

from bot.cli import main
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.model import DigestConfig
from bot.digests.schedule import WEEKDAYS, Schedule
from bot.server.server import build_web_app
from bot.storage.feedback import FeedbackItem
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.ingest.reader import read_raw_articles
from briefings.ingest.topics_file import read_topics
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.golden.person import Person
from tests.scenarios.conftest import run_app
from tests.stand_ins.briefing_service import GUARDIAN
from tests.support.clock import Clock
from tests.support.command_line import Ran, Run
from tests.support.seed_service import SEEDS

PUBLIC = "https://bot.example.org"
#: Friday 1 July 2016, noon
NOON = datetime(2016, 7, 1, 12, tzinfo=UTC)
DRAFT = (
    "McDonnell said it was “like a lynch-mob without a noose”. “I did all I could,” said Angela Eagle. "
    "“It is the end of the world,” said Corbyn. “Yes, I’m here,” Corbyn said."
)
_SETTINGS: tuple[str, ...] = ("SLACK_", "DATABASE_URL", "TOPICS", "PUBLIC_URL", "HOST", "PORT", "LOG_LEVEL", "COLUMNS")
_SETTINGS += ("FEEDS", "CONTACT", "FETCH_NETWORKS", "FORCE_COLOR", "METRICS_TOKEN")


@contextmanager
def seeds_at_noon(address: str) -> Iterator[BriefingService]:
    """A desk over the seeds, which came in at noon."""
    with closing(open_repository(address, lambda: NOON)) as record:
        desk = BriefingService(record, read_topics(SEEDS / "topics.toml"))
        desk.add(read_raw_articles(SEEDS))
        yield desk


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    """The seeds, to be read alone."""
    with seeds_at_noon(f"sqlite:///{tmp_path_factory.mktemp('seeds') / 'record.db'}") as value:
        yield value


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON.timestamp())


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the bot's own that holds nothing yet, to be copied."""
    file = tmp_path_factory.mktemp("prepared") / "bot.db"
    open_store(f"sqlite:///{file}", RateLimit(60), NOON.timestamp).close()
    return file


@pytest.fixture
def store(tmp_path: Path, clock: Clock, empty_store: Path) -> Iterator[Store]:
    shutil.copy(empty_store, tmp_path / "bot.db")
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), clock)) as value:
        yield value


@pytest.fixture
async def person(desk: BriefingService, store: Store, clock: Clock) -> AsyncIterator[Person]:
    """With a database and pages, as in a newsroom; U1 looks after the bot."""
    async with run_app(
        lambda settings: build_web_app(settings, desk, store=store, now=clock, sleep=clock.sleep),
        admins=("U1",),
        public_url=PUBLIC,
    ) as slack:
        yield Person(slack, clock)


@pytest.fixture(scope="session")
def source_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to be copied: the seeds in a record and as JSON lines, a draft, a digest, somebody's doubt."""
    folder = tmp_path_factory.mktemp("filled")
    address = f"sqlite:///{folder}/record.db"
    with seeds_at_noon(address):
        pass
    (folder / "draft.txt").write_text(DRAFT, encoding="utf-8")
    articles = [_article_json(article) for article in read_raw_articles(SEEDS)]
    (folder / "articles.jsonl").write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    topic = {"topic": "labour-crisis", "docs": articles}
    (folder / "topics.jsonl").write_text(json.dumps(topic) + "\n", encoding="utf-8")
    wish = DigestConfig("T1", "C1", "U1", "labour-crisis", Schedule(WEEKDAYS, (time(8, 30),)), "Europe/London")
    doubt = FeedbackItem("T1", "U2", "C1", "/whosaid party", GUARDIAN, 100, 140, "wrong speaker", "She said it")
    with closing(open_store(address, RateLimit(60), NOON.timestamp)) as store:
        asyncio.run(open_digest_repository(store).add(wish))
        asyncio.run(store.feedback.add(doubt))
    return folder


@pytest.fixture
def folder(tmp_path: Path, source_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in."""
    shutil.copytree(source_folder, tmp_path, dirs_exist_ok=True)
    _clear_settings(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ontherecord ARGUMENTS`; `stdin` is what is piped into it."""
    assert Path.cwd() == folder

    def run_command_line(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with _exit_status() as status:
            status.append(main(arguments))
        captured = capsys.readouterr()
        return Ran(status[0], captured.out, captured.err)

    return run_command_line


@contextmanager
def _exit_status() -> Iterator[list[int]]:
    """The exit status, of wrong usage and of --help too."""
    status: list[int] = []
    try:
        yield status
    except SystemExit as usage:
        status.append(int(str(usage.code)))


def _clear_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/record.db")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(folder)


def _article_json(article: Article) -> dict[str, str | None]:
    """An article as a line of JSON tells it."""
    published = article.published.isoformat() if article.published else None
    fields = {"id": article.id, "text": article.text, "title": article.title, "date": published}
    return fields | {"publisher": article.publisher, "url": article.url}
