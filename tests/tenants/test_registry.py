"""A new listener is noticed, whichever of Bolt's methods registers it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from tests.tenants.registry import Door, record_doors
from tests.tenants.slack_cases import list_cases


async def _listen() -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    "register",
    [
        lambda app: app.command("/new"),
        lambda app: app.action(re.compile("^new(:.*)?$")),
        lambda app: app.view("new"),
        lambda app: app.options("new"),
        lambda app: app.event("new"),
        lambda app: app.shortcut("new"),
        lambda app: app.global_shortcut("new"),
        lambda app: app.message("new"),
        lambda app: app.block_action("new"),
        lambda app: app.view_closed("new"),
        lambda app: app.view_submission("new"),
        lambda app: app.block_suggestion("new"),
        lambda app: app.attachment_action("new"),
        lambda app: app.function("new"),
    ],
)
def test_a_new_listener_has_no_case_yet(register: Callable[[AsyncApp], Callable[[Any], Any]]) -> None:
    with record_doors() as doors:
        app = AsyncApp(token="xoxb-invented", signing_secret="invented", request_verification_enabled=False)
        register(app)(_listen)
    assert doors
    assert not [case for case in list_cases() if any(door.opens_for(case.kind, case.door) for door in doors)]


def test_a_listener_that_is_registered_in_a_known_way_is_one_door() -> None:
    with record_doors() as doors:
        app = AsyncApp(token="xoxb-invented", signing_secret="invented")
        app.command("/digest")(_listen)
        app.view_closed("digest-form")(_listen)
    assert doors == [Door("command", "/digest"), Door("another way to register", "_listen")]
