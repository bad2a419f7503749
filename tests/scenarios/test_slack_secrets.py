"""No error path logs a secret: the tests pass tokens through all of them, with DEBUG logging."""

import io
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.core.logs import configure
from bot.core.settings import Settings
from bot.links.signing import LinkSigner
from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.errors import DatabaseUnavailable
from tests.scenarios.conftest import SECRET, Slack, run_bot
from tests.scenarios.test_slack_installation import add_installation, find_token_used, install
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.page_access import (
    SIGN_IN_SETTINGS,
    Browser,
    begin_sign_in,
    build_path,
    confirm_sign_in,
    get_key,
    return_from_slack,
)
from tests.support.keys import KEYS

#: slack_sdk calls oauth.v2.access with BasicAuth, deprecated since aiohttp 3.13
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

CLIENT = {"bot_token": None, "client_id": "1.2", "client_secret": "made-up-client-secret"}
TOKENS = ("xoxb-1-leak", "xoxe.xoxb-1-leak", "xoxe-1-leak", "xapp-1-leak", "made-up-client-secret", SECRET)
ALL_TOKENS = " ".join(TOKENS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), time.time, KEYS)) as store:
        yield store


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """Collect the log of the test. After the test, check that it is not empty and has no secret."""
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    configure("DEBUG", colours=False, secrets=TOKENS)
    caplog.set_level(logging.DEBUG)
    yield stderr
    # the bot's logging setup does not show other libraries' DEBUG messages
    out = stderr.getvalue() + "".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("bot", "slack"))
    )
    assert out
    for secret in (*TOKENS, "leak"):
        assert secret not in out


async def fail_in_listeners(slack: Slack, error: Exception) -> None:
    async def listen() -> None:
        raise error

    slack.bot.app[BOT].bolt.event("app_mention")(listen)
    await slack.post(slack.event(type="app_mention", user="U1", channel="C1", text=ALL_TOKENS, ts="1.1"))


@pytest.mark.parametrize(
    "error",
    [
        ValueError(ALL_TOKENS),
        DatabaseUnavailable(ALL_TOKENS),
        SlackApiError(ALL_TOKENS, {"error": ALL_TOKENS}),
        OSError(ALL_TOKENS),
    ],
)
async def test_failing_question_and_listener_log_no_secret(service: FakeBriefingService, error: Exception) -> None:
    service.error = error
    async with run_bot(service) as slack:
        await slack.post(slack.command("/whosaid", ALL_TOKENS))
        await slack.stand_in.wait_for_answer()
        await fail_in_listeners(slack, error)
        await slack.bot.close()


async def test_undelivered_answer_logs_no_secret(service: FakeBriefingService) -> None:
    async with run_bot(service) as slack:
        slack.stand_in.statuses = [500, 500]
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        dead_url = f"http://127.0.0.1:1/hooks.slack.com/commands/T1/{TOKENS[0]}"
        await slack.post(slack.command("/whosaid", "lynch-mob", response_url=dead_url))
        await slack.bot.close()


async def test_forged_and_malformed_requests_log_no_secret(slack: Slack) -> None:
    await slack.post(slack.command("/whosaid", ALL_TOKENS), headers={"X-Slack-Signature": TOKENS[0]})
    await slack.post(slack.command("/unknown", ALL_TOKENS))
    await slack.post(f'{{"type": "event_callback", "event_id": "E1", "token": "{TOKENS[0]}", "event": "{ALL_TOKENS}"}}')
    await slack.bot.close()


async def test_database_error_logs_no_secret(store: Store, service: FakeBriefingService) -> None:
    store.database.write(lambda db: db.exec_driver_sql("DROP TABLE handled"))
    async with run_bot(service, store) as slack:
        await slack.post(slack.command("/whosaid", "lynch-mob", trigger_id=TOKENS[0]))
        await slack.bot.close()


async def test_install_refresh_and_uninstall_log_no_secret(store: Store, service: FakeBriefingService) -> None:
    """This covers a rejected code, a failed refresh and missing database tables."""
    refusal: dict[str, Any] = {
        "ok": False,
        "error": "invalid_code",
        "access_token": TOKENS[0],
        "refresh_token": TOKENS[2],
    }
    async with run_bot(service, store, **CLIENT, public_url="https://bot.example.org") as slack:
        await install(slack, token=TOKENS[0])
        await add_installation(store, "T2", lives=60)
        slack.stand_in.replies["oauth.v2.access"] = [refusal]
        await find_token_used(slack, "T2")
        store.database.write(lambda db: db.exec_driver_sql("DROP TABLE slack_bots"))
        assert await install(slack, token=TOKENS[1]) == 500
        await slack.post(slack.command("/whosaid", ALL_TOKENS))
        await slack.post(slack.event(type="app_uninstalled"))
        await slack.bot.close()


async def test_page_access_and_sign_in_log_no_secret(
    store: Store, service: FakeBriefingService, logged: io.StringIO
) -> None:
    """This covers valid and invalid keys, cookies, codes, states and identities, and failing pages."""
    secret = "made-up secret of the pages, leak".replace(" ", "-")
    async with run_bot(service, store, **SIGN_IN_SETTINGS, pages_secrets=(secret,)) as slack:
        browser = Browser(slack)
        keys = LinkSigner(
            Settings(bot_token="x", pages_secrets=(secret,), signing_secret="x", **SIGN_IN_SETTINGS), time.time
        )
        key = get_key(keys)
        await browser.get(build_path(key))
        cookies = set(browser.cookies.values())
        service.error = ValueError(ALL_TOKENS)
        await browser.get("/record/")
        await browser.get(build_path(key[:-1] + "-leak", "/record/search"))
        stranger = Browser(slack)
        request = await begin_sign_in(stranger)
        cookies |= set(stranger.cookies.values())
        slack.stand_in.replies["openid.connect.token"] = [{"ok": False, "error": ALL_TOKENS, "id_token": TOKENS[0]}]
        await return_from_slack(stranger, request, code="code-leak")
        request = await begin_sign_in(stranger)
        confirm_sign_in(stranger, request, aud="leak")
        await return_from_slack(stranger, request, code="code-leak")
        request = await begin_sign_in(stranger)
        confirm_sign_in(stranger, request)
        await return_from_slack(stranger, request, code="code-leak")
        cookies |= set(stranger.cookies.values())
        await slack.bot.close()
    out = logged.getvalue()
    for hidden in (key, key[:40], request["state"], request["nonce"], *cookies):
        assert hidden not in out
    assert "page refused" in out
    assert "signed in" in out
