"""The parts inside a ZIP file tell what it is; packages that are not read are refused by name."""

import zipfile
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.zip_type import detect_zip_type

ODF = "application/vnd.oasis.opendocument."
OFFICE = "application/vnd.openxmlformats-officedocument."
WORD_TYPES = f"{OFFICE}spreadsheetml.sheet {OFFICE}wordprocessingml.document.main+xml"
SLIDES, SHEET = f"{OFFICE}presentationml.presentation.main+xml", f"{OFFICE}spreadsheetml.sheet"


def build_zip(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def encrypt_flags(data: bytes) -> bytes:
    """Set the flag of encryption on each entry, in both headers."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        position = data.find(signature)
        while position >= 0:
            changed[position + offset] |= 1
            position = data.find(signature, position + 1)
    return bytes(changed)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"[Content_Types].xml": "", "word/document.xml": ""}, FileType.WORD),
        ({"[Content_Types].xml": WORD_TYPES, "word/document2.xml": "", "xl/embedded.bin": ""}, FileType.WORD),
        ({"[Content_Types].xml": "", "xl/workbook.xml": ""}, FileType.SPREADSHEET),
        ({"[Content_Types].xml": "", "xl/workbook.bin": ""}, FileType.SPREADSHEET),
        ({"mimetype": f"{ODF}text", "content.xml": ""}, FileType.OPEN_DOCUMENT),
        ({"mimetype": f"{ODF}text-template\n", "content.xml": ""}, FileType.OPEN_DOCUMENT),
        ({"mimetype": f"{ODF}spreadsheet", "content.xml": ""}, FileType.SPREADSHEET),
        (
            {"content.xml": "", "META-INF/manifest.xml": f'<m full-path="/" media-type="{ODF}text"/>'},
            FileType.OPEN_DOCUMENT,
        ),
        ({"mimetype": "application/epub+zip", "META-INF/container.xml": ""}, FileType.EPUB),
        ({"META-INF/container.xml": "", "OEBPS/content.opf": ""}, FileType.EPUB),
        ({"datapackage.json": "{}", "archive/data.warc.gz": ""}, FileType.WACZ),
        ({"a.txt": "Hello", "b/c.html": "<p>"}, FileType.ZIP),
        ({"mimetype": "text/plain", "a.txt": "Hello"}, FileType.ZIP),
        ({"word/notes.txt": "Hello"}, FileType.ZIP),
        ({"content.xml": "", "META-INF/manifest.xml": "<x/>"}, FileType.ZIP),
    ],
)
def test_parts_inside_tell_the_type_of_a_zip_file(parts: dict[str, str], expected: FileType) -> None:
    assert detect_zip_type(BytesIO(build_zip(parts)), "any.bin") is expected


@pytest.mark.parametrize(
    ("name", "parts", "message"),
    [
        ("a.pptx", {"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "a.pptx is a PowerPoint presentation"),
        (
            "b.pptx",
            {"[Content_Types].xml": f"/{SLIDES}{SHEET}", "ppt/p.xml": "", "ppt/x.xlsx": "", "xl/a": ""},
            "a PowerPoint",
        ),
        ("a.vsdx", {"[Content_Types].xml": "", "visio/document.xml": ""}, "a Visio drawing"),
        ("a.xps", {"[Content_Types].xml": "", "FixedDocSeq.fdseq": "", "Documents/1/x": ""}, "an XPS document"),
        ("a.odp", {"mimetype": f"{ODF}presentation"}, "an OpenDocument presentation"),
        ("a.odg", {"mimetype": f"{ODF}graphics"}, "without running text"),
        ("a.sxw", {"mimetype": "application/vnd.sun.xml.writer"}, "an old OpenOffice document"),
        ("a.idml", {"mimetype": "application/vnd.adobe.indesign-idml-package"}, "an InDesign file"),
        ("a.x", {"mimetype": "application/x-unknown"}, "a package of another program"),
        ("a.PAGES", {"Index/Document.iwa": ""}, "a Pages document"),
        ("a.numbers", {"Index/Tables/DataList.iwa": ""}, "a Numbers spreadsheet"),
        ("a.key", {"index.apxl": ""}, "a Keynote presentation"),
        ("a", {"Index/Document.iwa": ""}, "a Pages, Numbers or Keynote file"),
        ("a.zip", {"folder/": ""}, "an empty ZIP archive"),
    ],
)
def test_package_of_another_program_is_refused_by_name(name: str, parts: dict[str, str], message: str) -> None:
    with pytest.raises(BadInput, match=rf"^{name} is ") as error:
        detect_zip_type(BytesIO(build_zip(parts)), name)
    assert message in str(error.value)


def test_zip_file_with_a_password_is_refused() -> None:
    with pytest.raises(BadInput, match=r"a\.zip is protected with a password"):
        detect_zip_type(BytesIO(encrypt_flags(build_zip({"a.txt": "Hello", "b.txt": "x"}))), "a.zip")


def test_file_without_a_name_is_ignored() -> None:
    data = build_zip({"a.txt": "The hall.", "qqq": "The road."}).replace(b"qqq", b"\0qq")  # its name is cut at the NUL
    assert detect_zip_type(BytesIO(data), "a.zip") is FileType.ZIP


def test_zip_file_with_a_huge_list_of_files_is_refused() -> None:
    data = build_zip({"a.txt": "x"})
    end = data.rfind(b"PK\x05\x06")
    grown = bytearray(data[:end] + bytes(10_000_001) + data[end:])
    end = grown.rfind(b"PK\x05\x06")
    grown[end + 12 : end + 16] = (10_000_001).to_bytes(4, "little")
    with pytest.raises(BadInput, match=r"a\.zip contains too many files"):
        detect_zip_type(BytesIO(bytes(grown)), "a.zip")


@given(st.data())
def test_damaged_zip_file_gives_a_type_or_is_refused(data: st.DataObject) -> None:
    content = bytearray(build_zip({"[Content_Types].xml": "", "word/document.xml": "<x/>" * 20}))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    with suppress(BadInput):
        detect_zip_type(BytesIO(bytes(content[:cut])), "a.zip")
