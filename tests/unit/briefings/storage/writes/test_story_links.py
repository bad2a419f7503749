"""Articles of one story are linked, whatever the order in which they come, change and leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.source_filter import build_source_filter
from briefings.storage.db.database import connect
from briefings.storage.filtered_repository import FilteredRepository
from briefings.storage.maintenance import removal
from briefings.storage.maintenance.rebuild import reindex
from briefings.storage.repository import Repository
from briefings.storage.search.left_out import get_left_out
from briefings.storage.search.speakers.namers import MAX_NAMERS, find_namers
from briefings.storage.writes import story_names
from briefings.storage.writes.stories import all_links, rebuilding
from briefings.storage.writes.upsert import Arrival
from tests.support.repositories import EMPTY_EACH_EXAMPLE, OpenEmpty

DAY = date(2016, 6, 27)
BRIDGE = "Harbour bridge engineers in Northgate closed the ferry quay after the flood damaged the eastern pier."
HOSPITAL = "Nurses at the Castle Hill hospital began a strike over pay, rotas and the closure of the children's ward."


def make_arrival(
    article_id: str, story: str = BRIDGE, speaker: str | None = None, people: Sequence[str] | None = (), days: int = 0
) -> Arrival:
    """Return an article of a story that quotes a speaker and names people in full; `days` after the first day."""
    article = Article(article_id, f"{story} “Wait,” they said.", "The Courier", published=DAY + timedelta(days))
    quotes = (
        [Quote((Span(0, 4),), None, None, Speaker(speaker), Kind.DIRECT, 0.9, "named beside the cue")]
        if speaker
        else []
    )
    return Arrival(article, quotes, None if people is None else [KnownPerson(name, ()) for name in people], "test")


def add(repository: Repository, *arrivals: Arrival) -> None:
    repository.upsert_all(arrivals)


def find_linked_by_surname(
    repository: Repository, surnames_by_id: dict[str, set[str]]
) -> dict[str, dict[str, list[str]]]:
    return repository.run_query(lambda db, index: find_namers(db, surnames_by_id, get_left_out(index)))


def find_linked_ids(repository: Repository, ids: list[str], surname: str = "berg") -> dict[str, list[str]]:
    linked_ids = find_linked_by_surname(repository, {article_id: {surname} for article_id in ids})
    return {article_id: namers[surname] for article_id, namers in linked_ids.items()}


def test_article_with_a_bare_surname_is_linked_to_one_with_the_full_name(repository: Repository) -> None:
    add(repository, make_arrival("full", people=["Anna Berg"]), make_arrival("bare", speaker="Berg"))
    assert find_linked_ids(repository, ["bare", "full"]) == {"bare": ["full"]}


@pytest.mark.parametrize(
    ("surname", "named", "is_found"),
    [
        pytest.param("zelensky", "Volodymyr Zelenskyy", True, id="one letter more"),
        pytest.param("zelenskyy", "Volodymyr Zelensky", True, id="one letter fewer"),
        pytest.param("reyes", "Ana Reys", True, id="an e"),
        pytest.param("borg", "Anna Burg", False, id="another letter"),
        pytest.param("roe", "Jane Roee", False, id="a short name"),
        pytest.param("okoro", "Volodymyr Zelenskyy", False, id="another name"),
    ],
)
def test_other_spellings_of_a_surname_count(
    repository: Repository, surname: str, named: str, *, is_found: bool
) -> None:
    """An article that spells the surname with one letter more or fewer can complete it; other names cannot."""
    add(repository, make_arrival("bare", speaker="Berg"), make_arrival("full", people=["Anna Berg", named]))
    assert find_linked_ids(repository, ["bare"], surname) == ({"bare": ["full"]} if is_found else {})


def test_other_surnames_and_spellings_take_no_place(repository: Repository) -> None:
    """The articles for a surname do not depend on what else is asked; those with another spelling come last."""
    exact = [make_arrival(f"exact{number}", people=["Anna Berg"]) for number in range(MAX_NAMERS + 3)]
    others = [make_arrival(f"other{number}", people=["Anna Bergh"]) for number in range(MAX_NAMERS + 3)]
    more = [make_arrival(f"more{number}", people=["Tom Okoro"]) for number in range(MAX_NAMERS + 3)]
    bare = make_arrival("bare", speaker="Berg")
    # a quote of a bearer of each surname links them all
    speakers = [replace(bare.quotes[0], speaker=Speaker(name)) for name in ("Berg", "Bergh", "Okoro")]
    add(repository, replace(bare, quotes=speakers), *exact, *others, *more)
    for surnames in ({"berg"}, {"berg", "okoro"}):
        linked = find_linked_by_surname(repository, {"bare": surnames})["bare"]
        kinds = [article_id.rstrip("0123456789") for article_id in linked["berg"]]
        assert kinds == ["exact"] * MAX_NAMERS + ["other"] * MAX_NAMERS
        assert linked.keys() == surnames


def test_later_article_completes_an_earlier_one(repository: Repository) -> None:
    add(repository, make_arrival("bare", speaker="Berg"))
    add(repository, make_arrival("full", people=["Anna Berg"]))
    assert find_linked_ids(repository, ["bare"]) == {"bare": ["full"]}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(make_arrival("other", HOSPITAL, people=["Anna Berg"]), id="another story"),
        pytest.param(make_arrival("other", people=["Anna Berg"], days=8), id="more than a week later"),
        pytest.param(make_arrival("other", people=["Tom Okoro"]), id="another surname"),
        pytest.param(make_arrival("other", speaker="Berg"), id="no full name"),
        pytest.param(make_arrival("other", people=None), id="names not extracted"),
    ],
)
def test_articles_are_not_linked(repository: Repository, other: Arrival) -> None:
    """An article with a bare surname is not linked to every other one."""
    add(repository, make_arrival("bare", speaker="Berg"), other)
    assert find_linked_ids(repository, ["bare"]) == {}


def test_undated_articles_are_linked_to_undated_ones_only(repository: Repository) -> None:
    bare, full = make_arrival("bare", speaker="Berg"), make_arrival("full", people=["Anna Berg"])
    undated_full = replace(full, article=replace(full.article, id="undated", published=None))
    add(repository, replace(bare, article=replace(bare.article, published=None)), full, undated_full)
    assert find_linked_ids(repository, ["bare"]) == {"bare": ["undated"]}


def test_muted_sources_are_left_out(repository: Repository) -> None:
    add(repository, make_arrival("full", people=["Anna Berg"]), make_arrival("bare", speaker="Berg"))
    filtered_repository = FilteredRepository(repository, build_source_filter(["The Courier"]))
    assert find_linked_ids(filtered_repository, ["bare"]) == {}


def test_changes_and_removals_change_the_links(address: str, repository: Repository) -> None:
    bare, full = make_arrival("bare", speaker="Berg"), make_arrival("full", people=["Anna Berg"])
    add(repository, bare, full)
    add(repository, make_arrival("full", HOSPITAL, people=["Anna Berg"]))
    assert find_linked_ids(repository, ["bare"]) == {}
    add(repository, replace(full, article=replace(full.article, text=f"{full.article.text} More soon.")))
    assert find_linked_ids(repository, ["bare"]) == {"bare": ["full"]}
    removal.remove_articles(address, ["full"])
    assert find_linked_ids(repository, ["bare"]) == {}


_ARRIVALS = st.builds(
    make_arrival,
    st.sampled_from("abcdefgh"),
    st.sampled_from([BRIDGE, HOSPITAL, f"{BRIDGE} {HOSPITAL}"]),
    st.sampled_from([None, "Berg", "Anna Berg", "Okoro"]),
    st.sampled_from([None, (), ("Anna Berg",), ("Tom Okoro", "Anna Berg"), ("Ada Berg",)]),
    st.sampled_from([0, 0, 0, 1, 7, 9]),
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(_ARRIVALS, min_size=1, max_size=1)),
        st.tuples(st.just("add all"), st.lists(_ARRIVALS, min_size=1, max_size=6)),
        st.tuples(st.just("analyse again"), st.lists(_ARRIVALS, min_size=1, max_size=1)),
        st.tuples(st.just("remove"), st.lists(_ARRIVALS, min_size=1, max_size=3)),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(params=[2, 100])
def sample(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so few articles of a day count for a surname that others are displaced, or the usual number."""
    monkeypatch.setattr(story_names, "SAMPLE", request.param)
    monkeypatch.setattr(story_names, "_MAX_ROWS", 3 * request.param)
    # a rebuild goes through the articles in small parts
    monkeypatch.setattr(all_links, "_PAIRS_AT_ONCE", 3)
    monkeypatch.setattr(rebuilding, "_PAGE_SIZE", 2)
    monkeypatch.setattr(rebuilding, "_STORED_AT_ONCE", 3)


def dump_links(db: Connection) -> list[list[tuple[object, ...]]]:
    """Return the rows of the three tables; the numbers of the articles are hashes of their ids and days."""
    return [
        [tuple(row) for row in db.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]  # noqa: S608 - constant names
        for table in ("story_names", "story_terms", "story_links")
    ]


def apply_step(repository: Repository, address: str, step: tuple[str, list[Arrival]]) -> None:
    name, arrivals = step
    if name == "add all":
        repository.upsert_all(arrivals)
    elif name == "remove":
        ids = {arrival.article.id for arrival in arrivals}
        removal.remove_articles(address, sorted(article_id for article_id in ids if repository.has_article(article_id)))
    elif name == "add":
        arrival = arrivals[0]
        repository.upsert(arrival.article, arrival.quotes, names=arrival.names, engine=arrival.engine)
    else:
        arrival = arrivals[0]
        for article in repository.get_articles([arrival.article.id]):
            repository.replace_quotes(article, arrival.quotes, names=arrival.names, engine="later")


@pytest.mark.usefixtures("sample")
@EMPTY_EACH_EXAMPLE
@given(_STEPS)
def test_any_order_gives_the_links_of_a_rebuild(
    address: str, empty_repository: OpenEmpty, steps: list[tuple[str, list[Arrival]]]
) -> None:
    """Adding, changing, analysing again and removing articles leaves exactly what a build from scratch gives."""
    with empty_repository() as repository:
        engine = connect(address)
        for step in steps:
            apply_step(repository, address, step)
        with engine.connect() as db:
            links = dump_links(db)
        reindex(address)
        with engine.connect() as db:
            rebuilt_links = dump_links(db)
        engine.dispose()
    assert links == rebuilt_links
