"""`summarise`, `stories` and `timeline` print JSON lines in the format of their scoring scripts."""

import json
from argparse import Namespace
from pathlib import Path
from typing import cast

import pytest

from bot.cli import queries

BRIDGE = "The Harrow bridge was closed on Monday after engineers found cracks in its piers."


def write_json_lines(path: Path, *lines: object) -> str:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return str(path)


def read_output(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_summarise_prints_the_lines_of_each_topic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = [{"id": "a", "text": BRIDGE, "title": "Harrow bridge closed"}]
    topics = write_json_lines(tmp_path / "t.jsonl", {"topic": "t", "docs": docs}, {"topic": "u", "docs": []})
    assert queries.summarise(Namespace(topics=topics, words=50)) == 0
    assert read_output(capsys) == [
        {"topic": "t", "lines": [{"doc": "a", "start": 0, "end": len(BRIDGE)}]},
        {"topic": "u", "lines": []},
    ]


def test_stories_prints_a_line_per_article_even_if_ids_repeat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{"id": "b", "text": BRIDGE}, {"id": "a", "text": BRIDGE}, {"id": "a", "text": BRIDGE}]
    assert queries.stories(Namespace(articles=write_json_lines(tmp_path / "a.jsonl", *lines))) == 0
    assert read_output(capsys) == [{"id": "b", "story": "a"}, {"id": "a", "story": "a"}, {"id": "a", "story": "a"}]


def test_timeline_prints_the_days_with_the_topic_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = write_json_lines(tmp_path / "a.jsonl", {"id": "a", "text": BRIDGE, "date": "2016-06-22"})
    assert queries.timeline(Namespace(articles=articles, topic="bridge")) == 0
    assert read_output(capsys) == [{"topic": "bridge", "days": ["2016-06-20", "2016-06-22"]}]


def test_updates_prints_what_each_day_adds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repeated, opened = BRIDGE, "The Harrow bridge reopened on Thursday after welders had repaired both piers."
    lines = [
        {"id": "c", "text": opened, "published": "2016-06-23"},
        {"id": "a", "text": BRIDGE, "published": "2016-06-20"},
        {"id": "b", "text": repeated, "published": "2016-06-21", "publisher": "Harrow Echo"},
        {"id": "d", "text": "The bridge had no date at all, said nobody."},
    ]
    assert queries.updates(Namespace(articles=write_json_lines(tmp_path / "a.jsonl", *lines), words=50)) == 0
    evidence = {"article": "a", "start": 0, "end": len(BRIDGE), "link": None}
    first, second, third = read_output(capsys)
    assert first == {
        "day": "2016-06-20",
        "lines": [{"text": BRIDGE, "speaker": None, "kind": "fact", "evidence": [evidence]}],
    }
    assert second == {"day": "2016-06-21", "lines": []}
    assert [line["text"] for line in cast("list[dict[str, object]]", third["lines"])] == [opened]
