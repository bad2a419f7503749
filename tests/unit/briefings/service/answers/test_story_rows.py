"""Rows of a story are read again only after a change, and everything that is kept is counted."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from briefings.model import Article
from briefings.service.answers.story_rows import StoryRows
from briefings.similarity.story_memory import StoryMemory
from briefings.storage.repository import Repository, open_repository


@pytest.fixture
def repository() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: datetime(2031, 5, 3, tzinfo=UTC))) as opened:
        opened.bulk_upsert([(Article("a", "one two"), []), (Article("b", "three"), [])])
        yield opened


def test_characters_of_all_articles_that_were_read_count(repository: Repository) -> None:
    """An article that the story does not need in the end is kept, so it counts; one that is read twice counts once."""
    memory = StoryMemory()
    rows = StoryRows(repository, memory)
    rows.read_articles("a")
    assert memory.character_count == len("one two")
    rows.read_articles("ab")
    assert memory.character_count == len("one twothree")


def test_a_changed_article_is_read_again(repository: Repository) -> None:
    """The second reading shows the new text, and the unchanged article as the same object."""
    memory = StoryMemory()
    first = StoryRows(repository, memory).read_articles("ab")
    repository.upsert(Article("a", "one two three"), [])
    memory.forget_unused()
    second = StoryRows(repository, memory).read_articles("ab")
    assert [article.text for article in second] == ["one two three", "three"]
    assert second[1] is first[1]
