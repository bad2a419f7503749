"""Limits every statement on the bot's tables to the current team: in SQLAlchemy, and in PostgreSQL itself."""

from sqlalchemy import Engine

from bot.storage.team_scope.row_security import (
    bypasses_row_security,
    create_row_security,
    drop_row_security,
    name_team_in_transactions,
    see_all_teams,
    use_all_rows,
)
from bot.storage.team_scope.statements import limit_statements

__all__ = [
    "bypasses_row_security",
    "create_row_security",
    "drop_row_security",
    "limit_to_team",
    "see_all_teams",
    "use_all_rows",
]


def limit_to_team(engine: Engine) -> None:
    """Limit an engine to the rows of the current team. Call it before the first statement."""
    limit_statements(engine)
    name_team_in_transactions(engine)
