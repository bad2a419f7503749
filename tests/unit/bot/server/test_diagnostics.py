"""What the doctor says of Slack: which token, scope or address is missing, and never a secret."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from bot.core.settings import Mode, Settings
from bot.server import diagnostics
from bot.server.manifest import SCOPES
from briefings.errors import BadSettings

#: slack_sdk's call of oauth.v2.access, with aiohttp 3.13 and newer
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

SECRET = "0123456789abcdef0123456789abcdef"
HTTP = {"bot_token": "xoxb-made-up", "signing_secret": SECRET, "public_url": "https://bot.example.org"}
SOCKET = {"bot_token": "xoxb-made-up", "app_token": "xapp-made-up"}
OAUTH = {"client_id": "1.2", "client_secret": "hush-hush", "signing_secret": SECRET, "public_url": HTTP["public_url"]}


@contextmanager
def slack(scopes: str | None = ",".join(SCOPES), **errors: str) -> Iterator[str]:
    """Slack's Web API on loopback, answering these methods (dots as underscores) with these errors."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
            method = self.path.partition("?")[0].rpartition("/")[2]
            error = errors.get(method.replace(".", "_"))
            told: Mapping[str, Any] = {"ok": error is None, "error": error, "team": "Newsroom", "users": ["U1", "U2"]}
            assert method != "oauth.v2.access" or body["code"] == ["doctor"]
            payload = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            if scopes is not None:
                self.send_header("X-OAuth-Scopes", scopes)
            self.end_headers()
            self.wfile.write(payload)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
        server.shutdown()
        thread.join()


def told(address: str, **settings: Any) -> dict[str, str]:
    """What each check says, right or wrong."""
    asked, said = Settings(api_url=address, **settings), {}
    for name, check in diagnostics.list_checks(asked):
        try:
            said[name] = check(asked)
        except BadSettings as error:
            said[name] = f"WRONG {error}"
    for secret in asked.secrets:
        assert secret not in str(said)
    return said


def test_all_is_well_over_a_socket() -> None:
    with slack() as address:
        assert told(address, **SOCKET) == {
            "bot token": "Slack takes it in Newsroom, with every scope",
            "app token": "Slack takes it, with connections:write",
            "pages": "closed, and answers link to publishers alone; PUBLIC_URL, an https address, would open them",
        }


def test_all_is_well_over_http() -> None:
    with slack() as address:
        said = told(address, **HTTP, admins=("U1", "S1"))
    assert list(said) == ["bot token", "signing secret", "public address", "pages", "admins S1"]
    assert (said["public address"], said["admins S1"]) == (
        "Slack and people reach https://bot.example.org/slack/events",
        "2 people",
    )
    assert "WRONG" not in str(said)


def test_who_may_look_at_the_pages() -> None:
    """And the address that Slack has to know before anybody can sign in."""
    client = {"client_id": "1.2", "client_secret": "hush-hush"}
    secret = {"public_url": HTTP["public_url"], "pages_secrets": ("x" * 32,)}
    with slack(oauth_v2_access="invalid_code") as address:
        assert told(address, **HTTP)["pages"].startswith(
            "open to the workspace at https://bot.example.org/record/ by links from Slack; with SLACK_CLIENT_ID"
        )
        for settings in (HTTP | client, SOCKET | client | secret, OAUTH):
            said = told(address, **settings)
            assert "https://bot.example.org/record/signed-in must stand among the “Redirect URLs”" in said["pages"]
            assert said["client"].startswith("Slack takes it")
            assert "WRONG" not in str(said)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (HTTP | {"public_url": "http://bot.example.org"}, "PUBLIC_URL must begin with https://, and is http://bot."),
        (SOCKET | {"public_url": "https://bot.example.org"}, "set PAGES_SECRET, with which links to them are signed"),
        (HTTP | {"pages_secrets": ("x" * 32, "x" * 31)}, "PAGES_SECRET is short: make it 32 characters or more"),
    ],
)
def test_pages_that_cannot_be_open_and_a_secret_that_can_be_guessed(settings: dict[str, Any], sentence: str) -> None:
    with slack() as address:
        said = told(address, **settings)["pages"]
    assert said.startswith("WRONG")
    assert sentence in said


def test_all_is_well_for_many_workspaces() -> None:
    """Slack refusing the made-up code is what shows that the client is right."""
    assert Settings(**OAUTH).mode is Mode.OAUTH  # type: ignore[arg-type]  # a mixed dictionary
    with slack(oauth_v2_access="invalid_code") as address:
        said = told(address, **OAUTH)
    assert list(said) == ["client", "signing secret", "public address", "pages"]
    assert "/slack/install" in said["public address"]
    assert "WRONG" not in str(said)


@pytest.mark.parametrize(
    ("settings", "answers", "name", "sentence"),
    [
        (HTTP, {"scopes": ",".join(SCOPES[:-2])}, "bot token", "SLACK_BOT_TOKEN lacks usergroups:read and users:read"),
        (HTTP, {"scopes": ",".join(SCOPES[1:])}, "bot token", f"SLACK_BOT_TOKEN lacks {SCOPES[0]}: add"),
        (HTTP, {"auth_test": "invalid_auth"}, "bot token", "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        (SOCKET, {"apps_connections_open": "missing_scope"}, "app token", "SLACK_APP_TOKEN lacks connections:write"),
        (
            SOCKET,
            {"apps_connections_open": "invalid_auth"},
            "app token",
            "Slack refuses SLACK_APP_TOKEN (invalid_auth)",
        ),
        (OAUTH, {"oauth_v2_access": "invalid_client_id"}, "client", "Slack refuses SLACK_CLIENT_ID"),
        (OAUTH, {"oauth_v2_access": "bad_client_secret"}, "client", "Slack refuses SLACK_CLIENT_SECRET"),
        (HTTP | {"signing_secret": "x" * 20}, {}, "signing secret", "SLACK_SIGNING_SECRET does not look like Slack's"),
        (HTTP | {"public_url": None}, {}, "public address", "PUBLIC_URL is not set"),
        (HTTP | {"public_url": "http://b.example"}, {}, "public address", "PUBLIC_URL must begin with https://"),
        (HTTP | {"admins": ("S9",)}, {"usergroups_users_list": "no_such_subteam"}, "admins S9", "ADMINS names S9"),
    ],
)
def test_what_is_missing_is_one_sentence_that_names_it(
    settings: dict[str, Any], answers: dict[str, Any], name: str, sentence: str
) -> None:
    with slack(**answers) as address:
        said = told(address, **settings)
    assert said[name].startswith(f"WRONG {sentence}")
    assert "\n" not in said[name]


def test_a_slack_that_does_not_name_scopes_is_no_fault() -> None:
    with slack(scopes=None) as address:
        assert told(address, **HTTP)["bot token"].endswith("does not say what it may do")


def test_a_slack_that_cannot_be_reached_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics.clients, "make_retry_handlers", list)
    assert told("http://127.0.0.1:1/api/", **SOCKET)["bot token"].startswith("WRONG Slack cannot be reached at http")
