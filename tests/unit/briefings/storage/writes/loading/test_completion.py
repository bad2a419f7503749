"""A load whose links are found at its end stores what a load stores that links each batch when it comes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, text

from briefings.attribution.name_completion import KnownPerson
from briefings.errors import BadInput
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.service.service import BriefingService
from briefings.storage.db.database import connect, get_writer
from briefings.storage.db.schema import outlet_lists, pending_links
from briefings.storage.maintenance import check_integrity, reindex, remove_articles
from briefings.storage.maintenance.integrity import TimeLimit
from briefings.storage.repository import Repository
from briefings.storage.writes.loading import completion
from briefings.storage.writes.shard_ledger import open_shard_ledger
from briefings.storage.writes.upsert import Arrival
from tests.support.repositories import EMPTY_EACH_EXAMPLE, OpenEmpty

#: long enough to be compared with other texts, and with words by which a story is known
WIRE = (
    "Harbour bridge engineers in Northgate closed the ferry quay after the flood damaged the eastern pier, and the "
    "council of the town met in the evening to hear what the repair of the pier, the quay and the bridge will cost. "
)
OTHER = "Nurses at the Castle Hill hospital began a strike over pay, rotas and the closure of the children's ward. "
SENTENCES = (
    "We will reopen the harbour before the autumn storms, and nobody will lose a berth",
    "We will reopen the harbour before the autumn storms",
    "The ward will stay open as long as I am here",
)
SPEAKERS = ("Ada Brindle", "Brindle", "Tom Okoro")
PEOPLE = ("Ada Brindle", "Tom Okoro", "Anna Berg")
TABLES = (
    "copies",
    "sketches",
    "story_names",
    "story_terms",
    "story_links",
    "utterances",
    "utterance_sketches",
    "pending_links",
)


class CutOffError(Exception):
    """Ends a load in the middle."""


def make_arrival(
    article_id: str,
    opening: str = WIRE,
    said: Sequence[tuple[str, str]] = (),
    people: Sequence[str] | None = (),
    day: date | None = date(2016, 6, 27),
) -> Arrival:
    body, quotes = opening, []
    for sentence, speaker in said:
        span = Span(len(body), len(body) + len(sentence))
        quotes.append(Quote((span,), None, None, Speaker(speaker), Kind.DIRECT, 1.0, "test"))
        body += f"{sentence}\n"
    names = None if people is None else [KnownPerson(name, ()) for name in people]
    return Arrival(Article(article_id, body, "The Ebb", day), quotes, names, "test")


ARRIVALS = st.builds(
    make_arrival,
    st.sampled_from("abcdefgh"),
    st.sampled_from((WIRE, OTHER, "")),
    st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from(SPEAKERS)), max_size=3),
    st.one_of(st.none(), st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)),
    st.sampled_from((None, date(2016, 6, 27), date(2016, 6, 29))),
)
LOADS = st.lists(ARRIVALS, min_size=1, max_size=9)


@pytest.fixture(params=[(0, 10_000), (0, 2), (1_000_000, 10_000)], ids=["linked", "linked early", "found again"])
def _share(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Link the pending articles only, also before the end of a load, or find all links again."""
    monkeypatch.setattr(completion, "_REBUILD_SHARE", request.param[0])
    monkeypatch.setattr(completion, "_MAX_PENDING", request.param[1])
    monkeypatch.setattr(completion, "_ARTICLES_AT_ONCE", 2)


def dump(repository: Repository) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the tables that a load fills at its end, and the arrivals in their order."""

    def read(db: Connection, _index: object) -> dict[str, list[tuple[Any, ...]]]:
        rows = {
            table: [tuple(row) for row in db.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]  # noqa: S608 - constant names
            for table in TABLES
        }
        arrivals = text("SELECT article, is_new FROM arrivals ORDER BY id")
        return {**rows, "arrivals": [(row.article, bool(row.is_new)) for row in db.execute(arrivals)]}

    return repository.run_query(read)


def store_plainly(repository: Repository, arrivals: Sequence[Arrival], batch_size: int) -> None:
    """Link each batch when it comes."""
    for start in range(0, len(arrivals), batch_size):
        repository.upsert_all(arrivals[start : start + batch_size])


def cut_off(arrivals: Sequence[Arrival], number: int) -> Iterator[Arrival]:
    """Yield some arrivals, and then end the load."""
    yield from arrivals[:number]
    raise CutOffError


def count_pending(repository: Repository) -> int:
    return len(repository.run_query(lambda db, _: db.execute(select(pending_links)).all()))


@pytest.mark.usefixtures("_share")
@settings(parent=EMPTY_EACH_EXAMPLE, max_examples=20)
@given(LOADS, st.integers(1, 4))
def test_a_load_stores_what_its_batches_store(
    empty_repository: OpenEmpty, arrivals: list[Arrival], batch_size: int
) -> None:
    """Articles that come, repeat and change within a load are linked as if each batch had been linked at once."""
    with empty_repository() as repository:
        store_plainly(repository, arrivals, batch_size)
        expected = dump(repository)
    with empty_repository() as repository:
        repository.load(arrivals, batch_size)
        assert dump(repository) == expected


@pytest.mark.usefixtures("_share")
@settings(parent=EMPTY_EACH_EXAMPLE, max_examples=15)
@given(LOADS, st.integers(1, 3), st.integers(0, 9), ARRIVALS)
def test_the_next_writer_completes_a_load_that_was_cut_off(
    empty_repository: OpenEmpty, arrivals: list[Arrival], batch_size: int, number: int, later: Arrival
) -> None:
    """After a kill between two batches, the next article finds all earlier ones linked."""
    stored_count = min(number, len(arrivals)) // batch_size * batch_size
    with empty_repository() as repository:
        store_plainly(repository, arrivals[:stored_count], batch_size)
        repository.upsert(later.article, later.quotes, names=later.names)
        expected = dump(repository)
    with empty_repository() as repository:
        with suppress(CutOffError):
            repository.load(cut_off(arrivals, number), batch_size)
        repository.upsert(later.article, later.quotes, names=later.names)
        assert dump(repository) == expected


def cut_off_load(repository: Repository) -> list[Arrival]:
    """Load four articles of one story, of which the links stay pending."""
    said = [(SENTENCES[0], "Brindle")]
    arrivals = [make_arrival(article_id, said=said, people=["Ada Brindle"]) for article_id in "abcd"]
    with suppress(CutOffError):
        repository.load(cut_off(arrivals, 4), 2)
    assert count_pending(repository) == 4
    return arrivals


def test_readers_do_not_mind_pending_links(repository: Repository) -> None:
    """Until a load ends, its articles are found, are nobody's copies, and have not arrived."""
    cut_off_load(repository)
    assert len(repository.find_quotes("reopen the harbour")) == 4
    assert repository.find_duplicates("abcd") == ()
    assert dump(repository)["arrivals"] == []


def complete_loads(address: str) -> None:
    """Do what a backfill does before it starts."""
    with closing(open_shard_ledger(address, lambda: datetime(2026, 1, 1, tzinfo=UTC))) as ledger:
        ledger.complete_load()


@pytest.mark.parametrize("complete", [reindex, complete_loads])
def test_maintenance_completes_a_load(repository: Repository, address: str, complete: Callable[[str], object]) -> None:
    """A reindex, and the next backfill, link what a killed load left; the check says so before."""
    arrivals = cut_off_load(repository)
    (finding,) = check_integrity(address, TimeLimit(lambda: 0.0))
    assert "load" in finding.sentence
    complete(address)
    rows = dump(repository)
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
    assert len(rows["copies"]) == 6
    assert rows["arrivals"] == [(arrival.article.id, True) for arrival in arrivals]


def test_removed_articles_are_not_linked(repository: Repository, address: str) -> None:
    """An article that is removed while its links are pending leaves nothing behind."""
    cut_off_load(repository)
    remove_articles(address, ["a", "c"])
    complete_loads(address)
    assert [row[:2] for row in dump(repository)["copies"]] == [("d", "b")]


def test_an_unstorable_article_leaves_the_earlier_ones_linked(repository: Repository) -> None:
    """A load that stops with an error of its input links what it stored."""
    with pytest.raises(BadInput):
        repository.load([make_arrival("a"), make_arrival("b"), make_arrival("c", "\0")], 1)
    assert count_pending(repository) == 0
    assert repository.find_duplicates(["b"])[0].original == "a"


def test_answers_change_when_a_load_is_completed(repository: Repository, address: str) -> None:
    """An answer from the time of a load is not given again after its articles were linked."""
    service = BriefingService(repository)
    arrivals = [
        make_arrival("full", said=[(SENTENCES[0], "Brindle")], people=["Ada Brindle"]),
        make_arrival("bare", said=[(SENTENCES[1], "Brindle")]),
    ]
    with suppress(CutOffError):
        repository.load(cut_off(arrivals, 2), 1)
    before = service.who_said("reopen the harbour")
    token = service.get_change_token()
    complete_loads(address)
    assert service.get_change_token() != token
    after = service.who_said("reopen the harbour")
    assert after == BriefingService(repository).who_said("reopen the harbour")
    assert [len(answer.hits) for answer in (before, after)] == [2, 1]


def test_unchanged_articles_do_not_complete_a_load(repository: Repository) -> None:
    """Links stay deferred to the end of a load that brings stored articles again."""
    arrivals = [make_arrival(article_id, said=[(SENTENCES[0], "Brindle")]) for article_id in "abcdef"]
    repository.upsert_all(arrivals[:1])
    with suppress(CutOffError):
        repository.load(cut_off([arrivals[1], arrivals[0], arrivals[2], arrivals[0]], 4), 2)
    assert count_pending(repository) == 2


def test_nothing_is_written_if_no_load_is_pending(repository: Repository, address: str) -> None:
    """A backfill that has nothing to link does not wait for another writer."""
    engine = connect(address)
    with get_writer(engine).begin() as writer:  # another program that is writing
        writer.execute(delete(outlet_lists))
        complete_loads(address)
    engine.dispose()
    assert count_pending(repository) == 0
