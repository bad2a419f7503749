"""Detect what a ZIP file is: an office document, a book, a web archive, or an archive of files.

Rule: the names and the declared type inside decide, never the extension. Packages of other programs are refused by
name with what to do.
"""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Set
from typing import BinaryIO, cast

from briefings.errors import BadInput
from briefings.ingest.formats.file_type import FileType

#: maximum size of the list of files in bytes; 100,000 names have 10 million
_MAX_DIRECTORY_BYTES = 10_000_000
#: maximum size of a part that declares the type, in bytes
_MAX_DECLARATION_BYTES = 1_000_000
#: what `zipfile` raises for damaged and for unsupported files
ZIP_ERRORS = (
    zipfile.BadZipFile,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    ValueError,
    EOFError,
    zlib.error,
    OSError,
    RuntimeError,
    KeyError,
)
_ENCRYPTED = 0x1

_OPEN_DOCUMENT_PREFIX = "application/vnd.oasis.opendocument."
#: types that the part "mimetype" declares
_DECLARED_TYPES = {
    "application/epub+zip": FileType.EPUB,
    f"{_OPEN_DOCUMENT_PREFIX}text": FileType.OPEN_DOCUMENT,
    f"{_OPEN_DOCUMENT_PREFIX}text-template": FileType.OPEN_DOCUMENT,
    f"{_OPEN_DOCUMENT_PREFIX}text-master": FileType.OPEN_DOCUMENT,
    f"{_OPEN_DOCUMENT_PREFIX}spreadsheet": FileType.SPREADSHEET,
    f"{_OPEN_DOCUMENT_PREFIX}spreadsheet-template": FileType.SPREADSHEET,
}
_SLIDES_ADVICE = "Export it as PDF and add that."
_TEXT_ADVICE = "Save it as .docx or PDF and add that."
_SHEET_ADVICE = "Save it as .xlsx or .csv and add that."
#: declared types that are refused, by prefix: description and advice
_REFUSED_DECLARATIONS = (
    (f"{_OPEN_DOCUMENT_PREFIX}presentation", "an OpenDocument presentation", _SLIDES_ADVICE),
    (_OPEN_DOCUMENT_PREFIX, "an OpenDocument file without running text", _SLIDES_ADVICE),
    ("application/vnd.sun.xml.calc", "an old OpenOffice spreadsheet", _SHEET_ADVICE),
    ("application/vnd.sun.xml.impress", "an old OpenOffice presentation", _SLIDES_ADVICE),
    ("application/vnd.sun.xml", "an old OpenOffice document", _TEXT_ADVICE),
    ("application/vnd.adobe.indesign", "an InDesign file", "Export it as PDF or RTF and add that."),
    ("application/hwp", "a Hangul document", _TEXT_ADVICE),
    ("application/", "a package of another program", "Export it as .docx, PDF or text and add that."),
)
#: families of Office packages by the content type of the main part, and by the folder of their parts
_OFFICE_FAMILIES = {
    "wordprocessingml": "word",
    "ms-word": "word",
    "spreadsheetml": "xl",
    "ms-excel": "xl",
    "presentationml": "ppt",
    "ms-powerpoint": "ppt",
    "ms-visio": "visio",
}
_OFFICE_TYPES = {"word": FileType.WORD, "xl": FileType.SPREADSHEET}
_REFUSED_OFFICE = {
    "ppt": ("a PowerPoint presentation", _SLIDES_ADVICE),
    "visio": ("a Visio drawing", _SLIDES_ADVICE),
}
_MAIN_PART = re.compile(r"/vnd\.(?:openxmlformats-officedocument\.)?([a-z-]{2,20})\.[\w.]{1,60}\bmain\b")
_APPLE_NAMES = {
    ".pages": ("a Pages document", "Export it from Pages as Word or PDF and add that."),
    ".numbers": ("a Numbers spreadsheet", "Export it from Numbers as Excel or CSV and add that."),
    ".key": ("a Keynote presentation", "Export it from Keynote as PDF and add that."),
}
_APPLE_FILE = ("a Pages, Numbers or Keynote file", "Export it as Word, Excel or PDF and add that.")


class _BoundedFile:
    """File whose single reads are bounded until it is open: `zipfile` reads the whole list of files at once."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name
        self.seek, self.tell, self.is_bounded = file.seek, file.tell, True

    def read(self, size: int = -1) -> bytes:
        if self.is_bounded and size > _MAX_DIRECTORY_BYTES:
            raise BadInput(f"{self._name} contains too many files. Unpack it and add the folder.")
        return self._file.read(size)

    def seekable(self) -> bool:
        return True


def detect_zip_type(file: BinaryIO, name: str) -> FileType:
    """Return the type of a ZIP file, which must be seekable: `FileType.ZIP` if it is an archive of files.

    Raises BadInput if the file is damaged, encrypted, or of a type that isn't supported. The file's position changes.
    """
    with open_zip(file, name) as package:
        entries = list_files(package)
        if not entries:
            raise BadInput(f"{name} is an empty ZIP archive. Create it again.")
        if all(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise BadInput(f"{name} is protected with a password. Unpack it and add the folder.")
        names = frozenset(entry.filename for entry in entries)
        detectors: tuple[Callable[[], FileType | None], ...] = (
            lambda: _detect_declared(_read_declaration(package, "mimetype"), name),
            lambda: _detect_office(package, names, name),
            lambda: _detect_apple(names, name),
            lambda: _detect_undeclared(package, names, name),
        )
        return next((file_type for detect in detectors if (file_type := detect())), FileType.ZIP)


def open_zip(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """Open a ZIP file with a bounded list of files. Raises BadInput if it is damaged or has too many files."""
    bounded_file = _BoundedFile(file, name)
    try:
        package = zipfile.ZipFile(cast("BinaryIO", bounded_file))
    except ZIP_ERRORS as error:
        raise BadInput(f"{name} is a damaged or incomplete ZIP file. Download or create it again.") from error
    bounded_file.is_bounded = False
    return package


def list_files(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries of a ZIP file that are files with a name, in the order of its directory."""
    return [entry for entry in package.infolist() if entry.filename and not entry.is_dir()]


def _read_declaration(package: zipfile.ZipFile, part: str) -> str:
    """Return the text of a part that declares the type; empty if it is missing, damaged or too long."""
    try:
        with package.open(part) as stream:
            data = stream.read(_MAX_DECLARATION_BYTES + 1)
    except ZIP_ERRORS:
        return ""
    return data.decode("utf-8", "replace").strip("\ufeff \r\n\t") if len(data) <= _MAX_DECLARATION_BYTES else ""


def _detect_declared(declaration: str, name: str) -> FileType | None:
    declared = declaration.lower()
    if file_type := _DECLARED_TYPES.get(declared):
        return file_type
    for prefix, description, advice in _REFUSED_DECLARATIONS:
        if declared.startswith(prefix):
            raise _refusal(name, description, advice)
    return None


def _detect_office(package: zipfile.ZipFile, names: Set[str], name: str) -> FileType | None:
    if any(part.lower().endswith(".fdseq") for part in names):
        raise _refusal(name, "an XPS document", "Print it to a PDF file and add that.")
    if "[Content_Types].xml" not in names:
        return None
    main_parts = _MAIN_PART.findall(_read_declaration(package, "[Content_Types].xml"))
    declared = [_OFFICE_FAMILIES[family] for family in main_parts if family in _OFFICE_FAMILIES]
    folders = {part.partition("/")[0].lower() for part in names if "/" in part}
    family = next((family for family in (*declared, "word", "xl", "ppt", "visio") if family in folders), "")
    if family in _REFUSED_OFFICE:
        raise _refusal(name, *_REFUSED_OFFICE[family])
    return _OFFICE_TYPES.get(family)


def _detect_apple(names: Set[str], name: str) -> None:
    if any(part.startswith("Index/") and part.endswith(".iwa") for part in names) or (
        "Index.zip" in names or "index.apxl" in names or names >= {"index.xml", "buildVersionHistory.plist"}
    ):
        suffix = next((suffix for suffix in _APPLE_NAMES if name.lower().endswith(suffix)), "")
        raise _refusal(name, *_APPLE_NAMES.get(suffix, _APPLE_FILE))


def _detect_undeclared(package: zipfile.ZipFile, names: Set[str], name: str) -> FileType | None:
    """Detect packages whose type is not declared in the way of their format."""
    if "datapackage.json" in names and any(
        part.startswith("archive/") and part.lower().endswith((".warc", ".warc.gz")) for part in names
    ):
        return FileType.WACZ
    if "META-INF/container.xml" in names and any(part.lower().endswith(".opf") for part in names):
        return FileType.EPUB
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        manifest = _read_declaration(package, "META-INF/manifest.xml")
        position = manifest.find(_OPEN_DOCUMENT_PREFIX)
        declared = manifest[position : position + 100].partition('"')[0] if position >= 0 else ""
        return _detect_declared(declared, name)
    return None


def _refusal(name: str, description: str, advice: str) -> BadInput:
    return BadInput(f"{name} is {description}, which can't be read. {advice}")
