"""Reads the files of `tests/cases`: test cases that a journalist can read, correct and extend without code.

A case is a `## title`, optional lines `name: value`, the text on lines that start with `> `,
and the expected results on lines that start with `- ` (no such line means no result).
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "cases"


@dataclass
class Case:
    """One test case. `given` has its `name: value` lines, `fragment` its text."""

    title: str
    fields: dict[str, str] = field(default_factory=dict)
    fragment: str = ""
    expected: list[str] = field(default_factory=list)


def load_cases(name: str) -> list[object]:
    """Return the cases of `tests/cases/NAME.md` as parameters for `pytest.mark.parametrize`, with titles as ids."""
    return [pytest.param(case, id=case.title) for case in read_cases(name)]


def read_cases(name: str) -> list[Case]:
    """Return the cases of `tests/cases/NAME.md`, in order."""
    cases: list[Case] = []
    for line in (FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            cases.append(Case(line[3:]))
        elif line.startswith(">") and cases:
            cases[-1].fragment += line[2:] + "\n"
        elif line.startswith("- ") and cases:
            cases[-1].expected.append(line[2:])
        elif ": " in line and cases:
            key, value = line.split(": ", 1)
            cases[-1].fields[key] = value
    for case in cases:
        case.fragment = case.fragment.removesuffix("\n")
    return cases
