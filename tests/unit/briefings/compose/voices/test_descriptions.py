"""A description is shown only if a reader can place whoever it means."""

import pytest

from briefings.compose.voices.descriptions import can_show_description
from briefings.model import Article, Kind, Quote, Span, Speaker


def can_show(mention: str, description: str) -> bool:
    text = f"“It is all that we can do,” {mention} said."
    start = text.index(mention)
    source = Span(start, start + len(mention))
    speaker = Speaker(description, anonymous=True)
    return can_show_description(
        Article("a", text), Quote((Span(1, 26),), source, None, speaker, Kind.DIRECT, 0.99, "described")
    )


@pytest.mark.parametrize(
    ("mention", "description"),
    [
        ("a senior harbour official", "senior harbour official"),
        ("police", "police"),
        ("the Easton spokesman", "Easton spokesman"),
        ("Roe's family", "Roe's family"),
    ],
)
def test_placed_speaker_is_shown(mention: str, description: str) -> None:
    assert can_show(mention, description)


@pytest.mark.parametrize(
    ("mention", "description"),
    [
        ("the teen", "teen"),
        ("the official", "official"),
        ("many people", "Many people"),
        ("they", "harbour officials"),
        ("the former Easton aide", "former Easton aide"),
        ("director", "director"),
        ("the newspaper", "newspaper"),
        ("Harbour magazine", "Harbour magazine"),
        ("the indictment", "indictment"),
    ],
)
def test_description_that_points_back_or_says_too_little_is_not_shown(mention: str, description: str) -> None:
    assert not can_show(mention, description)
