"""A briefing that computes only what has changed is the briefing that a new service composes from scratch."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import NothingFound
from briefings.model import Article, Speaker, Topic
from briefings.service.service import BriefingService
from briefings.source_filter import SourceFilter
from briefings.storage.maintenance.removal import remove_articles
from briefings.storage.repository import Repository, open_repository
from tests.support.analysed_articles import add_articles
from tests.support.articles import make_article
from tests.support.shared_data import SHARED

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DEV_STORIES = SHARED / "stories" / "dev"
TEXTS = (
    "Jane Roe, the harbour minister, said on Monday that 140,000 people had signed. “We will close the harbour on "
    "Friday,” she said. The council voted 40 to 12.",
    "Harbour minister Jane Roe said the harbour would be closed. “We will close the old harbour on Friday,” Roe said. "
    "Close to 150,000 people had signed the petition.",
    "Roe denied that the harbour was sold. “I did not sell the harbour to anyone,” said Roe. He resigned on Tuesday.",
    "John Roe, a teacher, told reporters: “The harbour is all that we have in this town.” He was applauded.",
    "“We will close the harbour on Friday,” said Ann Poe, the mayor. Jayne Roe will vote on Monday.",
    "No harbour.",
)
DAYS = (date(2016, 6, 27), date(2016, 6, 28), None, date(2016, 6, 28), date(2016, 6, 30), date(2016, 6, 30))
TOPICS = (Topic("harbours", "The harbour", ("harbour",)),)
#: a change of the record: add or change the article with this number, or remove it (no text)
CHANGES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([*TEXTS, None]), st.sampled_from(["The Paper", "The Post", None])),
    min_size=2,
    max_size=5,
)


@pytest.fixture(scope="module")
def record() -> Iterator[tuple[str, Repository]]:
    """Yield the address of a database, and its repository. All examples share it, since creating one is slow."""
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/record.db"
        with closing(open_repository(address, lambda: NOW)) as repository:
            yield address, repository


def ask_all(service: BriefingService) -> list[object]:
    """Return the briefings on everything, on a topic in two lengths, on a word, and without one outlet."""
    filtered_service = service.leave_out(SourceFilter(frozenset({"The Post"})))
    return [
        ask(service, "*", 400),
        ask(service, "harbours", 90),
        ask(service, "harbour", 400),
        ask(filtered_service, "harbours", 400),
    ]


def ask(service: BriefingService, question: str, words: int) -> object:
    """Return a briefing, or the sentence that says why there is none."""
    try:
        return service.brief(question, words=words)
    except NothingFound as error:
        return str(error)


def clear(address: str, repository: Repository) -> None:
    """Remove all articles."""
    if ids := repository.find_ids():
        remove_articles(address, ids)


@settings(max_examples=10, deadline=None)
@given(number_of_start=st.integers(3, 6), changes=CHANGES)
def test_every_change_gives_the_briefing_from_scratch(
    record: tuple[str, Repository],
    number_of_start: int,
    changes: Sequence[tuple[int, str | None, str | None]],
) -> None:
    """Articles that are added, changed and removed one at a time change a kept briefing as a new one."""
    address, repository = record
    clear(address, repository)
    for number in range(number_of_start):
        add_articles(repository, make_article(TEXTS[number], f"a{number}", "The Paper", DAYS[number]))
    service = BriefingService(repository, TOPICS)
    ask_all(service)
    for number, text, publisher in changes:
        if text is not None:
            add_articles(repository, make_article(text, f"a{number}", publisher, DAYS[number]))
        elif repository.get_articles([f"a{number}"]):
            remove_articles(address, [f"a{number}"])
        assert ask_all(service) == ask_all(BriefingService(repository, TOPICS))


def test_another_analysis_gives_another_briefing(record: tuple[str, Repository]) -> None:
    """Quotes that are found anew replace those that are kept, even if there are as many."""
    address, repository = record
    clear(address, repository)
    add_articles(repository, *(make_article(text, f"a{number}", "The Paper") for number, text in enumerate(TEXTS)))
    service = BriefingService(repository, TOPICS)
    before = ask_all(service)
    (article,) = repository.get_articles(["a0"])
    quotes = [replace(quote, speaker=Speaker("Ann Poe", "mayor")) for quote in repository.get_quotes(["a0"])["a0"]]
    assert repository.replace_quotes(article, quotes, names=(), engine="another")
    after = ask_all(service)
    assert after != before
    assert after == ask_all(BriefingService(repository, TOPICS))


@pytest.mark.skipif(not DEV_STORIES.exists(), reason="the shared stories are missing")
def test_stories_grow_as_from_scratch(record: tuple[str, Repository]) -> None:
    """Each of the first articles of annotated stories changes a kept briefing as a new one."""
    for path in sorted(DEV_STORIES.glob("*/articles.jsonl"))[::12]:
        clear(*record)
        service = BriefingService(record[1])
        for article in read_articles(path)[:5]:
            add_articles(record[1], article)
            assert ask(service, "*", 400) == ask(BriefingService(record[1]), "*", 400)


def read_articles(path: Path) -> list[Article]:
    """Return the parsed articles of a story."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        make_article(
            row["text"],
            row["id"],
            row["publisher"],
            date.fromisoformat(row["published"]) if row["published"] else None,
        )
        for row in rows
    ]
