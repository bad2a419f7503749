"""Reads and rewrites an `.env` file: only given values change, and every other line stays as it is.

Rule: the new file is complete or the old one stays, and only its owner can read it. Messages never show a value.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from briefings import BadInput

_PLAIN_VALUE = re.compile(r"[\w.:/@+,=%~-]*", re.ASCII)
_HEADER = "# Settings of On the Record, written by `ontherecord init`. Keep this file secret.\n"
_MAX_BYTES = 1_000_000


def read_env_file(path: Path) -> str:
    """Return the file's text, or a heading for a new file. Raises BadInput."""
    try:
        if not path.exists():
            return _HEADER
        if not path.is_file():
            raise BadInput(f"{path} is not a file. Move it away, or choose another with --file.")
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise BadInput(f"{path} is too long for settings. Choose another file with --file.")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text. Save it as plain UTF-8 text.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"Can't read {path}: {_describe(error)}.") from None


def parse_values(text: str) -> dict[str, str]:
    """Return the values that are set; the last one of a name counts."""
    bindings = parse_stream(StringIO(text))
    values = {binding.key: (binding.value or "").strip() for binding in bindings if binding.key}
    return {name: value for name, value in values.items() if value}


def replace_values(text: str, values: Mapping[str, str]) -> str:
    """Return the text with new values in place of old ones of the same name, and the others at the end.

    Of several old values of a name, the first is replaced and the others are left out.
    """
    lines: list[str] = []
    seen_names: set[str] = set()
    for binding in parse_stream(StringIO(text)):
        name = binding.key
        if name is None or name not in values:
            lines.append(binding.original.string)
        elif name not in seen_names:
            seen_names.add(name)
            lines.append(_replace_value(binding.original.string, name, values[name]))
    new_text = "".join(lines)
    if new_text and not new_text.endswith("\n"):
        new_text += "\n"
    return new_text + "".join(f"{name}={quote(value)}\n" for name, value in values.items() if name not in seen_names)


def quote(value: str) -> str:
    """Return a value as a line of `.env` has it."""
    if _PLAIN_VALUE.fullmatch(value):
        return value
    escaped_value = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped_value}'"


def write_env_file(path: Path, text: str) -> None:
    """Write the file so that only its owner can read it. A symbolic link stays a link. Raises BadInput."""
    try:
        target = Path(os.path.realpath(path))
        descriptor, temporary_name = tempfile.mkstemp(dir=target.parent, prefix=".env.")  # mode 0600
    except (OSError, ValueError) as error:
        raise BadInput(f"Can't write {path}: {_describe(error)}.") from None
    temporary_file = Path(temporary_name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary_file.replace(target)
    except OSError as error:
        raise BadInput(f"Can't write {path}: {_describe(error)}.") from None
    finally:
        with suppress(OSError):
            temporary_file.unlink()


def _replace_value(old_text: str, name: str, value: str) -> str:
    """Return the new line of a value, with the blank lines and the "export" before the old one."""
    before = old_text[: old_text.index(name)].rstrip("'")
    return f"{before}{name}={quote(value)}\n"


def _describe(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
