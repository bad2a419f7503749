"""Reads the files of `tests/cases`: cases that a journalist can read, correct and add to without knowing the code.

A case is a `## title`, lines `name: value` where a kind of case needs them, the fragment on lines that open with `> `,
and what is expected of it on lines that open with `- ` (none: nothing is).
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "cases"


@dataclass
class Case:
    """One case; `given` holds its `name: value` lines."""

    title: str
    given: dict[str, str] = field(default_factory=dict)
    fragment: str = ""
    expected: list[str] = field(default_factory=list)


def load_cases(name: str) -> list[object]:
    """The cases of `tests/cases/NAME.md`, to be given to `pytest.mark.parametrize`, named by their titles."""
    found: list[Case] = []
    for line in (FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found.append(Case(line[3:]))
        elif line.startswith(">") and found:
            found[-1].fragment += line[2:] + "\n"
        elif line.startswith("- ") and found:
            found[-1].expected.append(line[2:])
        elif ": " in line and found:
            key, value = line.split(": ", 1)
            found[-1].given[key] = value
    for case in found:
        case.fragment = case.fragment.removesuffix("\n")
    return [pytest.param(case, id=case.title) for case in found]
