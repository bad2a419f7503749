"""Read every case file of a format and tell what it gave, as one table row a file.

`python -m tests.gold.file_table FOLDER` prints the table.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from briefings.article import parse_article
from briefings.attribution import extract_quotes
from briefings.errors import BadInput
from briefings.ingest.reader import read_raw_articles
from briefings.model import MIN_CERTAIN_CONFIDENCE, Article, Kind

#: the place of the case files next to the project
CASE_FILES = Path(__file__).parents[3] / "shared" / "cases" / "formats" / "files"


@dataclass(frozen=True, slots=True)
class FileRow:
    """What one file gave: the values of its articles, each once and sorted, and the parts that were not taken."""

    name: str
    articles: int
    days: tuple[str, ...]
    outlets: tuple[str, ...]
    bylines: tuple[str, ...]
    #: speakers of direct quotes whose name is shown
    speakers: tuple[str, ...]
    #: other names that are shown, with indirect speech
    indirect_speakers: tuple[str, ...]
    problems: tuple[str, ...]

    def format(self) -> str:
        """Return the row as one line of a Markdown table."""
        lists = (self.days, self.outlets, self.bylines, self.speakers, self.indirect_speakers, self.problems)
        cells = [self.name, str(self.articles), *("; ".join(values) for values in lists)]
        return f"| {' | '.join(cell.replace('|', '¦') for cell in cells)} |"


def read_rows(folder: Path) -> Iterator[FileRow]:
    """Yield a row for each file below a folder, by name."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield _read_row(path, path.relative_to(folder).as_posix())


def _read_row(path: Path, name: str) -> FileRow:
    errors: list[BadInput] = []
    articles: list[Article] = []
    try:
        articles.extend(read_raw_articles(path, on_error=errors.append))
    except BadInput as error:
        errors.append(error)
    quotes = [
        quote
        for article in articles
        for quote in extract_quotes(parse_article(article))
        if quote.speaker is not None and quote.confidence >= MIN_CERTAIN_CONFIDENCE
    ]
    return FileRow(
        name,
        len(articles),
        _list(str(article.published) for article in articles if article.published),
        _list(article.publisher for article in articles),
        _list(article.byline for article in articles),
        _list(quote.speaker.name for quote in quotes if quote.speaker and quote.kind is not Kind.INDIRECT),
        _list(quote.speaker.name for quote in quotes if quote.speaker and quote.kind is Kind.INDIRECT),
        tuple(str(error).replace(str(path), path.name) for error in errors),
    )


def _list(values: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


if __name__ == "__main__":
    for row in read_rows(Path(sys.argv[1]) if len(sys.argv) > 1 else CASE_FILES):
        sys.stdout.write(row.format() + "\n")
