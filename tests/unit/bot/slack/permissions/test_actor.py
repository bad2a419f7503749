"""Who sent a request, and from where: only Slack's own fields count, whatever their shape."""

from typing import Any

import pytest
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack.permissions.actor import (
    Actor,
    find_place,
    get_actor,
    is_from_outside,
    is_maybe_from_outside,
    make_middleware,
    use_actor,
)

_PRESS: dict[str, Any] = {"type": "block_actions", "channel": {"id": "C1", "name": "news"}}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"command": "/digest", "channel_id": "C1"}, "C1"),
        ({"command": "/digest", "channel_id": "D1"}, "D1"),
        ({"type": "message_action", "channel": {"id": "C1"}}, "C1"),
        ({"event": {"type": "app_mention", "channel": "C1"}}, "C1"),
        ({"event": {"type": "message", "channel": "D1"}}, "D1"),
        (_PRESS | {"container": {"is_ephemeral": True}}, "C1"),
        (_PRESS | {"container": {}, "channel": {"id": "G1", "name": "privategroup"}}, "G1"),
        (_PRESS | {"container": {}, "channel": {"id": "D1", "name": "directmessage"}}, "D1"),
        # what proves nothing
        (_PRESS | {"container": {}}, ""),
        (_PRESS | {"container": {"is_ephemeral": "yes"}}, ""),
        (_PRESS | {"container": {"is_ephemeral": True}, "view": {"id": "V1"}}, ""),
        (_PRESS | {"container": None}, ""),
        ({"type": "block_actions", "container": {"is_ephemeral": True, "channel_id": "C1"}}, ""),
        ({"type": "view_submission", "view": {"private_metadata": "C1 1"}}, ""),
        ({"event": {"type": "app_home_opened", "channel": "D1"}}, ""),
        ({"event": {"type": "link_shared", "channel": "C1"}}, ""),
        # hostile shapes
        ({"command": "/digest", "channel_id": ["C1"]}, ""),
        ({"command": "/digest", "channel_id": "C1 C2"}, ""),
        ({"command": "/digest", "channel_id": "c1\n"}, ""),
        ({"type": "message_action", "channel": {"id": {"id": "C1"}}}, ""),
        ({"event": "C1"}, ""),
        ({}, ""),
    ],
)
def test_only_some_requests_prove_where_their_sender_is(body: dict[str, Any], place: str) -> None:
    assert find_place(body) == place


@pytest.mark.parametrize(
    ("body", "is_outside"),
    [
        ({"user": {"id": "U1", "team_id": "T1"}}, False),
        ({"user": {"id": "U1", "team_id": "E1"}}, False),
        ({"user": {"id": "U1"}}, False),
        ({"user": "U1"}, False),
        ({"user": {"id": "U1", "team_id": "T2"}}, True),
        ({"event": {"type": "app_mention", "user_team": "T2"}}, True),
        ({"event": {"type": "app_mention", "source_team": "T2"}}, True),
        ({"event": {"type": "app_mention", "team": "T2"}, "is_ext_shared_channel": True}, True),
        ({"event": {"type": "app_mention", "team": "T1"}, "is_ext_shared_channel": True}, False),
        ({"event": {"type": "app_mention", "user_team": ["T2"]}}, True),
        ({"command": "/digest"}, False),
    ],
)
def test_people_of_another_workspace_are_known_by_their_request(body: dict[str, Any], *, is_outside: bool) -> None:
    context = AsyncBoltContext({"team_id": "T1", "enterprise_id": "E1"})
    assert is_from_outside(body, context) is is_outside
    everywhere = AsyncBoltContext({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": True})
    assert not is_from_outside(body, everywhere), "it may be another workspace of the organisation"
    assert is_maybe_from_outside(body, everywhere) is is_outside
    assert not is_maybe_from_outside(body, context)


def test_the_place_of_a_request_counts_only_for_its_own_sender() -> None:
    sender = Actor("T1", "U1", channel="C1")
    assert get_actor("T1", "U1") == Actor("T1", "U1")
    with use_actor(sender):
        assert get_actor("T1", "U1") == sender
        assert get_actor("T1", "U2") == Actor("T1", "U2")
        assert get_actor("T2", "U1") == Actor("T2", "U1")
    assert get_actor("T1", "U1").channel == ""
    for outside in (Actor("T1", "U1", is_external=True), Actor("T1", "U1", may_be_external=True)):
        with use_actor(outside):
            assert get_actor("T1", "U2").is_external


@pytest.mark.parametrize(
    ("metadata", "opened_in"),
    [
        ("D1", "D1"),
        ("D1 3 thread", "D1"),
        ('{"asked": "x", "channel": "D1"}', "D1"),
        ("", ""),
        (None, ""),
        (7, ""),
        ("not D1", ""),
        ('{"channel": ["D1"]}', ""),
    ],
)
async def test_submitted_forms_know_where_they_were_opened(metadata: object, opened_in: str) -> None:
    actors: list[Actor] = []

    async def remember() -> None:
        actors.append(get_actor("T1", "U1"))

    body = {"type": "view_submission", "view": {"private_metadata": metadata}}
    client: Any = object()
    context = AsyncBoltContext({"team_id": "T1", "user_id": "U1"})
    await make_middleware()(body=body, client=client, context=context, next_=remember)
    assert [(actor.channel, actor.opened_in) for actor in actors] == [("", opened_in)]
