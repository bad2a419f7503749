"""Extract the docstrings and comments of a Python module as passages."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.language.passages import Passage, mask_citations

_DIRECTIVE = re.compile(r"(?:noqa|type|mypy|ruff|pragma|fmt):(?: ?[A-Za-z]*\d*\[?[\w-]*\]?)")


def extract_prose(path: str, source: str) -> list[Passage]:
    """Return the docstrings and comments of a module, with code and quotations masked."""
    passages = [*_extract_docstrings(path, source), *_extract_comments(path, source)]
    return [Passage(passage.path, passage.line, mask_citations(passage.text)) for passage in passages]


def find_docstrings(tree: ast.AST) -> list[ast.Constant]:
    """Return the strings that are whole statements: docstrings of modules, classes, functions and fields."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]


def _extract_docstrings(path: str, source: str) -> Iterator[Passage]:
    for docstring in find_docstrings(ast.parse(source)):
        yield Passage(path, docstring.lineno, str(docstring.value))


def _extract_comments(path: str, source: str) -> Iterator[Passage]:
    """Yield the comments; comment lines that follow each other are one passage."""
    block: list[str] = []
    next_line = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        text = _DIRECTIVE.sub("", token.string.lstrip("#: "))
        is_whole_line = token.line.lstrip().startswith("#")
        if block and (not is_whole_line or token.start[0] != next_line):
            yield Passage(path, next_line - len(block), "\n".join(block))
            block = []
        if is_whole_line:
            block.append(text)
            next_line = token.start[0] + 1
        else:
            yield Passage(path, token.start[0], text)
    if block:
        yield Passage(path, next_line - len(block), "\n".join(block))
