"""Evaluation sets may repeat ids and contain topics with documents; their labels are ignored."""

import gzip
import io
import json
from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.ingest.records.evaluation_sets import read_evaluation_articles, read_evaluation_topics

TOPIC = {"topic": "t", "docs": [{"id": "a", "text": "One.", "title": "T", "date": None}], "references": ["secret"]}


def test_ids_may_repeat(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "a", "text": "One.", "event": 3}\n{"id": "a", "text": "Two."}\n'))
    assert [article.text for article in read_evaluation_articles(path)] == ["One.", "Two."]


def test_topics_come_with_their_documents() -> None:
    ((name, documents),) = read_evaluation_topics(Path("-"), io.BytesIO(json.dumps(TOPIC).encode()))
    (article,) = documents
    assert name == "t"
    assert (article.id, article.text, article.title, article.published) == ("a", "One.", "T", None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"topic": "t", "docs": "none"}, '"docs" must be a list'),
        ({"topic": "t", "docs": [1]}, '"docs" must be a list'),
        ({"docs": []}, '"topic" is missing'),
        ({"topic": "t", "docs": [{"id": "a"}]}, '"text" is missing'),
    ],
)
def test_invalid_topic_is_reported_with_its_line(line: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput, match=message) as raised:
        list(read_evaluation_topics(Path("-"), io.BytesIO(json.dumps(line).encode())))
    assert str(raised.value).startswith("standard input, line 1")


def test_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_evaluation_articles(tmp_path / "none.jsonl"))
