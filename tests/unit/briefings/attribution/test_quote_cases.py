"""Quotes of the cases in tests/cases/quotes. Editors can read the cases and add to them without reading code."""

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
def test_expected_quotes_are_extracted(text: str, expected: list[str]) -> None:
    quotes = [
        (
            " ".join(span.of(text) for span in quote.content),
            quote.speaker.name if quote.speaker else "-",
            str(quote.kind),
        )
        for quote in find_attributions(Article("case", text))
    ]
    for line in expected:
        content, *rest = (part.strip() for part in line.removeprefix("- ").split(" | "))
        matches = [tuple(quote[1:]) for quote in quotes if _is_similar(quote[0], content.removeprefix("! "))]
        if content.startswith("!"):
            assert not matches, quotes
        else:
            assert tuple(rest) in matches, quotes


def test_case_files_are_parsed() -> None:
    assert len(CASES) >= 15


def _is_similar(text: str, other_text: str) -> bool:
    words, other_words = set(re.findall(r"\w+", text.lower())), set(re.findall(r"\w+", other_text.lower()))
    return 2 * len(words & other_words) >= len(words | other_words)
