"""A briefing that computes only what has changed is the briefing that a new service composes from scratch."""

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.source_filter import SourceFilter
from briefings.storage.maintenance.removal import remove_articles
from briefings.storage.repository import open_repository
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
#: a change of the record: add or change the article with this number, or remove it (no text)
CHANGES = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([*TEXTS, None]), st.sampled_from(["The Paper", "The Post", None])),
    min_size=2,
    max_size=5,
)
DAYS = (date(2016, 6, 27), date(2016, 6, 28), None, date(2016, 6, 28), date(2016, 6, 30))


def ask_all(service: BriefingService) -> list[object]:
    """Return the briefings on everything, on a topic and on a word, in two lengths, and without one outlet."""
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
    except Exception as error:  # noqa: BLE001  # both services must fail alike, whatever the reason
        return repr(error)


@settings(max_examples=8, deadline=None)
@given(CHANGES)
def test_every_change_gives_the_briefing_from_scratch(
    changes: Sequence[tuple[int, str | None, str | None]],
) -> None:
    """Articles that are added, changed and removed one at a time change a kept briefing as a new one."""
    topics = (Topic("harbours", "The harbour", ("harbour",)),)
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/record.db"
        with closing(open_repository(address, lambda: NOW)) as repository:
            service = BriefingService(repository, topics)
            for number, text, publisher in changes:
                if text is None:
                    remove_articles(address, [f"a{number}"])
                else:
                    add_articles(repository, make_article(text, f"a{number}", publisher, DAYS[number]))
                assert ask_all(service) == ask_all(BriefingService(repository, topics))


@pytest.mark.skipif(not DEV_STORIES.exists(), reason="the shared stories are missing")
def test_stories_grow_as_from_scratch() -> None:
    """Each article of the annotated stories changes a kept briefing as a new one."""
    for path in sorted(DEV_STORIES.glob("*/articles.jsonl"))[::6]:
        with (
            TemporaryDirectory() as folder,
            closing(open_repository(f"sqlite:///{folder}/record.db", lambda: NOW)) as repository,
        ):
            service = BriefingService(repository)
            for article in read_articles(path):
                add_articles(repository, article)
                assert ask(service, "*", 400) == ask(BriefingService(repository), "*", 400)


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
