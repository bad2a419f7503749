"""Outlets in a record: what is stored, shown, counted and searched, before and after an admin decides."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from briefings.errors import BadInput
from briefings.model import Article, Provenance
from briefings.outlets import Outlet
from briefings.render import json_output
from briefings.service import BriefingService
from briefings.similarity.source_independence import IndependentOutlets
from briefings.storage import open_repository
from briefings.storage.db.database import connect

_WORDS = "We will rebuild the old bridge before winter comes"
_TEAM = [Outlet(("Easton Guardian",), ("guardian.example",)), Outlet(("Westport Herald",), ("herald.example",))]


def noon() -> datetime:
    return datetime(2016, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[BriefingService]:
    with closing(open_repository(f"sqlite:///{tmp_path}/record.db", noon)) as repository:
        service = BriefingService(repository)
        service.outlets.use_team_list(_TEAM)
        yield service


def add(service: BriefingService, host: str, outlet: str | None, opening: str = "") -> str:
    """Add an article as a fetched page, and return its id."""
    address = f"https://{host}/bridge"
    word = host.partition(".")[0]
    # long and different, so that the articles are not copies of each other
    rest = " ".join(f"The {word} road {number} was closed by the {word} council {number}." for number in range(12))
    article = Article(address, f"{opening}\n\n“{_WORDS},” said Jane Roe, the mayor.\n\n{rest}", outlet, url=address)
    service.upsert_article(service.outlets.judge(article))
    return address


def get_hit(service: BriefingService) -> dict[str, object]:
    """Return the first hit as JSON."""
    hit: dict[str, object] = json_output.render_who_said(service.who_said(_WORDS))["hits"][0]
    return hit


def test_impersonator_is_shown_as_its_host_and_does_not_corroborate(service: BriefingService) -> None:
    add(service, "herald.example", "Westport Herald", "The mayor spoke on Monday in Westport.")
    add(service, "evil.example", "Easton Guardian", "In Easton there was a long debate about roads and money.")
    hit = service.who_said(_WORDS).hits[0]
    assert (hit.outlets, len(hit.variants)) == (1, 1)
    names = {hit.source_name, hit.variants[0].source_name}
    assert names == {"Westport Herald", "evil.example (calls itself Easton Guardian)"}
    assert not service.who_said(_WORDS, outlet="Easton Guardian").hits
    assert service.who_said(_WORDS, outlet="evil.example").hits
    assert "Easton Guardian" not in dict(service.get_overview().outlets)


@pytest.mark.parametrize("outlet", ["Easton Guardian", "The Easton Guаrdian", "Unknown Courier", None])
def test_pages_that_only_name_themselves_never_raise_a_count(service: BriefingService, outlet: str | None) -> None:
    add(service, "herald.example", "Westport Herald", "The mayor spoke on Monday in Westport.")
    for number in range(3):
        add(service, f"evil{number}.example", outlet, f"Opening number {number} of {'x' * number} pages.")
    assert service.who_said(_WORDS).hits[0].outlets == 1


def test_two_confirmed_hosts_corroborate_and_one_owner_counts_once(service: BriefingService) -> None:
    add(service, "herald.example", "Westport Herald", "The mayor spoke on Monday in Westport.")
    add(service, "www.guardian.example", "Easton Guardian", "In Easton there was a long debate about roads.")
    add(service, "sport.guardian.example", "Guardian Sport", "Fans came to the stadium to hear about the team.")
    assert service.who_said(_WORDS).hits[0].outlets == 2


def test_json_names_the_doubt_and_certain_outlets_stay_as_they_were(service: BriefingService) -> None:
    add(service, "evil.example", "Easton Guardian")
    hit = get_hit(service)
    assert (hit["publisher"], hit["provenance"]) == ("evil.example", "contradicted")
    assert hit["source_name"] == "evil.example (calls itself Easton Guardian)"
    service.upsert_article(Article("archive-1", "“Other words here,” said John Doe.", "Easton Guardian"))
    stated = json_output.render_who_said(service.who_said("Other words here"))["hits"][0]
    assert stated["publisher"] == "Easton Guardian"
    assert "provenance" not in stated


def test_confirmed_outlet_changes_stored_articles_and_answers(service: BriefingService) -> None:
    article_id = add(service, "tribune.example", "The Tribune")
    token = service.get_change_token()
    assert service.who_said(_WORDS).hits[0].source_name == "The Tribune (unconfirmed)"
    change = service.outlets.confirm("The Tribune", "https://www.tribune.example/any", "U1")
    assert (change.hosts, change.article_count) == (("tribune.example",), 1)
    assert service.get_change_token() != token
    assert service.who_said(_WORDS).hits[0].source_name == "The Tribune"
    assert service.who_said(_WORDS, outlet="The Tribune").hits
    add(service, "evil.example", "Tribune")
    assert service.get_articles(["https://evil.example/bridge"])[0].publisher == "evil.example"
    assert service.outlets.remove("tribune").article_count == 2
    assert service.get_articles([article_id])[0].provenance is Provenance.UNCONFIRMED


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Easton Guardian", "evil.example"),
        ("Easton Guardian News", "evil.example"),
        ("Evil Times", "guardian.example"),
        ("Evil Times", "sub.guardian.example"),
        ("Evil Times", "co.uk"),
        ("Evil Times", "medium.com"),
        ("Evil Times", "localhost"),
        ("Evil Times", "not a host"),
        ("…", "evil.example"),
        ("a" * 200, "evil.example"),
        ("Evil: Times", "evil.example"),
    ],
)
def test_name_or_host_of_another_outlet_cannot_be_confirmed(service: BriefingService, name: str, host: str) -> None:
    with pytest.raises(BadInput) as raised:
        service.outlets.confirm(name, host, "U1")
    assert "\n" not in str(raised.value)
    assert service.outlets.list_confirmed() == ()


def test_unknown_confirmation_cannot_be_removed(service: BriefingService) -> None:
    with pytest.raises(BadInput, match="“Tribune” was not confirmed"):
        service.outlets.remove("Tribune")


def test_changed_list_judges_stored_articles_again_but_never_stated_ones(service: BriefingService) -> None:
    article_id = add(service, "tribune.example", "The Tribune")
    service.upsert_article(Article("archive-1", "“Other words here,” said John Doe.", "The Tribune"))
    service.outlets.use_team_list([*_TEAM, Outlet(("The Tribune",), ("other.example",))])
    fetched, stated = service.get_articles([article_id])[0], service.get_articles(["archive-1"])[0]
    assert (fetched.publisher, fetched.provenance) == ("tribune.example", Provenance.CONTRADICTED)
    assert (stated.publisher, stated.provenance) == ("The Tribune", Provenance.STATED)


def test_trusted_article_keeps_the_name_that_its_page_states(service: BriefingService) -> None:
    article_id = add(service, "evil.example", "Easton Guardian")
    service.outlets.trust([article_id, "missing"])
    assert service.who_said(_WORDS).hits[0].source_name == "Easton Guardian"


def test_outlet_that_a_person_gave_to_a_feed_is_confirmed_for_its_site_only(service: BriefingService) -> None:
    service.outlets.confirm_stated("The Tribune", "https://feeds.tribune.example/rss", "U1")
    service.outlets.confirm_stated("Easton Guardian", "https://evil.example/rss", "U1")
    service.outlets.confirm_stated("The Post", "https://github.io/rss", "U1")
    assert [(outlet.name, outlet.host) for outlet in service.outlets.list_confirmed()] == [
        ("The Tribune", "tribune.example")
    ]


def test_uncertain_article_does_not_join_two_outlets() -> None:
    first = Article("a", "One two three four five six seven eight nine ten.", "The Tribune")
    second = Article("b", "Red green blue black white brown pink grey gold teal.", "The Post")
    copy = Article("c", f"{first.text} {second.text}", "x.example", provenance=Provenance.CONTRADICTED)
    outlets = IndependentOutlets([first, second, copy], [("a", "c"), ("c", "b")])
    assert (outlets.count("abc"), outlets.count("ac"), outlets.count("c"), outlets.count("")) == (2, 1, 1, 0)
    certain_copy = replace(copy, provenance=Provenance.CONFIRMED)
    assert IndependentOutlets([first, second, certain_copy], [("a", "c"), ("c", "b")]).count("abc") == 1


def test_fetched_articles_of_an_older_record_are_judged_when_it_is_opened(tmp_path: Path) -> None:
    """Before revision 0012, a page's own name was stored as its outlet."""
    address = f"sqlite:///{tmp_path}/record.db"
    with closing(open_repository(address, noon)) as repository:
        service = BriefingService(repository)
        service.upsert_article(Article("https://evil.example/a", "“Some words,” said Jane Roe.", "The Guardian"))
        service.upsert_article(Article("archive-1", "“Other words here,” said John Doe.", "The Guardian"))
    engine = connect(address)
    with engine.begin() as db:
        for statement in (
            "UPDATE articles SET url = id WHERE id LIKE 'https:%'",
            "DROP TABLE pending_links",
            "DROP TABLE utterance_sketches",
            "DROP TABLE utterances",
            "DROP TABLE story_links",
            "DROP TABLE story_terms",
            "DROP TABLE story_names",
            "DROP TABLE outlet_lists",
            "DROP TABLE confirmed_outlets",
            *(
                f"ALTER TABLE {table} DROP COLUMN {column}"
                for table in ("articles", "article_versions")
                for column in ("provenance", "claimed_outlet", "checksum")
            ),
            "ALTER TABLE quotes DROP COLUMN checksum",
            "ALTER TABLE names DROP COLUMN checksum",
            "INSERT INTO pages (address, told, stamp, article, teaser, whole, found_at, looks, failures) VALUES "
            "('https://evil.example/a', '{}', '', 'https://evil.example/a', 0, 0, '2016-07-01', 1, 0)",
            "UPDATE alembic_version SET version_num = '0011'",
        ):
            db.execute(text(statement))
    engine.dispose()
    with closing(open_repository(address, noon)) as repository:
        service = BriefingService(repository)
        service.outlets.use_team_list([])
        fetched, stated = (service.get_articles([key])[0] for key in ("https://evil.example/a", "archive-1"))
    assert (fetched.publisher, fetched.claimed_outlet) == ("evil.example", "The Guardian")
    assert (stated.publisher, stated.provenance) == ("The Guardian", Provenance.STATED)
