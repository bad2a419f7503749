"""`add` counts files, articles and problems by kind, and prints each problem once."""

from collections.abc import Iterator

import pytest

from bot.cli.add.report import ReadingReport
from bot.cli.progress import ReadingProgress, show_reading
from briefings import Article, BadInput, IngestedArticle
from briefings.ingest import FileReading, FileType
from briefings.storage import ArticleStatus

ARTICLE = Article("a", "The hall was full.")


@pytest.fixture
def report() -> ReadingReport:
    with show_reading("news", 1_000) as progress:
        return ReadingReport(progress)


def add_articles(report: ReadingReport, count: int, status: ArticleStatus = ArticleStatus.NEW) -> None:
    for _ in range(count):
        report.count_article(IngestedArticle(ARTICLE, status))


def test_a_folder_is_summarised_by_kind(report: ReadingReport, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        add_articles(report, 1)
        report.on_file(FileReading(name, FileType.PDF, 1, 0))
    add_articles(report, 11)
    add_articles(report, 1, ArticleStatus.UNCHANGED)
    report.on_error(BadInput("nexis.txt, document 13: it has no text."))
    report.on_file(FileReading("nexis.txt", FileType.NEXIS, 12, 1))
    report.on_file(FileReading("scan.pdf", FileType.PDF, 0, 1))
    report.on_error(BadInput("scan.pdf is a scan without text. Run OCR on it, then add it again."))
    report.on_error(BadInput("photo.png is an image, which can't be read."))
    report.end("news")
    assert report.has_problems
    assert report.summarise("news").splitlines() == [
        "news: 14 articles added, 1 unchanged, 2 files not taken, 1 part not taken.",
        "  PDF        3 files   3 articles",
        "  Nexis      1 file   12 articles",
        "  not taken  2 files",
    ]
    assert capsys.readouterr().err.splitlines() == [
        "ontherecord: nexis.txt, document 13: it has no text.",
        "ontherecord: scan.pdf is a scan without text. Run OCR on it, then add it again.",
        "ontherecord: photo.png is an image, which can't be read.",
    ]


class ByteCounter(ReadingProgress):
    """Progress without a bar that remembers how many bytes it would show."""

    def __init__(self) -> None:
        self.byte_count = 0

    def add_bytes(self, byte_count: int) -> None:
        self.byte_count += byte_count

    def add_article(self) -> None:
        pass


def test_the_bar_moves_when_articles_are_stored_and_not_when_they_are_read() -> None:
    progress = ByteCounter()
    report = ReadingReport(progress)

    def read_files() -> Iterator[Article]:
        report.on_progress(100)
        for number in range(3):
            report.on_progress(10)
            yield Article(str(number), "The hall was full.")
        report.on_progress(5)

    shown: list[int] = []
    batch = list(report.watch(read_files()))
    shown.append(progress.byte_count)
    for article in batch:
        report.count_article(IngestedArticle(article, ArticleStatus.NEW))
        shown.append(progress.byte_count)
    assert shown == [110, 110, 120, 135]


def test_a_single_file_has_no_table(report: ReadingReport) -> None:
    add_articles(report, 2)
    report.on_file(FileReading("a.csv", FileType.TABLE, 2, 0))
    report.end("a.csv")
    assert report.summarise("a.csv") == "a.csv: 2 articles added."
    assert not report.has_problems


def test_files_of_an_archive_are_counted_and_not_the_archive(report: ReadingReport) -> None:
    add_articles(report, 1)
    report.on_file(FileReading("some.zip/a.txt", FileType.TEXT, 1, 0))
    report.on_file(FileReading("some.zip/b.pdf", FileType.PDF, 0, 1))
    report.on_error(BadInput("some.zip/b.pdf is a scan without text."))
    report.on_file(FileReading("some.zip", FileType.ZIP, 0, 1))
    report.end("some.zip")
    assert report.summarise("some.zip").splitlines() == [
        "some.zip: 1 article added, 1 file not taken.",
        "  text       1 file  1 article",
        "  not taken  1 file",
    ]


def test_one_problem_and_nothing_else_needs_no_summary(report: ReadingReport) -> None:
    report.add_refusal(BadInput("nowhere was not found. Check the name."))
    report.end("nowhere")
    assert report.has_only_one_problem


def test_an_article_that_cannot_be_stored_is_a_problem(
    report: ReadingReport, capsys: pytest.CaptureFixture[str]
) -> None:
    add_articles(report, 1)
    report.count_article(IngestedArticle(ARTICLE, BadInput("a is already the id of 20 other articles.")))
    report.end("a.jsonl")
    assert report.summarise("a.jsonl") == "a.jsonl: 1 article added, 1 part not taken."
    assert "already the id" in capsys.readouterr().err


def test_the_mapping_of_a_table_and_dropped_fields_are_notes(
    report: ReadingReport, capsys: pytest.CaptureFixture[str]
) -> None:
    report.on_columns("a.csv", {"publisher": "source", "published": "date_publish", "text": "body"})
    report.on_warning('a.csv, row 3: "date" is not a day.\x1b[31m')
    assert capsys.readouterr().err.splitlines() == [
        "ontherecord: note: a.csv: text from “body”, day from “date_publish”, outlet from “source”. "
        "Change it with --columns text=…",
        'ontherecord: note: a.csv, row 3: "date" is not a day. [31m',
    ]
    assert not report.has_problems
