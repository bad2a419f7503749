"""Read JSON values one after the other from a stream of any layout: arrays, objects over several lines, or both.

Rule: memory is bounded by one element of an array, which may have up to `MAX_BYTES` characters. A longer object is
entered, and the elements of its arrays are read one by one. After invalid JSON, reading goes on at the next element
that begins a line with the same indent.
"""

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.text_file import MAX_BYTES

_CHUNK_BYTES = 1 << 16
#: distance from the end of the buffer at which an error may come from what is not read yet
_LITERAL_LENGTH = 16
_MAX_DEPTH = 8
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_DECODER = json.JSONDecoder()


class _Incomplete(ValueError):
    """A value that ends after the buffer."""


class JsonStream:
    """Iterator over the elements of a stream: the elements of top-level arrays, and other top-level values.

    Each element is a JSON value, or the BadInput of an invalid one. Iteration ends after damage that cannot be skipped.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._decoder = getincrementaldecoder("utf-8")()
        self._text, self._position, self._is_at_end, self._is_stopped = "", 0, False, False
        #: number of the line at the start of the buffer, and indent of the last element that began a line
        self._line, self._indent = 1, ""

    def __iter__(self) -> Iterator[object]:
        while char := self._skip_space():
            if char == "[":
                yield from self._iterate_array(0)
            elif char in ",;":
                self._position += 1
            else:
                yield from self._iterate_value(0)

    def _iterate_array(self, depth: int) -> Iterator[object]:
        self._position += 1
        while char := self._skip_space():
            if char == "]":
                self._position += 1
                return
            if char == ",":
                self._position += 1
            elif char == "[" and depth < _MAX_DEPTH:
                yield from self._iterate_array(depth + 1)
            else:
                yield from self._iterate_value(depth)
        if not self._is_stopped:
            yield self._stop("the file ends in the middle of a list. What is complete was read")

    def _iterate_value(self, depth: int) -> Iterator[object]:
        """Yield the value at the position; of an object over the limit, the elements of its arrays."""
        self._note_indent()
        try:
            yield self._decode()
        except _Incomplete:
            if self._is_at_end:
                yield self._stop("the file ends in the middle of a value. Create it again")
            elif self._text.startswith("{", self._position) and depth < _MAX_DEPTH:
                yield from self._enter_object(depth + 1)
            else:
                yield self._skip(f"this value is longer than {MAX_BYTES:,} characters, the limit for one article")
        except (ValueError, RecursionError):
            yield self._skip("this is not valid JSON. Correct it")

    def _enter_object(self, depth: int) -> Iterator[object]:
        """Yield the elements of the arrays in an object that is longer than the limit."""
        self._position += 1
        try:
            while (char := self._skip_space()) and char != "}":
                if char == ",":
                    self._position += 1
                    continue
                self._decode()  # the name
                char = self._skip_space()
                self._position += char == ":"
                char = self._skip_space()
                if char == "[":
                    yield from self._iterate_array(depth)
                elif char == "{" and depth < _MAX_DEPTH:
                    yield from self._enter_object(depth + 1)
                else:
                    self._decode()
        except (ValueError, RecursionError):
            yield self._stop("this is not valid JSON, or has a value that is too long. Correct it")
            return
        self._position += 1

    def _decode(self) -> object:
        """Decode the value at the position and move behind it. Raises _Incomplete if it is longer than the limit."""
        while True:
            try:
                value, self._position = _DECODER.raw_decode(self._text, self._position)
            except json.JSONDecodeError as error:
                is_unfinished = error.msg.startswith("Unterminated") or error.pos >= len(self._text) - _LITERAL_LENGTH
                if not is_unfinished:
                    raise
                if self._is_at_end or len(self._text) - self._position > MAX_BYTES:
                    raise _Incomplete from error
                self._fill()
            else:
                return value

    def _skip(self, problem: str) -> BadInput:
        """Move to the next line that begins an object with the same indent; return the error of what is left out."""
        location = self._locate()
        next_object = re.compile(rf"\n{re.escape(self._indent)}(?=\{{)")
        while True:
            match = next_object.search(self._text, self._position)
            if match is not None:
                self._position = match.end()
                return BadInput(f"{location}: {problem}.")
            if self._is_at_end:
                return self._stop(f"{problem}. What comes after it was not read", location)
            self._position = max(self._position, len(self._text) - len(self._indent) - 1)
            self._fill()

    def _stop(self, problem: str, location: str | None = None) -> BadInput:
        """Move to the end of the stream; return the error."""
        error = BadInput(f"{location or self._locate()}: {problem}.")
        self._position, self._is_stopped = len(self._text), True
        return error

    def _note_indent(self) -> None:
        """Remember the white space before an element that begins a line."""
        line_start = self._text.rfind("\n", 0, self._position) + 1
        indent = self._text[line_start : self._position]
        if line_start and not indent.strip(" \t"):
            self._indent = indent

    def _locate(self) -> str:
        return f"{self._name}, line {self._line + self._text.count(chr(10), 0, self._position)}"

    def _skip_space(self) -> str:
        """Move to the next character that is not white space and return it; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._position)
            self._position = match.end() if match else self._position
            if self._position < len(self._text):
                return self._text[self._position]
            if self._is_at_end:
                return ""
            self._fill()

    def _fill(self) -> None:
        """Read as much again as the buffer holds, so that decoding a long value again stays cheap."""
        self._line += self._text.count("\n", 0, self._position)
        pending_text = self._text[self._position :]
        data = self._stream.read(max(_CHUNK_BYTES, len(pending_text)))
        self._is_at_end = not data
        try:
            self._text = pending_text + self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise BadInput(f"{self._name}: this is not UTF-8 text. Save the file as UTF-8 and try again.") from error
        self._position = 0
