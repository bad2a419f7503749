"""Watch the reading of one file: count its problems, and drop the errors that damage causes."""

from collections.abc import Mapping

from briefings.errors import BadInput
from briefings.ingest.context import Content, FileReading, ReadObserver
from briefings.ingest.formats.file_type import FileType


class ContentObserver(ReadObserver):
    """Observer of one file that passes everything on to the observer of the user.

    Once the content has ended in damage, the errors of its last part are dropped: the damage is told once, by
    `report_end`. A table is copied before it is read, so all its errors come after the damage and are passed on.
    """

    def __init__(self, observer: ReadObserver, content: Content) -> None:
        self._observer, self._content = observer, content
        self._columns: Mapping[str, str] = {}
        self.problem_count = 0

    def on_error(self, error: BadInput) -> None:
        """Count and pass on an error, unless damage caused it."""
        if self._content.integrity.damage is None or self._content.file_type is FileType.TABLE:
            self.problem_count += 1
            self._observer.on_error(error)

    def on_warning(self, sentence: str) -> None:
        """Pass on a warning."""
        self._observer.on_warning(sentence)

    def on_columns(self, name: str, columns: Mapping[str, str]) -> None:
        """Remember and pass on the mapping of a table."""
        self._columns = columns
        self._observer.on_columns(name, columns)

    def report_end(self, article_count: int, error: BadInput | None) -> None:
        """Report the result of the file and the error that ended it, if any.

        Raises this error if no article was taken: the file as a whole can't be read.
        """
        if self._content.integrity.damage is not None:
            error = self._content.integrity.build_error(0 if self._observer.is_strict else article_count)
        self.problem_count += error is not None
        if self._content.file_type not in {FileType.ZIP, FileType.WACZ}:
            self._report_file(article_count)
        elif self.problem_count:
            self._report_file(0)
        if error is not None:
            if not article_count:
                raise error
            self._observer.on_error(error)

    def _report_file(self, article_count: int) -> None:
        name, file_type = self._content.name, self._content.file_type
        self._observer.on_file(FileReading(name, file_type, article_count, self.problem_count, self._columns))
