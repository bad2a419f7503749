"""Every case file of a format gives the articles, days, outlets, bylines and speakers that a reader finds in it."""

from pathlib import Path

import pytest

from tests.gold.file_table import CASE_FILES, read_rows

_TABLE = Path(__file__).with_name("formats.md")


def test_case_files_give_what_a_reader_finds_in_them() -> None:
    if not CASE_FILES.is_dir():
        pytest.skip("the case files are missing: ../shared/cases/formats/files")
    expected = [line for line in _TABLE.read_text().splitlines() if line.startswith("| ")][1:]
    assert [row.format() for row in read_rows(CASE_FILES)] == expected
