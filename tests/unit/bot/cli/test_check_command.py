"""`ontherecord check`: verdicts as text and JSON, exit statuses, one sentence for what is no draft."""

import json
from pathlib import Path

import pytest

from tests.support.articles import SEEDS
from tests.support.command_line import Run

GOOD = "“I did all I could,” said Jeremy Corbyn.\n"
BAD = "“I did all he could,” said Jeremy Corbyn.\n"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return tmp_path / "draft.txt"


def test_each_quotation_is_told_with_its_line_and_the_sum_ends_it(run: Run, draft: Path) -> None:
    draft.write_text(f"A line.\n{GOOD}{BAD}", encoding="utf-8")
    found = run("check", str(draft), "--from", str(SEEDS))
    assert (found.status, found.err) == (0, "")
    assert "EXACT (line 2, given to Jeremy Corbyn)" in found.out
    assert "DIFFERS (line 3, given to Jeremy Corbyn)\n  “I did all {he} could”" in found.out
    assert "- the draft has “he”, the record “I”" in found.out
    assert "2 quotations: 1 exact, 1 differing. Searched " in found.out


def test_json_has_the_fields_that_others_rely_on(run: Run, draft: Path) -> None:
    draft.write_text(BAD, encoding="utf-8")
    (quote,) = json.loads(run("check", str(draft), "--from", str(SEEDS), "--json").out)["quotes"]
    assert BAD[quote["start"] : quote["end"]] == quote["quote"] == "I did all he could"
    assert (quote["claimed"], quote["verdict"]) == ("Jeremy Corbyn", "differs")
    assert quote["changes"] == [{"draft": "he", "source": "I"}]
    assert {"speaker", "quote", "article", "start", "end", "link", "variants"} <= quote["best"].keys()


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (BAD, 3)])
def test_strict_tells_by_the_exit_status(run: Run, draft: Path, text: str, status: int) -> None:
    draft.write_text(text, encoding="utf-8")
    assert run("check", str(draft), "--from", str(SEEDS), "--strict").status == status


def test_a_draft_may_come_from_standard_input(run: Run) -> None:
    assert "1 exact" in run("check", "-", "--from", str(SEEDS), stdin=GOOD.encode()).out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"Nobody spoke.", "holds no quotation"),
        (b"a\0b", "holds NUL bytes"),
        (b"caf\xe9", "is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is not UTF-8 text"),
        ("“We go.”\n".encode() * 100_000, "is too long"),
        ("“We go.”\n".encode() * 30_000, "at most 200,000 are checked at once"),
    ],
)
def test_what_is_no_draft_is_refused_in_a_sentence(run: Run, draft: Path, content: bytes, said: str) -> None:
    draft.write_bytes(content)
    found = run("check", str(draft), "--from", str(SEEDS))
    assert (found.status, found.out) == (1, "")
    assert found.err.startswith("ontherecord: ")
    assert said in found.err
    assert found.err.count("\n") == 1


def test_a_file_that_is_not_there_and_both_from_standard_input(run: Run, tmp_path: Path) -> None:
    assert "does not exist" in run("check", str(tmp_path / "none.txt")).err
    assert "cannot be read" in run("check", str(tmp_path)).err
    assert "cannot both be standard input" in run("check", "-", "--from", "-").err


def test_whosaid_looks_within_bounds(run: Run) -> None:
    found = run("whosaid", "party", "--from", str(SEEDS), "--outlet", "sharecast", "--json")
    assert {hit["publisher"] for hit in json.loads(found.out)["hits"]} == {"Sharecast"}
    found = run("whosaid", "party", "--from", str(SEEDS), "--since", "2016-06-29", "--json")
    assert {hit["published"] for hit in json.loads(found.out)["hits"]} == {"2016-06-30"}
    found = run("whosaid", "party", "--from", str(SEEDS), "--since", "2016-06-29", "--until", "2016-06-01")
    assert (found.status, found.err) == (1, "ontherecord: The first day is after the last one.\n")
