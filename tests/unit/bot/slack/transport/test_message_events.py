"""What a message says, and whether a person said it."""

from typing import Any

import pytest

from bot.slack.transport.message_events import extract_text, parse_message_event


def event(**more: Any) -> dict[str, Any]:
    told = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "9.1", "text": "<@U9> who said x?"}
    return {"event": told | more, "authorizations": [{"user_id": "U9", "is_bot": True}]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@U9> who said “x”?", "who said “x”?"),
        ("<@U9|bot>  hi <!here> <!subteam^S1|@desk>", "hi     @desk"),
        ("see <https://example.org/a|the paper> or <https://example.org>", "see the paper or https://example.org"),
        ("in <#C1|news> and <#C2>", "in #news and #C2"),
        ("&lt;b&gt; &amp;amp; R&amp;D", "<b> &amp; R&D"),
        ("it was *like* a _lynch-mob_ ~without~ `rope`", "it was like a lynch-mob without rope"),
        ("a * b * c, snake_case_name, 2*3*4", "a * b * c, snake_case_name, 2*3*4"),
        ("&gt; quoted\n&gt;&gt;&gt;twice", "quoted\ntwice"),
        ("", ""),
        ("<<>>", "<<>>"),
    ],
)
def test_a_text_is_read_as_people_see_it(text: str, shown: str) -> None:
    assert extract_text(text) == shown


def test_a_mention_is_heard_in_its_own_thread() -> None:
    said = parse_message_event(event())
    assert said
    assert (said.channel, said.user, said.thread, said.text) == ("C1", "U1", "9.1", "who said x?")


def test_a_direct_message_has_a_thread_only_where_it_stands_in_one() -> None:
    flat, threaded = (
        parse_message_event(event(type="message", channel_type="im", **more)) for more in ({}, {"thread_ts": "8.1"})
    )
    assert flat
    assert threaded
    assert (flat.thread, threaded.thread) == ("", "8.1")


@pytest.mark.parametrize("more", [{"subtype": "file_share"}, {"subtype": "thread_broadcast"}, {"user": "W1"}])
def test_people_may_share_a_file_and_belong_to_an_organisation(more: dict[str, Any]) -> None:
    assert parse_message_event(event(**more))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": None},
        {"event": []},
        event(type="message", channel_type="channel"),
        event(type="reaction_added"),
        event(bot_id="B1"),
        event(user="U9"),
        event(user="<!channel>"),
        event(user=7),
        event(ts=None),
        event(edited={}) | event(edited={"ts": "9.2"}),
        event(subtype="channel_topic"),
        event() | {"event": {"type": "app_mention"}},
    ],
)
def test_what_no_person_said_is_not_heard(body: dict[str, Any]) -> None:
    assert parse_message_event(body) is None


def test_authorizations_may_be_anything() -> None:
    for told in (None, "x", [None, 7], [{}]):
        assert parse_message_event(event() | {"authorizations": told})
