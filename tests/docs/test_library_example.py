"""The example in docs/how-to/library.md runs, and prints what the page shows."""

import contextlib
import io
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/how-to/library.md"

_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def read_steps() -> list[tuple[str, str]]:
    """Return each block of code with the output that the page shows after it."""
    steps: list[tuple[str, str]] = []
    for language, content in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "python":
            steps.append((content, ""))
        else:
            steps[-1] = (steps[-1][0], content)
    return steps


def test_example_prints_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds", ignore=shutil.ignore_patterns("__*"))
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code, expected_output in read_steps():
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(code, PAGE.name, "exec"), names)  # noqa: S102  # the code is our own page
        assert output.getvalue() == expected_output, code


def test_page_has_code_and_output() -> None:
    steps = read_steps()
    assert len([code for code, _ in steps if code]) > len([output for _, output in steps if output]) >= 4
