"""A browser for the pages of a bot under test, and Slack's side of signing in."""

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import ClientResponse
from multidict import CIMultiDict
from yarl import URL

from bot.links.signing import LinkSigner
from bot.links.urls import add_key
from tests.scenarios.conftest import Slack

PUBLIC = "https://bot.example.org"
SIGN_IN_SETTINGS = {"public_url": PUBLIC, "client_id": "1.2", "client_secret": "made-up-client-secret"}
LINK_PATTERN = re.compile(rf"{PUBLIC}(/record/[^|>\s]+)")


class Browser:
    """Browser that keeps cookies, as over https. `get` and `post` do not follow redirects."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.cookies: dict[str, str] = {}

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self._request("GET", path, headers)

    async def post(self, path: str, **headers: str) -> ClientResponse:
        return await self._request("POST", path, headers)

    async def follow(self, path: str) -> ClientResponse:
        """Open a page and follow the bot's redirects."""
        response = await self.get(path)
        while response.status == 303:
            response = await self.get(response.headers["Location"])
        return response

    async def _request(self, method: str, path: str, headers: Mapping[str, str]) -> ClientResponse:
        all_headers = CIMultiDict(headers)
        all_headers.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        address = str(self.slack.bot.make_url("")).rstrip("/") + path
        response = await self.slack.session.request(
            method, URL(address, encoded=True), headers=all_headers, allow_redirects=False
        )
        for header in response.headers.getall("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return response


def get_key(links: LinkSigner, team: str = "T1") -> str:
    """Return the key in a team's links."""
    pages = links.build_page_links(team)
    assert pages is not None
    return pages.key


def build_path(key: str, path: str = "/record/") -> str:
    """Return a path with a key."""
    return add_key(path, key)


async def begin_sign_in(browser: Browser, to: str = "/record/") -> dict[str, str]:
    """Open the sign-in page. Return the parameters of the redirect to Slack."""
    response = await browser.get(f"/record/sign-in?to={to}")
    assert response.status == 303
    address = urlsplit(response.headers["Location"])
    assert f"{address.scheme}://{address.netloc}" == get_slack_origin(browser)
    assert address.path == "/openid/connect/authorize"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def get_slack_origin(browser: Browser) -> str:
    """Return the origin of the stand-in, which is the issuer of its id_tokens."""
    return str(browser.slack.inbox.make_url("")).rstrip("/")


def confirm_sign_in(browser: Browser, parameters: Mapping[str, str], **changed_claims: Any) -> None:
    """Make Slack's token endpoint return an id_token.

    `changed_claims` replace the default claims. The prefix "slack_" becomes the URL prefix of Slack's own claims.
    """
    claims = {
        "iss": get_slack_origin(browser),
        "sub": "U1",
        "aud": parameters["client_id"],
        "exp": 99_999_999_999,
        "nonce": parameters["nonce"],
        "https://slack.com/user_id": "U1",
        "https://slack.com/team_id": "T1",
    }
    claims |= {name.replace("slack_", "https://slack.com/"): value for name, value in changed_claims.items()}
    token = jwt.encode(claims, "made-up-key-of-thirty-two-letters")
    browser.slack.stand_in.replies["openid.connect.token"] = [
        {"ok": True, "access_token": "xoxp-made-up", "token_type": "Bearer", "id_token": token}
    ]


async def return_from_slack(browser: Browser, parameters: Mapping[str, str], code: str = "code-1") -> ClientResponse:
    """Open the redirect URL with a code, as after Slack's page."""
    return await browser.get(f"/record/signed-in?code={code}&state={parameters['state']}")
