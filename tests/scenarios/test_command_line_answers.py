"""The main job on the four seeds, from the command line: two questions, answered verbatim and linked."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.articles import SEEDS, seeds

ROOT = SEEDS.parent
COMMAND = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
TEXTS = {path.stem: path.read_bytes().decode() for path in SEEDS.glob("*.txt")}
SLOTS = {"status", "timeline", "quotes", "differences", "missing", "sources"}


def run_command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """One command in a process of its own, in `folder`, on a record of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_") and name != "TOPICS"}
    environment = own | {"PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{folder}/record.db"}
    return subprocess.run([*COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, check=False)


def run_json(folder: Path, *arguments: str) -> Any:
    ran = run_command(folder, *arguments, "--json")
    assert (ran.returncode, ran.stderr) == (0, b"")
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("job")
    assert run_command(folder, "add", str(SEEDS)).returncode == 0
    return folder


@pytest.fixture(scope="module")
def briefing(folder: Path) -> Any:
    return run_json(folder, "briefing", "labour-crisis")


def test_who_said_lynch_mob(folder: Path) -> None:
    (hit,) = run_json(folder, "whosaid", "lynch-mob")["hits"]
    assert (hit["speaker"], hit["role"]) == ("John McDonnell", "shadow chancellor")
    assert (hit["publisher"], hit["published"]) == ("International Business Times UK", "2016-06-30")
    assert hit["link"].startswith("https://www.ibtimes.co.uk/")
    assert "#:~:text=" in hit["link"]
    wordings = [hit["quote"], *(variant["quote"] for variant in hit["variants"])]
    assert any("without a rope" in wording for wording in wordings)
    assert any("without the rope" in wording for wording in wordings)
    for place in (hit, *hit["variants"]):
        assert TEXTS[place["article"]][place["start"] : place["end"]] == place["quote"]


def test_the_briefing_has_eleven_lines_in_four_hundred_words_from_all_four_articles(briefing: Any) -> None:
    quoted_lines = [line for line in briefing["lines"] if line["evidence"]]
    assert len(quoted_lines) >= 11
    assert briefing["words"] == sum(len(line["text"].split()) for line in quoted_lines) <= 400
    assert {piece["article"] for line in quoted_lines for piece in line["evidence"]} == set(TEXTS)
    assert {line["slot"] for line in briefing["lines"]} == SLOTS


def test_every_line_is_verbatim_by_slicing_the_files(briefing: Any) -> None:
    for line in briefing["lines"]:
        pieces = [TEXTS[piece["article"]][piece["start"] : piece["end"]] for piece in line["evidence"]]
        assert not pieces or line["text"] == " … ".join(pieces)
        assert all("#:~:text=" in piece["link"] for piece in line["evidence"])


def test_no_line_is_boilerplate(briefing: Any) -> None:
    boilerplate = {article.id: article.boilerplate for article in seeds()}
    assert [len(boilerplate[name]) for name in sorted(boilerplate)] == [3, 0, 1, 0]
    for line in briefing["lines"]:
        for piece in line["evidence"]:
            assert not any(
                piece["start"] < span.end and span.start < piece["end"] for span in boilerplate[piece["article"]]
            )
        assert not any(
            words in line["text"] for words in ("Related:", "Powered by", "EU referendum revealed", "<iframe")
        )


def test_what_is_expected_is_never_told_as_done(briefing: Any) -> None:
    """The papers' own "is expected to" and "will" come with the mark, and no line has the mark without such words."""
    narrated = [line for line in briefing["lines"] if line["slot"] in ("status", "timeline")]
    ahead = [" expected to " in line["text"] or " will " in line["text"] for line in narrated]
    assert [line["expected"] for line in narrated] == ahead
    assert any(line["expected"] and "announce a leadership bid" in line["text"] for line in narrated)


def test_days_stand_beside_the_words_that_gave_them(briefing: Any) -> None:
    days = {(line["date"], line["date_words"]) for line in briefing["lines"] if line["slot"] == "timeline"}
    assert {("2016-06-28", "on Tuesday"), ("2016-06-29", "last night (29 June)"), ("2016-06-24", "on Friday")} <= days


def test_the_differences_are_the_figures_and_the_wordings(briefing: Any) -> None:
    texts = [line["text"] for line in briefing["lines"] if line["slot"] == "differences"]
    assert any("140,000" in text and "close to 150,000" in text for text in texts)
    assert any("Yes, I’m here." in text and "Yes, I'm here, thank you." in text for text in texts)


def test_what_is_missing_is_said(briefing: Any) -> None:
    texts = [line["text"] for line in briefing["lines"] if line["slot"] == "missing"]
    assert any("bears no date" in text for text in texts)
    assert any("170 to 40" in text and "Sharecast" in text for text in texts)


def test_the_order_of_the_articles_changes_no_byte(folder: Path, tmp_path: Path) -> None:
    expected = run_command(folder, "briefing", "labour-crisis", "--json").stdout
    for order in (sorted(TEXTS), sorted(TEXTS, reverse=True)):
        lines = [
            json.dumps({"id": a.id, "text": a.text, **_metadata(a)}) for name in order for a in seeds() if a.id == name
        ]
        path = tmp_path / f"{order[0]}.jsonl"
        path.write_text("\n".join(lines))
        assert run_command(tmp_path, "briefing", "labour-crisis", "--from", str(path), "--json").stdout == expected


def _metadata(article: Any) -> dict[str, str]:
    metadata = {"publisher": article.publisher, "url": article.url, "title": article.title, "byline": article.byline}
    day = article.published.isoformat() if article.published else None
    return {name: value for name, value in {**metadata, "published": day}.items() if value}


def test_demo_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = run_command(tmp_path, "demo"), run_command(tmp_path, "demo")
    assert (first.returncode, first.stderr) == (0, b"")
    assert first.stdout == second.stdout
    assert first.stdout.startswith(b"> /briefing labour-crisis\n")
    assert b'> /whosaid "lynch-mob"\n\nJohn McDonnell, shadow chancellor' in first.stdout


def test_a_reader_that_stops_listening_is_no_error(folder: Path) -> None:
    """As in `ontherecord briefing labour-crisis | head -1`."""
    script = f"{shlex.join([*COMMAND, 'briefing', 'labour-crisis'])} | head -c 1"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{folder}/record.db"}
    ran = subprocess.run(["bash", "-c", script], env=environment, cwd=folder, capture_output=True, check=False)
    assert (ran.stdout, ran.stderr) == (b"L", b"")


def test_a_terminal_without_curly_quotes_gets_a_whole_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    ran = run_command(folder, "whosaid", "lynch-mob")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.endswith(b"Thu 30 Jun 2016.\n")
