"""Find the names that a module binds, and those of them that are bare participles."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.language.passages import Finding
from tests.language.wordlists import load_participles

#: the name and the line that binds it
BoundName = tuple[str, int]


def iterate_names(tree: ast.AST) -> Iterator[BoundName]:
    """Yield every variable, argument, function, class, field, import alias and attribute of self that a tree binds."""
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, lineno=line):
                yield name, line
            case ast.Name(id=name, ctx=ast.Store(), lineno=line):
                yield name, line
            case ast.Attribute(attr=name, value=ast.Name(id="self" | "cls"), ctx=ast.Store(), lineno=line):
                yield name, line
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.Import() | ast.ImportFrom():
                yield from ((alias.asname, alias.lineno) for alias in node.names if alias.asname)
            case ast.ExceptHandler(name=str(name), lineno=line):
                yield name, line
            case ast.MatchAs(name=str(name), lineno=line) | ast.MatchStar(name=str(name), lineno=line):
                yield name, line
            case ast.MatchMapping(rest=str(name), lineno=line):
                yield name, line
            case _:
                pass


def is_participle(name: str) -> bool:
    """Tell whether a name is a bare participle, ignoring case and outer underscores."""
    return name.strip("_").lower() in load_participles()


def find_participles(path: str, source: str) -> list[tuple[str, Finding]]:
    """Return each bare participle that a module binds or is called, with its finding."""
    names = sorted(iterate_names(ast.parse(source)), key=lambda bound_name: bound_name[1])
    participles = [
        (name, Finding(path, line, f"name `{name}` is a bare participle: use a noun, or a verb for a function"))
        for name, line in names
        if is_participle(name)
    ]
    stem = PurePosixPath(path).stem
    if is_participle(stem):
        participles.insert(0, (stem, Finding(path, 1, f"module `{stem}` is a bare participle: use a noun")))
    return participles
