"""Names of files give stable ids, and say which files are not sources."""

import pytest

from briefings.ingest.files.article_ids import ArticleIds, clean_path, derive_article_id
from briefings.ingest.files.ignored_files import (
    explain_other_text,
    find_page_stems,
    is_companion_folder,
    is_ignored_name,
    is_readme,
)


@pytest.mark.parametrize(
    ("path", "article_id"),
    [
        ("lead.txt", "lead"),
        ("june/lead.html.gz", "june/lead"),
        ("a.b.docx", "a.b"),
        ("lead", "lead"),
        (".gz", ".gz"),
        ("2016.06.30", "2016.06.30"),
        ("14.30 council meeting", "14.30 council meeting"),
        ("v1.2/lead", "v1.2/lead"),
        ("news.jsonl.xz", "news"),
        ("le\x1b[31mad\n.txt", "le?[31mad?"),
        ("\u202eext.lead.txt", "?ext.lead"),
        ("june/le\udcffad.docx", "june/le?ad"),
        ("Rede zum Höhepunkt – “Wahl”.txt", "Rede zum Höhepunkt – “Wahl”"),
    ],
)
def test_an_id_is_the_path_without_suffixes(path: str, article_id: str) -> None:
    assert derive_article_id(path) == article_id


def test_a_second_file_of_a_name_gets_its_path_as_id() -> None:
    article_ids = ArticleIds()
    paths = ["a.docx", "a.pdf", "a.pdf.txt", "b/a.pdf", "a.docx"]
    assert [article_ids.allocate(path) for path in paths] == ["a", "a.pdf", "a.pdf.txt", "b/a", "a.docx"]


def test_names_that_differ_in_unprintable_characters_get_different_ids() -> None:
    article_ids = ArticleIds()
    paths = ["a\n.txt", "a\t.txt", "a\x1b.txt"]
    assert [article_ids.allocate(path) for path in paths] == ["a?", "a?.txt", "a?.txt (2)"]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/etc/passwd", "etc/passwd"),
        ("../../a.txt", "a.txt"),
        ("C:\\news\\a.txt", "news/a.txt"),
        ("./a.txt", "a.txt"),
        ("a\n\x1b[31m.txt", "a??[31m.txt"),
        ("..", ""),
    ],
)
def test_a_path_in_an_archive_is_cleaned(path: str, label: str) -> None:
    assert clean_path(path) == label


@pytest.mark.parametrize(
    "name", [".DS_Store", "Thumbs.db", "THUMBS.DB", "desktop.ini", "~$memo.docx", ".~lock.a.odt#", "__MACOSX"]
)
def test_system_and_lock_files_are_ignored(name: str) -> None:
    assert is_ignored_name(name)


@pytest.mark.parametrize("name", ["thumbs.txt", "a~$b.docx", "memo.docx", "desktop.txt"])
def test_other_files_are_not_ignored(name: str) -> None:
    assert not is_ignored_name(name)


@pytest.mark.parametrize(
    ("folder", "is_companion"),
    [
        ("page_files", True),
        ("Page.files", True),
        ("page-Dateien", True),
        ("page_fichiers", True),
        ("other_files", False),
        ("page", False),
        ("page_photos", False),
    ],
)
def test_the_folder_of_a_saved_page_needs_the_page(folder: str, is_companion: bool) -> None:
    assert is_companion_folder(folder, find_page_stems(["Page.htm", "memo.txt"])) is is_companion


@pytest.mark.parametrize(
    ("name", "is_explained"),
    [("a.css", True), ("a.js.gz", True), ("a.url", True), ("a.txt", False), ("a", False), ("a.md", False)],
)
def test_texts_that_are_no_articles_are_known_by_their_suffix(name: str, is_explained: bool) -> None:
    assert (explain_other_text(name) is not None) is is_explained


@pytest.mark.parametrize(
    ("name", "is_description"), [("README", True), ("readme.txt", True), ("Readme.md", True), ("reading.txt", False)]
)
def test_a_readme_is_known_by_its_name(name: str, is_description: bool) -> None:
    assert is_readme(name) is is_description
