"""The cases in tests/cases/quotes: written to be read, and to be added to, by people who know news."""

import re
from pathlib import Path

import pytest

from briefings.attribution import find_attributions
from briefings.model import Article

_FOLDER = Path(__file__).parents[3] / "cases" / "quotes"
_CASE = re.compile(r"^## (?P<title>.+)\n```\n(?P<text>[^`]*?)\n```\n(?P<expected>(?:- .+\n?)+)", re.MULTILINE)
CASES = [
    pytest.param(match["text"], match["expected"].strip().splitlines(), id=f"{path.stem}: {match['title']}")
    for path in sorted(_FOLDER.glob("*.md"))
    for match in _CASE.finditer(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case(text: str, expected: list[str]) -> None:
    said = [
        (
            " ".join(span.of(text) for span in quote.content),
            quote.speaker.name if quote.speaker else "-",
            str(quote.kind),
        )
        for quote in find_attributions(Article("case", text))
    ]
    for line in expected:
        content, *rest = (part.strip() for part in line.removeprefix("- ").split(" | "))
        alike = [tuple(quote[1:]) for quote in said if _alike(quote[0], content.removeprefix("! "))]
        if content.startswith("!"):
            assert not alike, said
        else:
            assert tuple(rest) in alike, said


def test_there_are_cases() -> None:
    assert len(CASES) >= 15


def _alike(one: str, other: str) -> bool:
    a, b = set(re.findall(r"\w+", one.lower())), set(re.findall(r"\w+", other.lower()))
    return 2 * len(a & b) >= len(a | b)
