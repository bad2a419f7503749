"""Tests of verify_id_token: issuer, audience, expiry and nonce must match this sign-in."""

from typing import Any

import jwt
import pytest
from hypothesis import example, given
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


def verify(token: object = None, **changes: Any) -> Identity:
    """Verify a token with some claims changed."""
    claims = CLAIMS | {name.replace("slack_", "https://slack.com/"): value for name, value in changes.items()}
    token = jwt.encode(claims, "k" * 32) if token is None else token
    return verify_id_token(token, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, now=NOW)


def test_valid_token_identifies_the_user() -> None:
    assert verify() == Identity("U1", "T1", None)
    assert verify(aud=[CLIENT], azp=CLIENT) == Identity("U1", "T1", None)
    assert verify(slack_enterprise_id="E1") == Identity("U1", "T1", "E1")


@pytest.mark.parametrize(
    ("reason", "changes"),
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
def test_wrong_claim_is_refused(reason: str, changes: dict[str, Any]) -> None:
    """The error names the claim for the log, and asks the user to sign in again."""
    with pytest.raises(InvalidIdToken) as error:
        verify(**changes)
    assert error.value.reason == reason
    assert "sign in again" in str(error.value)


@example("\ud800.e30.e30")
@given(st.none() | st.text() | st.integers() | st.lists(st.text()))
def test_value_that_is_not_a_token_is_refused(token: object) -> None:
    with pytest.raises(InvalidIdToken):
        verify(token if token is not None else "None")
