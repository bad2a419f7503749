"""Collect what happens while one source is read and stored, print its problems, and summarise it by kind of file."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.cli.add.capped_lines import CappedLines
from bot.cli.add.columns import describe_columns
from bot.cli.progress import ReadingProgress, print_line
from bot.cli.queries import format_count
from briefings import Article, BadInput, BriefingsError, IngestedArticle
from briefings.ingest import FileReading, FileType, ReadObserver, measure
from briefings.render import make_printable
from briefings.storage import ArticleStatus

#: types that contain files, which are reported themselves
_CONTAINERS = frozenset({FileType.ZIP, FileType.WACZ})
#: types in which `--columns` names columns or fields, besides the tables that report their columns
_COLUMN_TYPES = frozenset({FileType.JSON_LINES, FileType.TABLE, FileType.PARQUET, FileType.SPREADSHEET})


@dataclass(slots=True)
class KindCount:
    """Numbers of files of one kind and of the articles in them."""

    files: int = 0
    articles: int = 0


class ReadingReport(ReadObserver):
    """Prints each problem of a source, and counts its files, articles and problems."""

    def __init__(self, progress: ReadingProgress) -> None:
        self.progress = progress
        #: number of articles that were read
        self.read_count = 0
        #: whether anything was read that has columns or named fields
        self.has_columns = False
        self._errors = CappedLines("ontherecord: ", print_line)
        self._notes = CappedLines("ontherecord: note: ", print_line)
        #: number of bytes that were read and that the bar shows, and what was read for each article in progress
        self._read_bytes = self._shown_bytes = 0
        self._marks: deque[int] = deque()
        self._statuses: Counter[ArticleStatus] = Counter()
        self._kinds: dict[str, KindCount] = {}
        #: errors that were reported, and those of them that are counted as a file or a part
        self._error_count = 0
        self._assigned_count = 0
        self._refused_files = 0
        self._refused_parts = 0

    @property
    def has_problems(self) -> bool:
        """Tell whether anything was not taken."""
        return bool(self._error_count)

    @property
    def has_only_one_problem(self) -> bool:
        """Tell whether all that happened is one problem, whose message is enough."""
        return not self.read_count and self._error_count == 1

    @property
    def stored_count(self) -> int:
        """Return the number of articles that are stored now, whether new or not."""
        return self._statuses.total()

    def on_error(self, error: BadInput) -> None:
        """Print and count a file or part that was not taken."""
        self.add_refusal(error)

    def on_warning(self, sentence: str) -> None:
        """Print a note about a field that was left out."""
        self._notes.add(sentence)

    def on_columns(self, name: str, columns: Mapping[str, str]) -> None:
        """Print which columns of a table are used."""
        self.has_columns = True
        self._notes.add(describe_columns(name, columns))

    def on_file(self, reading: FileReading) -> None:
        """Count a file and its problems."""
        self._end_lines()
        self.has_columns |= bool(reading.columns) or reading.file_type in _COLUMN_TYPES
        if reading.file_type in _CONTAINERS:
            return  # its files are reported themselves
        self._assigned_count += reading.problems
        if reading.articles or not reading.problems:
            self._refused_parts += reading.problems
            self._count_kind(reading)
        else:
            self._refused_files += 1

    def on_progress(self, byte_count: int) -> None:
        """Count bytes that were read. The bar shows them when the articles read so far are stored."""
        self._read_bytes += byte_count
        if not self._marks:
            self._show_bytes(self._read_bytes)

    def watch(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield the articles, and note how much was read for each: they are read before they are analysed."""
        for article in articles:
            self._marks.append(self._read_bytes)
            yield article

    def add_refusal(self, error: BriefingsError) -> None:
        """Print and count the error that ended the reading."""
        self._error_count += 1
        self._errors.add(str(error))

    def count_read_article(self) -> None:
        """Count an article that was read."""
        self.read_count += 1
        self.progress.add_article()

    def count_article(self, ingested: IngestedArticle) -> None:
        """Count an article that was stored or refused."""
        self.count_read_article()
        if self._marks:
            mark = self._marks.popleft()
            self._show_bytes(mark if self._marks else self._read_bytes)
        if isinstance(ingested.outcome, BadInput):
            self._refused_parts += 1
            self._assigned_count += 1
            self.add_refusal(ingested.outcome)
        else:
            self._statuses[ingested.outcome] += 1

    def end(self, _name: str) -> None:
        """Count the files whose type is not known, after the last file of a source."""
        self._refused_files += max(0, self._error_count - self._assigned_count)
        self._end_lines()

    def note_unused_columns(self, name: str, columns: Mapping[str, str]) -> None:
        """Print a note if the user chose columns, and nothing that was read has any."""
        if columns and not self.has_columns and self.read_count:
            print_line(f"ontherecord: note: --columns was not used, because {name} contains no table.")

    def summarise(self, name: str) -> str:
        """Return a sentence on what was stored, and a table by kind if there are several files."""
        return "\n".join((f"{name}: {self._count_statuses()}.", *self.format_kinds()))

    def format_kinds(self) -> list[str]:
        """Return a table of the kinds of files, largest first; empty if there is only one kind."""
        kinds = sorted(self._kinds.items(), key=lambda item: (-item[1].files, item[0]))
        rows = [
            (name, format_count(kind.files, "file"), format_count(kind.articles, "article")) for name, kind in kinds
        ]
        if self._refused_files:
            rows.append(("not taken", format_count(self._refused_files, "file"), ""))
        return _format_table(rows) if len(rows) > 1 else []

    def describe_refusals(self) -> list[str]:
        """Return the numbers of files and parts that were not taken, without those that are 0."""
        return [
            *([f"{format_count(self._refused_files, 'file')} not taken"] if self._refused_files else []),
            *([f"{format_count(self._refused_parts, 'part')} not taken"] if self._refused_parts else []),
        ]

    def _count_statuses(self) -> str:
        other_counts = (
            (ArticleStatus.UPDATED, "updated"),
            (ArticleStatus.UNCHANGED, "unchanged"),
            (ArticleStatus.OLDER, "older than the stored version"),
        )
        phrases = [f"{format_count(self._statuses[ArticleStatus.NEW], 'article')} added"]
        phrases += [f"{self._statuses[status]:,} {label}" for status, label in other_counts if self._statuses[status]]
        return ", ".join([*phrases, *self.describe_refusals()])

    def _count_kind(self, reading: FileReading) -> None:
        kind = self._kinds.setdefault(str(reading.file_type), KindCount())
        kind.files += 1
        kind.articles += reading.articles

    def _show_bytes(self, byte_count: int) -> None:
        self.progress.add_bytes(byte_count - self._shown_bytes)
        self._shown_bytes = byte_count

    def _end_lines(self) -> None:
        self._errors.end_file()
        self._notes.end_file()


def name_source(path: str) -> str:
    """Return how messages name a source."""
    return "standard input" if path == "-" else make_printable(path)


def measure_source(path: str) -> int | None:
    """Return the number of bytes of a file or folder; None for standard input and pipes."""
    if path == "-" or not (Path(path).is_file() or Path(path).is_dir()):
        return None
    try:
        return measure(path)[1]
    except (BriefingsError, OSError):
        return None  # reading says what is wrong


def _format_table(rows: list[tuple[str, str, str]]) -> list[str]:
    """Return rows of a label and two counts as aligned lines."""
    label_width = max(len(label) for label, _, _ in rows)
    lines = []
    for label, files, articles in rows:
        cells = [f"  {make_printable(label):<{label_width}}", _align_count(files, rows, 1)]
        lines.append("  ".join([*cells, *([_align_count(articles, rows, 2)] if articles else [])]).rstrip())
    return lines


def _align_count(cell: str, rows: list[tuple[str, str, str]], column: int) -> str:
    """Return "3 files" with the numbers of its column right-aligned and the nouns left-aligned."""
    counts = [row[column].split() for row in rows if row[column]]
    number, noun = cell.split()
    number_width, noun_width = (max(len(count[index]) for count in counts) for index in (0, 1))
    return f"{number:>{number_width}} {noun:<{noun_width}}"
