"""Targets that read what Slack sends: signed requests, events, messages, forms, and tokens in links."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from bot.digests.form.form_parser import FieldError, parse_form
from bot.links.signing import ExpiredToken, InvalidToken, TokenSigner
from bot.slack.transport.message_events import get_mention_key, is_edited, parse_message_event
from bot.slack.transport.message_text import find_links, read_message
from bot.slack.transport.request_shape import find_shape_problem
from bot.topics.form_view import parse_form as parse_topic_form
from bot.watches.form_view import read_form
from tests.fuzz.target import Target

_EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
    "event": {
        "type": "app_mention",
        "channel": "C1",
        "user": "U1",
        "ts": "1467280800.000100",
        "thread_ts": "1467280800.000100",
        "text": "<@UBOT> who said &quot;harbour&quot;",
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "harbour", "style": {"bold": True}},
                            {"type": "link", "url": "https://tribune.example/1", "text": "here"},
                            {"type": "user", "user_id": "U2"},
                        ],
                    }
                ],
            }
        ],
        "attachments": [{"fallback": "f", "text": "t", "fields": [{"title": "a", "value": "b"}], "is_share": True}],
        "files": [{"name": "a.txt", "preview": "words"}],
    },
}
_ACTION = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "channel": {"id": "C1", "name": "news"},
    "container": {"type": "message", "message_ts": "1.2"},
    "trigger_id": "1.2.3",
    "actions": [{"type": "button", "action_id": "more", "block_id": "b", "value": "1", "selected_option": None}],
    "view": {"id": "V1", "type": "modal", "callback_id": "digest", "private_metadata": "{}", "state": {"values": {}}},
}
_FORM = {
    "type": "view_submission",
    "user": {"id": "U1"},
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "digest",
        "private_metadata": "3 C1 thread",
        "state": {
            "values": {
                name: {name: element}
                for name, element in {
                    "words": {"type": "plain_text_input", "value": "harbour"},
                    "topic": {"type": "external_select", "selected_option": {"value": "harbour"}},
                    "zone": {"type": "external_select", "selected_option": {"value": "Europe/London"}},
                    "repeat": {"type": "static_select", "selected_option": {"value": "weekly"}},
                    "days": {"type": "checkboxes", "selected_options": [{"value": "mon"}, {"value": "Mon"}]},
                    "dates": {"type": "multi_static_select", "selected_options": [{"value": "1"}, {"value": "-1"}]},
                    "time": {"type": "timepicker", "selected_time": "08:30"},
                    "time2": {"type": "timepicker", "selected_time": None},
                    "schedule": {"type": "plain_text_input", "value": "every Monday at 9"},
                    "channel": {"type": "conversations_select", "selected_conversation": "C1"},
                    "nothing": {"type": "radio_buttons", "selected_option": {"value": "silent"}},
                    "email": {"type": "plain_text_input", "value": "desk@paper.example"},
                    "topic_name": {"type": "plain_text_input", "value": "Harbour"},
                    "topic_words": {"type": "plain_text_input", "value": "harbour, ferry strike"},
                    "topic_merge": {"type": "external_select", "selected_option": None},
                    "topic_muted": {"type": "checkboxes", "selected_options": []},
                }.items()
            }
        },
    },
}


def list_targets() -> list[Target]:
    """Return the targets. Each reads a request only if its shape is accepted, as the bot does."""
    signer = TokenSigner(["an invented secret of thirty-two characters"], "fuzz", 60, lambda: 0.0)
    token = signer.sign({"team": "T1"}).encode()
    shapes = [json.dumps(body).encode() for body in (_EVENT, _ACTION, _FORM)]
    return [
        Target("slack-request", _build_run(_read_request), shapes, 20),
        Target("slack-message", _build_run(_read_message), [json.dumps(_EVENT["event"]).encode()], 20),
        Target("slack-form", _build_run(_read_forms), [json.dumps(_FORM).encode()], 20),
        Target("link-token", lambda data: _verify(signer, data.decode("utf-8", "surrogateescape")), [token], 20),
    ]


def _build_run(read: Callable[[dict[str, Any]], object]) -> Callable[[bytes], object]:
    def run(data: bytes) -> object:
        try:
            body = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError):  # the server refuses it with status 400
            return None
        return read(body) if isinstance(body, dict) else None

    return run


def _read_request(body: dict[str, Any]) -> None:
    if find_shape_problem(body) is None:
        parse_message_event(body)
        get_mention_key(body)
        is_edited(body)
        _read_message(body.get("event"))
        _read_message(body.get("message"))


def _read_message(message: object) -> None:
    _ = read_message(message).whole
    find_links(message)


def _read_forms(body: dict[str, Any]) -> None:
    if find_shape_problem(body) is not None or not isinstance(body.get("view"), dict):
        return
    with suppress(FieldError):
        parse_form(body["view"], date(2016, 6, 30), has_channel=True)
    parse_topic_form(body["view"])
    read_form(body["view"])


def _verify(signer: TokenSigner, token: str) -> object:
    try:
        return signer.verify(token)
    except (InvalidToken, ExpiredToken):
        return None
