"""Files as texts: read whole, within bounds, exactly as they came.

Rule: line endings stay, and so does a byte order mark, as U+FEFF: dropping it would move every offset against the file.
"""

from pathlib import Path

from briefings.errors import BadInput

#: bytes of one article: a text file, or one line of JSON. A long newspaper article has 50,000
MAX_BYTES = 10_000_000


def read_utf8(path: Path) -> str:
    """The whole file, line endings and byte order mark included. Raises BadInput."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise cannot_read_error(path, error) from error
    if len(data) > MAX_BYTES:
        raise BadInput(f"{path} is longer than {MAX_BYTES:,} bytes, the most one file may have: split it.")
    return decode_utf8(data, str(path))


def decode_utf8(data: bytes, location: str) -> str:
    """`data` as UTF-8; `where` names it in the sentence. Raises BadInput naming the first line that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        line_location = f"{location}, line {line}" if b"\n" in data.rstrip() else location
        raise BadInput(f"{line_location}: this is not UTF-8 text. Save the file as UTF-8 and try again.") from error


def cannot_read_error(path: Path | str, error: OSError) -> BadInput:
    """The sentence for a file that the system will not hand over."""
    reason = (error.strerror or "it is damaged").lower()
    return BadInput(f"{path} cannot be read: {reason}. Check the name and the rights.")
