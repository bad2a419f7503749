"""A run of digests composes each topic once for all channels with the same history."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

import briefings.updates
from bot.digests.content_source import build_content
from bot.digests.model import Digest, DigestConfig, DigestState, HistoryEntry
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import WEEKDAYS
from briefings.model import Article, Kind, Quote, Span, Speaker, Topic
from briefings.service.service import BriefingService
from briefings.source_filter import build_source_filter
from briefings.storage.repository import Repository, open_repository
from briefings.updates import find_update

NOW = datetime(2031, 3, 3, 18, tzinfo=UTC)
TOPIC_COUNT, CHANNEL_COUNT = 200, 2_000
TOPICS = tuple(Topic(f"town-{number}", f"Town {number}", (f"Town{number}",)) for number in range(TOPIC_COUNT))
SCHEDULE = build_weekly_schedule(WEEKDAYS, (time(8, 30),))


@pytest.fixture
def repository() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: NOW)) as repository:
        repository.bulk_upsert((make_article(number), ()) for number in range(TOPIC_COUNT))
        yield repository


@pytest.fixture
def compositions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the topics that are composed, in order."""
    composed_topics: list[str] = []

    def count(topic: str, *arguments: Any, **options: Any) -> Any:
        composed_topics.append(topic)
        return find_update(topic, *arguments, **options)

    monkeypatch.setattr(briefings.updates, "find_update", count)
    return composed_topics


def make_article(number: int, text: str = "The council of Town{} voted to close its old harbour on Monday.") -> Article:
    return Article(f"a{number}", text.format(number), "The Paper", date(2031, 3, 3), title=f"Town{number} votes")


def make_digest(number: int) -> Digest:
    config = DigestConfig("T1", f"C{number}", "U1", TOPICS[number % TOPIC_COUNT].slug, SCHEDULE, "Europe/London")
    return Digest(number, number, config, DigestState.ACTIVE, None, NOW, None)


def test_a_run_composes_each_topic_once(repository: Repository, compositions: list[str]) -> None:
    """2,000 channels on 200 topics cost 200 compositions, and all channels of a topic get the same."""
    service = BriefingService(repository, TOPICS)
    contents = [build_content(service, make_digest(number), [], NOW) for number in range(CHANNEL_COUNT)]
    assert None not in contents
    assert contents[TOPIC_COUNT:] == contents[:-TOPIC_COUNT]
    assert sorted(compositions) == sorted(topic.slug for topic in TOPICS)


def test_a_change_of_the_record_is_composed_anew(repository: Repository, compositions: list[str]) -> None:
    """After a new article, a topic is composed again, as a new service composes it."""
    service = BriefingService(repository, TOPICS)
    before = build_content(service, make_digest(0), [], NOW)
    repository.upsert(make_article(0, "The mayor of Town{} resigned on Monday after 140 people had signed."), ())
    after = build_content(service, make_digest(0), [], NOW)
    assert len(compositions) == 2
    assert after != before
    assert after == build_content(BriefingService(repository, TOPICS), make_digest(0), [], NOW)


def test_a_new_analysis_is_composed_anew(repository: Repository, compositions: list[str]) -> None:
    """After a new analysis with as many quotes, a topic is composed again, though the change token is the same."""
    service = BriefingService(repository, TOPICS)
    article = make_article(0)
    quote = Quote((Span(4, 11),), None, None, Speaker("Jane Roe"), Kind.DIRECT, 1.0, "test")
    assert repository.replace_quotes(article, [quote], names=(), engine="old")
    token = repository.get_change_token()
    build_content(service, make_digest(0), [], NOW)
    assert repository.replace_quotes(article, [replace(quote, speaker=Speaker("Ann Poe"))], names=(), engine="new")
    assert repository.get_change_token() == token
    build_content(service, make_digest(0), [], NOW)
    assert len(compositions) == 2


def test_another_history_is_another_composition(repository: Repository, compositions: list[str]) -> None:
    """A channel that had the news gets nothing, though another one was just told it."""
    service, digest = BriefingService(repository, TOPICS), make_digest(0)
    content = build_content(service, digest, [], NOW)
    assert content is not None
    history = [HistoryEntry(item, digest.id, NOW, "1.1") for item in content.history_items]
    assert build_content(service, digest, history, NOW) is None
    assert len(compositions) == 2


def test_left_out_sources_are_not_shared(repository: Repository) -> None:
    """A channel that mutes an outlet gets nothing of what was composed for a channel that does not."""
    service = BriefingService(repository, TOPICS)
    assert build_content(service, make_digest(0), [], NOW) is not None
    muted_service = service.leave_out(build_source_filter(["The Paper"]))
    assert build_content(muted_service, make_digest(0), [], NOW) is None
