"""Uncertain outlets in every answer of the command line: marked, or shown as their host."""

import json
import re
from pathlib import Path

import pytest

from tests.support.command_line import RunCommand

_QUOTE = "“We waited for long enough for the harbour wall,” said Jane Roe, the council leader of Easton."
_STRIKE = "“The strike at the harbour will not end before Friday,” said Tom Poe, the union secretary."
#: an outlet that only its page names, and a page with another outlet's name
_UNCONFIRMED = re.compile(r"Easton Gazetteer(?! \(unconfirmed\))")
_CONTRADICTED = re.compile(r"(?<!calls itself )The Guardian")
_FORMATS = ("md", "csv", "bibtex", "ris", "csl")


def _make_article(number: int, host: str, outlet: str, day: str | None, drawn: str, title: str) -> str:
    text = f"{_QUOTE} The harbour strike drew {drawn} dock workers on Thursday. {_STRIKE}"
    fields = {"url": f"https://{host}/{number}", "outlet": outlet, "published": day, "title": title, "text": text}
    return json.dumps({name: value for name, value in fields.items() if value})


@pytest.fixture
def run_with_articles(run: RunCommand, folder: Path) -> RunCommand:
    lines = [
        _make_article(1, "gazetteer.example", "Easton Gazetteer", "2024-05-01", "1,200", "Harbour strike grows"),
        _make_article(2, "evil.example", "The Guardian", "2024-05-02", "1,500", "Harbour strike widens"),
        _make_article(3, "gazetteer.example", "Easton Gazetteer", None, "1,900", ""),
    ]
    (folder / "news.jsonl").write_text("\n".join(lines), "utf-8")
    assert run("add", "--no-trust", "news.jsonl").status == 0
    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ["briefing", "harbour"],
        ["briefing", "harbour", "--plain"],
        ["briefing", "harbour", "--outlet", "The Tribune"],
        *(["briefing", "harbour", "--format", name] for name in _FORMATS),
        ["whosaid", "waited for long enough"],
        ["whosaid", "--by", "Jane Roe"],
        *(["whosaid", "waited for long enough", "--format", name] for name in _FORMATS),
        *(["export", "search", "waited for long enough", "--format", name] for name in _FORMATS),
        *(["export", "person", "Jane Roe", "--format", name] for name in _FORMATS),
        *(["export", "article", "https://gazetteer.example/1", "--format", name] for name in _FORMATS),
    ],
    ids=" ".join,
)
def test_uncertain_outlet_is_never_shown_as_if_it_were_certain(
    run_with_articles: RunCommand, arguments: list[str]
) -> None:
    result = run_with_articles(*arguments)
    shown = result.out + result.err
    assert "Gazetteer" in shown or "evil.example" in shown, shown
    assert not _UNCONFIRMED.search(shown), shown
    assert not _CONTRADICTED.search(shown), shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["briefing", "harbour", "--json"],
        ["whosaid", "waited for long enough", "--json"],
        ["whosaid", "--by", "Jane Roe", "--json"],
        ["export", "article", "https://gazetteer.example/1", "--format", "json"],
    ],
    ids=" ".join,
)
def test_json_says_of_each_uncertain_outlet_that_it_is(run_with_articles: RunCommand, arguments: list[str]) -> None:
    def check(value: object) -> int:
        if isinstance(value, list):
            return sum(map(check, value))
        if not isinstance(value, dict):
            assert not _UNCONFIRMED.search(str(value)), value
            assert not _CONTRADICTED.search(str(value)), value
            return 0
        if value.get("publisher") == "Easton Gazetteer":
            assert value["provenance"] == "unconfirmed", value
            return 1 + check([item for name, item in value.items() if name != "publisher"])
        return check(list(value.values()))

    assert check(json.loads(run_with_articles(*arguments).out)) > 0


def test_draft_check_marks_uncertain_outlets(run_with_articles: RunCommand) -> None:
    draft = "“We waited for long enough for the harbour wall,” said Tom Poe.".encode()
    shown = run_with_articles("check", "-", stdin=draft).out
    assert "evil.example (calls itself The Guardian)" in shown
    assert not _UNCONFIRMED.search(shown), shown
    assert not _CONTRADICTED.search(shown), shown
