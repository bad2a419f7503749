"""The settings: their names from the code that reads them, and what they mean from `.env.example`."""

import ast
import re
from pathlib import Path

from docsite.markup import build_code, build_table, escape

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / ".env.example"
#: the modules that read environment variables
_GROUPS = ("mail", "server", "source")
_READER_NAMES = (
    *("settings", "record_policy", "encryption/key_settings"),
    *(f"configuration/{group}_settings" for group in _GROUPS),
)
READERS = tuple(ROOT / f"bot/core/{name}.py" for name in _READER_NAMES)

_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_PAGE = re.compile(r"docs/([\w/-]+)\.md")
_ASSIGNMENT = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")


def build_settings() -> str:
    """Return the table of all settings as Markdown. Raises ValueError if code and `.env.example` differ."""
    blocks = read_blocks(EXAMPLE.read_text(encoding="utf-8"))
    described = {name for names, _ in blocks for name in names}
    known = find_setting_names(*(path.read_text(encoding="utf-8") for path in READERS))
    if described != known:
        raise ValueError(f".env.example and the code differ in these settings: {sorted(described ^ known)}")
    rows = [(", ".join(map(build_code, names)), _PAGE.sub(r"[\1](../\1.md)", escape(text))) for names, text in blocks]
    return build_table(("setting", "meaning"), rows) + "\n"


def read_blocks(text: str) -> list[tuple[list[str], str]]:
    """Return the names in each block of `.env.example` with the comment above them."""
    blocks: list[tuple[list[str], str]] = []
    comment: list[str] = []
    names: list[str] = []
    for line in [*text.splitlines(), "#"]:
        assignment = _ASSIGNMENT.fullmatch(line)
        if assignment:
            names.append(assignment[1])
            if assignment[2]:
                comment.append(f"Default: `{assignment[2]}`.")
            continue
        if names:
            blocks.append((names, " ".join(comment)))
        if names or not line.startswith("#"):
            comment, names = [], []
        if line.startswith("#"):
            comment.append(line.lstrip("# "))
    return blocks


def find_setting_names(*sources: str) -> set[str]:
    """Return the names that the code looks up in `values`, as an index, with `get`, with `in`, or in a parser."""
    names: set[str] = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        names.update(key for key in _find_keys(node) if _NAME.fullmatch(key))
    return names


def _find_keys(node: ast.AST) -> list[str]:
    match node:
        case ast.Subscript(value=ast.Name(id="values"), slice=ast.Constant(value=str(key))):
            return [key]
        case ast.Compare(left=ast.Constant(value=str(key)), comparators=[ast.Name(id="values")]):
            return [key]
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="values"), attr="get"), args=[ast.Constant(value=str(key)), *_]
        ):
            return [key]
        case ast.Call(args=[ast.Name(id="values"), ast.Constant(value=str(key)), *_]):
            return [key]
    return []
