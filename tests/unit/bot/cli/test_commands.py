"""Each command on good input: what it prints as text and as JSON, from the record, a file, a folder and a pipe."""

import asyncio
import gzip
import json
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.feedback import FeedbackItem
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.support.articles import SEEDS
from tests.support.command_line import Run

RALLY = "002_494a08902a45e5b0"
LINES = (
    json.dumps(
        {
            "id": "one",
            "text": 'Members\n\nThe secretary, Jane Roe, said on Monday: "I did all that I could for the party."',
            "publisher": "The Paper",
            "published": "2016-06-28",
            "url": "https://paper.example/one",
        }
    )
    + "\n"
    + json.dumps({"id": "two", "text": "The hall was full of people who sang until ten."})
    + "\n"
).encode()


@pytest.fixture
def lines(folder: Path) -> Path:
    path = folder / "articles.jsonl"
    path.write_bytes(LINES)
    return path


def test_add_says_what_became_of_each_and_adding_again_changes_nothing(run: Run, lines: Path) -> None:
    assert (
        run("add", str(lines), str(SEEDS)).out
        == f"{lines}: 2 added, 0 already there\n{SEEDS}: 4 added, 0 already there\n"
    )
    assert run("add", str(lines)).out == f"{lines}: 0 added, 2 already there\n"
    assert run("add", "-", stdin=LINES).out == "-: 0 added, 2 already there\n"


def test_a_briefing_of_the_record(run: Run) -> None:
    run("add", str(SEEDS))
    found = run("briefing", "labour-crisis")
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("Labour's leadership crisis\n\nWhere it stands\n")
    assert "\x1b" not in found.out
    shorter = json.loads(run("briefing", "labour-crisis", "--words", "60", "--json").out)
    assert 0 < shorter["words"] <= 60
    since = json.loads(run("briefing", "labour-crisis", "--since", "2016-06-30", "--json").out)
    assert [article["published"] for article in since["articles"]] == ["2016-06-30"]


@pytest.mark.parametrize("about", ["*", "sang", "the hall"])
def test_a_briefing_of_given_articles_alone(run: Run, lines: Path, about: str) -> None:
    run("add", str(SEEDS))
    found = json.loads(run("briefing", about, "--from", str(lines), "--json").out)
    assert {"two"} <= {article["id"] for article in found["articles"]} <= {"one", "two"}
    assert json.loads(run("briefing", about, "--from", "-", "--json", stdin=LINES).out) == found


def test_articles_are_read_gzipped_and_as_text_files(run: Run, folder: Path) -> None:
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(LINES))
    (folder / "b.txt").write_text("The hall was full of people who sang until ten.")
    assert json.loads(run("briefing", "*", "--from", "a.jsonl.gz", "--json").out)["articles"][0]["id"] == "one"
    assert json.loads(run("briefing", "*", "--from", "b.txt", "--json").out)["articles"][0]["id"] == "b"


def test_given_articles_never_enter_the_record(run: Run, lines: Path) -> None:
    run("briefing", "*", "--from", str(lines))
    assert not (lines.parent / "record.db").exists()
    assert run("briefing", "*").status == 1


def test_who_said_it(run: Run, lines: Path) -> None:
    text = run("whosaid", "all", "that", "I", "could", "--from", str(lines)).out
    assert text.startswith("Jane Roe, secretary (")
    assert text.endswith("Searched 1 quote in 2 articles, Tue 28 Jun 2016 to Tue 28 Jun 2016.\n")
    found = json.loads(run("whosaid", "--by", "Roe", "--from", "-", "--json", stdin=LINES).out)
    assert [hit["quote"] for hit in found["hits"]] == ["I did all that I could for the party."]


def test_quotes_gives_a_line_an_article_in_order(run: Run, lines: Path) -> None:
    for found in (run("quotes", str(lines)), run("quotes", "-", stdin=LINES)):
        one, two = (json.loads(line) for line in found.out.splitlines())
        assert (one["id"], two) == ("one", {"id": "two", "quotes": []})
        (quote,) = one["quotes"]
        assert {"content", "source", "cue", "speaker", "confidence"} <= quote.keys()


def test_topics_and_people_as_text_and_json(run: Run) -> None:
    run("add", str(SEEDS))
    assert run("topics").out == "labour-crisis: Labour's leadership crisis (4 articles, newest Thu 30 Jun 2016)\n"
    (topic,) = json.loads(run("topics", "--json").out)
    assert topic == {
        "slug": "labour-crisis",
        "title": "Labour's leadership crisis",
        "articles": 4,
        "newest": "2016-06-30",
    }
    assert "John McDonnell, shadow chancellor: 2 quotes in 1 article\n" in run("people").out
    people = {person["name"]: person for person in json.loads(run("people", "--json").out)}
    assert people["John McDonnell"] == {
        "name": "John McDonnell",
        "roles": ["shadow chancellor"],
        "quotes": 2,
        "articles": 1,
    }


def test_a_team_asks_for_its_own_topics(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, lines: Path) -> None:
    (folder / "ours.toml").write_text('[[topic]]\nslug = "song"\ntitle = "The song"\nwords = ["people who sang"]\n')
    monkeypatch.setenv("TOPICS", "ours.toml")
    assert json.loads(run("briefing", "song", "--from", str(lines), "--json").out)["title"] == "The song"


def test_doctor_says_what_is_there_and_what_to_do(run: Run) -> None:
    found = run("doctor")
    assert found.status == 0
    assert "settings: fine; the bot runs in the local workspace" in found.out
    assert "topics: labour-crisis\nrecord: empty; add articles with: ontherecord add FOLDER\n" in found.out


def test_manifest_is_json_for_socket_mode_or_for_an_address(run: Run) -> None:
    assert json.loads(run("manifest").out)["settings"]["socket_mode_enabled"] is True
    assert "https://bot.example.org/slack/events" in run("manifest", "--url", "https://bot.example.org").out


def test_demo_answers_both_commands_and_fills_only_an_empty_record(run: Run, lines: Path) -> None:
    run("add", str(lines))
    held = run("demo")
    assert held.status == 0
    assert "None of the 2 articles in the record is about the topic labour-crisis." in held.out


def test_help_and_version_are_no_errors(run: Run) -> None:
    assert run("--help").status == 0
    assert run("--version").out.startswith("ontherecord ")


def test_an_argument_that_is_no_text_does_not_end_in_a_traceback(run: Run, lines: Path) -> None:
    """Shells pass on bytes that are no UTF-8; Python holds them as lone surrogates."""
    assert run("whosaid", "sang\udcff", "--from", str(lines), "--json").status == 0


def test_feedback_lists_what_looks_wrong_and_closes_it(run: Run, folder: Path) -> None:
    """The words in doubt as the record has them, nothing a terminal would act on, and the number to close it by."""
    assert run("demo").status == 0
    assert run("feedback").out == "No feedback is open.\n"
    start = (SEEDS / f"{RALLY}.txt").read_text(encoding="utf-8").index("like a lynch-mob")
    doubt = FeedbackItem(
        "T1", "U1", "C1", "/briefing labour-crisis", RALLY, start, start + 16, "wrong speaker", "not \x1b[1mhim"
    )
    with closing(open_store(f"sqlite:///{folder}/record.db", RateLimit(20), time.time)) as store:
        asyncio.run(store.feedback.add(doubt))
    told = run("feedback").out
    for shown in (
        "1  20",
        "wrong speaker, says U1 in T1",
        "/briefing labour-crisis",
        "like a lynch-mob (",
        "not [1mhim",
    ):
        assert shown in told
    assert "\x1b" not in told
    assert run("feedback", "--close", "7").status == 1
    assert run("feedback", "--close", "1").out == "1 is closed.\n"
    assert run("feedback").out == "No feedback is open.\n"
