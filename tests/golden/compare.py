"""Compares output with the files in `answers/`. UPDATE_GOLDENS=1 writes the files.

Values that change from run to run, such as ports and keys, are replaced by placeholders first.
"""

import difflib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ANSWERS = Path(__file__).parent / "answers"
#: patterns of values that change from run to run, and their placeholders
RULES = (
    (re.compile(r"(127\.\u2060?0\.\u2060?0\.\u2060?1\u2060?(?::|%3A)\u2060?)\d+"), r"\1PORT"),
    (re.compile(r"(reference: |runs On the Record: )[0-9a-f]{8}\b"), r"\1REFERENCE"),
    (re.compile(r"(\bkey=)[\w.~%-]+"), r"\1KEY"),
    (re.compile(r'("key": ")[^"]+'), r"\1KEY"),
    (re.compile(r"(\b(?:state|nonce)=)[\w.~%-]+"), r"\1RANDOM"),
    (re.compile(r'("private_metadata": ")[0-9a-f]{64}"'), r'\1SEEN"'),
    (re.compile(r"\b\d+\.\d MB"), "SIZE MB"),
    (re.compile(r'(data-epoch=")[^"]+'), r"\1EPOCH"),
    (re.compile(r"\b(ontherecord) \d+\.\d+\.\d+\S*"), r"\1 VERSION"),
)


def compare(name: str, value: Any, *extra_rules: tuple[re.Pattern[str], str]) -> None:
    """Fail with a diff if `value` differs from the file of this name. `extra_rules` extend RULES."""
    new, file = _normalise(_as_text(name, value), extra_rules), ANSWERS / name
    if os.environ.get("UPDATE_GOLDENS") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(new.encode())
        return
    if not file.exists():
        pytest.fail(f"{name} is missing. To write it, run: UPDATE_GOLDENS=1 pytest tests/golden", pytrace=False)
    old = file.read_bytes().decode()
    if new != old:
        lines = difflib.unified_diff(old.split("\n"), new.split("\n"), f"{name} before", f"{name} now", lineterm="")
        pytest.fail("\n".join(lines), pytrace=False)


def _as_text(name: str, value: Any) -> str:
    if name.endswith(".json"):
        return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return str(value)


def _normalise(text: str, extra_rules: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, placeholder in (*RULES, *extra_rules):
        text = pattern.sub(placeholder, text)
    return text
