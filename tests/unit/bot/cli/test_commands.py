"""Every command with valid input: its text and JSON, from the database, a file, a folder and standard input."""

import asyncio
import gzip
import json
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import maintenance, queries
from bot.storage.feedback import FeedbackItem
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand

RALLY = "002_494a08902a45e5b0"
JSON_LINES = (
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
def articles_file(folder: Path) -> Path:
    """Return a file with two articles, "one" and "two"."""
    path = folder / "articles.jsonl"
    path.write_bytes(JSON_LINES)
    return path


def test_add_prints_the_counts_and_adding_again_changes_nothing(run: RunCommand, articles_file: Path) -> None:
    assert (
        run("add", str(articles_file), str(SEEDS)).out
        == f"{articles_file}: 2 articles added.\n{SEEDS}: 4 articles added.\n"
    )
    assert run("add", str(articles_file)).out == f"{articles_file}: 0 articles added, 2 unchanged.\n"
    assert run("add", "-", stdin=JSON_LINES).out == "standard input: 0 articles added, 2 unchanged.\n"


def test_briefing_uses_the_database(run: RunCommand) -> None:
    run("add", str(SEEDS))
    result = run("briefing", "labour-crisis")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("Labour's leadership crisis\n\nLatest\n")
    assert "\x1b" not in result.out
    short_briefing = json.loads(run("briefing", "labour-crisis", "--words", "60", "--json").out)
    assert 0 < short_briefing["words"] <= 60
    recent_briefing = json.loads(run("briefing", "labour-crisis", "--since", "2016-06-30", "--json").out)
    assert [article["published"] for article in recent_briefing["articles"]] == ["2016-06-30"]


@pytest.mark.parametrize("about", ["*", "sang", "the hall"])
def test_briefing_uses_only_given_articles(run: RunCommand, articles_file: Path, about: str) -> None:
    run("add", str(SEEDS))
    answer = json.loads(run("briefing", about, "--from", str(articles_file), "--json").out)
    assert {"two"} <= {article["id"] for article in answer["articles"]} <= {"one", "two"}
    assert json.loads(run("briefing", about, "--from", "-", "--json", stdin=JSON_LINES).out) == answer


def test_gzip_and_text_files_are_read(run: RunCommand, folder: Path) -> None:
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(JSON_LINES))
    (folder / "b.txt").write_text("The hall was full of people who sang until ten.")
    assert json.loads(run("briefing", "*", "--from", "a.jsonl.gz", "--json").out)["articles"][0]["id"] == "one"
    assert json.loads(run("briefing", "*", "--from", "b.txt", "--json").out)["articles"][0]["id"] == "b"


def test_given_articles_are_not_stored(run: RunCommand, articles_file: Path) -> None:
    run("briefing", "*", "--from", str(articles_file))
    assert not (articles_file.parent / "record.db").exists()
    assert run("briefing", "*").status == 1


def test_whosaid_prints_speaker_and_counts(run: RunCommand, articles_file: Path) -> None:
    text = run("whosaid", "all", "that", "I", "could", "--from", str(articles_file)).out
    assert text.startswith("Jane Roe, secretary\n")
    assert text.endswith("Searched 1 quote in 2 articles, Tue 28 Jun 2016 to Tue 28 Jun 2016.\n")
    answer = json.loads(run("whosaid", "--by", "Roe", "--from", "-", "--json", stdin=JSON_LINES).out)
    assert [hit["quote"] for hit in answer["hits"]] == ["I did all that I could for the party."]


def test_quotes_prints_a_line_per_article_in_order(run: RunCommand, articles_file: Path) -> None:
    for result in (run("quotes", str(articles_file)), run("quotes", "-", stdin=JSON_LINES)):
        first_article, second_article = (json.loads(line) for line in result.out.splitlines())
        assert (first_article["id"], second_article) == ("one", {"id": "two", "quotes": []})
        (quote,) = first_article["quotes"]
        assert {"content", "source", "cue", "speaker", "confidence"} <= quote.keys()


def test_topics_and_people_are_printed_as_text_and_json(run: RunCommand) -> None:
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
        "aliases": [],
        "shared_by": [],
        "bearers": 1,
    }


def test_a_team_can_define_topics(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch, articles_file: Path
) -> None:
    (folder / "topics.toml").write_text('[[topic]]\nslug = "song"\ntitle = "The song"\nwords = ["people who sang"]\n')
    monkeypatch.setenv("TOPICS", "topics.toml")
    assert json.loads(run("briefing", "song", "--from", str(articles_file), "--json").out)["title"] == "The song"


def test_doctor_says_what_is_set_up_and_what_to_do(run: RunCommand) -> None:
    result = run("doctor")
    assert result.status == 0
    assert "settings: OK. The bot runs in the local workspace" in result.out
    assert "topics: labour-crisis\ndatabase: empty. Add articles with: ontherecord add FOLDER\n" in result.out


def test_manifest_is_json_for_socket_mode_or_a_url(run: RunCommand) -> None:
    assert json.loads(run("manifest").out)["settings"]["socket_mode_enabled"] is True
    assert "https://bot.example.org/slack/events" in run("manifest", "--url", "https://bot.example.org").out


def test_demo_adds_sample_articles_only_to_an_empty_database(run: RunCommand, articles_file: Path) -> None:
    run("add", str(articles_file))
    result = run("demo")
    assert result.status == 0
    assert "No articles about the topic labour-crisis yet." in result.out


def test_help_and_version_succeed(run: RunCommand) -> None:
    assert run("--help").status == 0
    assert run("--version").out.startswith("ontherecord ")


def test_an_undecodable_argument_is_no_error(run: RunCommand, articles_file: Path) -> None:
    """Python represents bytes that are not UTF-8 as lone surrogates."""
    assert run("whosaid", "sang\udcff", "--from", str(articles_file), "--json").status == 0


def test_feedback_lists_reports_and_closes_them(run: RunCommand, folder: Path) -> None:
    """The list has the reported words, the number to close the report by, and no terminal control characters."""
    assert run("demo").status == 0
    assert run("feedback").out == "No reports to review.\n"
    start = (SEEDS / f"{RALLY}.txt").read_text(encoding="utf-8").index("like a lynch-mob")
    report = FeedbackItem(
        "T1", "U1", "C1", "/briefing labour-crisis", RALLY, start, start + 16, "wrong speaker", "not \x1b[1mhim"
    )
    with closing(open_store(f"sqlite:///{folder}/record.db", RateLimit(20), time.time)) as store:
        asyncio.run(store.feedback.add(report))
    output = run("feedback").out
    for expected_text in (
        "1  20",
        "wrong speaker, reported by U1 in T1",
        "/briefing labour-crisis",
        "like a lynch-mob (",
        "not [1mhim",
    ):
        assert expected_text in output
    assert "\x1b" not in output
    assert run("feedback", "--close", "7").status == 1
    assert run("feedback", "--close", "1").out == "Closed report 1.\n"
    assert run("feedback").out == "No reports to review.\n"


def test_terminal_shows_some_reports_and_says_how_many_more_there_are(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(f"sqlite:///{folder}/record.db", RateLimit(20), time.time)) as store:
        for number in range(3):
            item = FeedbackItem("T1", "U1", "C1", f"/briefing {number}", f"gone-{number}", 0, 1, "wrong speaker", "")
            asyncio.run(store.feedback.add(item))
    assert run("feedback").err == ""
    monkeypatch.setattr(maintenance, "DEFAULT_LIMIT", 2)
    monkeypatch.setattr(maintenance, "is_terminal", lambda: True)
    result = run("feedback")
    assert result.out.count("wrong speaker") == 2
    assert result.err == "ontherecord: and 1 more. To see all, add: --limit all\n"
    assert run("feedback", "--limit", "all").out.count("wrong speaker") == 3


def test_only_a_terminal_gets_clickable_links_unless_plain_text_is_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert queries.build_style().rich
    assert not queries.build_style(is_plain=True).rich
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    assert not queries.build_style().rich


def test_plain_briefing_numbers_its_links_at_the_end(run: RunCommand, articles_file: Path) -> None:
    output = run("briefing", "*", "--from", str(articles_file), "--plain").out
    before, _, links = output.partition("\nLinks\n")
    assert "The Paper [1]" in before
    assert "https://" not in before
    assert "  [1] https://paper.example/one" in links
