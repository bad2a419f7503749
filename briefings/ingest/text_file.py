"""Read text files whole, within a size limit.

Rule: line endings and the byte order mark (U+FEFF) stay, because dropping them would shift every offset.
"""

from pathlib import Path

from briefings.errors import BadInput

#: maximum size of one article (a text file or one line of JSON), in bytes; a long newspaper article has 50,000
MAX_BYTES = 10_000_000


def read_utf8(path: Path) -> str:
    """Return a file's text with its line endings and byte order mark.

    Raises BadInput if the file cannot be read, is too large, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise cannot_read_error(path, error) from error
    if len(data) > MAX_BYTES:
        raise BadInput(f"{path} is longer than {MAX_BYTES:,} bytes, the limit for one file. Split it.")
    return decode_utf8(data, str(path))


def decode_utf8(data: bytes, location: str) -> str:
    """Decode `data` as UTF-8. Raises BadInput that names `location` and the first line that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        line_location = f"{location}, line {line}" if b"\n" in data.rstrip() else location
        raise BadInput(f"{line_location}: this is not UTF-8 text. Save the file as UTF-8 and try again.") from error


def cannot_read_error(path: Path | str, error: OSError) -> BadInput:
    """Build the error for a file that the operating system cannot open or read."""
    reason = (error.strerror or "it is damaged").lower()
    return BadInput(f"{path} cannot be read: {reason}. Check the name and the permissions.")
