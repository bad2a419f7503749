"""Decide from the place of a string in the code whether a person or a program reads it."""

import ast
from collections.abc import Iterator

_LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
_SQL_METHODS = {"execute", "executemany", "executescript", "exec_driver_sql"}
_SQL_FUNCTIONS = {"text", "DDL", "literal_column"}
_LOOKUP_METHODS = {"startswith", "endswith", "removeprefix", "removesuffix", "index", "find", "partition", "rpartition"}
_HELP_KEYWORDS = {"help", "description", "epilog"}


def find_help_texts(tree: ast.AST) -> set[int]:
    """Return the ids of the nodes that argparse shows as help, which may be a single word."""
    return {
        id(keyword.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in _HELP_KEYWORDS
    }


def find_internal_strings(tree: ast.AST) -> set[int]:
    """Return the ids of the nodes whose strings only a program reads: patterns, SQL, log events, lookup keys."""
    sql_names = _find_sql_names(tree)
    return {id(inner) for node in ast.walk(tree) for inner in _iterate_internal(node, sql_names)}


def _find_sql_names(tree: ast.AST) -> set[str]:
    """Return the local names of functions of SQLAlchemy that take SQL."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "sqlalchemy"
        for alias in node.names
        if alias.name in _SQL_FUNCTIONS
    }


def _iterate_internal(node: ast.AST, sql_names: set[str]) -> Iterator[ast.AST]:
    """Yield the parts of a node that hold strings for programs."""
    match node:
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key is not None)
        case ast.Set(elts=items):
            yield from items
        case ast.Subscript(slice=index):
            yield index
        case ast.Compare(left=left, comparators=others):
            yield from (left, *others)
        case ast.MatchValue(value=value):
            yield value
        case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
            yield annotation
        case ast.Call():
            yield from _iterate_call(node, sql_names)
        case _:
            pass


def _iterate_call(call: ast.Call, sql_names: set[str]) -> Iterator[ast.AST]:
    match call.func:
        case ast.Attribute(value=ast.Constant() as words, attr="split"):
            yield words
        case ast.Attribute(value=receiver, attr=method) if method in _LOG_METHODS and _is_logger(receiver):
            yield from call.args
        case ast.Attribute(value=ast.Name(id="re")):
            yield from call.args[:1]
        case ast.Attribute(value=ast.Name(id="sa" | "sqlalchemy"), attr=method) if method in _SQL_FUNCTIONS:
            yield from call.args
        case ast.Attribute(attr=method) if method in _SQL_METHODS | _LOOKUP_METHODS:
            yield from call.args
        case ast.Name(id=name) if name in sql_names:
            yield from call.args
        case ast.Name(id="frozenset" | "set"):
            yield from call.args
        case _:
            pass


def _is_logger(receiver: ast.expr) -> bool:
    return any(
        "log" in name.lower()
        for node in ast.walk(receiver)
        for name in (
            [node.id] if isinstance(node, ast.Name) else [node.attr] if isinstance(node, ast.Attribute) else []
        )
    )
