"""Read text files whole, within a size limit.

Rule: line endings and the byte order mark (U+FEFF) stay, because dropping them would shift every offset.
"""

import errno
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.field_validation import Fields
from briefings.ingest.paths.input_file import UnusablePathError, open_input_file

#: maximum size of one article (a text file or one line of JSON), in bytes; a long newspaper article has 50,000
MAX_BYTES = 10_000_000
_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def read_utf8(path: Path) -> str:
    """Return a file's text with its line endings and byte order mark.

    Raises BadInput if the file cannot be read, is too large, or is not UTF-8.
    """
    try:
        with open_input_file(path) as file:
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


def make_label(path: str) -> str:
    """Return a path with "?" for each character that is not printable, such as a new line or an undecodable byte."""
    return path if path.isprintable() else "".join(char if char.isprintable() else "?" for char in path)


def cannot_read_error(path: Path | str, error: OSError) -> BadInput:
    """Build the error for a file that the operating system cannot open or read."""
    reason = (error.strerror or "it is damaged").lower()
    advice = "Free some disk space." if error.errno in _FULL_DISK else "Check the name and the permissions."
    if isinstance(error, UnusablePathError):
        advice = "Give a file, or - and the content on standard input."
    return BadInput(f"{make_label(str(path))} cannot be read: {reason}. {advice}")


def split_front_matter(text: str) -> tuple[Fields, str]:
    """Return the fields at the top of a text and the text after its header block; see `text_header.header`."""
    from briefings.ingest.text_header.header import read_header  # its patterns take time, and topics have no header

    header = read_header(text)
    return header.fields, header.text
