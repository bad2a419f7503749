"""Decide which files of the build context a `.dockerignore` lets through."""

import re
from pathlib import Path


def list_context_files(context: Path) -> list[Path]:
    """Return the files that reach the builder, relative to `context` and sorted."""
    patterns = _read_patterns(context / ".dockerignore")
    files = (path.relative_to(context) for path in context.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(file for file in files if not _is_ignored(file, patterns))


def _read_patterns(file: Path) -> list[tuple[bool, re.Pattern[str]]]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [(line.startswith("!"), _compile(line.removeprefix("!"))) for line in lines if line and line[0] != "#"]


def _compile(pattern: str) -> re.Pattern[str]:
    expression = (
        re.escape(pattern.strip("/")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    )
    return re.compile(expression)


def _is_ignored(file: Path, patterns: list[tuple[bool, re.Pattern[str]]]) -> bool:
    """Tell whether the last pattern that matches the file, or a folder above it, excludes it."""
    names = [file.as_posix(), *(folder.as_posix() for folder in file.parents if folder.name)]
    is_ignored = False
    for is_exception, pattern in patterns:
        if any(pattern.fullmatch(name) for name in names):
            is_ignored = not is_exception
    return is_ignored
