"""An id_token: who it names is believed only when it is Slack's, for us, for this sign-in, and in time."""

from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.auth.membership import Identity, InvalidIdToken, verify_id_token

ISSUER, CLIENT, NONCE, NOW = "https://slack.com", "1.2", "n" * 64, 1_000_000.0
CLAIMS = {
    "iss": ISSUER,
    "sub": "U1",
    "aud": CLIENT,
    "exp": NOW + 300,
    "nonce": NONCE,
    "https://slack.com/user_id": "U1",
    "https://slack.com/team_id": "T1",
}


def who(token: object = None, **changed: Any) -> Identity:
    claims = CLAIMS | {name.replace("slack_", "https://slack.com/"): value for name, value in changed.items()}
    token = jwt.encode(claims, "k" * 32) if token is None else token
    return verify_id_token(token, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, now=NOW)


def test_what_slack_says_is_believed() -> None:
    assert who() == Identity("U1", "T1", None)
    assert who(aud=[CLIENT], azp=CLIENT) == Identity("U1", "T1", None)
    assert who(slack_enterprise_id="E1") == Identity("U1", "T1", "E1")


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("iss", {"iss": "https://slack.com.evil.example"}),
        ("iss", {"iss": ""}),
        ("aud", {"aud": "3.4"}),
        ("aud", {"aud": [CLIENT, "3.4"]}),
        ("aud", {"aud": None}),
        ("aud", {"azp": "3.4"}),
        ("exp", {"exp": NOW - 61}),
        ("exp", {"exp": None}),
        ("exp", {"exp": True}),
        ("exp", {"exp": "9999999999"}),
        ("nonce", {"nonce": "m" * 64}),
        ("nonce", {"nonce": None}),
        ("nonce", {"nonce": "é"}),
        ("team", {"slack_team_id": None}),
        ("team", {"slack_team_id": "T1\nT2"}),
        ("team", {"slack_team_id": "T" * 33}),
        ("team", {"slack_user_id": ["U1"]}),
    ],
)
def test_what_does_not_fit_is_refused(why: str, changed: dict[str, Any]) -> None:
    with pytest.raises(InvalidIdToken) as refused:
        who(**changed)
    assert refused.value.reason == why
    assert "sign in again" in str(refused.value)


@given(st.none() | st.text() | st.integers() | st.lists(st.text()))
def test_what_is_no_token_is_refused(token: object) -> None:
    with pytest.raises(InvalidIdToken):
        who(token if token is not None else "None")
