"""Who gets links to pages, and which: a key opens them for everyone who has the link."""

from typing import Any

import pytest
from slack_bolt.context.async_context import AsyncBoltContext

from bot.answers.answer_service import AnswerService
from bot.core.settings import Settings
from bot.links.signing import LinkSigner

SECRET = "0" * 32
SIGN_IN = {"client_id": "1.2", "client_secret": SECRET}


def find_kind(context: dict[str, Any], user_team: str | None, **settings: Any) -> str:
    """Return what kind of link an answer to a press has: "key", "sign in" or "none"."""
    links = LinkSigner(Settings(signing_secret=SECRET, public_url="https://bot.example.org", **settings), lambda: 1e9)
    unused: Any = None
    answers = AnswerService(unused, unused, unused, unused, links)
    page_links = answers.get_page_links(AsyncBoltContext(context), {"user": {"id": "U1", "team_id": user_team}})
    return "none" if page_links is None else "key" if page_links.key else "sign in"


@pytest.mark.parametrize(
    ("user_team", "in_workspace", "in_organisation"),
    [("T1", "key", "key"), (None, "key", "key"), ("E1", "key", "key"), ("T2", "none", "sign in")],
)
def test_a_key_goes_to_no_one_who_may_be_of_another_organisation(
    user_team: str | None, in_workspace: str, in_organisation: str
) -> None:
    workspace = {"team_id": "T1", "enterprise_id": "E1"}
    organisation = workspace | {"is_enterprise_install": True}
    assert find_kind(workspace, user_team, **SIGN_IN) == in_workspace
    assert find_kind(organisation, user_team, **SIGN_IN) == in_organisation
    assert find_kind(organisation, user_team, bot_token="xoxb-invented") == (
        "none" if in_organisation == "sign in" else in_organisation
    )
