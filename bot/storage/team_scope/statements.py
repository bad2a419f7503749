"""Adds the condition of the current team to every statement of an engine, when SQLAlchemy compiles it.

Rule: the condition is part of the compiled statement, which SQLAlchemy caches; only the team's id is read each time. It
is added to SELECT, UPDATE and DELETE, in subqueries and joins too. A row of another team cannot be inserted, and a row
cannot be moved to another team.
Rule: SQL as text is not seen here, so the bot has none on these tables (a test looks).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Alias, ColumnElement, Connection, Engine, Text, and_, bindparam, event, or_, select
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.sql import Delete, FromClause, Insert, Join, Select, TableClause, Update
from sqlalchemy.sql.compiler import SQLCompiler

from bot.core.tenancy import ALL_TEAMS, OtherTeamRefused, get_scope
from bot.storage.schema import METADATA
from bot.storage.team_scope.owners import OwnedByInstallation, OwnedByParent, OwnedByTeam, get_owner

#: execution option of a subquery that is itself the condition of a team
_IS_LIMITED = "is_limited_to_team"
#: the current scope, read when a statement is executed
_SCOPE = bindparam("current_team_scope", callable_=get_scope, type_=Text)


def limit_statements(engine: Engine) -> None:
    """Limit all statements of an engine. Call it before the first statement."""
    compiler = engine.dialect.statement_compiler
    engine.dialect.statement_compiler = type("TeamCompiler", (_TeamCompiler, compiler), {})
    event.listen(engine, "before_cursor_execute", _check_written_rows)


class _TeamCompiler(SQLCompiler):
    """Compiles statements with the condition of the team. It is mixed into the compiler of the database."""

    def visit_select(self, select_stmt: Select[Any], *args: object, **keywords: object) -> str:
        """Compile a SELECT, or a subquery."""
        if select_stmt.get_execution_options().get(_IS_LIMITED):
            return str(super().visit_select(select_stmt, *args, **keywords))  # type: ignore[no-untyped-call]  # SQLAlchemy's
        conditions = [condition for table in select_stmt.get_final_froms() for condition in _list_conditions(table)]
        return str(super().visit_select(select_stmt.where(*conditions), *args, **keywords))  # type: ignore[no-untyped-call]  # SQLAlchemy's

    def visit_join(self, join: Join, *args: object, **keywords: object) -> str:
        """Compile a JOIN."""
        if join.full:
            raise NotImplementedError("a full join cannot be limited to a team: use two statements")
        if join.isouter and join.onclause is not None and (conditions := list(_list_conditions(join.right))):
            # in the ON clause, so that rows without a partner stay
            join = Join(join.left, join.right, and_(join.onclause, *conditions), isouter=True)
        return str(super().visit_join(join, *args, **keywords))  # type: ignore[no-untyped-call]  # SQLAlchemy's

    def visit_update(self, update_stmt: Update, *args: Any, **keywords: Any) -> str:  # noqa: ANN401  # SQLAlchemy's
        """Compile an UPDATE."""
        return super().visit_update(update_stmt.where(*_list_conditions(update_stmt.table)), *args, **keywords)

    def visit_delete(self, delete_stmt: Delete, *args: object, **keywords: object) -> str:
        """Compile a DELETE."""
        limited = delete_stmt.where(*_list_conditions(delete_stmt.table))
        return str(super().visit_delete(limited, *args, **keywords))  # type: ignore[no-untyped-call]  # SQLAlchemy's


def _list_conditions(table: FromClause) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of the tables in a FROM clause. Those of optional tables are in their ON clause."""
    if isinstance(table, Join):
        yield from _list_conditions(table.left)
        if not table.isouter:
            yield from _list_conditions(table.right)
        return
    element = table.element if isinstance(table, Alias) else table
    if isinstance(element, TableClause) and (condition := _build_condition(element.name, table)) is not None:
        yield or_(_SCOPE == ALL_TEAMS, condition)


def _build_condition(name: str, table: FromClause) -> ColumnElement[bool] | None:
    """Return the condition for rows of the current team, or None for a table without teams."""
    match get_owner(name):
        case OwnedByTeam():
            return table.c.team == _SCOPE
        case OwnedByParent(column, parent):
            # one row for each child, found by its id
            owner = METADATA.tables[parent].alias()
            own = select(owner.c.id).where(owner.c.id == table.c[column], owner.c.team == _SCOPE)
            return own.correlate(table).execution_options(**{_IS_LIMITED: True}).exists()
        case OwnedByInstallation():
            is_organisation = table.c.team_id.is_(None) & (table.c.enterprise_id == _SCOPE)
            return or_(table.c.team_id == _SCOPE, is_organisation)
        case _:
            return None


def _check_written_rows(
    connection: Connection,
    _cursor: object,
    _statement: str,
    _parameters: object,
    context: DefaultExecutionContext | None,
    _is_repeated: object,
) -> None:
    """Raise OtherTeamRefused for an INSERT or UPDATE that would give a row to another team."""
    if context is None or not (context.isinsert or context.isupdate) or get_scope() == ALL_TEAMS:
        return
    table = _get_written_table(context.invoked_statement)
    owner = get_owner(table)
    for values in context.compiled_parameters:
        match owner:
            case OwnedByTeam():
                is_own = _has_own_team(values, required=context.isinsert)
            case OwnedByParent(column, parent):
                is_own = _has_own_parent(connection, values, column, parent)
            case OwnedByInstallation():
                is_own = _has_own_installation(values, required=context.isinsert)
            case _:
                return
        if not is_own:
            raise OtherTeamRefused(f"a row of the table {table} was refused")


def _get_written_table(statement: object) -> str:
    return (
        statement.table.name
        if isinstance(statement, Insert | Update) and isinstance(statement.table, TableClause)
        else ""
    )


def _list_values(values: Mapping[str, Any], column: str) -> list[Any]:
    """Return the values of a column; an INSERT of several rows numbers their parameters."""
    return [value for name, value in values.items() if name == column or name.startswith(f"{column}_m")]


def _has_own_team(values: Mapping[str, Any], *, required: bool) -> bool:
    teams = _list_values(values, "team")
    return all(team == get_scope() for team in teams) and (bool(teams) or not required)


def _has_own_parent(connection: Connection, values: Mapping[str, Any], column: str, parent: str) -> bool:
    parents = METADATA.tables[parent]
    # this select sees the current team's rows only
    return all(
        connection.execute(select(parents.c.id).where(parents.c.id == value)).first() is not None
        for value in _list_values(values, column)
    )


def _has_own_installation(values: Mapping[str, Any], *, required: bool) -> bool:
    if not ({"team_id", "enterprise_id"} & values.keys()):
        return not required
    return (values.get("team_id") or values.get("enterprise_id")) == get_scope()
