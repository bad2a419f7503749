"""Targets that read what comes back to the bot: values of buttons, addresses of pages, cookies, headers and states."""

import asyncio
import atexit
import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import jwt
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.answers.answer_cache import parse_button_query
from bot.core.settings import Settings
from bot.digests.mail.links import MailLinks
from bot.links import urls
from bot.links.page_address import parse_page_url
from bot.listeners.provenance.views import decode_confirmation, decode_number
from bot.mutes.current_channel import find_channel
from bot.server.guard.hosts import HostPolicy
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, decode_button
from bot.slack.blocks.menus import Choice, build_menu, decode_press, get_requested_action
from bot.slack.permissions.actor import find_place
from bot.slack.transport.request_shape import find_shape_problem
from bot.slack.transport.request_verification import RequestVerifier
from bot.storage.installations import OAuthStateStore
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from bot.topics.list_view import decode_suggestion
from bot.web import query_params
from bot.web.auth.membership import InvalidIdToken, verify_id_token
from bot.web.auth.sessions import COOKIE, Sessions
from bot.web.pages.article import parse_span
from bot.web.pages.downloads import read_format
from briefings import BadQuestion, Slot
from tests.fuzz.target import ForbiddenAnswer, Target, decode_typed

_TODAY = date(2016, 6, 30)
_SECRET = "an invented secret of thirty-two characters"
_BASE = "https://bot.example"
_QUESTION = ButtonValue('/whosaid "harbour" by:Roe', 2, "a1:10-20", Slot.STATUS, "C1")
_CONFIRMATION = json.dumps({"name": "The Tribune", "host": "tribune.example"})
_SUGGESTION = json.dumps({"name": "Harbour", "words": ["harbour", "ferry strike"]})
_QUERIES = (
    "q=harbour&since=2016-06-01&until=last+week&page=2&from=120&at=120-180&format=csv",
    "id=a1&page=999999999&at=9-1&since=monday&format=html&q=%F0%9F%98%80",
)
_HEADERS = (
    f"X-Slack-Request-Timestamp: 1467280800\nX-Slack-Signature: v0={'0' * 64}\nContent-Type: application/json\n"
    "Content-Length: 20\nHost: bot.example",
    "Host: [::1]:3000\nCookie: a=b; c=d\nContent-Encoding: gzip\nContent-Type: text/plain; charset=x",
)
_REDIRECTS = [
    b"/record/articles/a1?at=1-2",
    b"https://other.example/",
    b"//other.example",
    b"/record/../x",
    b"/record\\x",
]
_TEXTS = (
    "Jane *Roe* said <!channel> & <https://tribune.example|here> _now_ :smile: ~no~ `code` >quote",
    "https://tribune.example/a?b=c&d=e#:~:text=We%20wait,-said&text=more",
)
#: length of a short label, and of the longest text of a block
_LENGTHS = (30, 3_000)


def list_targets() -> list[Target]:
    """Return a target for each value that strangers can change before it comes back."""
    sessions = Sessions([_SECRET], lambda: 0.0)
    cookie = _start_session(sessions)
    links = MailLinks(_BASE, (_SECRET,), lambda: 0.0)
    return [
        Target("action-press", _read_press, _list_presses(), 20),
        Target("button-value", _read_value, [_QUESTION.value.encode(), _CONFIRMATION.encode(), b"17"], 20),
        Target("mrkdwn", lambda data: _check_mrkdwn(decode_typed(data)), [text.encode() for text in _TEXTS], 20),
        Target("page-query", _read_query, [query.encode() for query in _QUERIES], 20),
        Target("session-cookie", lambda data: sessions.read_visitor(_build_request(data)), [cookie], 5),
        Target("id-token", _read_id_token, [_build_id_token()], 20),
        Target("redirect-after-sign-in", lambda data: _read_redirect(decode_typed(data)), _REDIRECTS, 20),
        Target("oauth-state", _consume_state, [b"9b1d3a3e-7a0f-4c7e-9a63-000000000001"], 2),
        Target("mail-token", lambda data: _read_mail_token(links, decode_typed(data)), [b"eyJhdCI6MH0.abc"], 20),
        Target("request-headers", _check_headers, [headers.encode() for headers in _HEADERS], 5),
    ]


def _list_presses() -> list[bytes]:
    """Return presses of a button, of a menu and of buttons with other values."""
    menu = build_menu("1", [Choice("More", Action.PAGE, _QUESTION), Choice("Save", Action.SAVE, _QUESTION)])
    assert menu is not None
    chosen: Mapping[str, Any] = menu.element.to_dict()
    actions = [
        {"type": "button", "action_id": Action.PAGE.value, "block_id": "b", "value": _QUESTION.value},
        {**chosen, "block_id": menu.block_id or "b", "selected_option": chosen["options"][0], "options": None},
        {"type": "button", "action_id": "confirm-outlet", "block_id": "b", "value": _CONFIRMATION},
        {"type": "button", "action_id": "topic-suggestion", "block_id": "b", "value": _SUGGESTION},
    ]
    body = {"type": "block_actions", "user": {"id": "U1"}, "channel": {"id": "C1", "name": "news"}}
    body |= {"container": {"type": "message", "channel_id": "C1", "is_ephemeral": True}}
    view = {"view": {"id": "V1", "private_metadata": '{"channel": "C1"}'}}
    return [json.dumps(body | view | {"actions": [action]}).encode() for action in actions]


def _read_press(data: bytes) -> None:
    try:
        body = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):  # the server refuses it with status 400
        return
    if not isinstance(body, dict) or find_shape_problem(body) is not None:
        return
    find_channel(body)
    find_place(body)
    for action in body.get("actions") or ():
        get_requested_action(action)
        decode_suggestion(action.get("value"))
        for decode in (decode_press, decode_confirmation, decode_number):
            _answer(decode, action)


def _answer(read: Callable[[Any], object], value: object) -> None:
    """Read one of several values; each may be refused."""
    with suppress(BadQuestion):
        read(value)


def _read_value(data: bytes) -> None:
    text = decode_typed(data)
    decode_suggestion(text)
    button = decode_button(text)
    if decode_button(button.value) != button:
        raise ForbiddenAnswer(f"a button changes when it is built again: {button}"[:300])
    parse_button_query(button.command_text, _TODAY)


def _check_mrkdwn(text: str) -> None:
    """Raise ForbiddenAnswer if escaped text could contain a link or a mention, or is too long."""
    for length in _LENGTHS:
        clipped_text, _ = mrkdwn.clip(text, length)
        link = mrkdwn.format_link(text, text, length)
        is_open = "<" in clipped_text or ">" in clipped_text or link.count("<") > 1 or link.count(">") > 1
        if is_open or len(clipped_text) > length or len(mrkdwn.to_plain_text(text, length)) > length:
            raise ForbiddenAnswer(f"not safe for Slack: {clipped_text!r} {link!r}"[:300])
        json.dumps([clipped_text, link]).encode("utf-8")


def _read_query(data: bytes) -> None:
    params = dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True))
    _answer(lambda text: parse_page_url(text, _BASE), f"{_BASE}{urls.PREFIX}/search?{decode_typed(data)}")
    query_params.read_text(params, "q")
    for read in (
        lambda values: query_params.read_since(values, _TODAY),
        lambda values: query_params.read_until(values, _TODAY),
        query_params.read_page,
        lambda values: query_params.read_number(values, "from", 0, 0, 10**9),
        lambda values: parse_span(values.get("at")),
        read_format,
    ):
        _answer(read, params)


def _build_request(data: bytes) -> web.Request:
    """Return a request with a cookie, as the web server gives it to a handler."""
    text = "".join(char for char in data.decode("latin-1") if char.isprintable())
    return make_mocked_request("GET", "/record/", headers={"Cookie": f"{COOKIE}={text}"})


def _start_session(sessions: Sessions) -> bytes:
    response = web.Response()
    sessions.start(response, "T1", "U1")
    return response.cookies[COOKIE].value.encode()


def _build_id_token() -> bytes:
    claims = {"iss": "https://slack.com", "aud": "1.2", "exp": 60, "nonce": "n"}
    claims |= {"https://slack.com/user_id": "U1", "https://slack.com/team_id": "T1"}
    return jwt.encode(claims, _SECRET, algorithm="HS256").encode()


def _read_id_token(data: bytes) -> None:
    with suppress(InvalidIdToken):
        verify_id_token(decode_typed(data), issuer="https://slack.com", client_id="1.2", nonce="n", now=0.0)


def _read_redirect(text: str) -> None:
    path = urls.resolve_redirect(text)
    if not re.fullmatch(rf"{urls.PREFIX}(?:[/?][!-\[\]-~]*)?", path):
        raise ForbiddenAnswer(f"leads to another site: {path!r}"[:300])


def _consume_state(data: bytes) -> None:
    """Look up the state of an installation that was never issued, in a database that this process opens once."""
    if asyncio.run(_open_states().async_consume(data.decode("utf-8", "replace"))):
        raise ForbiddenAnswer("a state that was not issued is accepted")


@cache
def _open_states() -> OAuthStateStore:
    folder = tempfile.mkdtemp(prefix="states-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return OAuthStateStore(open_store(f"sqlite:///{folder}/bot.db", RateLimit(60), time.time).database)


def _read_mail_token(links: MailLinks, token: str) -> None:
    _answer(links.read_confirm_token, token)
    _answer(links.read_unsubscribe_token, token)


def _check_headers(data: bytes) -> None:
    """Check the headers of a request as the server does before it reads the body."""
    headers: CIMultiDict[str] = CIMultiDict()
    for line in data.decode("latin-1").split("\n"):
        name, _, value = line.partition(":")
        # the web server itself refuses other names, characters and lengths
        is_length = name.lower() == "content-length"
        if re.fullmatch(r"[A-Za-z0-9-]+", name) and re.fullmatch(r" ?[0-9]{1,18}" if is_length else r"[^\0\r]*", value):
            headers.add(name, value.strip())
    request = make_mocked_request("POST", "/slack/events", headers=headers)
    HostPolicy(Settings(public_url=_BASE)).is_allowed(headers.get("Host", ""), "/slack/events")
    with suppress(web.HTTPException):
        RequestVerifier(_SECRET, lambda: 1_467_280_800.0).check_headers(request)
