"""The phrasings of tests/cases/phrasings.toml, each as its door reads it."""

import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from bot.cli import days as cli_days
from bot.cli import parser
from bot.cli.typed_questions import read_briefing, read_who_said
from bot.queries import natural_language
from bot.queries.grammar.names import ListedNames
from bot.queries.natural_language import ParsedQuery
from bot.queries.queries import BriefingQuery, Command, NewsQuery, UsageMessage, WhoSaidQuery

_FILE = Path(__file__).parents[4] / "tests" / "cases" / "phrasings.toml"
_CASES = tomllib.loads(_FILE.read_text(encoding="utf-8"))
_RECORD = _CASES["record"]
NAMES = ListedNames(_RECORD["people"], _RECORD["outlets"], _RECORD["topics"], _RECORD.get("article_texts", ()))
TODAY = _CASES["today"]


def _iterate_cases() -> Iterator[ParameterSet]:
    for group in _CASES["group"]:
        for typed, expected in group["cases"]:
            yield pytest.param(group["door"], typed, expected, id=f"{group['door']}: {typed}")


def parse(door: str, typed: str) -> ParsedQuery:
    if door == "terminal":
        arguments = parser.build_parser().parse_args(shlex.split(typed))
        return (read_briefing if typed.startswith("briefing") else read_who_said)(NAMES, arguments, TODAY)
    if door == "talk":
        return natural_language.parse_question(typed, TODAY, NAMES)
    return natural_language.parse_command_text(
        Command.BRIEFING if door == "briefing" else Command.WHOSAID, typed, TODAY, NAMES
    )


def describe(query: ParsedQuery) -> str:
    """Return a query in the words of the case file."""
    if isinstance(query, UsageMessage):
        return f"refused: {query.sentence}"
    assert isinstance(query, WhoSaidQuery | BriefingQuery | NewsQuery), query
    days = [f"{name} {value}" for name in ("since", "until") if (value := getattr(query, name))]
    outlet = [f"in {query.outlet}"] if query.outlet else []
    if isinstance(query, NewsQuery):
        return f"news: {'; '.join([*days, *outlet])}"
    if isinstance(query, BriefingQuery):
        return "; ".join([f"briefing: {query.words}", *days, *outlet])
    speakers = [person for person in NAMES.people if ListedNames([person]).is_person(query.by or "")]
    words = [f'"{query.words}"'] if query.words else []
    by = [f"by {speakers[0] if len(speakers) == 1 else query.by}"] if query.by else []
    about = [f"about {query.about}"] if query.about else []
    return "quotes: " + "; ".join([*words, *by, *about, *days, *outlet])


def _sort_parts(text: str) -> list[str]:
    head, _, parts = text.partition(": ")
    return [head, *sorted(parts.split("; "))]


@pytest.mark.parametrize(("door", "typed", "expected"), list(_iterate_cases()))
def test_phrasing_is_understood(door: str, typed: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_days, "get_today", lambda: TODAY)
    found = describe(parse(door, typed))
    if expected.startswith("refused: "):
        assert found.startswith("refused: ")
        assert expected.removeprefix("refused: ") in found
    else:
        assert _sort_parts(found) == _sort_parts(expected)


def test_there_are_two_hundred_phrasings_and_a_third_was_written_without_the_parser() -> None:
    counts = [(len(group["cases"]), group.get("unseen", False)) for group in _CASES["group"]]
    total = sum(count for count, _ in counts)
    assert total >= 200
    assert sum(count for count, is_unseen in counts if is_unseen) * 3 >= total


@pytest.mark.parametrize("door", ["whosaid", "talk", "terminal"])
@pytest.mark.parametrize(
    "typed",
    [case[0] for group in _CASES["group"][:2] for case in group["cases"]],
)
def test_doors_read_the_same_question_alike(door: str, typed: str) -> None:
    line = f"whosaid {shlex.quote(typed)}" if door == "terminal" else typed
    assert describe(parse(door, line)) == describe(parse("whosaid", typed))
