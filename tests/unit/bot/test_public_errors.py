"""What readers of Slack, pages and probes see of an error never says where the database is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.core.public_errors import NOT_AVAILABLE, explain_publicly
from briefings.errors import BadInput, BadQuestion, BadSettings, DatabaseUnavailable, NothingFound

ROOT = Path(bot.__file__).parent
#: packages whose texts strangers and users read
DOORS = ("answers", "delivery", "digests", "listeners", "mutes", "server", "slack", "topics", "watches", "web")
#: classes whose message can name the database
BROAD = {"BriefingsError", "DatabaseUnavailable", "BadSettings", "Exception"}


@pytest.mark.parametrize(
    "error",
    [
        DatabaseUnavailable("The database at 192.0.2.1/otr is locked."),
        BadSettings("Invalid DATABASE_URL."),
        OSError("x"),
    ],
)
def test_errors_of_the_operator_are_neutral(error: Exception) -> None:
    assert explain_publicly(error) == NOT_AVAILABLE


@pytest.mark.parametrize("error", [BadQuestion("Add a name."), BadInput("page: empty."), NothingFound("No quotes.")])
def test_errors_of_users_say_what_to_do(error: Exception) -> None:
    assert explain_publicly(error) == str(error)


def test_no_door_shows_the_message_of_an_error_that_can_name_the_database() -> None:
    """`str(error)` and `{error}` are only for errors about what the user typed."""
    shown = [
        f"{path.relative_to(ROOT)}:{line}"
        for door in DOORS
        for path in sorted((ROOT / door).rglob("*.py"))
        for line in find_shown_errors(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert shown == []


def find_shown_errors(tree: ast.AST) -> Iterator[int]:
    """Yield the lines where a broad `except` clause turns its error into text that is not for the log."""
    for clause in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name):
        names = {node.id for node in ast.walk(clause.type) if isinstance(node, ast.Name)} if clause.type else set()
        if not names & BROAD:
            continue
        statements = [statement for statement in clause.body if "get_logger()" not in ast.unparse(statement)[:20]]
        for node in (node for statement in statements for node in ast.walk(statement)):
            match node:
                case ast.Call(func=ast.Name("str"), args=[ast.Name(name)]) if name == clause.name:
                    yield node.lineno
                case ast.FormattedValue(value=ast.Name(name)) if name == clause.name:
                    yield node.lineno


def test_the_search_finds_both_ways() -> None:
    code = "try:\n  f()\nexcept BriefingsError as e:\n  g(str(e))\n  h(f'{e}')\nexcept BadQuestion as e:\n  g(str(e))"
    assert list(find_shown_errors(ast.parse(code))) == [4, 5]
