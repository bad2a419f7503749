"""Extension of griffe, which reads the code for the Python reference: a field is described by the comment above it.

Our code describes fields and constants with comments that begin with `#:`. Griffe knows only docstrings below them.
"""

import ast
from collections.abc import Sequence
from typing import Any

from griffe import Attribute, Docstring, Extension, ObjectNode

from docsite.markup import escape

_SIGN = "#:"


class FieldComments(Extension):  # type: ignore[misc]  # griffe is only installed for the site
    """Give each attribute without a docstring the comment above it."""

    def on_attribute_instance(self, *, node: ast.AST | ObjectNode, attr: Attribute, **_: Any) -> None:  # noqa: ANN401, ARG002 - griffe's
        """Read the comment from the lines of the attribute's file."""
        if attr.docstring is None and attr.lineno and not isinstance(attr.filepath, list):
            comment = read_comment(attr.lines_collection[attr.filepath], attr.lineno)
            if comment:
                attr.docstring = Docstring(escape(comment), parent=attr)


def read_comment(lines: Sequence[str], number: int) -> str:
    """Return the comment that ends above a line, counted from 1, as one sentence. Without a comment, it is empty."""
    comment: list[str] = []
    for line in reversed(lines[: number - 1]):
        text = line.strip()
        if not text.startswith("#"):
            break
        comment.insert(0, text.removeprefix(_SIGN).removeprefix("#").strip())
        if text.startswith(_SIGN):
            sentence = " ".join(comment)
            return sentence[:1].upper() + sentence[1:].rstrip(".") + "."
    return ""
