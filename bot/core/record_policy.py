"""Decides which workspaces may change the stored articles and feeds, and reads the settings that say so. Pure.

Rule: this is the only place that decides it. Every command, button, form and shortcut that adds, removes or follows
asks `RecordPolicy.can_write`, and shows `RECORD_REFUSAL` if the answer is no.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from briefings import BadSettings

#: the message for workspaces that may only read
RECORD_REFUSAL = (
    "This record is kept by its operator. Send them the link, and they can add it. You can ask questions as usual."
)
#: ids of workspaces (T…) and of organisations that installed the app as a whole (E…)
_TEAM_ID = re.compile(r"[TE][A-Z0-9]{1,30}")


class RecordMode(StrEnum):
    """Whether all workspaces share one record, or each has its own. Only for apps that many workspaces install."""

    SHARED = "shared"
    PER_TEAM = "per-team"


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """The values of RECORD and OPERATOR_TEAM. `operator_team` is the workspace that may change a shared record."""

    mode: RecordMode = RecordMode.SHARED
    operator_team: str | None = None


#: one record for all workspaces, which only the operator changes
SHARED = RecordSettings()


@dataclass(frozen=True, slots=True)
class RecordPolicy:
    """The rules of one installation."""

    mode: RecordMode = RecordMode.SHARED
    operator_team: str | None = None
    #: whether many workspaces can install the app; a single workspace always owns its record
    has_many_workspaces: bool = False

    @property
    def is_per_team(self) -> bool:
        """Whether each workspace has its own record."""
        return self.has_many_workspaces and self.mode is RecordMode.PER_TEAM

    def can_write(self, team: str) -> bool:
        """Tell whether people of `team` may change articles and feeds, if their own workspace's rules let them."""
        if not self.has_many_workspaces:
            return True
        if not is_team_id(team):
            return False
        return self.is_per_team or team == self.operator_team


def is_team_id(text: str) -> bool:
    """Tell whether `text` is the id of a workspace or an organisation in Slack."""
    return bool(_TEAM_ID.fullmatch(text))


def check_record_settings(policy: RecordPolicy, *, has_feeds_file: bool) -> None:
    """Raise BadSettings if settings contradict each other."""
    if policy.is_per_team and has_feeds_file:
        raise BadSettings(
            "FEEDS is set, but with RECORD=per-team each workspace follows its own feeds: unset FEEDS, or set "
            "RECORD=shared."
        )


def parse_record_settings(values: Mapping[str, str]) -> RecordSettings:
    """Return the values of RECORD and OPERATOR_TEAM from environment variables. Raises BadSettings."""
    mode, operator_team = values.get("RECORD", RecordMode.SHARED), values.get("OPERATOR_TEAM")
    if operator_team is not None and not is_team_id(operator_team):
        raise BadSettings(
            f"Invalid OPERATOR_TEAM {operator_team!r}: use the id of one workspace, for example T0123ABCD."
        )
    try:
        return RecordSettings(RecordMode(re.sub(r"[_\s]+", "-", mode.lower())), operator_team)
    except ValueError:
        raise BadSettings(f"Invalid RECORD {mode!r}: use {' or '.join(RecordMode)}.") from None
