"""List the files of a ZIP or WACZ archive, with bounds, and open them one by one.

Rule: a name in an archive is only a label. Nothing is written to disk under it.
Rule: an archive whose list of files contradicts itself is refused; a file in it that can't be read is named.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from briefings.errors import BadInput
from briefings.ingest.context import Content, ReadObserver
from briefings.ingest.files.article_ids import ArticleIds, clean_path
from briefings.ingest.files.ignored_files import (
    find_page_stems,
    is_companion_folder,
    is_ignored_name,
    is_page_part,
    is_readme,
    is_settings_file,
)
from briefings.ingest.formats.compression import ALWAYS_ALLOWED_BYTES, MAX_EXPANSION_RATIO
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.integrity import Damage, Integrity
from briefings.ingest.formats.zip_type import ZIP_ERRORS, list_files

#: maximum number of archives inside each other
MAX_DEPTH = 2
_MAX_FILES = 100_000
_MAX_TOTAL_BYTES = 20_000_000_000
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    #: name of the archive and path inside it, for messages
    name: str
    article_id: str
    integrity: Integrity
    _package: ZipFile
    _info: ZipInfo

    def open(self) -> BinaryIO:
        """Open the file's content. Damage ends it and is reported to `integrity`. Raises BadInput if it can't be."""
        try:
            file = self._package.open(self._info)
        except ZIP_ERRORS as error:
            raise BadInput(f"{self.name} is damaged in its archive. Download or create the archive again.") from error
        return cast("BinaryIO", _MemberFile(file, self.integrity))


def iterate_members(package: ZipFile, content: Content, observer: ReadObserver) -> Iterator[Member]:
    """Yield the files of an archive in the order of their names; report those that can't be opened.

    Of a web archive (WACZ), only the WARC files are yielded. Raises BadInput if the archive as a whole can't be read.
    """
    if content.depth >= MAX_DEPTH:
        raise BadInput(f"{content.name} is an archive inside {MAX_DEPTH} others. Unpack the outer ones.")
    entries = list_files(package)
    _check_sizes(entries, content)
    article_ids = ArticleIds()
    for path, info in sorted(_select_entries(entries, content, observer), key=lambda entry: entry[0]):
        name = f"{content.name}/{path}"
        try:
            _check_entry(info, name)
        except BadInput as error:
            observer.on_error(error)
        else:
            article_id = f"{content.article_id}/{article_ids.allocate(path)}"
            yield Member(name, article_id, Integrity(name), package, info)


def _select_entries(entries: list[ZipInfo], content: Content, observer: ReadObserver) -> Iterator[tuple[str, ZipInfo]]:
    """Yield the files to read with their labels, without files of the system and parts of saved pages."""
    paths = [(PurePosixPath(clean_path(info.filename)), info) for info in entries]
    page_stems = find_page_stems(str(path) for path, _ in paths)
    for path, info in paths:
        is_part = any(is_companion_folder(str(folder), page_stems) for folder in path.parents) and is_page_part(
            path.name
        )
        if not path.parts or is_part or any(is_ignored_name(part) for part in path.parts):
            continue
        if content.file_type is FileType.WACZ:
            if path.parts[0] == "archive" and path.name.lower().endswith((".warc", ".warc.gz")):
                yield str(path), info
        elif is_readme(path.name):
            observer.on_warning(f"{content.name}/{path} was skipped, because it describes the archive.")
        elif is_settings_file(path.name):
            observer.on_warning(
                f"{content.name}/{path} was not used. To use it, unpack the archive and add the folder."
            )
        else:
            yield str(path), info


def _check_sizes(entries: list[ZipInfo], content: Content) -> None:
    if len(entries) > _MAX_FILES:
        raise BadInput(f"{content.name} contains more than {_MAX_FILES:,} files. Unpack it and add the folder.")
    if sum(info.file_size for info in entries) > _MAX_TOTAL_BYTES:
        raise BadInput(f"{content.name} unpacks to more than {_MAX_TOTAL_BYTES:,} bytes. Unpack it and add the folder.")
    position = content.stream.tell()
    archive_size = content.stream.seek(0, io.SEEK_END)
    content.stream.seek(position)
    if sum(info.compress_size for info in entries) > archive_size:
        raise BadInput(f"{content.name} claims to contain more than its own size, so it was not read. Check the file.")


def _check_entry(info: ZipInfo, name: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise BadInput(f"{name} is protected with a password. Unpack the archive and add the folder.")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise BadInput(f"{name} is compressed in a way that can't be read. Unpack the archive and add the folder.")
    if info.file_size > ALWAYS_ALLOWED_BYTES and info.file_size > MAX_EXPANSION_RATIO * info.compress_size:
        raise BadInput(
            f"{name} decompresses to more than {MAX_EXPANSION_RATIO} times its size, so it was not read. "
            "Check the archive."
        )


class _MemberFile(io.RawIOBase):
    """Content of a file in an archive, which ends at damage."""

    def __init__(self, file: object, integrity: Integrity) -> None:
        self._file, self._integrity, self._is_finished = cast("BinaryIO", file), integrity, False

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        if self._is_finished:
            return 0
        try:
            data = self._file.read(len(target))
        except ZIP_ERRORS:
            self._is_finished = True
            self._integrity.report(Damage.CORRUPT, "")
            return 0
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        with suppress(*ZIP_ERRORS):
            self._file.close()
        super().close()
