"""The people and user groups of ADMINS, each for the workspaces in which they count. Pure.

Rule: an id names someone in one workspace only. `T123:U456` counts in T123. A bare `U456` counts in the only
workspace, or with many in the operator's, and in no other.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from briefings import BadSettings

_ENTRY = re.compile(r"(?:(?P<team>[TE][A-Z0-9]{1,30}):)?(?P<id>[UWS][A-Z0-9]{1,30})")


@dataclass(frozen=True, slots=True)
class AdminList:
    """The valid entries of ADMINS. With many workspaces, `operator_team` is the one in which bare ids count."""

    entries: tuple[str, ...] = ()
    operator_team: str | None = None
    has_many_workspaces: bool = False

    def list_users(self, team: str) -> tuple[str, ...]:
        """Return the ids of the people who are admins in `team`."""
        return tuple(admin_id for admin_id in self._list_ids(team) if not admin_id.startswith("S"))

    def list_groups(self, team: str) -> tuple[str, ...]:
        """Return the ids of the user groups whose members are admins in `team`."""
        return tuple(admin_id for admin_id in self._list_ids(team) if admin_id.startswith("S"))

    def _list_ids(self, team: str) -> tuple[str, ...]:
        is_home = not self.has_many_workspaces or (self.operator_team is not None and team == self.operator_team)
        pairs = (entry.rpartition(":") for entry in self.entries)
        return tuple(admin_id for entry_team, _, admin_id in pairs if (entry_team == team if entry_team else is_home))


#: without entries, the admins of each workspace count
NO_ENTRIES = AdminList()


def parse_admins(value: str) -> tuple[str, ...]:
    """Return the entries of ADMINS. Raises BadSettings."""
    entries = tuple(part for part in re.split(r"[\s,]+", value) if part)
    for entry in entries:
        if not _ENTRY.fullmatch(entry):
            raise BadSettings(
                f"Invalid id {entry!r} in ADMINS: use ids of users (U…, W…) or groups (S…), separated by commas. "
                "With many workspaces, put the workspace first: T0123:U0456."
            )
    return entries


def find_groups(entries: Collection[str]) -> tuple[str, ...]:
    """Return the ids of all user groups in ADMINS, without their workspaces."""
    ids = (entry.rpartition(":")[2] for entry in entries)
    return tuple(dict.fromkeys(admin_id for admin_id in ids if admin_id.startswith("S")))
