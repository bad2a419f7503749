"""At most fifty lines are printed for one reason in one file."""

import pytest

from bot.cli.add.capped_lines import MAX_LINES, CappedLines


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def capped_lines(lines: list[str]) -> CappedLines:
    return CappedLines("ontherecord: ", lines.append)


def test_lines_with_one_reason_are_counted_after_fifty(capped_lines: CappedLines, lines: list[str]) -> None:
    for number in range(1_264):
        capped_lines.add(f'a.jsonl, line {number:,}: "{number}" is not a day.')
    capped_lines.end_file()
    assert len(lines) == MAX_LINES + 1
    assert lines[-1] == "ontherecord: and 1,214 more in a.jsonl"


def test_each_reason_is_counted_for_itself(capped_lines: CappedLines, lines: list[str]) -> None:
    for number in range(60):
        capped_lines.add(f"a.csv, row {number}: the text is missing.")
        capped_lines.add(f"a.csv, row {number}: the title is too long.")
    capped_lines.end_file()
    assert len(lines) == 2 * MAX_LINES + 2


@pytest.mark.parametrize("name", ["scan {}.pdf", "a, line {}.txt", "page {}.html", "{}"])
def test_every_file_has_its_line(capped_lines: CappedLines, lines: list[str], name: str) -> None:
    for number in range(200):
        capped_lines.add(f"{name.format(number)} is a scan without text.")
        capped_lines.end_file()
    assert len(lines) == 200


def test_files_that_differ_only_by_a_number_are_not_taken_for_one(capped_lines: CappedLines, lines: list[str]) -> None:
    for number in range(200):
        capped_lines.add(f"scan {number}.pdf is a scan without text.")
    capped_lines.end_file()
    assert len(lines) == 200
