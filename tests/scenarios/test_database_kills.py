"""A process that adds articles can be killed at any moment: each article is stored once, whole, or not at all."""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from briefings.storage.repository import Repository
from tests.stand_ins.adding_processes import (
    QUOTE_COUNT,
    add_each,
    load_all,
    make_small_article,
    open_at,
    receive_rest,
    start_process,
)
from tests.support.depth import choose
from tests.support.postgresql import Server

ARTICLES, KILLS = choose((240, 12), (1_000, 50))
NAMES = tuple(f"killed{number}x" for number in range(ARTICLES))
#: articles per transaction in bulk loads
BATCH = 10


def add_until_killed(address: str, names: Sequence[str], *, loading: bool) -> list[str]:
    """Add articles in a process and kill it. Return the names it reported as added."""
    process, line = start_process(*((load_all, address, names, BATCH) if loading else (add_each, address, names)))
    messages = [line.recv() for _ in range(random.randrange(1, 2 * ARTICLES // KILLS))]  # noqa: S311 - no secrets
    line.poll(random.uniform(0, 0.003))  # noqa: S311 - on into what it does next
    process.kill()
    process.join()
    return [name for event, name in (*messages, *receive_rest(line)) if event == "added"]


def check_whole(repository: Repository, names: Sequence[str]) -> None:
    """Check that each article is whole in the tables and the index, or absent from both."""
    stored_articles = {article.id: article for article in repository.get_articles(names)}
    for name, stored_quotes in repository.get_quotes(names).items():
        article, quotes = make_small_article(name)
        hits = repository.find_quotes(f"count {name}", limit=100)
        if name in stored_articles:
            assert stored_articles[name] == article
            assert stored_quotes == tuple(quotes) == tuple(hit.quote for hit in hits)
            assert {hit.article.id for hit in hits} == {name}
            assert repository.find_articles_with(name) == (article,)
        else:
            assert stored_quotes == hits == repository.find_articles_with(name) == ()


def survive_kills(address: str, wait_until_idle: Callable[[], object] = lambda: None, query_string: str = "") -> None:
    """Kill processes at random moments given by the run's seed. `query_string` is added to their database address."""
    added: set[str] = set()
    with closing(open_at(address)) as repository:
        for number in range(KILLS):
            first = max(0, repository.get_counts().articles - 2)
            added.update(add_until_killed(address + query_string, NAMES[first:], loading=number % 2 == 1))
            wait_until_idle()
            reached = repository.get_counts()
            assert first <= reached.articles < ARTICLES, "the process was not killed in progress"
            assert reached.quotes == reached.articles * QUOTE_COUNT
            check_whole(repository, NAMES[first : reached.articles + 2])
        assert repository.get_counts().articles > KILLS, "the process was not killed in progress"
        assert all(map(repository.has_article, added)), "articles reported as added are lost"
        add_all(address)
        assert (repository.get_counts().articles, repository.get_counts().quotes) == (ARTICLES, ARTICLES * QUOTE_COUNT)
        check_whole(repository, NAMES)


def add_all(address: str) -> None:
    """Add all articles again in a process that is not killed."""
    process, line = start_process(add_each, address, NAMES)
    assert [name for event, name in receive_rest(line) if event == "added"] == list(NAMES)
    process.join()
    assert process.exitcode == 0


def test_articles_survive_kills_on_sqlite(tmp_path: Path) -> None:
    survive_kills(f"sqlite:///{tmp_path / 'record.db'}")


@pytest.mark.postgresql
def test_articles_survive_kills_on_postgresql(durable_postgresql: Server) -> None:
    """After each kill, the test waits until the server has closed the client's connection."""
    with durable_postgresql.temporary_database() as name, durable_postgresql.connect() as watching:
        other_connections = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND application_name = 'killed'"

        def wait_until_idle() -> None:
            while watching.execute(other_connections, [name]).fetchone():
                pass

        survive_kills(durable_postgresql.build_url(name), wait_until_idle, "?application_name=killed")
