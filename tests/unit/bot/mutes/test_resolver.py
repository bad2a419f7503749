"""A typed name finds the one source it means, or a sentence with the nearest ones."""

from datetime import UTC, datetime

import pytest

from bot.mutes.model import Mute, MuteTarget, SourceKind, build_filter
from bot.mutes.resolver import resolve_sources, select_muted
from bot.mutes.service import choose_target
from briefings import BadQuestion

OUTLETS = ("The Tribune", "Easton Herald", "Marsh Herald", "Town and Country", "The Courier", "The Tribune US")
SECTIONS = {"The Tribune": ("tribune.example/sport", "tribune.example/world-news")}


def outlet(name: str) -> MuteTarget:
    return MuteTarget(SourceKind.OUTLET, name)


def address(text: str) -> MuteTarget:
    return MuteTarget(SourceKind.ADDRESS, text)


def list_sections(name: str) -> tuple[str, ...]:
    return SECTIONS.get(name, ())


@pytest.mark.parametrize(
    ("names", "targets"),
    [
        ("The Tribune", [outlet("The Tribune")]),
        ("tribune", [outlet("The Tribune")]),
        ("TRIBUNE US", [outlet("The Tribune US")]),
        ("Courier", [outlet("The Courier")]),
        ("easton", [outlet("Easton Herald")]),
        ("Town and Country", [outlet("Town and Country")]),
        ("The Tribune and The Courier", [outlet("The Tribune"), outlet("The Courier")]),
        ("The Tribune, the tribune & tribune.example/sport", [outlet("The Tribune"), address("tribune.example/sport")]),
        ("https://www.Tribune.example/Sport/", [address("tribune.example/sport")]),
        ("tribune.example", [address("tribune.example")]),
        ("sport in The Tribune", [address("tribune.example/sport")]),
        ("The Tribune sport", [address("tribune.example/sport")]),
        ("the Tribune's sport section", [address("tribune.example/sport")]),
    ],
)
def test_a_name_with_one_meaning_is_taken(names: str, targets: list[MuteTarget]) -> None:
    assert list(resolve_sources(names, OUTLETS, list_sections)) == targets


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        ("Herald", ["Easton Herald", "Marsh Herald"]),
        ("The Tribbune", ["No article is from “The Tribbune”", "The Tribune"]),
        ("Qwertz", ["No article is from “Qwertz”", "/sources mute"]),
        ("The Tribune and Qwertz", ["No article is from “Qwertz”"]),
        ("The Tribune gardening", ["no section “gardening” of The Tribune", "tribune.example/sport"]),
        ("…", ["No article is from"]),
        ("tribune.example/" + "a" * 400, ["too long"]),
    ],
)
def test_any_other_name_gets_a_sentence(names: str, parts: list[str]) -> None:
    with pytest.raises(BadQuestion) as error:
        resolve_sources(names, OUTLETS, list_sections)
    assert all(part in str(error.value) for part in parts), str(error.value)


def make_mutes(*targets: MuteTarget) -> list[Mute]:
    return [Mute(target, "U1", datetime(2026, 6, 1, tzinfo=UTC)) for target in targets]


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ("1", ["The Tribune"]),
        ("#2", ["tribune.example/sport"]),
        ("Tribune", ["The Tribune"]),
        ("https://tribune.example/sport", ["tribune.example/sport"]),
        ("sport", ["tribune.example/sport"]),
        ("1 and 2", ["The Tribune", "tribune.example/sport"]),
        ("", ["The Tribune", "tribune.example/sport"]),
    ],
)
def test_a_muted_source_is_found_by_number_or_name(names: str, labels: list[str]) -> None:
    mutes = make_mutes(outlet("The Tribune"), address("tribune.example/sport"))
    assert [target.label for target in select_muted(names, mutes)] == labels


@pytest.mark.parametrize("names", ["3", "0", "The Courier"])
def test_an_unmuted_source_is_not_found(names: str) -> None:
    with pytest.raises(BadQuestion, match=r"It mutes: 1\. The Tribune"):
        select_muted(names, make_mutes(outlet("The Tribune")))
    with pytest.raises(BadQuestion, match="no muted sources"):
        select_muted(names, [])


def test_a_line_is_muted_by_its_outlet_or_by_its_site() -> None:
    assert choose_target("The Tribune", "https://tribune.example/a") == outlet("The Tribune")
    assert choose_target(None, "https://www.tribune.example/a") == address("tribune.example")
    with pytest.raises(BadQuestion, match="no outlet and no address"):
        choose_target(None, None)


def test_the_filter_matches_outlets_and_sections() -> None:
    sources = build_filter(make_mutes(outlet("The Tribune"), address("courier.example/sport")))
    assert sources.matches("Tribune", None)
    assert sources.matches("The Courier", "https://courier.example/sport/1")
    assert not sources.matches("The Courier", "https://courier.example/news/1")
