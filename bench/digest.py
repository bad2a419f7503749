"""Measure how fast a digest finds what is new on a topic of 200 articles, and a run over 2,000 channels.

Reference: the whole briefing of the same 200 articles by the same service; for the run, one channel of each topic.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, measure_in_turns, measure_milliseconds
from bench.generated import generate_articles
from bot.digests.content_source import build_content
from bot.digests.model import Digest, DigestConfig, DigestState, HistoryEntry
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import WEEKDAYS
from briefings.model import Topic
from briefings.service.service import BriefingService
from briefings.service.story_reader import WILDCARD
from briefings.storage.repository import open_repository

_ARTICLES, _LATER_ARTICLES = 200, 5
_ROUNDS = 20
#: a run: channels, topics, and articles of each topic
_CHANNELS, _TOPICS, _TOPIC_ARTICLES = 2_000, 200, 4
_NOW = datetime(2031, 3, 3, 8, 30, tzinfo=UTC)


def measure() -> Iterator[Figure]:
    """Yield p50 ms of the first digest, of one without new articles, and of one with five new articles.

    The last figure is the seconds of a run over 2,000 channels with 200 topics.
    """
    config = DigestConfig("T1", "C1", "U1", WILDCARD, build_weekly_schedule(WEEKDAYS, (time(8, 30),)), "Europe/London")
    digest = Digest(1, 1, config, DigestState.ACTIVE, None, _NOW, None)
    generated_articles = list(islice(generate_articles(10 * _ARTICLES), _ARTICLES + _LATER_ARTICLES))
    with (
        TemporaryDirectory() as folder,
        closing(open_repository(_build_address(Path(folder)), lambda: _NOW)) as repository,
    ):
        service = BriefingService(repository)
        repository.bulk_upsert(generated_articles[:_ARTICLES])
        first_content = build_content(service, digest, [], _NOW)
        if first_content is None:
            raise RuntimeError("the first digest of a channel is empty")
        history = [HistoryEntry(item, digest.id, _NOW, "1.1") for item in first_content.history_items]
        yield _measure_digest("first", service, digest, [])
        yield _measure_digest("nothing_new", service, digest, history)
        repository.bulk_upsert(generated_articles[_ARTICLES:])
        yield _measure_digest("five_new", service, digest, history)
    yield _measure_run(config)


def _measure_digest(name: str, service: BriefingService, digest: Digest, history: list[HistoryEntry]) -> Figure:
    ours, raw = measure_in_turns(
        lambda: build_content(service, digest, history, _NOW), lambda: service.brief(WILDCARD), _ROUNDS
    )
    return Figure(f"digest.{_ARTICLES}_articles.{name}.p50_ms", ours, raw)


def _measure_run(config: DigestConfig) -> Figure:
    """Measure the digests of all channels, in the order of the channels."""
    topics = [Topic(f"town-{number}", f"Town {number}", (f"Town{number}",)) for number in range(_TOPICS)]
    articles = islice(generate_articles(10 * _TOPICS * _TOPIC_ARTICLES), _TOPICS * _TOPIC_ARTICLES)
    with (
        TemporaryDirectory() as folder,
        closing(open_repository(_build_address(Path(folder)), lambda: _NOW)) as repository,
    ):
        repository.bulk_upsert(
            (replace(article, title=f"Town{number % _TOPICS}: {article.title}"), quotes)
            for number, (article, quotes) in enumerate(articles)
        )
        digests = [
            Digest(
                number,
                number,
                replace(config, query=topics[number % _TOPICS].slug),
                DigestState.ACTIVE,
                None,
                _NOW,
                None,
            )
            for number in range(_CHANNELS)
        ]
        ours, raw = (
            measure_milliseconds(partial(_build_all, BriefingService(repository, topics), some_digests)) / 1000
            for some_digests in (digests, digests[:_TOPICS])
        )
    return Figure(f"digest.{_CHANNELS}_channels.{_TOPICS}_topics.run_s", ours, raw)


def _build_all(service: BriefingService, digests: Sequence[Digest]) -> None:
    for digest in digests:
        build_content(service, digest, [], _NOW)


def _build_address(folder: Path) -> str:
    return f"sqlite:///{folder / 'record.db'}"
