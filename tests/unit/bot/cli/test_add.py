"""Adding many articles: counted, resumable after a kill, each failure named."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.stand_ins.pages import news_article, page, paragraphs
from tests.support.command_line import Run

SHARED = Path(__file__).parents[5] / "shared"
COLLECTIONS = [SHARED / "topics" / "basil-dev.jsonl", *sorted((SHARED / "timelines").glob("*.jsonl.gz"))]
#: the command line, killed inside the transaction of that number, when its rows are written and not yet kept
_KILLED = """
import os, signal, sys
from bot.cli import main
from briefings.storage import repository

written, left = repository.bulk_upsert, [int(sys.argv.pop(1))]

def load(*given):
    stood = written(*given)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return stood

repository.bulk_upsert = load
sys.exit(main(sys.argv[1:]))
"""


def archive(path: Path, number: int) -> Path:
    """JSON lines of so many small articles."""
    lines = (
        json.dumps({"id": f"n{n}", "text": f"“We will count ward {n} to the end,” said Anna Berg.", "publisher": "P"})
        for n in range(number)
    )
    path.write_text("\n".join(lines))
    return path


def held(folder: Path, table: str = "articles") -> int:
    """How many rows a table of the record has; 0 before there is one."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(folder / "record.db", timeout=30)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names
    return 0


def test_everything_of_a_folder_is_added_and_every_failure_named(run: Run, folder: Path) -> None:
    news = folder / "news"
    news.mkdir()
    archive(news / "a.jsonl", 3)
    (news / "b.html").write_text(page(told=news_article(headline="The count", datePublished="2016-06-30")))
    (news / "bad.html").write_bytes(b"<html></html>")
    (news / "broken.jsonl").write_text("\nno JSON\n")
    (news / "cut.jsonl.gz").write_bytes(gzip.compress(b"{}")[:-4])
    found = run("add", "news")
    assert (found.status, found.out) == (1, "news: 4 added, 0 already there, 3 failed\n")
    for sentence in (
        "bad.html: this page holds no article",
        "broken.jsonl, line 2",
        "cut.jsonl.gz is not a whole gzip file",
    ):
        assert sentence in found.err
    again = run("add", "news")
    assert again.out == "news: 0 added, 4 already there, 3 failed\n"


def test_a_page_that_changed_is_updated_and_the_briefing_says_so(run: Run, folder: Path) -> None:
    head = '<link rel="canonical" href="https://paper.example/count">'
    told = news_article(headline="The count", datePublished="2016-06-30", publisher={"name": "The Paper"})
    (folder / "a.html").write_text(page(paragraphs(6), head=head, told=told))
    assert run("add", "a.html").out == "a.html: 1 added, 0 already there\n"
    assert "changed on" not in run("briefing", "*").out
    (folder / "a.html").write_text(page(paragraphs(7), head=head, told=told))
    assert run("add", "a.html").out == "a.html: 0 added, 1 updated, 0 already there\n"
    assert "changed on" in run("briefing", "*").out


def test_several_processes_add_the_same(run: Run, folder: Path) -> None:
    archive(folder / "a.jsonl", 30)
    assert run("add", "a.jsonl", "--jobs", "2").out == "a.jsonl: 30 added, 0 already there\n"
    assert held(folder, "quotes") == 30


def test_killed_at_any_moment_nothing_is_lost_and_nothing_double(run: Run, folder: Path) -> None:
    number = 1_000
    archive(folder / "a.jsonl", number)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    for transaction in ("2", "6"):
        command = [sys.executable, "-c", _KILLED, transaction, "add", "a.jsonl"]
        assert subprocess.run(command, cwd=folder, env=env, check=False).returncode == -signal.SIGKILL
    before = held(folder)
    assert 0 < before < number
    assert run("add", "a.jsonl").out == f"a.jsonl: {number - before} added, {before} already there\n"
    sketched = held(folder, "(SELECT DISTINCT article FROM sketches)")
    assert (held(folder), held(folder, "quotes"), sketched) == (number, number, number)
    assert run("doctor").out.count("damaged") == 0


@pytest.mark.skipif(len(COLLECTIONS) < 6, reason="../shared is not here")
def test_the_collections_are_added_counted_and_briefed(run: Run) -> None:
    lines = 0
    for path in COLLECTIONS:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            lines += sum(1 for _ in file)
    found = run("add", *map(str, COLLECTIONS), "--jobs", "2")
    assert found.status == 0
    counts = [
        int(word)
        for line in found.out.splitlines()
        for word in line.split(": ")[1].replace(",", "").split()
        if word.isdigit()
    ]
    assert sum(counts) == lines > 900
    assert json.loads(run("briefing", "swine flu", "--json").out)["lines"]
