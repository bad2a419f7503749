"""Removal deletes articles with everything derived from them, and nothing else."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from briefings.errors import BadInput
from briefings.model import Article
from briefings.storage.db.schema import METADATA, outlets, people
from briefings.storage.db.types import ArticleStatus, Story
from briefings.storage.maintenance import removal
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from briefings.storage.maintenance.removal import RemovalReport, remove_articles, remove_outlet
from briefings.storage.repository import Repository
from briefings.storage.session import open_database
from tests.support.analysed_articles import fill

BERG = Article("berg", "“We will not count again,” said Anna Berg, the mayor.", publisher="The Paper")
OKORO = Article("okoro", "“The hall was full of people,” said Tom Okoro.", publisher="The Post")


def count_rows(address: str) -> dict[str, int]:
    """Return the count of rows of each non-empty table."""
    with open_database(address) as engine, engine.connect() as db:
        counts = {table.name: len(db.execute(select(table)).all()) for table in METADATA.sorted_tables}
    return {name: number for name, number in counts.items() if number}


def read_names(address: str) -> tuple[set[str], set[str]]:
    with open_database(address) as engine, engine.connect() as db:
        return set(db.execute(select(outlets.c.name)).scalars()), set(db.execute(select(people.c.name)).scalars())


def test_removal_deletes_everything_derived_from_an_article(repository: Repository, address: str) -> None:
    fill(repository, replace(BERG, text="An older text."), BERG, OKORO)
    repository.set_stories({"berg": Story("one", None), "okoro": Story("one", None)})
    assert remove_articles(address, ["berg"]) == RemovalReport(articles=1, quotes=1, versions=1)
    assert repository.find_ids() == ("okoro",)
    assert (
        repository.find_quotes("not count")
        == repository.find_articles_with("not count")
        == repository.list_versions("berg")
        == ()
    )
    assert read_names(address) == ({"The Post"}, {"Tom Okoro"})
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
    assert remove_articles(address, ["okoro"]) == RemovalReport(articles=1, quotes=1)
    assert count_rows(address) == {}


def test_removed_article_can_be_added_again(repository: Repository, address: str) -> None:
    fill(repository, BERG)
    remove_articles(address, ["berg"])
    assert repository.upsert(BERG, []) is ArticleStatus.NEW
    assert repository.upsert(replace(BERG, text="Another."), []) is ArticleStatus.UPDATED


def test_several_articles_are_removed_together_or_not_at_all(
    repository: Repository, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "_CHUNK_SIZE", 2)
    fill(repository, *(Article(f"n{number}", f"The text {number}.") for number in range(5)))
    with pytest.raises(BadInput, match=r"No article with id 'x', 'y\\x00', '\\ud800' and 1 more: nothing was removed"):
        remove_articles(address, ["n1", "x", "y\0", "\ud800", "z"])
    assert repository.get_counts().articles == 5
    assert remove_articles(address, ["n1", "n2", "n4", "n1"]).articles == 3
    assert repository.find_ids() == ("n0", "n3") or set(repository.find_ids()) == {"n0", "n3"}


def test_removed_outlet_loses_its_articles_and_its_versions_of_others(
    repository: Repository, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "_CHUNK_SIZE", 2)
    fill(repository, *(replace(BERG, id=f"n{number}") for number in range(5)))
    fill(repository, replace(OKORO, publisher="The Paper", text="An older text."), OKORO)
    reports: list[tuple[int, int]] = []
    report = remove_outlet(address, "The Paper", lambda done, number: reports.append((done, number)))
    assert report == RemovalReport(articles=5, quotes=5, versions=1)
    assert reports == [(2, 5), (4, 5), (5, 5)]
    assert repository.find_ids() == ("okoro",)
    assert read_names(address) == ({"The Post"}, {"Tom Okoro"})


def test_unknown_outlet_is_refused_with_similar_names(repository: Repository, address: str) -> None:
    fill(repository, BERG, OKORO)
    with pytest.raises(BadInput, match=r"No articles from 'The Papre': did you mean 'The Paper'"):
        remove_outlet(address, "The Papre")
    with pytest.raises(BadInput, match=r"No articles from '\\x00'\.$"):
        remove_outlet(address, "\0")
    assert repository.get_counts().articles == 2


def test_additions_during_removals_lose_nothing(repository: Repository, address: str) -> None:
    """While the last article of an outlet is removed, another article of the outlet may be added."""
    fill(repository, BERG)
    errors: list[BaseException] = []

    def add_articles() -> None:
        try:
            fill(repository, *(replace(BERG, id=f"n{number}") for number in range(40)))
        except BaseException as error:
            errors.append(error)
            raise

    writer = threading.Thread(target=add_articles)
    writer.start()
    report = 0
    for number in range(40):
        try:
            report += remove_articles(address, [f"n{number}"]).articles
        except BadInput:
            continue
    writer.join()
    assert not errors
    assert repository.get_counts().articles == 41 - report
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
