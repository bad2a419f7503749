"""Whatever happens to articles and in whichever order, utterances are those of the articles that are left."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.db.database import connect
from briefings.storage.maintenance import rebuild, removal
from briefings.storage.repository import Repository
from briefings.storage.writes.upsert import Arrival
from briefings.storage.writes.utterances import components, rebuilding, regrouping, wordings
from tests.support.repositories import OpenEmpty
from tests.support.utterance_oracle import dump_rows, group_by_definition, read_utterances

#: a hash of more wordings is frequent in these tests
MAX_HOLDERS = 2
SPEAKERS = (
    Speaker("Ada Brindle"),
    Speaker("Brindle", "mayor"),
    Speaker("Tom Okoro"),
    Speaker("a harbour official", anonymous=True),
    None,
)
#: reports of some utterances, whole, shortened and misprinted, with words in common
SENTENCES = (
    "We will reopen the harbour before the autumn storms, and nobody will lose a berth",
    "We will reopen the harbour before the autumn storms",
    "reopen the harbour before the autumn storm",
    "nobody will lose a berth",
    "Nobody will lose a job or a berth because of the harbour",
    "reopen the harbour",
    "The harbour belongs to the town",
    "The harbour belongs to the people of this town, and so does the market",
    "the market",
    "so does the market, whatever the council says",
    "whatever the council says about the harbour, it stays open",
    "No comment",
    "...",
)
DAYS = (None, date(2016, 3, 1), date(2016, 3, 2))

_quotes = st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from(SPEAKERS)), max_size=4)
_article = st.tuples(st.sampled_from("abcdef"), _quotes, st.sampled_from(DAYS))
_step = st.one_of(
    st.tuples(st.just("add"), _article),
    st.tuples(st.just("load"), st.lists(_article, max_size=5)),
    st.tuples(st.just("analyse"), st.tuples(st.sampled_from("abcdef"), st.integers(0, 4))),
    st.tuples(st.just("remove"), st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3)),
)


@pytest.fixture(autouse=True)
def _few_holders(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (regrouping, wordings):
        monkeypatch.setattr(module, "MAX_HOLDERS", MAX_HOLDERS)
    # a rebuild goes through the quotes in small parts
    for module, name, value in (
        (components, "_PAIRS_AT_ONCE", 3),
        (components, "_TEXTS_AT_ONCE", 2),
        (rebuilding, "_MAX_QUOTES", 5),
        (rebuilding, "_PAGE_SIZE", 3),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.fixture
def engine(address: str, repository: Repository) -> Iterator[Engine]:  # noqa: ARG001 - creates the database
    database = connect(address)
    yield database
    database.dispose()


def make_article(article_id: str, sentences: list[tuple[str, Speaker | None]], day: date | None) -> Arrival:
    text, quotes = "", []
    for sentence, speaker in sentences:
        span = Span(len(text), len(text) + len(sentence))
        quotes.append(Quote((span,), None, None, speaker, Kind.DIRECT, 1.0, "test"))
        text += f"{sentence}\n"
    return Arrival(Article(article_id, text, "The Ebb", day), quotes)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_step, min_size=1, max_size=10))
def test_any_history_gives_what_the_definition_gives(
    steps: list[tuple[str, object]],
    empty_repository: OpenEmpty,
    address: str,
    engine: Engine,
    path: Path,  # noqa: ARG001 - on SQLite, which is faster
) -> None:
    check_history(steps, empty_repository, address, engine)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_step, min_size=4, max_size=10))
def test_some_histories_do_so_on_both_databases(
    steps: list[tuple[str, object]], empty_repository: OpenEmpty, address: str, engine: Engine
) -> None:
    check_history(steps, empty_repository, address, engine)


def check_history(steps: list[tuple[str, object]], empty_repository: OpenEmpty, address: str, engine: Engine) -> None:
    with empty_repository() as repository:
        for step in steps:
            run_step(repository, address, step)
            with engine.begin() as db:
                assert read_utterances(db) == group_by_definition(db, MAX_HOLDERS)
        with engine.begin() as db:
            rows = dump_rows(db)
            rebuild.rebuild_all(db)
            assert dump_rows(db) == rows


def run_step(repository: Repository, address: str, step: tuple[str, object]) -> None:
    match step:
        case "add", (article_id, sentences, day):
            arrival = make_article(article_id, sentences, day)
            repository.upsert(arrival.article, arrival.quotes)
        case "load", articles:
            repository.bulk_upsert((a.article, a.quotes) for a in [make_article(*values) for values in articles])
        case "analyse", (article_id, count):
            if stored := repository.get_articles([article_id]):
                quotes = repository.get_quotes([article_id])[article_id][count:]
                repository.replace_quotes(stored[0], quotes, names=None, engine=None)
        case "remove", ids:
            if stored := repository.get_articles(ids):
                removal.remove_articles(address, [article.id for article in stored])
