"""Finding all links keeps only articles that can still be linked."""

import pytest

from briefings.model import Article
from briefings.storage.db.counters import FIRST_UNDATED
from briefings.storage.writes import story_names
from briefings.storage.writes.stories.all_links import LinkFinder
from briefings.storage.writes.story_names import Bearing
from briefings.stories import build_sketches


def test_articles_outside_the_sample_of_their_day_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million undated articles, which share one day, do not fill the memory."""
    monkeypatch.setattr(story_names, "SAMPLE", 3)
    finder = LinkFinder()
    (sketch,) = build_sketches([Article("a", "Harbour bridge engineers in Northgate closed the ferry quay.")])
    links = []
    for page in range(4):
        numbers = range(FIRST_UNDATED + 5 * page, FIRST_UNDATED + 5 * page + 5)
        bearings = {number: {"berg": Bearing(is_quoted=True, is_named=True)} for number in numbers}
        links += finder.add(bearings, dict.fromkeys(numbers, sketch))
    assert len(links) == 3
    assert len(finder._sketches) == 3
