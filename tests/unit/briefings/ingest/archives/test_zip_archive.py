"""ZIP and WACZ archives: every file in them is read or named, and nothing in them is trusted."""

import gzip
import io
import json
import struct
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest

from briefings.ingest.formats.file_type import FileType
from tests.stand_ins.pages import make_page
from tests.support.reading import ReadResult, read_path
from tests.support.web_records import build_response

LINE = json.dumps({"id": "line", "text": "The count goes on."}).encode() + b"\n"


def build_zip(files: dict[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read_zip(tmp_path: Path, data: bytes, name: str = "some.zip") -> ReadResult:
    path = tmp_path / name
    path.write_bytes(data)
    result = read_path(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    return result


@pytest.mark.parametrize("compression", [ZIP_STORED, ZIP_DEFLATED])
def test_each_file_is_read_with_an_id_of_its_path(tmp_path: Path, compression: int) -> None:
    files = {
        "june/lead.txt": b"First.",
        "b.html": make_page().encode(),
        "a.jsonl.gz": gzip.compress(LINE),
        "july/lead.txt": b"Second.",
    }
    result = read_zip(tmp_path, build_zip(files, compression))
    assert result.ids == ["line", "some/b", "some/july/lead", "some/june/lead"]
    assert not result.errors
    assert [(Path(reading.name).name, reading.file_type, reading.articles) for reading in result.observer.files] == [
        ("a.jsonl.gz", FileType.JSON_LINES, 1),
        ("b.html", FileType.HTML, 1),
        ("lead.txt", FileType.TEXT, 1),
        ("lead.txt", FileType.TEXT, 1),
    ]
    assert result.observer.byte_count == (tmp_path / "some.zip").stat().st_size


def test_files_of_one_name_get_different_ids(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "First.")
        archive.writestr("a.text", "Second.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", "Third.")
    assert read_zip(tmp_path, buffer.getvalue()).ids == ["some/a", "some/a.txt", "some/a.txt (2)"]


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    files = {"a.txt": b"First.", "photo.jpg": b"\xff\xd8\xff" + bytes(20), "style.css": b"p {}", "empty.txt": b""}
    result = read_zip(tmp_path, build_zip(files))
    assert result.ids == ["some/a"]
    assert [error.removeprefix(f"{tmp_path}/some.zip/")[:20] for error in result.errors] == [
        "empty.txt is empty. ",
        "photo.jpg is an imag",
        "style.css is part of",
    ]


def test_system_files_and_parts_of_saved_pages_are_left_out(tmp_path: Path) -> None:
    files = {
        "page.html": make_page().encode(),
        "page_files/style.css": b"p {}",
        "page_files/frame.html": b"<html></html>",
        "page_files/report.txt.zip": build_zip({"x.txt": b"Inner."}),
        "__MACOSX/._page.html": b"\0\5\x16\7",
        ".DS_Store": b"\0\0",
        "Thumbs.db": b"\xd0\xcf",
        "~$memo.docx": b"\0",
        "README.txt": b"How to read this.",
        "sources.toml": b"",
    }
    result = read_zip(tmp_path, build_zip(files))
    assert result.ids == ["some/page", "some/page_files/report.txt/x"]
    assert not result.errors
    assert len(result.warnings) == 2


def test_archives_inside_archives_are_read_to_a_depth_of_two(tmp_path: Path) -> None:
    innermost = build_zip({"c.txt": b"Third."})
    inner = build_zip({"b.txt": b"Second.", "deep.zip": innermost})
    result = read_zip(tmp_path, build_zip({"a.txt": b"First.", "inner.zip": inner}))
    assert result.ids == ["some/a", "some/inner/b"]
    assert result.errors == [
        f"{tmp_path}/some.zip/inner.zip/deep.zip is an archive inside 2 others. Unpack the outer ones."
    ]


@pytest.mark.parametrize("name", ["/etc/a.txt", "../../a.txt", "C:\\b\\a.txt", "x\x07\n.txt", "a" * 600 + ".txt"])
def test_a_name_is_only_a_label(tmp_path: Path, name: str) -> None:
    result = read_zip(tmp_path, build_zip({name: b"First."}))
    assert len(result.articles) + len(result.errors) == 1
    assert all(".." not in article_id and "\n" not in article_id for article_id in result.ids)


def test_a_compressed_archive_is_read(tmp_path: Path) -> None:
    assert read_zip(tmp_path, gzip.compress(build_zip({"a.txt": b"First."})), "some.zip.gz").ids == ["some/a"]


def test_a_web_archive_gives_only_its_pages(tmp_path: Path) -> None:
    files = {
        "archive/data.warc.gz": gzip.compress(build_response()),
        "archive/more.warc": build_response(address="https://paper.example/b"),
        "pages/pages.jsonl": b'{"format": "json-pages-1.0", "id": "pages"}\n',
        "indexes/index.cdx.gz": gzip.compress(b"x"),
        "datapackage.json": b"{}",
    }
    result = read_zip(tmp_path, build_zip(files, ZIP_STORED), "crawl.wacz")
    assert result.ids == ["https://paper.example/a", "https://paper.example/b"]
    assert not result.errors


def set_field(data: bytes, name: bytes, local_offset: int, central_offset: int, value: bytes) -> bytes:
    """Overwrite a field of a file's local header and of its entry in the list of files."""
    changed = bytearray(data)
    local, central = data.index(name) - 30, data.rindex(name) - 46
    changed[local + local_offset : local + local_offset + len(value)] = value
    changed[central + central_offset : central + central_offset + len(value)] = value
    return bytes(changed)


TWO_FILES = build_zip({"a.txt": b"First. " * 40, "b.txt": b"Second."})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (set_field(TWO_FILES, b"a.txt", 6, 8, b"\x01\0"), "a.txt is protected with a password"),
        (set_field(TWO_FILES, b"a.txt", 8, 10, b"\x09\0"), "a.txt is compressed in a way that can't be read"),
        (set_field(TWO_FILES, b"a.txt", 14, 16, b"\0\0\0\0"), "a.txt is a damaged or incomplete file"),
        (set_field(TWO_FILES, b"a.txt", 22, 24, struct.pack("<I", 20)), "a.txt is a damaged or incomplete file"),
        (set_field(TWO_FILES, b"a.txt", 22, 24, struct.pack("<I", 30_000_000)), "more than 200 times its size"),
        (
            TWO_FILES.replace(b"PK\3\4", b"PK\3\5", 2).replace(b"PK\3\5", b"PK\3\4", 1),
            "b.txt is damaged in its archive",
        ),
        (build_zip({"a.txt": bytes(30_000_000)}), "a.txt decompresses to more than 200 times its size"),
        (build_zip({"a.txt": b"First."}, ZIP_BZIP2), "a.txt is compressed in a way that can't be read"),
        (build_zip({"a.txt": b"First."}, ZIP_LZMA), "a.txt is compressed in a way that can't be read"),
        (TWO_FILES[:-40], "some.zip is a damaged or incomplete ZIP file"),
        (build_zip({".hidden": b"x"}), "some.zip contains no files that can be read"),
        (build_zip({}), "some.zip is an empty ZIP archive"),
    ],
)
def test_a_malformed_or_protected_file_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    result = read_zip(tmp_path, data)
    assert len(result.errors) == 1
    assert message in result.errors[0]
    assert all(article.id == "some/b" or article.text.startswith("First. First.") for article in result.articles)


def test_files_that_share_their_data_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(range(256)) * 100)
        first = archive.infolist()[0]
        for number in range(50):
            copy = ZipInfo(f"{number}.txt")
            copy.header_offset, copy.compress_size, copy.file_size = 0, first.compress_size, first.file_size
            copy.CRC, copy.compress_type = first.CRC, first.compress_type
            archive.filelist.append(copy)
    assert "claims to contain more than its own size" in read_zip(tmp_path, buffer.getvalue()).errors[0]


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefings.ingest.archives.zip_archive._MAX_FILES", 3)
    result = read_zip(tmp_path, build_zip({f"{number}.txt": b"x" for number in range(4)}))
    assert "contains more than 3 files" in result.errors[0]
