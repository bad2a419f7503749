"""The command `export`, and `--format` of the commands that print answers."""

import csv
import io
import json
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from bot.cli.exports.arguments import FORMATS
from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand
from tests.support.export_readers import read_bibtex, read_csv, read_ris, read_word_quotes
from tests.support.seed_service import open_seed_service

RALLY = "002_494a08902a45e5b0"
KINDS = [
    ("briefing", "labour-crisis"),
    ("whosaid", '"lynch-mob" by McDonnell'),
    ("search", "by:Corbyn", "since:2016-06-01"),
    ("person", "John", "McDonnell"),
    ("article", RALLY),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the seed articles."""
    path = tmp_path_factory.mktemp("seeds") / "record.db"
    with open_seed_service(f"sqlite:///{path}"):
        return path


@pytest.fixture(autouse=True)
def _seeds(folder: Path, database: Path) -> None:
    shutil.copy(database, folder / "record.db")


def test_only_the_given_articles_are_exported(run: RunCommand) -> None:
    output = run("export", "article", RALLY, "--from", str(SEEDS / f"{RALLY}.txt"), "--format", "md").out
    assert "“like a lynch-mob without a rope”" in output


@pytest.mark.parametrize("kind", KINDS, ids=[kind[0] for kind in KINDS])
@pytest.mark.parametrize("name", FORMATS)
def test_every_answer_is_saved_in_every_format(run: RunCommand, folder: Path, kind: tuple[str, ...], name: str) -> None:
    result = run("export", *kind, "--format", name, "--output", "answer.out")
    assert (result.status, result.out, result.err) == (0, "Saved answer.out.\n", "")
    content = (folder / "answer.out").read_bytes()
    assert len(content) > 100
    if name == "docx":
        assert read_word_quotes(content)
    elif name == "bibtex":
        assert read_bibtex(content)
    elif name == "ris":
        assert read_ris(content)
    elif name == "csv":
        assert read_csv(content)


def test_output_without_a_format_takes_it_from_its_name(run: RunCommand, folder: Path) -> None:
    for file_name, begin in (
        ("a.md", b"# Quotes"),
        ("a.CSV", b"\xef\xbb\xbfsection,"),
        ("a.json", b"{"),
        ("a.docx", b"PK"),
        ("a.bib", b"@article{"),
        ("a.ris", b"TY  - NEWS"),
        ("a.csl.json", b"["),
    ):
        assert run("export", "whosaid", "lynch-mob", "--output", file_name).status == 0
        assert (folder / file_name).read_bytes().startswith(begin)


def test_standard_output_is_markdown_unless_told(run: RunCommand) -> None:
    assert run("export", "whosaid", "lynch-mob").out.startswith("# Quotes with “lynch-mob”\n")
    assert run("export", "whosaid", "lynch-mob", "--output", "-").out.startswith("# Quotes")


def test_a_table_in_a_pipe_has_no_byte_order_mark(run: RunCommand) -> None:
    output = run("export", "whosaid", "lynch-mob", "--format", "csv").out
    (row, *_) = csv.DictReader(io.StringIO(output))
    assert row["section"] == "Quotes"
    assert row["speaker"] == "John McDonnell"


def test_briefing_and_whosaid_take_a_format(run: RunCommand) -> None:
    assert run("briefing", "labour-crisis", "--format", "md").out.startswith("# Labour's leadership crisis\n")
    assert run("whosaid", "lynch-mob", "--format", "ris").out.startswith("TY  - NEWS")
    as_json = json.loads(run("whosaid", "lynch-mob", "--json").out)
    assert json.loads(run("whosaid", "lynch-mob", "--format", "json").out) == as_json


def test_people_are_listed_as_a_table(run: RunCommand) -> None:
    rows = list(csv.DictReader(io.StringIO(run("people", "--format", "csv").out)))
    assert rows[0]["name"] == "Jeremy Corbyn"
    assert int(rows[0]["quotes"]) > 5
    assert run("people", "--format", "md").out.splitlines()[1] == "| --- | --- | --- | --- | --- |"
    assert run("people", "--format", "json").out == run("people", "--json").out
    result = run("people", "--format", "docx")
    assert (result.status, "can be md, csv or json" in result.err) == (1, True)


def test_json_and_a_format_together_are_refused(run: RunCommand) -> None:
    result = run("whosaid", "lynch-mob", "--json", "--format", "csv")
    assert (result.status, "not allowed with argument" in result.err) == (2, True)


def test_a_word_file_is_not_printed_on_a_terminal(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    result = run("export", "whosaid", "lynch-mob", "--format", "docx")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "ontherecord: A Word file can't be shown in a terminal. Add --output and a name, for example: "
        "--output answer.docx\n"
    )


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (("export", "whosaid", "lynch-mob", "--format", "pdf"), 2, "unknown format 'pdf': use md, csv, json, docx"),
        (("export", "whosaid", "lynch-mob", "--output", "a.pdf"), 1, "a.pdf doesn't say which format"),
        (("export", "whosaid", "lynch-mob", "--output", "nowhere/a.md"), 1, "Can't write nowhere/a.md: no such"),
        (("export", "whosaid", "lynch-mob", "--format", "md", "--output", "."), 1, ". is a folder."),
        (("export", "whosaid", "lynch-mob", "--output", ""), 1, "--output needs the name of a file"),
        (("export", "person", "Nobody"), 1, "No quote is by Nobody."),
        (("export", "article", "missing"), 1, "This article was not found."),
        (("export", "briefing", "no-such-words"), 1, "no-such-words"),
        (("export", "whosaid", "since:whenever"), 1, "whenever"),
        (("export",), 2, "required"),
        (("export", "everything"), 2, "invalid choice"),
    ],
)
def test_bad_input_gets_one_sentence(run: RunCommand, arguments: tuple[str, ...], status: int, reason: str) -> None:
    result = run(*arguments)
    assert (result.status, result.out) == (status, "")
    assert reason in result.err
    assert "Traceback" not in result.err


def test_a_file_is_replaced_only_by_a_complete_one(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "a.md"
    file.write_text("old")
    file.chmod(0o640)
    assert run("export", "person", "Nobody", "--output", "a.md").status == 1
    assert file.read_text() == "old"

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fail)
        assert run("export", "whosaid", "lynch-mob", "--output", "a.md").status == 1
    assert file.read_text() == "old"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".a.md")] == []
    assert run("export", "whosaid", "lynch-mob", "--output", "a.md").status == 0
    assert file.read_text().startswith("# Quotes")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_device_is_written_to_and_not_replaced(run: RunCommand) -> None:
    assert run("export", "whosaid", "lynch-mob", "--format", "md", "--output", os.devnull).status == 0
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_symbolic_link_stays_a_link_to_the_new_file(run: RunCommand, folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "a.md").symlink_to(folder / "real" / "b.md")
    assert run("export", "whosaid", "lynch-mob", "--output", "a.md").status == 0
    assert (folder / "a.md").is_symlink()
    assert (folder / "real" / "b.md").read_text().startswith("# Quotes")
