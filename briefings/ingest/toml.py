"""TOML files as tables with the line each starts on, so that a sentence can say where to look.

Rule: tomllib decides what the file says; lines are only counted for the reader.
"""

import re
import tomllib
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.fields import Fields
from briefings.ingest.files import read_utf8


def read_tables(path: Path, name: str) -> tuple[tuple[str, Fields], ...]:
    """The `[[name]]` tables of a file, in order, each with where it starts ("topics.toml, line 3").

    Raises BadInput when the file cannot be read, is not TOML, or holds `name` as something else; none is ().
    """
    # The byte order mark is no part of a TOML document; Windows editors put it there.
    text = read_utf8(path).removeprefix("\ufeff")
    try:
        tables = tomllib.loads(text).get(name, [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(
            f"{path}{_describe_error_line(error, text)}: this is not valid TOML. Correct that line and try again."
        ) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadInput(f"{path}: write [[{name}]] in double brackets, once before each {name}.")
    return tuple(zip(_locate_tables(path, text, name, len(tables)), tables, strict=True))


def _locate_tables(path: Path, text: str, name: str, count: int) -> list[str]:
    """Where each table starts; by number when headings and tables do not pair up (inline tables, a heading quoted)."""
    heading = re.compile(rf"[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if heading.match(line)]
    if len(lines) == count:
        return [f"{path}, line {line}" for line in lines]
    return [f"{path}, {name} {number}" for number in range(1, count + 1)]


def _describe_error_line(error: Exception, text: str) -> str:
    """The line that tomllib tells in its message alone, "... (at line 3, column 1)", as ", line 3"; "" without one."""
    if "at end of document" in str(error):
        return f", line {text.rstrip().count(chr(10)) + 1}"
    match = re.search(r"at line (\d+)", str(error))
    return f", line {match[1]}" if match else ""
