"""Parsing of message events: the text, and whether a person wrote it."""

from typing import Any

import pytest

from bot.slack.transport.message_events import get_mention_key, parse_message_event
from bot.slack.transport.message_text import extract_text


def make_event(**fields: Any) -> dict[str, Any]:
    defaults = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "9.1", "text": "<@U9> who said x?"}
    return {"event": defaults | fields, "authorizations": [{"user_id": "U9", "is_bot": True}]}


@pytest.mark.parametrize(
    ("text", "visible_text"),
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
def test_text_is_extracted_as_people_see_it(text: str, visible_text: str) -> None:
    assert extract_text(text) == visible_text


def test_mention_is_answered_in_its_own_thread() -> None:
    message = parse_message_event(make_event())
    assert message
    assert (message.channel, message.user, message.thread, message.text) == ("C1", "U1", "9.1", "who said x?")


def test_direct_message_is_answered_in_its_thread_or_starts_one() -> None:
    plain_message, thread_message = (
        parse_message_event(make_event(type="message", channel_type="im", **fields))
        for fields in ({}, {"thread_ts": "8.1"})
    )
    assert plain_message
    assert thread_message
    assert (plain_message.thread, thread_message.thread) == ("9.1", "8.1")
    assert (plain_message.is_reply, thread_message.is_reply) == (False, True)


@pytest.mark.parametrize("fields", [{"subtype": "file_share"}, {"subtype": "thread_broadcast"}, {"user": "W1"}])
def test_shared_files_and_organisation_users_are_accepted(fields: dict[str, Any]) -> None:
    assert parse_message_event(make_event(**fields))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": None},
        {"event": []},
        make_event(type="message", channel_type="channel"),
        make_event(type="reaction_added"),
        make_event(bot_id="B1"),
        make_event(user="U9"),
        make_event(user="<!channel>"),
        make_event(user=7),
        make_event(ts=None),
        make_event(type="message", channel_type="im", edited={"ts": "9.2"}),
        make_event(app_id="A1"),
        make_event(bot_profile={"app_id": "A1"}),
        make_event(channel="C1\ud83d"),
        make_event(ts="yesterday"),
        make_event(thread_ts={"ts": "9.1"}),
        make_event(subtype="channel_topic"),
        make_event() | {"event": {"type": "app_mention"}},
    ],
)
def test_events_without_a_persons_message_are_ignored(body: dict[str, Any]) -> None:
    assert parse_message_event(body) is None


def test_a_mention_that_an_edit_added_is_a_message() -> None:
    message = parse_message_event(make_event(edited={"user": "U1", "ts": "9.2"}))
    assert message
    assert message.is_edited


def test_an_edited_mention_has_the_key_of_its_message() -> None:
    assert get_mention_key(make_event()) == get_mention_key(make_event(edited={"ts": "9.2"})) == "C1:9.1"
    for other in ({}, {"event": []}, make_event(type="message"), make_event(ts=None), make_event(channel=["C1"])):
        assert get_mention_key(other) is None


def test_a_message_without_text_has_the_words_of_what_it_passes_on() -> None:
    attachment = {"is_share": True, "text": "who said “rope”?"}
    message = parse_message_event(make_event(text="<@U9>", attachments=[attachment]))
    assert message
    assert message.text == "who said “rope”?"


def test_malformed_authorizations_are_accepted() -> None:
    for authorizations in (None, "x", [None, 7], [{}]):
        assert parse_message_event(make_event() | {"authorizations": authorizations})
