"""What is removed is gone with all that was derived from it, and nothing else is."""

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


def held(address: str) -> dict[str, int]:
    """How many rows each table holds, those that hold some."""
    with open_database(address) as engine, engine.connect() as db:
        counts = {table.name: len(db.execute(select(table)).all()) for table in METADATA.sorted_tables}
    return {name: number for name, number in counts.items() if number}


def names_in(address: str) -> tuple[set[str], set[str]]:
    with open_database(address) as engine, engine.connect() as db:
        return set(db.execute(select(outlets.c.name)).scalars()), set(db.execute(select(people.c.name)).scalars())


def test_an_article_goes_with_everything_derived_from_it(record: Repository, address: str) -> None:
    fill(record, replace(BERG, text="An older text."), BERG, OKORO)
    record.set_stories({"berg": Story("one", None), "okoro": Story("one", None)})
    assert remove_articles(address, ["berg"]) == RemovalReport(articles=1, quotes=1, versions=1)
    assert record.find_ids() == ("okoro",)
    assert (
        record.find_quotes("not count") == record.find_articles_with("not count") == record.list_versions("berg") == ()
    )
    assert names_in(address) == ({"The Post"}, {"Tom Okoro"})
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
    assert remove_articles(address, ["okoro"]) == RemovalReport(articles=1, quotes=1)
    assert held(address) == {}


def test_a_removed_article_may_be_added_again(record: Repository, address: str) -> None:
    fill(record, BERG)
    remove_articles(address, ["berg"])
    assert record.upsert(BERG, []) is ArticleStatus.NEW
    assert record.upsert(replace(BERG, text="Another."), []) is ArticleStatus.UPDATED


def test_of_several_articles_all_go_or_none(record: Repository, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "_CHUNK_SIZE", 2)
    fill(record, *(Article(f"n{number}", f"The text {number}.") for number in range(5)))
    with pytest.raises(BadInput, match=r"holds no article 'x', 'y\\x00', '\\ud800' and 1 more: nothing was removed"):
        remove_articles(address, ["n1", "x", "y\0", "\ud800", "z"])
    assert record.get_counts().articles == 5
    assert remove_articles(address, ["n1", "n2", "n4", "n1"]).articles == 3
    assert record.find_ids() == ("n0", "n3") or set(record.find_ids()) == {"n0", "n3"}


def test_an_outlet_goes_with_its_articles_and_with_its_versions_of_others(
    record: Repository, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "_CHUNK_SIZE", 2)
    fill(record, *(replace(BERG, id=f"n{number}") for number in range(5)))
    fill(record, replace(OKORO, publisher="The Paper", text="An older text."), OKORO)
    told: list[tuple[int, int]] = []
    gone = remove_outlet(address, "The Paper", lambda done, number: told.append((done, number)))
    assert gone == RemovalReport(articles=5, quotes=5, versions=1)
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert record.find_ids() == ("okoro",)
    assert names_in(address) == ({"The Post"}, {"Tom Okoro"})


def test_an_outlet_nobody_knows_is_told_with_those_that_are_like_it(record: Repository, address: str) -> None:
    fill(record, BERG, OKORO)
    with pytest.raises(BadInput, match=r"nothing from 'The Papre': did you mean 'The Paper'"):
        remove_outlet(address, "The Papre")
    with pytest.raises(BadInput, match=r"nothing from '\\x00'\.$"):
        remove_outlet(address, "\0")
    assert record.get_counts().articles == 2


def test_whoever_adds_meanwhile_loses_nothing(record: Repository, address: str) -> None:
    """An outlet that is removed with its last article may at that moment be named by another."""
    fill(record, BERG)
    failed: list[BaseException] = []

    def adds() -> None:
        try:
            fill(record, *(replace(BERG, id=f"n{number}") for number in range(40)))
        except BaseException as error:
            failed.append(error)
            raise

    adding = threading.Thread(target=adds)
    adding.start()
    gone = 0
    for number in range(40):
        try:
            gone += remove_articles(address, [f"n{number}"]).articles
        except BadInput:
            continue
    adding.join()
    assert not failed
    assert record.get_counts().articles == 41 - gone
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
