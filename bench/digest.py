"""How long a digest takes to find out what is new, on a topic of 200 articles.

Rival: the whole briefing of the same 200 articles, asked of the same desk.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, in_turns
from bench.generated import articles
from bot.digests.model import Digest, DigestConfig, DigestState, HistoryEntry
from bot.digests.schedule import WEEKDAYS, Schedule
from bot.digests.service import build_content
from briefings.service.service import BriefingService
from briefings.service.story_reader import WILDCARD
from briefings.storage.repository import open_repository

_ARTICLES, _LATER = 200, 5
_ROUNDS = 20
_NOW = datetime(2031, 3, 3, 8, 30, tzinfo=UTC)


def measure() -> Iterator[Figure]:
    """p50 ms of the first digest, of one with nothing new, and of one with five new articles."""
    wish = DigestConfig("T1", "C1", "U1", WILDCARD, Schedule(WEEKDAYS, (time(8, 30),)), "Europe/London")
    digest = Digest(1, 1, wish, DigestState.ACTIVE, None, _NOW, None)
    made = list(islice(articles(10 * _ARTICLES), _ARTICLES + _LATER))
    with TemporaryDirectory() as folder, closing(open_repository(_address(Path(folder)), lambda: _NOW)) as record:
        desk = BriefingService(record)
        record.bulk_upsert(made[:_ARTICLES])
        first = build_content(desk, digest, [], _NOW)
        if first is None:
            raise RuntimeError("nothing was new in an empty channel")
        had = [HistoryEntry(told, digest.id, _NOW, "1.1") for told in first.history_items]
        yield _figure("first", desk, digest, [])
        yield _figure("nothing_new", desk, digest, had)
        record.bulk_upsert(made[_ARTICLES:])
        yield _figure("five_new", desk, digest, had)


def _figure(name: str, desk: BriefingService, digest: Digest, had: list[HistoryEntry]) -> Figure:
    ours, raw = in_turns(lambda: build_content(desk, digest, had, _NOW), lambda: desk.brief(WILDCARD), _ROUNDS)
    return Figure(f"digest.{_ARTICLES}_articles.{name}.p50_ms", ours, raw)


def _address(folder: Path) -> str:
    return f"sqlite:///{folder / 'record.db'}"
