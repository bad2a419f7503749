"""The rows of a Parquet file are articles, with columns of any usual names and types."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.parquet import read_parquet
from briefings.model import Article
from tests.support.shared_data import CASE_FILES

arrow = pytest.importorskip("pyarrow", reason="Parquet needs the extra `archives`")
parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs the extra `archives`")

DAY = date(2016, 6, 30)


def read(path: Path, columns: Mapping[str, Any], **chosen: str) -> tuple[list[Article], list[str], dict[str, str]]:
    parquet.write_table(arrow.table(dict(columns)), path / "news.parquet")
    errors: list[str] = []
    mappings: list[Mapping[str, str]] = []
    mapper = RecordMapper("news", ReadOptions(columns=chosen), errors.append)
    articles = list(
        read_parquet(
            path / "news.parquet",
            "news.parquet",
            lambda error: errors.append(str(error)),
            mapper,
            lambda _, mapping: mappings.append(mapping),
        )
    )
    return articles, errors, dict(mappings[0])


@pytest.mark.parametrize(
    ("columns", "article"),
    [
        ({"article": ["One two."], "highlights": ["x"], "id": ["a"]}, Article("a", "One two.")),
        ({"id": [7], "text": ["One two."]}, Article("7", "One two.")),
        ({"id": ["a"], "text": [""]}, Article("a", "")),
        ({"id": ["a"], "text": ["x"], "date": [datetime(2016, 6, 30, 10, tzinfo=UTC)]}, Article("a", "x", None, DAY)),
        ({"id": ["a"], "text": ["x"], "date": [DAY]}, Article("a", "x", None, DAY)),
        (
            {
                "maintext": ["One two."],
                "authors": [["Ann Roe", "Bo Poe"]],
                "source": [{"name": "The Tribune"}],
                "date_publish": ["2016-06-30 10:00:00"],
                "source_domain": ["tribune.example"],
                "url": ["https://tribune.example/a"],
            },
            Article(
                "https://tribune.example/a",
                "One two.",
                "The Tribune",
                DAY,
                "https://tribune.example/a",
                byline="Ann Roe, Bo Poe",
            ),
        ),
    ],
)
def test_columns_are_found_by_name_and_type(tmp_path: Path, columns: Mapping[str, Any], article: Article) -> None:
    articles, errors, _ = read(tmp_path, columns)
    assert articles == [article]
    assert not errors


def test_times_in_nanoseconds_and_after_the_last_year_are_no_crash(tmp_path: Path) -> None:
    nanoseconds = arrow.array([1467280800123456789, 4102444800000000000], arrow.timestamp("ns"))
    articles, _, _ = read(tmp_path, {"text": ["One two.", "Three four."], "date": nanoseconds})
    assert articles[0].published == DAY
    seconds = arrow.array([10**12], arrow.timestamp("s"))
    assert read(tmp_path, {"text": ["One two."], "date": seconds})[0][0].published is None


def test_mapping_is_reported_and_adjusted_by_the_user(tmp_path: Path) -> None:
    articles, _, mapping = read(tmp_path, {"a": ["One two."], "b": ["x y"]}, text="a", title="b")
    assert (articles[0].text, articles[0].title) == ("One two.", "x y")
    assert mapping == {"text": "a", "title": "b"}


def test_numeric_days_need_proof_of_their_order(tmp_path: Path) -> None:
    columns = {"text": ["One two.", "Three four."], "date": ["05/06/2016", "30/06/2016"]}
    assert [article.published for article in read(tmp_path, columns)[0]] == [date(2016, 6, 5), DAY]


def test_a_row_without_a_text_is_left_out_by_number(tmp_path: Path) -> None:
    articles, errors, _ = read(tmp_path, {"id": ["a", "b"], "text": ["One two.", None]})
    assert [article.id for article in articles] == ["a"]
    assert errors == ['news.parquet, row 2: "text" is missing. Add it.']


@pytest.mark.parametrize("columns", [{"a": [1], "b": [2]}, {"title": ["x"], "summary": ["One two."]}])
def test_a_table_without_texts_is_refused_by_name(tmp_path: Path, columns: Mapping[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"news\.parquet has"):
        read(tmp_path, columns)


def test_case_files_give_articles_and_no_errors() -> None:
    paths = sorted((CASE_FILES / "11-warc").glob("*.parquet"))
    if not paths:
        pytest.skip("the shared case files are missing")
    for path in paths:
        errors: list[BadInput] = []
        assert list(read_parquet(path, path.name, errors.append)), path.name
        assert not errors
