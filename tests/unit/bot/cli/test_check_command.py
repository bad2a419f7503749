"""`ontherecord check`: verdicts as text and JSON, exit statuses, and messages for unreadable drafts."""

import json
from pathlib import Path

import pytest

from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand

EXACT_LINE = "“I did all I could,” said Jeremy Corbyn.\n"
INEXACT_LINE = "“I did all he could,” said Jeremy Corbyn.\n"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Return the path of the draft."""
    return tmp_path / "draft.txt"


def test_each_verdict_has_its_line_and_the_counts_come_last(run: RunCommand, draft: Path) -> None:
    draft.write_text(f"A line.\n{EXACT_LINE}{INEXACT_LINE}", encoding="utf-8")
    result = run("check", str(draft), "--from", str(SEEDS))
    assert (result.status, result.err) == (0, "")
    assert "EXACT (line 2, attributed to Jeremy Corbyn)" in result.out
    assert "DIFFERS (line 3, attributed to Jeremy Corbyn)\n  “I did all {he} could”" in result.out
    assert "- the draft says “he”, the source says “I”" in result.out
    assert "2 quotes: 1 exact, 1 differing. Searched " in result.out


def test_json_has_the_documented_fields(run: RunCommand, draft: Path) -> None:
    draft.write_text(INEXACT_LINE, encoding="utf-8")
    (quote,) = json.loads(run("check", str(draft), "--from", str(SEEDS), "--json").out)["quotes"]
    assert INEXACT_LINE[quote["start"] : quote["end"]] == quote["quote"] == "I did all he could"
    assert (quote["claimed"], quote["verdict"]) == ("Jeremy Corbyn", "differs")
    assert quote["changes"] == [{"draft": "he", "source": "I"}]
    assert {"speaker", "quote", "article", "start", "end", "link", "variants"} <= quote["best"].keys()


@pytest.mark.parametrize(("text", "status"), [(EXACT_LINE, 0), (INEXACT_LINE, 3)])
def test_strict_sets_the_exit_status(run: RunCommand, draft: Path, text: str, status: int) -> None:
    draft.write_text(text, encoding="utf-8")
    assert run("check", str(draft), "--from", str(SEEDS), "--strict").status == status


@pytest.mark.parametrize(
    "text",
    [
        EXACT_LINE + "\n" + "“We close today.” " * 310,
        EXACT_LINE + "\n" + '"We close today." ' * 310,
        EXACT_LINE + "\nWe shall close the road,” she said.",
        EXACT_LINE + "\nShe said: ‘We shall close the road.",
        EXACT_LINE + "\n「We shall close the road」, she said.",
    ],
)
def test_strict_fails_and_the_count_is_shown_if_a_mark_is_unchecked(run: RunCommand, draft: Path, text: str) -> None:
    draft.write_text(text, encoding="utf-8")
    result = run("check", str(draft), "--from", str(SEEDS), "--strict")
    assert result.status == 3
    count = int(result.out.rsplit(" not checked", 1)[0].split()[-1])
    report = json.loads(run("check", str(draft), "--from", str(SEEDS), "--json").out)
    assert report["unchecked"] == count == sum(quote["verdict"] == "unchecked" for quote in report["quotes"]) > 0


def test_phrases_that_are_no_quotes_are_named(run: RunCommand, draft: Path) -> None:
    draft.write_text(f"The film “Zebra Sunrise” ran at the workers’ hall.\n{EXACT_LINE}", encoding="utf-8")
    assert "have no speaker: “Zebra Sunrise” (line 1)." in run("check", str(draft), "--from", str(SEEDS)).out
    report = json.loads(run("check", str(draft), "--from", str(SEEDS), "--json").out)
    assert [item["text"] for item in report["ignored"]] == ["“Zebra Sunrise”", "’"]
    assert all(item["reason"] for item in report["ignored"])


def test_a_draft_can_come_from_standard_input(run: RunCommand) -> None:
    assert "1 exact" in run("check", "-", "--from", str(SEEDS), stdin=EXACT_LINE.encode()).out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"No quotes here.", "has no quotes"),
        (b"a\0b", "contains NUL bytes"),
        (b"caf\xe9", "is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is not UTF-8 text"),
        ("“We go.”\n".encode() * 100_000, "is too long"),
        ("“We go.”\n".encode() * 30_000, "the limit is 200,000"),
    ],
)
def test_an_unreadable_draft_is_refused_with_one_message(
    run: RunCommand, draft: Path, content: bytes, message: str
) -> None:
    draft.write_bytes(content)
    result = run("check", str(draft), "--from", str(SEEDS))
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("ontherecord: ")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_a_missing_draft_and_one_input_for_both_are_refused(run: RunCommand, tmp_path: Path) -> None:
    assert "was not found" in run("check", str(tmp_path / "missing.txt")).err
    assert "Can't read" in run("check", str(tmp_path)).err
    assert "can't both be standard input" in run("check", "-", "--from", "-").err


def test_whosaid_filters_by_outlet_and_date(run: RunCommand) -> None:
    result = run("whosaid", "party", "--from", str(SEEDS), "--outlet", "sharecast", "--json")
    assert {hit["publisher"] for hit in json.loads(result.out)["hits"]} == {"Sharecast"}
    result = run("whosaid", "party", "--from", str(SEEDS), "--since", "2016-06-29", "--json")
    assert {hit["published"] for hit in json.loads(result.out)["hits"]} == {"2016-06-30"}
    result = run("whosaid", "party", "--from", str(SEEDS), "--since", "2016-06-29", "--until", "2016-06-01")
    assert (result.status, result.err) == (
        1,
        "ontherecord: The start date is after the end date. Swap them, or remove one.\n",
    )
