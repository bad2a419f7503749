"""A Python that is too old is named before anything is downloaded."""

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.check_python import explain_version

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("version", [(3, 6), (3, 9, 6), (3, 10, 13, "final", 0)])
def test_old_python_is_named_with_what_to_do(version: tuple[int, ...]) -> None:
    actual = f"3.{version[1]}"
    assert explain_version(version) == (
        f"Python 3.11 or newer is needed; this is {actual}. Name another one: make run PYTHON=python3.11"
    )


@pytest.mark.parametrize("version", [(3, 11), (3, 13, 1), (4, 0)])
def test_supported_python_is_accepted(version: tuple[int, ...]) -> None:
    assert explain_version(version) is None


def test_oldest_python_is_the_one_of_the_project() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11"' in text
    assert explain_version((3, 10)) is not None


def test_old_python_can_read_the_check() -> None:
    ast.parse((ROOT / "tools/check_python.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_make_stops_before_it_builds_or_downloads_anything(tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    old_python = tmp_path / "old-python"
    old_python.write_text('#!/bin/sh\necho "$@" >> started\nexit 1\n')
    old_python.chmod(0o755)
    result = subprocess.run(
        ["make", "demo", f"PYTHON={old_python}"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode != 0
    assert (tmp_path / "started").read_text() == "tools/check_python.py\n"
    assert not (tmp_path / ".venv").exists()
