"""Whoever adds to a record may be killed at any moment: each article is there whole or not at all, and never twice."""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from briefings.storage.repository import Repository
from tests.stand_ins.adding_processes import QUOTES, add_each, load_all, opened, rest_of, small, started
from tests.support.postgresql import Server

ARTICLES, KILLS = 1_000, 50
NAMES = tuple(f"killed{number}x" for number in range(ARTICLES))
#: articles in a transaction, where articles are loaded
BATCH = 10


def add_until_killed(address: str, names: Sequence[str], *, loading: bool) -> list[str]:
    """Has articles added by a process that is killed in the middle of it; gives what it told to be added."""
    process, line = started(*((load_all, address, names, BATCH) if loading else (add_each, address, names)))
    messages = [line.recv() for _ in range(random.randrange(1, 2 * ARTICLES // KILLS))]  # noqa: S311 - no secrets
    line.poll(random.uniform(0, 0.003))  # noqa: S311 - on into what it does next
    process.kill()
    process.join()
    return [name for event, name in (*messages, *rest_of(line)) if event == "added"]


def check_whole(repository: Repository, names: Sequence[str]) -> None:
    """Each article is whole, in the tables and in the index, or absent from both."""
    stored_articles = {article.id: article for article in repository.get_articles(names)}
    for name, stored_quotes in repository.get_quotes(names).items():
        article, quotes = small(name)
        hits = repository.find_quotes(f"count {name}", limit=100)
        if name in stored_articles:
            assert stored_articles[name] == article
            assert stored_quotes == tuple(quotes) == tuple(hit.quote for hit in hits)
            assert {hit.article.id for hit in hits} == {name}
            assert repository.find_articles_with(name) == (article,)
        else:
            assert stored_quotes == hits == repository.find_articles_with(name) == ()


def survive_kills(address: str, wait_until_idle: Callable[[], object] = lambda: None, query_string: str = "") -> None:
    """The random moments are those of the seed that the run was given; `told` goes with the address of the killed."""
    added: set[str] = set()
    with closing(opened(address)) as repository:
        for number in range(KILLS):
            first = max(0, repository.get_counts().articles - 2)
            added.update(add_until_killed(address + query_string, NAMES[first:], loading=number % 2 == 1))
            wait_until_idle()
            reached = repository.get_counts()
            assert first <= reached.articles < ARTICLES, "it was to be killed in the middle"
            assert reached.quotes == reached.articles * QUOTES
            check_whole(repository, NAMES[first : reached.articles + 2])
        assert repository.get_counts().articles > KILLS, "it was to be killed in the middle"
        assert all(map(repository.has_article, added)), "what was told to be added is lost"
        add_all(address)
        assert (repository.get_counts().articles, repository.get_counts().quotes) == (ARTICLES, ARTICLES * QUOTES)
        check_whole(repository, NAMES)


def add_all(address: str) -> None:
    """A second run: all of it again, to the end."""
    process, line = started(add_each, address, NAMES)
    assert [name for event, name in rest_of(line) if event == "added"] == list(NAMES)
    process.join()
    assert process.exitcode == 0


def test_fifty_kills_in_a_thousand_articles_on_sqlite(tmp_path: Path) -> None:
    """`kill -9` while a process adds or loads."""
    survive_kills(f"sqlite:///{tmp_path / 'record.db'}")


@pytest.mark.postgresql
def test_fifty_kills_in_a_thousand_articles_on_postgresql(durable_postgresql: Server) -> None:
    """The same; the server is given the moment it takes to notice that its client is gone."""
    with durable_postgresql.database() as name, durable_postgresql.connect() as watching:
        other_connections = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND application_name = 'killed'"

        def wait_until_idle() -> None:
            while watching.execute(other_connections, [name]).fetchone():
                pass

        survive_kills(durable_postgresql.address(name), wait_until_idle, "?application_name=killed")
