"""A database for each team: apart by where it is stored, and named from nothing but a team id."""

import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from briefings.errors import BadSettings, DatabaseUnavailable
from briefings.model import Article
from briefings.storage import TeamDatabases, TeamRepositories, open_repository

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BAD_IDS = ["", "T", "t1", "U1", "T1/../T2", "../T1", "T1.db", "T1;DROP", 'T1"', "T1 ", "T1\n", "T" + "A" * 31, "Т1"]


def now() -> datetime:
    return NOON


@pytest.fixture
def databases(address: str) -> Iterator[TeamDatabases]:
    with closing(TeamDatabases(address)) as databases:
        yield databases


def add(repositories: TeamRepositories, article_id: str, words: str) -> None:
    repositories.articles.upsert(Article(article_id, words, publisher="The Tribune"), ())


def test_teams_see_only_their_own_articles(databases: TeamDatabases) -> None:
    first, second = databases.open("T1", now), databases.open("T2", now)
    with closing(first.articles), closing(second.articles):
        add(first, "a", "Jane Roe opened the bridge in Easton.")
        add(second, "b", "John Poe closed the harbour in Weston.")
        add(second, "a", "Another article with the same id.")
        assert [article.text for article in first.articles.get_articles()] == ["Jane Roe opened the bridge in Easton."]
        assert first.articles.find_articles_with("harbour") == ()
        assert [article.id for article in second.articles.find_articles_with("harbour")] == ["b"]
        assert (first.articles.get_counts().articles, second.articles.get_counts().articles) == (1, 2)
        assert databases.list_teams() == ("T1", "T2")


def test_team_database_is_apart_from_the_main_one(databases: TeamDatabases, address: str) -> None:
    with closing(databases.open("T1", now).articles) as articles, closing(open_repository(address, now)) as main:
        main.upsert(Article("shared", "An article of the operator."), ())
        articles.upsert(Article("own", "An article of the team."), ())
        assert [article.id for article in articles.get_articles()] == ["own"]
        assert [article.id for article in main.get_articles()] == ["shared"]


def test_arrivals_wait_in_the_database_of_their_team(databases: TeamDatabases) -> None:
    first, second = databases.open("T1", now), databases.open("T2", now)
    with closing(first.articles), closing(second.articles):
        add(first, "a", "Jane Roe opened the bridge in Easton.")
        assert second.arrivals.list_first(10) == ()
        (arrival,) = first.arrivals.list_first(10)
        assert arrival.article == "a"
        first.arrivals.delete([arrival.id])
        assert first.arrivals.list_first(10) == ()


def test_a_deleted_database_is_gone_and_the_others_stay(databases: TeamDatabases) -> None:
    for team in ("T1", "T2"):
        with closing(databases.open(team, now).articles) as articles:
            articles.upsert(Article("a", f"An article of {team}."), ())
    assert databases.find_identity("T1")
    assert databases.delete("T1")
    assert not databases.delete("T1")
    assert (databases.find_identity("T1"), databases.list_teams()) == (None, ("T2",))
    with closing(databases.open("T1", now).articles) as articles:
        assert articles.get_articles() == ()
    with closing(databases.open("T2", now).articles) as articles:
        assert [article.text for article in articles.get_articles()] == ["An article of T2."]


@pytest.mark.parametrize("team", BAD_IDS)
def test_no_place_is_named_from_a_text_that_is_no_team_id(databases: TeamDatabases, team: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: databases.build_address(team),
        lambda: databases.open(team, now),
        lambda: databases.find_identity(team),
        lambda: databases.delete(team),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="not the id of a team"):
            call()
    assert databases.list_teams() == ()


def test_only_this_user_can_open_the_folder_of_the_teams(path: Path) -> None:
    with closing(TeamDatabases(f"sqlite:///{path}")) as databases, closing(databases.open("T1", now).articles):
        folder = path.with_name(f"{path.stem}-teams")
        assert [file.name for file in folder.glob("*.db")] == ["T1.db"]
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "notes.db").write_text("no team")
        assert databases.list_teams() == ("T1",)


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x.db?uri=true", "mysql://h/db"])
def test_database_without_a_place_for_teams_is_refused(address: str) -> None:
    with pytest.raises(BadSettings, match="needs a database in a file or on PostgreSQL"):
        TeamDatabases(address)


def test_options_of_the_address_are_kept(postgresql_address: str) -> None:
    address = f"{postgresql_address}?options=-cwork_mem%3D8MB"
    with closing(TeamDatabases(address)) as databases, closing(databases.open("T1", now).articles):
        engine = create_engine(databases.build_address("T1"))
        with engine.connect() as db:
            assert db.execute(text("SHOW work_mem")).scalar() == "8MB"
            assert db.execute(text("SELECT current_schemas(false)")).scalar() == ["record_t1"]
        engine.dispose()


def test_connection_that_lost_its_schema_is_refused(postgresql_address: str) -> None:
    """A pooler that drops the option would give every team the main database."""
    with closing(TeamDatabases(postgresql_address)) as databases:
        address = databases.build_address("T1")  # the schema does not exist, so nothing is selected
        with pytest.raises(DatabaseUnavailable, match="The schema record_t1 cannot be selected"):
            open_repository(address, now)
