"""The links from Slack to the pages, and the keys in them.

Rule: a key names a workspace and a moment, no person: whoever in that workspace holds the link may look for seven days
(docs/decisions/0030). What is posted where others read it bears a key only where people have no other way in.
"""

from collections.abc import Callable

from bot.blocks.pages import Pages
from bot.settings import Settings
from bot.web.signed import Forged, Signed

#: seconds for which a link is good
KEY_SECONDS = 7 * 24 * 3600
#: within which all links of a workspace are the same, so that an answer that is kept can be given again
_STEP = 3600
_LONGEST_TEAM = 32


class Links:
    """The links of one bot. `now` gives seconds since 1970."""

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._base = settings.pages_url
        self._loopback = settings.loopback
        self._signs_in = settings.signs_in
        self._keys = Signed(settings.signs_with, "link", KEY_SECONDS, now) if self._base else None

    def of(self, team: str, *, shared: bool = False) -> Pages | None:
        """Where a team finds the pages, None where it does not; `shared` for what others may read as well."""
        if self._loopback is not None:
            return Pages(self._loopback)
        if self._base is None or self._keys is None or not 0 < len(team) <= _LONGEST_TEAM:
            return None
        keyless = shared and self._signs_in
        return Pages(self._base, "" if keyless else self._keys.written({"team": team}, _STEP))

    def team(self, key: str) -> str:
        """The team that a key was given to. Raises Forged, Expired."""
        team = self._keys.read(key).get("team") if self._keys else None
        if not team:
            raise Forged("This is not one of ours.")
        return team
