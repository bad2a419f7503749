"""One record and its article, and a reader of records that keeps errors and warnings."""

import json
from datetime import date
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.context import ReadObserver, ReadOptions
from briefings.ingest.pages.html import read_page
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.json_lines import read_json
from briefings.model import Article

TEXT = "The council voted to shut the bridge.\n“We have waited too long,” said Jane Roe, the mayor."
URL = "https://tribune.example/bridge"
DAY = date(2016, 6, 30)
MARKUP = (
    "<p>The council voted to shut the bridge on Tuesday evening.</p>"
    "<p>“We have waited too long,” said <a href='/r'>Jane Roe</a>, the mayor &amp; chair.</p>"
)
MARKUP_TEXT = (
    "The council voted to shut the bridge on Tuesday evening.\n"
    "“We have waited too long,” said Jane Roe, the mayor & chair."
)
ARTICLE = Article(URL, TEXT, "The Tribune", DAY, URL, "Bridge shut", "Jane Roe")
#: same, with an id of its own
OWN_ID = Article("n1", TEXT, "The Tribune", DAY, URL, "Bridge shut", "Jane Roe")


class Observer(ReadObserver):
    """Observer that collects errors and warnings."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def on_error(self, error: BadInput) -> None:
        self.errors.append(str(error))

    def on_warning(self, sentence: str) -> None:
        self.warnings.append(sentence)


def read(tmp_path: Path, value: object, **columns: str) -> tuple[list[Article], Observer]:
    path = tmp_path / "news.json"
    path.write_text(json.dumps(value), "utf-8")
    observer = Observer()
    mapper = RecordMapper("news", ReadOptions(columns=columns), observer.on_warning, read_page)
    with path.open("rb") as stream:
        return list(read_json(stream, "news.json", mapper, observer.on_error)), observer
