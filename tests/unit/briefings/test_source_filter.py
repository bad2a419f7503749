"""Sources match by an outlet's whole name, and by sites and sections in whole segments."""

import pytest

from briefings.source_filter import NO_SOURCES, build_source_filter, make_outlet_key, normalize_address


@pytest.mark.parametrize(
    ("publisher", "is_match"),
    [
        ("The Tribune", True),
        ("Tribune", True),
        ("THE TRIBÚNE", True),
        ("The Easton Tribune", False),
        ("Tribune Magazine", False),
        ("", False),
        (None, False),
    ],
)
def test_an_outlet_matches_by_its_whole_name(publisher: str | None, is_match: bool) -> None:
    assert build_source_filter(["the tribune"]).matches(publisher, None) is is_match


@pytest.mark.parametrize(
    ("address", "url", "is_match"),
    [
        ("tribune.example/sport", "https://tribune.example/sport/2026/match", True),
        ("tribune.example/sport", "https://www.tribune.example/Sport?page=2", True),
        ("https://www.tribune.example/sport/", "http://m.tribune.example:8080/sport/#top", True),
        ("tribune.example/sport", "https://tribune.example/sports/match", False),
        ("tribune.example/sport", "https://tribune.example/news/sport", False),
        ("tribune.example/sport", "https://tribune.example/", False),
        ("tribune.example/sport", "https://nottribune.example/sport/a", False),
        ("tribune.example", "https://tribune.example/anything", True),
        ("tribune.example", "https://live.tribune.example/anything", True),
        ("tribune.example", "https://other.example/tribune.example", False),
        ("bücher.example", "https://xn--bcher-kva.example/a", True),
        ("tribune.example/caf%C3%A9", "https://tribune.example/café/menu", True),
        ("tribune.example/sport", None, False),
        ("tribune.example/sport", "not a url", False),
    ],
)
def test_a_section_matches_in_whole_segments(address: str, url: str | None, is_match: bool) -> None:
    assert build_source_filter(addresses=[address]).matches("The Tribune", url) is is_match


def test_a_site_matches_an_outlet_that_is_named_by_its_host() -> None:
    assert build_source_filter(addresses=["tribune.example"]).matches("Tribune.example", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The Tribune",
        "tribune",
        "ftp://tribune.example/a",
        "javascript:alert(1)",
        "https://user@tribune.example/",
        "https://tribune.example:99999/",
        "tribune.example/<b>",
        "https://[::1",
        "127.0.0.1",
        "." * 300,
        "a." * 200 + "example",
        "tribune.example\\sport",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert normalize_address(text) is None


def test_a_filter_without_sources_matches_nothing() -> None:
    assert not NO_SOURCES
    assert not build_source_filter(["", "…"], ["", "no address"])
    assert not NO_SOURCES.matches("The Tribune", "https://tribune.example/")
    assert make_outlet_key("The") == "the"
