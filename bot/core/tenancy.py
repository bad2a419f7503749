"""The team whose rows the current work may see: the one place that decides it (docs/decisions/0058).

Rule: work sees one team, all teams, or none. Without a team it sees none, so code that forgets the team finds nothing.
Rule: the team comes from what Slack or we have signed: a request, a session, a stored row; never from typed text.
Rule: work that reads all teams says why. A test lists these places, so that a new one is a decision.

The value is a context variable. Tasks and `asyncio.to_thread` inherit it; threads of a pool do not, and so see nothing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

#: what `get_scope` returns for all teams, and for none; neither can be the id of a team
ALL_TEAMS: Final = "*"
NO_TEAM: Final = "-"

_TEAM_ID = re.compile(r"[A-Z0-9]{1,40}")
_SCOPE: ContextVar[str] = ContextVar("team_scope", default=NO_TEAM)


class OtherTeamRefused(RuntimeError):
    """A row of another team was about to be written. It is a bug or an attack, so no user reads the message."""


def get_scope() -> str:
    """Return the id of the current team, ALL_TEAMS or NO_TEAM."""
    return _SCOPE.get()


def get_team() -> str:
    """Return the id of the current team, whose record is read, or "" if work sees all teams or none."""
    scope = get_scope()
    return "" if scope in (ALL_TEAMS, NO_TEAM) else scope


def may_see(team: str) -> bool:
    """Tell whether the current work may see what belongs to `team`: it is of this team, or sees all teams."""
    return get_scope() in (ALL_TEAMS, team)


def set_team(team: str) -> None:
    """Use this team in the rest of the current task. "" and what is not an id mean no team."""
    _SCOPE.set(_check(team))


@contextmanager
def use_team(team: str) -> Iterator[None]:
    """Use this team within the block. "" and what is not an id mean no team."""
    yield from _use(_check(team))


@contextmanager
def use_all_teams(reason: str) -> Iterator[None]:
    """See the rows of all teams within the block. `reason` says why that is right, to people who read the code."""
    if not reason:
        raise ValueError("work that reads all teams needs a reason")
    yield from _use(ALL_TEAMS)


@contextmanager
def use_no_team() -> Iterator[None]:
    """See no team's rows within the block."""
    yield from _use(NO_TEAM)


def _check(team: str) -> str:
    return team if _TEAM_ID.fullmatch(team) else NO_TEAM


def _use(scope: str) -> Iterator[None]:
    token = _SCOPE.set(scope)
    try:
        yield
    finally:
        _SCOPE.reset(token)
