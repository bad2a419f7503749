"""Every request of Slack is acknowledged within three seconds while the database does not answer."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.slack_limits import ACK_SECONDS
from bot.digests import list_view as digest_list
from bot.digests.form import form_view as digest_form
from bot.listeners.exports import views as export_views
from bot.listeners.shortcuts import ADD_SHORTCUT, CHECK_SHORTCUT, WHO_SAID_SHORTCUT
from bot.mutes.views import UNMUTE_ACTION
from bot.queries.queries import Command
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.views import modals, welcome
from bot.slack.views.people import compare_form
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from bot.topics import form_view as topic_form
from bot.topics import list_view as topic_list
from bot.watches import form_view as watch_form
from bot.watches import list_view as watch_list
from briefings import BriefingService
from briefings.model import Article, Topic
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, run_bot

#: seconds within which requests are acknowledged that need nothing for it
AT_ONCE = 1.0
VALUE = ButtonValue("/whosaid lynch-mob").value
BUTTONS = {action.value: VALUE for action in Action} | {
    f"{UNMUTE_ACTION}:1": "outlet:tribune",
    digest_list.NEW_DIGEST_ACTION: "",
    f"{digest_list.BUTTON_ACTION}:1": "pause C1 1",
    watch_list.NEW_WATCH_ACTION: "",
    f"{watch_list.BUTTON_ACTION}:1": "pause C1 1",
    f"{topic_list.BUTTON_ACTION}:mute": "mute ferry-strike",
    f"{topic_list.BUTTON_ACTION}:new": "new",
    welcome.START_BRIEFING: "",
    welcome.START_WHO_SAID: "",
    welcome.START_DIGEST: "",
    welcome.START_FEED: "",
}
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "app_context_changed",
    "assistant_thread_started",
    "link_shared",
    "member_joined_channel",
    "message",
    "tokens_revoked",
)
FORMS = {
    export_views.SAVE_CALLBACK: VALUE,
    topic_form.FORM_CALLBACK: "ferry-strike",
    modals.FEEDBACK_CALLBACK: f"C1 {VALUE}",
    welcome.FEED_CALLBACK: "",
    welcome.BRIEFING_CALLBACK: "C1",
    welcome.WHO_SAID_CALLBACK: "C1",
    digest_form.FORM_CALLBACK: "C1",
    digest_form.EDIT_CALLBACK: "C1 1",
    watch_form.FORM_CALLBACK: "C1",
    watch_form.EDIT_CALLBACK: "C1 1",
    compare_form.CALLBACK: VALUE,
    "unknown form": "",
}
SELECTS = (
    topic_form.MERGE_FIELD,
    digest_form.TOPIC_FIELD,
    digest_form.ZONE_FIELD,
    watch_form.SPEAKER_FIELD,
    watch_form.OUTLET_FIELD,
)
FORM_VALUES = {
    topic_form.NAME_FIELD: "Ferry dispute",
    topic_form.WORDS_FIELD: "ferry",
    welcome.ADDRESS_FIELD: "paper.example",
    export_views.TARGET_FIELD: "json",
    compare_form.NAME_FIELD: "Roe",
    modals.KIND_FIELD: "speaker",
    modals.LINE_FIELD: "x",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(10_000), time.time)) as store:
        yield store


@pytest.fixture
def record(tmp_path: Path) -> Iterator[BriefingService]:
    """A record in another database, which answers."""
    with closing(open_repository(f"sqlite:///{tmp_path}/articles.db", lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository, (Topic("ferry-strike", "Ferry strike", ("ferry",)),))
        service.add([Article("a", "“We build ferries,” said Jane Roe of the ferry strike.", "The Tribune")])
        yield service


@contextmanager
def hold_up(store: Store, monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    """Let these methods of the database wait until the end of the block."""
    release = threading.Event()

    def wait(_: Callable[..., object]) -> None:
        release.wait(60)

    with monkeypatch.context() as patch:
        for name in names:
            patch.setattr(store.database, name, wait)
        try:
            yield
        finally:
            release.set()


def build_form(callback: str, metadata: str) -> dict[str, Any]:
    element = {"type": "plain_text_input"}
    blocks = [{"type": "input", "block_id": name, "element": element} for name in FORM_VALUES]
    return {"type": "modal", "callback_id": callback, "private_metadata": metadata, "blocks": blocks}


def build_requests(slack: Slack) -> dict[str, str]:
    requests = {name: slack.command(name, "mute The Tribune") for name in (*Command, "/mute", "/unmute", "/unknown")}
    requests |= {f"button {name}": slack.press(name, value) for name, value in BUTTONS.items()}
    requests |= {f"home {name}": press_in_home(slack, name, value) for name, value in BUTTONS.items()}
    requests["menu"] = slack.press("menu:1", f"{Action.MUTE.value} {VALUE}")
    requests |= {
        f"shortcut {name}": slack.shortcut(name, "“a lie about ferries”")
        for name in (WHO_SAID_SHORTCUT, CHECK_SHORTCUT, ADD_SHORTCUT, "unknown")
    }
    requests |= {
        f"event {name}": slack.event(type=name, user="U1", channel="C1", text="topics", ts="1.1", tab="home")
        for name in EVENTS
    }
    return requests


def press_in_home(slack: Slack, action: str, value: str) -> str:
    return slack.press_in({"type": "home", "blocks": []}, {"action_id": action, "value": value})


async def send(slack: Slack, body: str) -> tuple[int, str, float]:
    """Send a request; return the status and the body of its acknowledgement, and the seconds until it came."""
    started_at = time.perf_counter()
    response = await slack.post(body)
    return response.status, await response.text(), time.perf_counter() - started_at


@pytest.mark.parametrize("names", [("write",), ("read", "write")], ids=["locked", "silent"])
async def test_what_needs_no_answer_is_acknowledged_at_once(
    store: Store, record: BriefingService, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    async with run_bot(record, store, rate_per_minute=10_000) as slack:
        with hold_up(store, monkeypatch, *names):
            for name, body in build_requests(slack).items():
                status, text, seconds = await send(slack, body)
                assert (status, text) == (200, ""), name
                assert seconds < AT_ONCE, name


@pytest.mark.parametrize("names", [("write",), ("read", "write")], ids=["locked", "silent"])
async def test_forms_and_menus_are_answered_in_time(
    store: Store, record: BriefingService, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    """Also if all are sent at the same time."""
    async with run_bot(record, store, rate_per_minute=10_000) as slack:
        with hold_up(store, monkeypatch, *names):
            bodies = {name: slack.submit(build_form(name, data), **FORM_VALUES) for name, data in FORMS.items()}
            bodies |= {f"select {name}": slack.suggest(name, "Eu") for name in SELECTS}
            answers = await asyncio.gather(*(send(slack, body) for body in bodies.values()))
    for name, (status, text, seconds) in zip(bodies, answers, strict=True):
        assert status == 200, name
        assert seconds < ACK_SECONDS, name
        if name.startswith("select "):
            assert "options" in json.loads(text), name


async def test_a_topic_that_cannot_be_saved_keeps_its_form(
    store: Store, record: BriefingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with run_bot(record, store) as slack:
        with hold_up(store, monkeypatch, "read", "write"):
            form = build_form(topic_form.FORM_CALLBACK, "")
            _, text, _ = await send(slack, slack.submit(form, **FORM_VALUES))
        answer = json.loads(text)
        assert answer["response_action"] == "errors"
        assert "couldn't be saved" in answer["errors"][topic_form.NAME_FIELD]
