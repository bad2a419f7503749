"""The stream keeps the order of its articles, whatever the number of processes, and asks for them as it goes."""

import json
from collections.abc import Iterator

from briefings.attribution.batch import generate_json_lines
from briefings.model import Article


def _articles(count: int) -> list[Article]:
    return [Article(str(number), f"“There are {number} of us here today,” Jane Smith said.") for number in range(count)]


def test_every_article_gives_one_line_in_order() -> None:
    records = [json.loads(line) for line in generate_json_lines(_articles(5))]
    assert [record["id"] for record in records] == ["0", "1", "2", "3", "4"]
    assert set(records[0]["quotes"][0]) == {"content", "source", "cue", "speaker", "kind", "confidence"}
    assert records[0]["quotes"][0]["speaker"] == "Jane Smith"


def test_two_processes_give_the_same_lines() -> None:
    assert list(generate_json_lines(_articles(40), jobs=2)) == list(generate_json_lines(_articles(40)))


def test_articles_are_taken_one_at_a_time() -> None:
    taken = []

    def feed() -> Iterator[Article]:
        for article in _articles(3):
            taken.append(article.id)
            yield article

    stream = generate_json_lines(feed())
    next(stream)
    assert taken == ["0"]
