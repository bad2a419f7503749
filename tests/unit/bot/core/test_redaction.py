"""Secrets are redacted in every kind of log value."""

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import logs
from bot.core.logs import Redaction

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
SECRETS = (
    "xoxb-123-456-abcDEF",
    "xoxe.xoxb-1-MS0yLTE",
    "xoxe-1-My0xLTk",
    "xapp-1-A1-2-ab",
    "xoxp-9-a",
    SIGNING_SECRET,
)


@given(st.text(max_size=20), st.sampled_from(SECRETS), st.text(max_size=20))
def test_a_secret_is_redacted_anywhere_in_a_text(before: str, secret: str, after: str) -> None:
    redacted_text = Redaction([SIGNING_SECRET]).redact(f"{before} {secret} {after}")
    assert secret not in redacted_text


@pytest.mark.parametrize(
    ("text", "redacted_text"),
    [
        ("https://hooks.slack.com/commands/T1/2/abc gone", "https://hooks.slack.com/… gone"),
        (
            "wss://wss-primary.slack.com/link/?ticket=1234&app_id=5",
            "wss://wss-primary.slack.com/link/?ticket=…&app_id=5",
        ),
        ("GET /record/articles/a?at=1-2&key=eyJh.b-c_d#at", "GET /record/articles/a?at=1-2&key=…"),
        ("<https://bot.example.org/record/?at=1-2&amp;key=x|y>", "<https://bot.example.org/record/?at=1-2&amp;key=…"),
        ("/record/signed-in?code=1.2.3&state=eyJ.x", "/record/signed-in?code=…&state=…"),
        (
            "Cookie: __Host-record=a.b; __Host-record-sign-in=c; x=y",
            "Cookie: __Host-record=…; __Host-record-sign-in=…; x=y",
        ),
        ("id_token eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiIxLjIi.c2lnbmF0dXJl", "id_token …"),
        ("postgresql+psycopg://anna:hunter2@db/x", "postgresql+psycopg://…@db/x"),
        ("https://www.theguardian.com/a:b@c", "https://www.theguardian.com/a:b@c"),
        ("/briefing labour-crisis", "/briefing labour-crisis"),
    ],
)
def test_urls_lose_their_secrets_and_nothing_else(text: str, redacted_text: str) -> None:
    assert Redaction().redact(text) == redacted_text


def test_every_value_of_an_event_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG", colours=False, secrets=[SIGNING_SECRET])
    try:
        nested = {"deep": [{"token": SECRETS[0]}, (SECRETS[1],)], SECRETS[2]: 1}
        logs.get_logger().error(
            f"failed with {SIGNING_SECRET}", error=ValueError(SECRETS[3]), nested=nested, count=3, ok=True
        )
    finally:
        logs.reset()
    line = capsys.readouterr().err
    assert (json.loads(line)["count"], json.loads(line)["ok"]) == (3, True)
    assert [secret for secret in SECRETS if secret in line] == []


def test_messages_and_exceptions_of_libraries_are_redacted() -> None:
    logs.configure("DEBUG", colours=False, secrets=[SIGNING_SECRET])
    logs.reset()
    logger, output = logs.get_library_logger(), io.StringIO()
    handler = logging.StreamHandler(output)
    logger.addHandler(handler)
    try:
        error = ValueError(SECRETS[0])
        logger.error("Failed with %s and %r", SECRETS[1], {"secret": SIGNING_SECRET}, exc_info=error, stack_info=True)
    finally:
        logger.removeHandler(handler)
    assert output.getvalue() == "Failed with … and {'secret': '…'} (ValueError)\n"
