"""`add --dry-run`: read everything, store nothing, and print how each file would be read."""

import sys
from collections.abc import Mapping

from bot.cli.add.columns import list_columns
from bot.cli.add.report import ReadingReport, measure_source, name_source
from bot.cli.progress import ReadingProgress, show_reading
from bot.cli.queries import format_count
from briefings import Article, BriefingsError
from briefings.article import find_opening, parse_article
from briefings.ingest import FileReading, ReadOptions, read_raw_articles
from briefings.render import make_printable
from briefings.text import format_day


class DryRunReport(ReadingReport):
    """Prints how each file is read, in addition to its problems."""

    def __init__(self, progress: ReadingProgress) -> None:
        super().__init__(progress)
        self._first_article: Article | None = None
        self._file_articles = 0

    def add_article(self, article: Article) -> None:
        """Count an article of the current file."""
        self.count_read_article()
        self._first_article = self._first_article or article
        self._file_articles += 1

    def on_columns(self, name: str, columns: Mapping[str, str]) -> None:
        """Leave the mapping of a table to the lines of its file."""

    def on_file(self, reading: FileReading) -> None:
        """Print how a file is read, unless it was not taken."""
        super().on_file(reading)
        if self._first_article is not None:
            self._print_file(reading.name, str(reading.file_type), dict(reading.columns))
        elif not reading.problems and not reading.articles:
            self.progress.print_result(f"{make_printable(reading.name)}: {reading.file_type}, no articles")

    def end(self, name: str) -> None:
        """Print what was read outside any file, as from standard input."""
        super().end(name)
        if self._first_article is not None:
            self._print_file(name, "", {})

    def _print_file(self, name: str, kind: str, columns: dict[str, str]) -> None:
        counts = ", ".join(filter(None, (kind, format_count(self._file_articles, "article"))))
        first_label = "first: " if self._file_articles > 1 else ""
        lines = [f"{name}: {counts}", f"    {first_label}{_describe_article(self._first_article)}"]
        lines += [f"    {list_columns(columns)}"] if columns else []
        for line in lines:
            indent = line[: len(line) - len(line.lstrip())]
            self.progress.print_result(indent + make_printable(line))
        self._first_article, self._file_articles = None, 0


def show(path: str, options: ReadOptions) -> int:
    """Print how the files at a path would be read; return 1 if anything would not be taken."""
    name = name_source(path)
    with show_reading(name, measure_source(path)) as progress:
        report = DryRunReport(progress)
        try:
            for article in read_raw_articles(path, sys.stdin.buffer, observer=report, options=options):
                report.add_article(article)
        except BriefingsError as error:
            report.add_refusal(error)
        report.end(name)
        report.note_unused_columns(name, options.columns)
    if not report.has_only_one_problem:
        counts = [format_count(report.read_count, "article"), *report.describe_refusals()]
        print("\n".join([f"{name}: {', '.join(counts)}. Nothing was stored.", *report.format_kinds()]))
    return 1 if report.has_problems else 0


def _describe_article(raw_article: Article | None) -> str:
    """Return the title, day, outlet and byline that the first article of a file would be stored with."""
    if raw_article is None:
        return ""
    article = parse_article(raw_article)
    title = f"“{article.title}”" if article.title else f"no title ({find_opening(article.text) or 'no text'})"
    return ", ".join(
        (
            title,
            format_day(article.published) if article.published else "no day",
            article.publisher or "no outlet",
            f"by {article.byline}" if article.byline else "no byline",
        )
    )
