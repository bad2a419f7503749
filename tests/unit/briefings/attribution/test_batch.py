"""The stream keeps the order of the articles with any number of processes, and reads articles one at a time."""

import json
from collections.abc import Iterator

from briefings.attribution.batch import generate_json_lines
from briefings.model import Article


def _build_articles(count: int) -> list[Article]:
    return [Article(str(number), f"“There are {number} of us here today,” Jane Smith said.") for number in range(count)]


def test_every_article_gives_one_line_in_order() -> None:
    lines = [json.loads(line) for line in generate_json_lines(_build_articles(5))]
    assert [line["id"] for line in lines] == ["0", "1", "2", "3", "4"]
    assert set(lines[0]["quotes"][0]) == {"content", "source", "cue", "speaker", "kind", "confidence"}
    assert lines[0]["quotes"][0]["speaker"] == "Jane Smith"


def test_two_processes_give_the_same_lines() -> None:
    assert list(generate_json_lines(_build_articles(40), jobs=2)) == list(generate_json_lines(_build_articles(40)))


def test_articles_are_read_one_at_a_time() -> None:
    read_ids = []

    def generate_articles() -> Iterator[Article]:
        for article in _build_articles(3):
            read_ids.append(article.id)
            yield article

    stream = generate_json_lines(generate_articles())
    next(stream)
    assert read_ids == ["0"]
