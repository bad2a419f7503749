"""Fixtures: a service with the four seed articles, the bot with a person in Slack, and the command line."""

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

from bot.cli import main
from bot.core import logs
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.model import DigestConfig
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import WEEKDAYS
from bot.server.server import build_web_app
from bot.storage.feedback import FeedbackItem
from bot.storage.greetings import WORKSPACE
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
from tests.support.command_line import CommandResult, RunCommand
from tests.support.keys import KEYS
from tests.support.seed_service import SEEDS

PUBLIC = "https://bot.example.org"
#: Friday 1 July 2016, noon
NOON = datetime(2016, 7, 1, 12, tzinfo=UTC)
DRAFT = (
    "McDonnell said it was “like a lynch-mob without a noose”. “I did all I could,” said Angela Eagle. "
    "“It is the end of the world,” said Corbyn. “Yes, I’m here,” Corbyn said."
)
_SETTINGS: tuple[str, ...] = ("SLACK_", "DATABASE_URL", "TOPICS", "PUBLIC_URL", "HOST", "PORT", "LOG_LEVEL", "COLUMNS")
_SETTINGS += ("FEEDS", "CONTACT", "FETCH_NETWORKS", "FETCH_PORTS", "FORCE_COLOR", "METRICS_TOKEN")


@contextmanager
def open_seeds_at_noon(address: str) -> Iterator[BriefingService]:
    """Open a service with the seed articles, all added at noon."""
    with closing(open_repository(address, lambda: NOON)) as repository:
        service = BriefingService(repository, read_topics(SEEDS / "topics.toml"))
        service.add(read_raw_articles(SEEDS))
        yield service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    """A shared service with the seed articles. Tests must not change it."""
    with open_seeds_at_noon(f"sqlite:///{tmp_path_factory.mktemp('seeds') / 'record.db'}") as seed_service:
        yield seed_service


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    yield
    logs.reset()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON.timestamp())


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the bot. Tests copy it."""
    file = tmp_path_factory.mktemp("prepared") / "bot.db"
    open_store(f"sqlite:///{file}", RateLimit(60), NOON.timestamp).close()
    return file


@pytest.fixture
def store(tmp_path: Path, clock: Clock, empty_store: Path) -> Iterator[Store]:
    shutil.copy(empty_store, tmp_path / "bot.db")
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), clock, KEYS)) as opened_store:
        yield opened_store


@pytest.fixture
async def person(service: BriefingService, store: Store, clock: Clock) -> AsyncIterator[Person]:
    """A person whose bot has a database and web pages, as in production. U1 is an admin."""
    await store.greetings.claim("T1", WORKSPACE)  # the welcome would come at a random place among the other calls
    async with run_app(
        lambda settings: build_web_app(settings, service, store=store, now=clock, sleep=clock.sleep),
        admins=("U1",),
        public_url=PUBLIC,
    ) as slack:
        yield Person(slack, clock)


@pytest.fixture(scope="session")
def source_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seed articles in a database and as JSON lines, a draft, a digest and a feedback item."""
    folder = tmp_path_factory.mktemp("filled")
    address = f"sqlite:///{folder}/record.db"
    with open_seeds_at_noon(address):
        pass
    (folder / "draft.txt").write_text(DRAFT, encoding="utf-8")
    articles = [_article_json(article) for article in read_raw_articles(SEEDS)]
    lines = "".join(json.dumps(article) + "\n" for article in articles)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    topic = {"topic": "labour-crisis", "docs": articles}
    (folder / "topics.jsonl").write_text(json.dumps(topic) + "\n", encoding="utf-8")
    config = DigestConfig(
        "T1", "C1", "U1", "labour-crisis", build_weekly_schedule(WEEKDAYS, (time(8, 30),)), "Europe/London"
    )
    feedback_item = FeedbackItem("T1", "U2", "C1", "/whosaid party", GUARDIAN, 100, 140, "wrong speaker", "She said it")
    with closing(open_store(address, RateLimit(60), NOON.timestamp)) as store:
        asyncio.run(open_digest_repository(store).add(config))
        asyncio.run(store.feedback.add(feedback_item))
    return folder


@pytest.fixture
def folder(tmp_path: Path, source_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the source folder, as the current folder for commands."""
    shutil.copytree(source_folder, tmp_path, dirs_exist_ok=True)
    _clear_settings(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    """Return a function that runs `ontherecord ARGUMENTS`. `stdin` is the piped input."""
    assert Path.cwd() == folder

    def run_command_line(*arguments: str, stdin: bytes = b"") -> CommandResult:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with _catch_exit() as statuses:
            statuses.append(main(arguments))
        captured = capsys.readouterr()
        return CommandResult(statuses[0], captured.out, captured.err)

    return run_command_line


@contextmanager
def _catch_exit() -> Iterator[list[int]]:
    """Yield a list for the exit status. A SystemExit, as for --help, appends its code."""
    statuses: list[int] = []
    try:
        yield statuses
    except SystemExit as error:
        statuses.append(int(str(error.code)))


def _clear_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/record.db")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(folder)


def _article_json(article: Article) -> dict[str, str | None]:
    """Return the fields of an article for a line of JSON."""
    published = article.published.isoformat() if article.published else None
    fields = {"id": article.id, "text": article.text, "title": article.title, "date": published}
    return fields | {"publisher": article.publisher, "url": article.url}
