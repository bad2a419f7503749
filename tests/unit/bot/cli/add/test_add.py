"""`ontherecord add`: counts, failures, parallel processes, and resuming after a kill."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

import pytest

from tests.stand_ins.pages import make_json_ld, make_page, make_paragraphs
from tests.support.command_line import RunCommand
from tests.support.depth import choose

SHARED = Path(__file__).parents[6] / "shared"
COLLECTIONS = [SHARED / "topics" / "basil-dev.jsonl", *sorted((SHARED / "timelines").glob("*.jsonl.gz"))]
#: articles read of each collection, so that the test takes seconds
_SAMPLE_SIZE = 50
#: the command line, killed inside its n-th transaction, after the rows are written and before they are committed
_KILLED_COMMAND = """
import os, signal, sys
from bot.cli import main
from briefings.storage import repository

bulk_upsert, transactions_left = repository.bulk_upsert, [int(sys.argv.pop(1))]

def upsert_then_die(*arguments):
    result = bulk_upsert(*arguments)
    transactions_left[0] -= 1
    if not transactions_left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

repository.bulk_upsert = upsert_then_die
sys.exit(main(sys.argv[1:]))
"""


def write_archive(path: Path, number: int) -> None:
    """Write JSON lines of `number` small articles."""
    lines = (
        json.dumps({"id": f"n{n}", "text": f"“We will count ward {n} to the end,” said Anna Berg.", "publisher": "P"})
        for n in range(number)
    )
    path.write_text("\n".join(lines))


def count_rows(folder: Path, table: str = "articles") -> int:
    """Return the number of rows of a table; 0 if it does not exist."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(folder / "record.db", timeout=30)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - table names of this test
    return 0


def test_a_folder_is_added_and_every_failure_is_named(run: RunCommand, folder: Path) -> None:
    news = folder / "news"
    news.mkdir()
    write_archive(news / "a.jsonl", 3)
    (news / "b.html").write_text(make_page(json_ld=make_json_ld(headline="The count", datePublished="2016-06-30")))
    (news / "bad.html").write_bytes(b"<html></html>")
    (news / "broken.jsonl").write_text("\nno JSON\n")
    (news / "cut.jsonl.gz").write_bytes(gzip.compress(b"{}")[:-4])
    result = run("add", "news")
    assert result.status == 1
    assert result.out.startswith("news: 4 articles added, 3 files not taken.\n")
    for sentence in (
        "bad.html: this page contains no article",
        "broken.jsonl, line 2",
        "cut.jsonl.gz ends in the middle",
    ):
        assert sentence in result.err
    assert run("add", "news").out.startswith("news: 0 articles added, 4 unchanged, 3 files not taken.\n")


def test_a_changed_page_is_updated_and_the_briefing_says_so(run: RunCommand, folder: Path) -> None:
    head = '<link rel="canonical" href="https://paper.example/count">'
    json_ld = make_json_ld(headline="The count", datePublished="2016-06-30", publisher={"name": "The Paper"})
    (folder / "a.html").write_text(make_page(make_paragraphs(6), head=head, json_ld=json_ld))
    assert run("add", "a.html").out == "a.html: 1 article added.\n"
    assert "changed on" not in run("briefing", "*").out
    (folder / "a.html").write_text(make_page(make_paragraphs(7), head=head, json_ld=json_ld))
    assert run("add", "a.html").out == "a.html: 0 articles added, 1 updated.\n"
    assert "changed on" in run("briefing", "*").out


def test_several_processes_add_the_same_articles(run: RunCommand, folder: Path) -> None:
    write_archive(folder / "a.jsonl", 30)
    assert run("add", "a.jsonl", "--jobs", "2").out == "a.jsonl: 30 articles added.\n"
    assert count_rows(folder, "quotes") == 30


def test_after_kills_nothing_is_lost_or_stored_twice(run: RunCommand, folder: Path) -> None:
    number = choose(500, 1_000)
    write_archive(folder / "a.jsonl", number)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[5])}
    for transaction in ("2", "6"):
        command = [sys.executable, "-c", _KILLED_COMMAND, transaction, "add", "a.jsonl"]
        assert subprocess.run(command, cwd=folder, env=env, check=False).returncode == -signal.SIGKILL
    before = count_rows(folder)
    assert 0 < before < number
    assert run("add", "a.jsonl").out == f"a.jsonl: {number - before} articles added, {before} unchanged.\n"
    articles_with_sketches = count_rows(folder, "(SELECT DISTINCT article FROM sketches)")
    assert (count_rows(folder), count_rows(folder, "quotes"), articles_with_sketches) == (number, number, number)
    assert run("doctor").out.count("damaged") == 0


@pytest.mark.skipif(len(COLLECTIONS) < 6, reason="needs the folder ../shared")
def test_the_first_articles_of_the_shared_collections_are_added_counted_and_briefed(
    run: RunCommand, folder: Path
) -> None:
    samples, line_count = [], 0
    for path in COLLECTIONS:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            lines = list(islice(file, _SAMPLE_SIZE))
        sample = folder / path.name.removesuffix(".gz")
        sample.write_bytes(b"".join(lines))
        samples.append(sample.name)
        line_count += len(lines)
    result = run("add", *samples, "--jobs", "2")
    assert result.status == 0
    counts = [
        int(word)
        for line in result.out.splitlines()
        for word in line.split(": ")[1].replace(",", "").rstrip(".").split()
        if word.isdigit()
    ]
    assert sum(counts) == line_count > 250
    assert json.loads(run("briefing", "swine flu", "--json").out)["lines"]
