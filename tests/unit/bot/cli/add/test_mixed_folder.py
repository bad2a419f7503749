"""A newcomer adds a folder of 40 files of many kinds in one command."""

from pathlib import Path

from tests.stand_ins.mixed_folder import write_mixed_folder
from tests.support.command_line import RunCommand

#: files that are not taken, and a word of the reason
REFUSED_FILES = {
    "Old statement.doc": "save it as .docx",
    "Scan of 1998 letter.pdf": "text",
    "photo.jpg": "image",
    "numbers.csv": "no column with article texts",
    "empty.txt": "empty",
    "secret.7z": "7-Zip",
    "moved.html": "redirects to https://paper.example/new",
    "shortcut.url": "shortcut",
}


def test_every_file_of_a_mixed_folder_is_taken_or_named(run: RunCommand, folder: Path) -> None:
    assert write_mixed_folder(folder / "mixed") == 40
    result = run("add", "mixed")
    assert result.status == 1
    error_lines = [line for line in result.err.splitlines() if "note: " not in line]
    for name, reason in REFUSED_FILES.items():
        (line,) = [line for line in error_lines if name in line and "all.zip" not in line]
        assert reason in line
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini", "logo.png", "frame.html", "~$Bridge"):
        assert name not in result.err
    assert all(line.startswith("ontherecord: mixed/") for line in error_lines)
    summary, *table = result.out.splitlines()
    assert summary.startswith("mixed: ")
    assert {line.split("  ")[1].strip() for line in table} >= {
        "text", "JSON", "e-mail", "CSV", "HTML", "PDF", "Word", "RTF", "OpenDocument", "not taken",
    }  # fmt: skip
    again = run("add", "mixed")
    assert again.out.startswith("mixed: 0 articles added, ")
    assert "updated" not in again.out


def test_a_dry_run_of_a_mixed_folder_names_the_same_files(run: RunCommand, folder: Path) -> None:
    write_mixed_folder(folder / "mixed")
    dry_result, result = run("add", "--dry-run", "mixed"), run("add", "mixed")
    dry_errors, errors = (
        [line for line in err.splitlines() if "note: " not in line] for err in (dry_result.err, result.err)
    )
    assert dry_errors == errors
    assert dry_result.status == result.status == 1
    assert "Nothing was stored." in dry_result.out


def test_questions_are_answered_from_a_mixed_folder_without_adding_it(run: RunCommand, folder: Path) -> None:
    write_mixed_folder(folder / "mixed")
    for name, words, count in (
        ("mail/release.eml", "The harbour will stay open", 1),
        ("clippings/nexis.txt", "We have heard every objection", 3),
        ("web/saved.mht", "The last boat will leave at ten", 1),
        ("packed/all.zip", "Nobody will lose a home", 2),
        ("clippings/wire.jsonl", "Nobody will lose a home", 4),
    ):
        path = f"mixed/{name}"
        assert run("briefing", "*", "--from", path).out.startswith("All articles\n")
        assert f"“{words}" in run("whosaid", words, "--from", path).out
        assert len(run("quotes", path).out.splitlines()) == count
    (folder / "draft.txt").write_text("“The harbour will stay open through the winter,” Jane Roe said.")
    assert "EXACT" in run("check", "draft.txt", "--from", "mixed/mail/release.eml").out
    result = run("whosaid", "harbour will stay open", "--from", "mixed")
    assert result.status == 0
    assert result.out.startswith("Jane Roe")
    assert "photo.jpg is an image" in result.err
