"""The links from Slack to the pages, and the keys in them.

Rule: a key names a workspace and a moment, no person: whoever in that workspace holds the link may look for seven days
(docs/decisions/0030). What is posted where others read it bears a key only where people have no other way in.
"""

from collections.abc import Callable

from bot.blocks.pages import PageLinks
from bot.settings import Settings
from bot.web.signed import InvalidToken, TokenSigner

#: seconds for which a link is good
LINK_SECONDS = 7 * 24 * 3600
#: within which all links of a workspace are the same, so that an answer that is kept can be given again
_ROUNDING_SECONDS = 3600
_MAX_TEAM_LENGTH = 32


class LinkSigner:
    """The links of one bot. `now` gives seconds since 1970."""

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._base_url = settings.pages_url
        self._loopback = settings.loopback
        self._can_sign_in = settings.has_sign_in
        self._signer = TokenSigner(settings.page_signing_secrets, "link", LINK_SECONDS, now) if self._base_url else None

    def build_page_links(self, team: str, *, is_shared: bool = False) -> PageLinks | None:
        """Where a team finds the pages, None where it does not; `shared` for what others may read as well."""
        if self._loopback is not None:
            return PageLinks(self._loopback)
        if self._base_url is None or self._signer is None or not 0 < len(team) <= _MAX_TEAM_LENGTH:
            return None
        without_key = is_shared and self._can_sign_in
        return PageLinks(self._base_url, "" if without_key else self._signer.sign({"team": team}, _ROUNDING_SECONDS))

    def verify_key(self, key: str) -> str:
        """The team that a key was given to. Raises Forged, Expired."""
        team = self._signer.verify(key).get("team") if self._signer else None
        if not team:
            raise InvalidToken("This is not one of ours.")
        return team
