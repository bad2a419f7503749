"""The team's own names of the commands: settings, and texts that show them."""

from typing import Any

import pytest

from bot.core.command_names import STANDARD, CommandNames, parse_command_names
from bot.core.settings import load, load_command_names
from briefings.errors import BadSettings

OWN = parse_command_names("otr-", "")


@pytest.mark.parametrize(
    ("prefix", "names", "own_names"),
    [
        ("", "", ("/briefing", "/whosaid", "/digest", "/watch", "/topic", "/sources")),
        ("otr-", "", ("/otr-briefing", "/otr-whosaid", "/otr-digest", "/otr-watch", "/otr-topic", "/otr-sources")),
        ("/otr_", "", ("/otr_briefing", "/otr_whosaid", "/otr_digest", "/otr_watch", "/otr_topic", "/otr_sources")),
        ("", "briefing=/news", ("/news", "/whosaid", "/digest", "/watch", "/topic", "/sources")),
        (
            "otr-",
            "whosaid=quote, /digest=/daily",
            ("/otr-briefing", "/quote", "/daily", "/otr-watch", "/otr-topic", "/otr-sources"),
        ),
    ],
)
def test_a_prefix_or_names_rename_the_commands(prefix: str, names: str, own_names: tuple[str, ...]) -> None:
    command_names = parse_command_names(prefix, names)
    assert command_names.list_own_names() == own_names
    standard_names = [command_names.get_standard_name(name) for name in own_names]
    assert standard_names == ["/briefing", "/whosaid", "/digest", "/watch", "/topic", "/sources"]


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("O T R", ""),
        ("ötr-", ""),
        ("-", ""),
        ("x" * 24, ""),
        ("", "news"),
        ("", "briefing="),
        ("", "briefing=/a/b"),
        ("", "ask=/news"),
        ("", "briefing=/whosaid"),
        ("", f"briefing=/{'x' * 32}"),
        ("\n", "briefing=<!channel>"),
    ],
)
def test_a_name_that_slack_refuses_is_one_sentence_about_the_setting(prefix: str, names: str) -> None:
    with pytest.raises(BadSettings, match=r"^Invalid [^\n]*(COMMAND|command)[^\n]*$"):
        parse_command_names(prefix, names)


def test_the_settings_have_the_names() -> None:
    environ = {"COMMAND_PREFIX": "otr-", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x"}
    assert load(None, environ).command_names == OWN
    assert load(None, {}).command_names == STANDARD


def test_the_names_can_be_read_while_other_settings_are_incomplete() -> None:
    assert load_command_names(None, {"COMMAND_PREFIX": "otr-", "SLACK_BOT_TOKEN": "xoxb-1"}) == OWN


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("Type `/briefing rail-strike`.", "Type `/otr-briefing rail-strike`."),
        ("/digest now 3, or /whosaid", "/otr-digest now 3, or /otr-whosaid"),
        ("To end it, type /digest.", "To end it, type /otr-digest."),
        ("https://tribune.example/briefing and /briefings", "https://tribune.example/briefing and /briefings"),
        ("White House/briefing, a/digest", "White House/briefing, a/digest"),
        (">Roe opened the /briefing", ">Roe opened the /briefing"),
        ("Roe: the /digest\n<https://t.example|Tribune>", "Roe: the /digest\n<https://t.example|Tribune>"),
        (
            "the /digest was late <https://tribune.example|Tribune>",
            "the /digest was late <https://tribune.example|Tribune>",
        ),
    ],
)
def test_only_the_programs_words_are_renamed(text: str, renamed: str) -> None:
    """A line of an article has the quote bar or a link."""
    assert OWN.rename_text(text) == renamed
    assert STANDARD.rename_text(text) == text


def test_a_payload_keeps_its_values_and_renames_its_texts() -> None:
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Try /digest"},
        "value": '{"asked": "/briefing x"}',
    }
    payload = {"text": "Type /briefing", "blocks": [{"type": "actions", "elements": [button]}], "n": 1}
    renamed: dict[str, Any] = OWN.rename_payload(payload)
    assert renamed["text"] == "Type /otr-briefing"
    (renamed_button,) = renamed["blocks"][0]["elements"]
    assert renamed_button["text"]["text"] == "Try /otr-digest"
    assert renamed_button["value"] == button["value"]
    assert CommandNames().rename_payload(payload) is payload


def test_the_errors_of_a_form_are_renamed_and_its_fields_keep_their_names() -> None:
    errors = {"/briefing": "Type /digest stop 1", "channel": "Type /invite @On the Record, then /digest budget"}
    response = {"response_action": "errors", "errors": errors}
    assert parse_command_names("otr-", "").rename_payload(response) == {
        "response_action": "errors",
        "errors": {
            "/briefing": "Type /otr-digest stop 1",
            "channel": "Type /invite @On the Record, then /otr-digest budget",
        },
    }


def test_modals_with_an_articles_text_are_not_renamed() -> None:
    view = {"type": "modal", "callback_id": "reading", "blocks": [{"text": {"type": "mrkdwn", "text": "the /digest"}}]}
    assert OWN.rename_payload(view) == view
