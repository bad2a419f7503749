"""Folders: every file is read or named, and each gets its own id."""

from pathlib import Path

import pytest

from briefings.ingest.context import ReadOptions
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.reader import measure
from tests.stand_ins.pages import make_page
from tests.support.reading import read_path


def write_files(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_every_file_is_read_or_named(tmp_path: Path) -> None:
    files = {
        "a.txt": b"First.",
        "b": b"A note without a suffix.",
        "memo.text": b"Second.",
        "notes.md": b"Third.",
        "photo.jpg": b"\xff\xd8\xff" + bytes(20),
        "style.css": b"p {}",
        "music.mp3": b"ID3\3" + bytes(200),
        "page.url": b"[InternetShortcut]\r\nURL=https://paper.example/a\r\n",
        "drawing.svg": b"<svg></svg>",
        "memo.txt.crdownload": b"Half of a memo.",
    }
    result = read_path(write_files(tmp_path, files))
    assert result.ids == ["a", "b", "memo", "notes"]
    assert [error.removeprefix(f"{tmp_path}/").split(" ")[0].rstrip(":") for error in result.errors] == [
        "drawing.svg",
        "memo.txt.crdownload",
        "music.mp3",
        "page.url",
        "photo.jpg",
        "style.css",
    ]


def test_system_files_and_parts_of_saved_pages_are_left_out(tmp_path: Path) -> None:
    files = {
        "page.html": make_page().encode(),
        "page_files/style.css": b"p {}",
        "page_files/deep/logo.png": b"\x89PNG",
        "page_files/frame.html": b"<html></html>",
        "Seite.htm": make_page().encode(),
        "Seite-Dateien/x.js": b"x()",
        ".DS_Store": b"\0",
        "Thumbs.db": b"\0",
        "desktop.ini": b"[x]",
        "~$memo.docx": b"\0",
        ".~lock.memo.odt#": b",jane",
        "__MACOSX/a.txt": b"\0",
        "topics.toml": b"",
    }
    result = read_path(write_files(tmp_path, files))
    assert (result.ids, result.errors, result.warnings) == (["Seite", "page"], [], [])


def test_a_folder_without_its_page_is_read(tmp_path: Path) -> None:
    files = {
        "harbour_files/a.txt": b"First.",
        "page_files/memo.rtf.txt": b"Second.",
        "other.html": make_page().encode(),
    }
    assert read_path(write_files(tmp_path, files)).ids == ["harbour_files/a", "other", "page_files/memo.rtf"]


def test_a_readme_is_left_out_with_a_remark(tmp_path: Path) -> None:
    result = read_path(write_files(tmp_path, {"README.md": b"# How to", "a.txt": b"First."}))
    assert (result.ids, result.errors) == (["a"], [])
    assert result.warnings == [f"{tmp_path}/README.md was skipped, because it describes the folder."]


def test_files_of_one_name_get_different_and_stable_ids(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": b"First.", "june/lead.txt": b"One.", "july/lead.txt": b"Two."})
    assert read_path(tmp_path).ids == ["a", "july/lead", "june/lead"]
    write_files(tmp_path, {"a.txt": b"Second.", "a.text": b"Third."})
    assert [(article.id, article.text) for article in read_path(tmp_path).articles[:3]] == [
        ("a", "First."),
        ("a.text", "Third."),
        ("a.txt", "Second."),
    ]


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "news", {"a.txt": b"First."})
    (tmp_path / "secret").write_text("Secret.")
    for name in ("b.txt", "c", "d.png"):
        (folder / name).symlink_to(tmp_path / "secret")
    result = read_path(folder)
    assert result.ids == ["a"]
    assert all("is a symbolic link, so it was skipped" in error for error in result.errors)
    assert len(result.errors) == 3


def test_the_result_of_each_file_and_the_progress_are_reported(tmp_path: Path) -> None:
    files = {"a.jsonl": b'{"id": "x", "text": "One."}\nno JSON\n', "b.txt": b"Two.", "c.png": b"\x89PNG", "d.txt": b""}
    result = read_path(write_files(tmp_path, files))
    assert [
        (reading.name.removeprefix(f"{tmp_path}/"), reading.file_type, reading.articles, reading.problems)
        for reading in result.observer.files
    ] == [("a.jsonl", FileType.JSON_LINES, 1, 1), ("b.txt", FileType.TEXT, 1, 0), ("d.txt", FileType.TEXT, 0, 1)]
    size = sum(map(len, files.values()))
    assert result.observer.byte_count == size
    assert measure(tmp_path) == (4, size)
    assert measure(tmp_path / "b.txt") == (1, 4)


def test_a_source_entry_completes_a_file_with_one_article_only(tmp_path: Path) -> None:
    files = {
        "one.jsonl": b'{"id": "x", "text": "One."}\n',
        "two.jsonl": b'{"id": "y", "text": "Two."}\n{"id": "z", "text": "Three."}\n',
        "sources.toml": b'[[article]]\nfile = "one.jsonl"\npublisher = "The Tribune"\n'
        b'[[article]]\nfile = "two.jsonl"\npublisher = "The Tribune"\n',
    }
    result = read_path(write_files(tmp_path, files))
    assert [(article.id, article.publisher) for article in result.articles] == [
        ("x", "The Tribune"),
        ("y", None),
        ("z", None),
    ]
    assert len(result.warnings) == 1
    assert "the file contains several articles" in result.warnings[0]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'{"id": "x", "text": "One."}\n', "One."),
        (make_page("<p>The hall was full of people.</p>").encode(), "The hall was full of people."),
        ("The hall was full.".encode("utf-16"), "The hall was full."),
        (b"The hall was full.", "The hall was full."),
    ],
)
def test_standard_input_takes_every_type(data: bytes, text: str) -> None:
    result = read_path("-", data, ReadOptions(outlet="The Tribune"))
    assert not result.errors
    (article,) = result.articles
    assert text in article.text
    assert article.publisher == "The Tribune"


def test_texts_from_standard_input_are_told_apart_by_their_content() -> None:
    first, again, other = (read_path("-", data).ids for data in (b"First.", b"First.", b"Other."))
    assert first == again != other
