"""Extract the strings of a Python module that users may read: messages, labels, help texts."""

import ast
import re
from collections.abc import Iterator

from tests.language.passages import BARRIER, Passage, find_markers
from tests.language.prose import find_docstrings
from tests.language.usage import find_help_texts, find_internal_strings

_SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|WITH|PRAGMA|SET|BEGIN|ANALYZE|ATTACH|VACUUM)\s+[\w\"(*]"
)
_REGULAR_EXPRESSION = re.compile(r"\(\?[:=!<P(i]|\\[bBsSdDwWAZ]|\[\^|\.[*+?]|[\])][*+?](?:\?|$|[\\(|\[])|\w\|\w+\|\w")
_LETTER = re.compile(r"[^\W\d_]")


def extract_strings(path: str, source: str) -> list[Passage]:
    """Return the user-facing strings of a module; parts of an f-string are joined with a barrier between them."""
    tree = ast.parse(source)
    help_texts = find_help_texts(tree)
    skipped_nodes = find_internal_strings(tree) | {id(docstring) for docstring in find_docstrings(tree)}
    lines = source.splitlines()
    return [
        _locate(path, node, text, lines)
        for node, text in _iterate_literals(tree, skipped_nodes)
        if not is_code(text) and (id(node) in help_texts or _reads_like_sentence(text))
    ]


def is_code(text: str) -> bool:
    """Tell whether a string is SQL or a regular expression."""
    return bool(_SQL.match(text) or _REGULAR_EXPRESSION.search(text))


def _reads_like_sentence(text: str) -> bool:
    return " " in text and bool(_LETTER.search(text))


def _iterate_literals(node: ast.AST, skipped_nodes: set[int]) -> Iterator[tuple[ast.expr, str]]:
    """Yield each string literal and f-string outside the skipped nodes, with its text."""
    if id(node) in skipped_nodes:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, node.value
    elif isinstance(node, ast.JoinedStr):
        yield node, "".join(str(part.value) if isinstance(part, ast.Constant) else BARRIER for part in node.values)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _iterate_literals(part.value, skipped_nodes)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _iterate_literals(child, skipped_nodes)


def _locate(path: str, node: ast.expr, text: str, lines: list[str]) -> Passage:
    """Lay the words of a literal on the lines of its source, which may be several adjacent literals.

    A phrase that runs over two literals fits no single line: then the whole text stays on the first one.
    """
    end_line = node.end_lineno or node.lineno
    source_rows = lines[node.lineno - 1 : end_line]
    wanted_phrases = [marker.phrase for marker in find_markers(text)]
    flat_passage = Passage(path, node.lineno, text.replace("\n", " "))
    if end_line == node.lineno or not wanted_phrases:
        return flat_passage
    source_rows[-1] = source_rows[-1][: _to_column(source_rows[-1], node.end_col_offset)]
    source_rows[0] = " " * node.col_offset + source_rows[0][_to_column(source_rows[0], node.col_offset) :]
    laid_out = "\n".join(row.replace("\\n", BARRIER * 2) for row in source_rows)
    located_phrases = [marker.phrase for marker in find_markers(laid_out)]
    return Passage(path, node.lineno, laid_out) if located_phrases == wanted_phrases else flat_passage


def _to_column(row: str, byte_offset: int | None) -> int:
    """Convert a column of `ast`, which counts bytes of UTF-8, to an index into the row."""
    return len(row.encode()[:byte_offset].decode(errors="ignore"))
