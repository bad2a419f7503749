"""Command-line tests of briefing and whosaid over the four seed articles: verbatim, linked answers."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.articles import SEEDS, load_seeds

ROOT = SEEDS.parent
COMMAND = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
TEXTS = {path.stem: path.read_bytes().decode() for path in SEEDS.glob("*.txt")}
SLOTS = {"status", "timeline", "quotes", "differences", "missing", "sources"}


def run_command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run one command as a new process in `folder`, with a database in the same folder."""
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


def test_whosaid_names_speaker_and_both_wordings(folder: Path) -> None:
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


def test_briefing_has_eleven_lines_within_four_hundred_words_from_all_articles(briefing: Any) -> None:
    quoted_lines = [line for line in briefing["lines"] if line["evidence"]]
    assert len(quoted_lines) >= 11
    assert briefing["words"] == sum(len(line["text"].split()) for line in quoted_lines) <= 400
    assert {piece["article"] for line in quoted_lines for piece in line["evidence"]} == set(TEXTS)
    assert {line["slot"] for line in briefing["lines"]} == SLOTS


def test_every_line_equals_slices_of_the_files(briefing: Any) -> None:
    for line in briefing["lines"]:
        pieces = [TEXTS[piece["article"]][piece["start"] : piece["end"]] for piece in line["evidence"]]
        assert not pieces or line["text"] == " … ".join(pieces)
        assert all("#:~:text=" in piece["link"] for piece in line["evidence"])


def test_briefing_contains_no_boilerplate(briefing: Any) -> None:
    boilerplate = {article.id: article.boilerplate for article in load_seeds()}
    assert [len(boilerplate[name]) for name in sorted(boilerplate)] == [3, 0, 1, 0]
    for line in briefing["lines"]:
        for piece in line["evidence"]:
            assert not any(
                piece["start"] < span.end and span.start < piece["end"] for span in boilerplate[piece["article"]]
            )
        assert not any(
            words in line["text"] for words in ("Related:", "Powered by", "EU referendum revealed", "<iframe")
        )


def test_expected_events_are_marked(briefing: Any) -> None:
    """Lines with "is expected to" or "will" have the mark, and no other line has it."""
    narrated = [line for line in briefing["lines"] if line["slot"] in ("status", "timeline")]
    ahead = [" expected to " in line["text"] or " will " in line["text"] for line in narrated]
    assert [line["expected"] for line in narrated] == ahead
    assert any(line["expected"] and "announce a leadership bid" in line["text"] for line in narrated)


def test_dates_include_their_source_words(briefing: Any) -> None:
    """The date words occur in the article of the line, and the news has its day wherever it is printed."""
    narrated = [line for line in briefing["lines"] if line["slot"] in ("status", "timeline")]
    for line in narrated:
        assert not line["date_words"] or line["date_words"] in TEXTS[line["evidence"][0]["article"]]
        assert not line["date"] or line["date_words"]
    (news,) = [line for line in narrated if "lost a humiliating no-confidence vote by 170 to 40" in line["text"]]
    assert (news["date"], news["date_words"]) == ("2016-06-28", "on Tuesday")


#: unconnected events, so that none repeats another
EVENTS = {
    "a": ("2016-06-30", "Bridge at Milldon closed", "The council closed the old bridge to all traffic on Tuesday."),
    "b": ("2016-06-30", "Nurses strike", "Nurses at the Carrow hospital walked out over shifts last night (29 June)."),
    "c": ("2016-06-25", "Rust in cables", "Inspectors from Easton found rust in the steel cables on Friday."),
}


def test_days_come_from_words_relative_to_each_article(tmp_path: Path) -> None:
    """Each article has one sentence, so the briefing has all of them. The days of the timeline are in order."""
    rows = [
        {"id": name, "text": text, "title": title, "published": day, "publisher": f"The {name.upper()} Post"}
        for name, (day, title, text) in EVENTS.items()
    ]
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    lines = run_json(tmp_path, "briefing", "*", "--from", str(path))["lines"]
    assert {(line["date"], line["date_words"]) for line in lines if line["evidence"]} == {
        ("2016-06-28", "on Tuesday"),
        ("2016-06-29", "last night (29 June)"),
        ("2016-06-24", "on Friday"),
    }
    days = [line["date"] for line in lines if line["slot"] == "timeline"]
    assert days == sorted(days)


def test_differences_list_figures_and_disputed_claims(briefing: Any) -> None:
    texts = [line["text"] for line in briefing["lines"] if line["slot"] == "differences"]
    assert any("140,000" in text and "close to 150,000" in text for text in texts)
    assert any("had been staged" in text and "I didn't come here intending to do this" in text for text in texts)
    assert not any("thank you" in text for text in texts)


def test_missing_dates_are_listed(briefing: Any) -> None:
    """The article without a date is named by its first words and its outlet."""
    texts = [line["text"] for line in briefing["lines"] if line["slot"] == "missing"]
    assert [text for text in texts if "publication date of" in text] == [
        "The publication date of the article that begins “Jeremy Corbyn's visit to London's Pride …” "
        "(International Business Times UK)."
    ]


def test_news_of_the_seeds_comes_first(briefing: Any) -> None:
    """The first line tells the lost vote and that Corbyn does not resign."""
    first_line = briefing["lines"][0]
    assert first_line["slot"] == "status"
    assert "no-confidence vote" in first_line["text"]
    assert "refused to resign" in first_line["text"]


def test_article_order_does_not_change_output(folder: Path, tmp_path: Path) -> None:
    expected = run_command(folder, "briefing", "labour-crisis", "--json").stdout
    for order in (sorted(TEXTS), sorted(TEXTS, reverse=True)):
        lines = [
            json.dumps({"id": a.id, "text": a.text, **_metadata(a)})
            for name in order
            for a in load_seeds()
            if a.id == name
        ]
        path = tmp_path / f"{order[0]}.jsonl"
        path.write_text("\n".join(lines))
        assert run_command(tmp_path, "briefing", "labour-crisis", "--from", str(path), "--json").stdout == expected


def _metadata(article: Any) -> dict[str, str]:
    metadata = {"publisher": article.publisher, "url": article.url, "title": article.title, "byline": article.byline}
    day = article.published.isoformat() if article.published else None
    return {name: value for name, value in {**metadata, "published": day}.items() if value}


def test_demo_output_is_deterministic(tmp_path: Path) -> None:
    first, second = run_command(tmp_path, "demo"), run_command(tmp_path, "demo")
    assert (first.returncode, first.stderr) == (0, b"")
    assert first.stdout == second.stdout
    assert first.stdout.startswith(b"> /briefing labour-crisis\n")
    assert b'> /whosaid "lynch-mob"\n\nJohn McDonnell, shadow chancellor' in first.stdout


def test_closed_pipe_is_not_an_error(folder: Path) -> None:
    """For example `ontherecord briefing labour-crisis | head -1`."""
    script = f"{shlex.join([*COMMAND, 'briefing', 'labour-crisis'])} | head -c 1"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{folder}/record.db"}
    ran = subprocess.run(["bash", "-c", script], env=environment, cwd=folder, capture_output=True, check=False)
    assert (ran.stdout, ran.stderr) == (b"L", b"")


def test_ascii_terminal_gets_full_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    ran = run_command(folder, "whosaid", "lynch-mob")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.endswith(b"Thu 30 Jun 2016.\n")
