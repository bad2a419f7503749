"""Measure a briefing of 200 articles after each new article, on SQLite and PostgreSQL.

Reference: a new service, which composes the same briefing from scratch.
"""

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.figures import Figure, measure_milliseconds
from bench.generated import generate_articles
from briefings.attribution.name_completion import find_full_names
from briefings.service.service import BriefingService
from briefings.service.story_reader import WILDCARD
from briefings.storage.repository import open_repository
from briefings.storage.writes.upsert import Arrival
from tests.support.postgresql import PostgresqlMissing, run_server

_ARTICLES, _ROUNDS = 200, 9
_NOW = datetime(2031, 3, 3, 8, 30, tzinfo=UTC)


def measure() -> Iterator[Figure]:
    """Yield p50 ms of a briefing after one new article on each database."""
    with TemporaryDirectory() as folder:
        yield _measure("sqlite", f"sqlite:///{Path(folder) / 'record.db'}")
    try:
        with run_server() as server:
            yield _measure("postgresql", server.build_url(server.create_database()))
    except PostgresqlMissing as error:
        sys.stderr.write(f"bench: {error}\n")


def _measure(database: str, address: str) -> Figure:
    articles = islice(generate_articles(10 * _ARTICLES), _ARTICLES + _ROUNDS)
    # a newsroom's articles arrive with the names in them
    arrivals = [Arrival(article, quotes, find_full_names(article)) for article, quotes in articles]
    with closing(open_repository(address, lambda: _NOW)) as repository:
        repository.upsert_all(arrivals[:_ARTICLES])
        service = BriefingService(repository)
        service.brief(WILDCARD)
        durations = []
        for arrival in arrivals[_ARTICLES:]:
            repository.upsert_all([arrival])
            ours = measure_milliseconds(lambda: service.brief(WILDCARD))
            durations.append((ours, measure_milliseconds(lambda: BriefingService(repository).brief(WILDCARD))))
    ours, raw = (median(each) for each in zip(*durations, strict=True))
    return Figure(f"briefing.{database}.{_ARTICLES}_articles.one_new.p50_ms", ours, raw)
