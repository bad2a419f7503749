"""The Slack checks of `doctor` name the missing token, scope or URL, and never show a secret."""

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

#: from slack_sdk's call of oauth.v2.access with aiohttp 3.13 and newer
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
HTTP = {"bot_token": "xoxb-made-up", "signing_secret": SIGNING_SECRET, "public_url": "https://bot.example.org"}
SOCKET = {"bot_token": "xoxb-made-up", "app_token": "xapp-made-up"}
OAUTH = {
    "client_id": "1.2",
    "client_secret": "hush-hush",
    "signing_secret": SIGNING_SECRET,
    "public_url": HTTP["public_url"],
}


@contextmanager
def run_slack(scopes: str | None = ",".join(SCOPES), **errors: str) -> Iterator[str]:
    """Serve a fake Web API and yield its URL; `errors` maps methods (dots as underscores) to error codes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
            method = self.path.partition("?")[0].rpartition("/")[2]
            error = errors.get(method.replace(".", "_"))
            content: Mapping[str, Any] = {
                "ok": error is None,
                "error": error,
                "team": "Newsroom",
                "users": ["U1", "U2"],
            }
            assert method != "oauth.v2.access" or body["code"] == ["doctor"]
            payload = json.dumps(content).encode()
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

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
        server.shutdown()
        thread.join()


def run_checks(api_url: str, **fields: Any) -> dict[str, str]:
    """Return the result of each check by name; problems start with "WRONG"."""
    settings, results = Settings(api_url=api_url, **fields), {}
    for name, check in diagnostics.list_checks(settings):
        try:
            results[name] = check(settings)
        except BadSettings as error:
            results[name] = f"WRONG {error}"
    for secret in settings.secrets:
        assert secret not in str(results)
    return results


def test_correct_socket_settings_pass() -> None:
    with run_slack() as api_url:
        assert run_checks(api_url, **SOCKET) == {
            "bot token": "accepted in Newsroom, with all scopes",
            "app token": "accepted, with connections:write",
            "pages": "off, so answers link only to publishers; to turn the pages on, set PUBLIC_URL to an https URL",
        }


def test_correct_http_settings_pass() -> None:
    with run_slack() as api_url:
        results = run_checks(api_url, **HTTP, admins=("U1", "S1"))
    assert list(results) == ["bot token", "signing secret", "public URL", "pages", "admins S1"]
    assert (results["public URL"], results["admins S1"]) == (
        "requests go to https://bot.example.org/slack/events",
        "2 users",
    )
    assert "WRONG" not in str(results)


def test_access_to_the_pages_is_described() -> None:
    """With sign-in, the result names the redirect URL that the app's settings need."""
    client = {"client_id": "1.2", "client_secret": "hush-hush"}
    secret = {"public_url": HTTP["public_url"], "pages_secrets": ("x" * 32,)}
    with run_slack(oauth_v2_access="invalid_code") as api_url:
        assert run_checks(api_url, **HTTP)["pages"].startswith(
            "on, at https://bot.example.org/record/; users open them from links in Slack. To let users also sign in"
        )
        for settings in (HTTP | client, SOCKET | client | secret, OAUTH):
            results = run_checks(api_url, **settings)
            assert "https://bot.example.org/record/signed-in must be one of the “Redirect URLs”" in results["pages"]
            assert results["client"].startswith("accepted")
            assert "WRONG" not in str(results)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (HTTP | {"public_url": "http://bot.example.org"}, "PUBLIC_URL must begin with https://, not http://bot."),
        (SOCKET | {"public_url": "https://bot.example.org"}, "set PAGES_SECRET, which signs their links"),
        (
            HTTP | {"pages_secrets": ("x" * 32, "x" * 31)},
            "PAGES_SECRET is too short: use at least 32 random characters.",
        ),
    ],
)
def test_problems_with_the_pages_are_named(settings: dict[str, Any], sentence: str) -> None:
    with run_slack() as api_url:
        result = run_checks(api_url, **settings)["pages"]
    assert result.startswith("WRONG")
    assert sentence in result


def test_correct_oauth_settings_pass() -> None:
    """The client is correct if Slack rejects only the invented code."""
    assert Settings(**OAUTH).mode is Mode.OAUTH  # type: ignore[arg-type]  # a mixed dictionary
    with run_slack(oauth_v2_access="invalid_code") as api_url:
        results = run_checks(api_url, **OAUTH)
    assert list(results) == ["client", "signing secret", "public URL", "pages"]
    assert "/slack/install" in results["public URL"]
    assert "WRONG" not in str(results)


@pytest.mark.parametrize(
    ("settings", "answers", "name", "sentence"),
    [
        (
            HTTP,
            {"scopes": ",".join(SCOPES[:-2])},
            "bot token",
            "SLACK_BOT_TOKEN lacks usergroups:read and users:read. Add them",
        ),
        (HTTP, {"scopes": ",".join(SCOPES[1:])}, "bot token", f"SLACK_BOT_TOKEN lacks {SCOPES[0]}. Add it"),
        (HTTP, {"auth_test": "invalid_auth"}, "bot token", "Slack rejected SLACK_BOT_TOKEN (invalid_auth)"),
        (SOCKET, {"apps_connections_open": "missing_scope"}, "app token", "SLACK_APP_TOKEN lacks connections:write"),
        (
            SOCKET,
            {"apps_connections_open": "invalid_auth"},
            "app token",
            "Slack rejected SLACK_APP_TOKEN (invalid_auth)",
        ),
        (OAUTH, {"oauth_v2_access": "invalid_client_id"}, "client", "Slack rejected SLACK_CLIENT_ID"),
        (OAUTH, {"oauth_v2_access": "bad_client_secret"}, "client", "Slack rejected SLACK_CLIENT_SECRET"),
        (HTTP | {"signing_secret": "x" * 20}, {}, "signing secret", "Invalid SLACK_SIGNING_SECRET"),
        (HTTP | {"public_url": None}, {}, "public URL", "PUBLIC_URL is not set"),
        (HTTP | {"public_url": "http://b.example"}, {}, "public URL", "Invalid PUBLIC_URL http://b.example"),
        (
            HTTP | {"admins": ("S9",)},
            {"usergroups_users_list": "no_such_subteam"},
            "admins S9",
            "Invalid id S9 in ADMINS",
        ),
    ],
)
def test_each_problem_is_named_in_one_line(
    settings: dict[str, Any], answers: dict[str, Any], name: str, sentence: str
) -> None:
    with run_slack(**answers) as api_url:
        results = run_checks(api_url, **settings)
    assert results[name].startswith(f"WRONG {sentence}")
    assert "\n" not in results[name]


def test_response_without_scopes_is_accepted() -> None:
    with run_slack(scopes=None) as api_url:
        assert run_checks(api_url, **HTTP)["bot token"].endswith("Slack did not list its scopes")


def test_unreachable_slack_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics.clients, "make_retry_handlers", list)
    assert run_checks("http://127.0.0.1:1/api/", **SOCKET)["bot token"].startswith("WRONG Can't reach Slack at http")
