"""The commands `outlets` and `waiting`, `add --no-trust`, and the settings of sources."""

import asyncio
import json
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.core.configuration.source_settings import SourceSettings, parse_source_settings
from bot.storage.request_log import RateLimit
from bot.storage.review.waiting_links import open_waiting_links
from bot.storage.store import open_store
from briefings import BadSettings


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/record.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def write_article(path: Path, outlet: str, url: str) -> str:
    path.write_text(
        json.dumps({"id": "a1", "text": "“We will rebuild it,” said Jane Roe.", "publisher": outlet, "url": url}),
        "utf-8",
    )
    return str(path)


def read_hit(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert main(["whosaid", "We will rebuild it", "--json"]) == 0
    hit: dict[str, object] = json.loads(capsys.readouterr().out)["hits"][0]
    return hit


def test_outlet_is_confirmed_listed_and_removed(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_article(tmp_path / "crawl.jsonl", "Easton Courier", "https://www.courier.example/a")
    assert main(["add", "--no-trust", path]) == 0
    hit = read_hit(capsys)
    assert (hit["publisher"], hit["provenance"]) == ("Easton Courier", "unconfirmed")
    assert main(["outlets", "confirm", "Easton Courier", "courier.example"]) == 0
    assert "courier.example belongs to Easton Courier now. 1 article changed." in capsys.readouterr().out
    assert "provenance" not in read_hit(capsys)
    assert main(["outlets", "--json"]) == 0
    assert [row["host"] for row in json.loads(capsys.readouterr().out)] == ["courier.example"]
    assert main(["outlets"]) == 0
    assert "Easton Courier" in capsys.readouterr().out
    assert main(["outlets", "remove", "courier.example"]) == 0
    assert main(["outlets", "remove", "courier.example"]) == 1
    with closing(open_store(database, RateLimit(20), lambda: 0.0)) as store:
        actions = [entry.action.action for entry in asyncio.run(store.audit_log.list_entries(""))]
    # the second removal failed, and its entry says so
    assert sorted(actions) == ["added", "confirmed outlet", "removed outlet", "removed outlet"]


def test_file_is_trusted_unless_the_user_says_otherwise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_article(tmp_path / "archive.jsonl", "The Guardian", "https://evil.example/a")
    assert main(["add", path]) == 0
    hit = read_hit(capsys)
    assert (hit["publisher"], "provenance" in hit) == ("The Guardian", False)
    assert main(["add", "--no-trust", path]) == 0
    hit = read_hit(capsys)
    assert (hit["publisher"], hit["provenance"]) == ("evil.example", "contradicted")


def test_team_list_of_outlets_is_used_and_its_mistakes_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_article(tmp_path / "crawl.jsonl", "Easton Courier", "https://courier.example/a")
    outlets = tmp_path / "outlets.txt"
    outlets.write_text("The Easton Courier; Easton Courier: courier.example\n", "utf-8")
    monkeypatch.setenv("OUTLETS", str(outlets))
    assert main(["add", "--no-trust", path]) == 0
    assert read_hit(capsys)["publisher"] == "The Easton Courier"
    outlets.write_text("Easton Courier\n", "utf-8")
    assert main(["outlets"]) == 1
    assert "outlets.txt, line 1" in capsys.readouterr().err


def test_waiting_links_are_listed_and_refused(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["waiting"]) == 0
    assert "No links are waiting." in capsys.readouterr().out
    with closing(open_store(database, RateLimit(20), time.time)) as store:
        asyncio.run(open_waiting_links(store).add("T1", "U2", "https://tribune.example/a"))
    assert main(["waiting", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["link"], row["person"]) == ("https://tribune.example/a", "U2")
    assert main(["waiting", "refuse", str(row["number"])]) == 0
    assert main(["waiting", "refuse", str(row["number"])]) == 1
    assert main(["waiting", "add", str(row["number"])]) == 1
    assert "No waiting link has the number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        ({}, SourceSettings(None, has_link_review=True)),
        ({"LINK_REVIEW": "OFF", "OUTLETS": "o.txt"}, SourceSettings(Path("o.txt"), has_link_review=False)),
    ],
)
def test_source_settings_are_read(values: dict[str, str], settings: SourceSettings) -> None:
    assert parse_source_settings(values) == settings


def test_invalid_link_review_is_refused() -> None:
    with pytest.raises(BadSettings, match="Invalid LINK_REVIEW 'maybe'"):
        parse_source_settings({"LINK_REVIEW": "maybe"})
