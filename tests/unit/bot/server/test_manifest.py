"""The manifest, checked against Slack's manifest reference."""

import json
from typing import Any

import pytest

from bot.server.manifest import SCOPES, build_manifest
from briefings.errors import BadSettings

URL = "https://bot.example.org/slack/events"

WAYS: tuple[tuple[tuple[str, ...], dict[str, bool]], ...] = (((), {}), ((URL,), {}), ((URL,), {"many": True}))


def made(url: str | None = None, *, many: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(build_manifest(url, many_workspaces=many))
    return found


def test_socket_mode_without_an_address() -> None:
    found = made()
    assert found["settings"]["socket_mode_enabled"] is True
    assert found["settings"]["interactivity"] == {"is_enabled": True}
    assert "url" not in found["features"]["slash_commands"][0]
    assert "redirect_urls" not in found["oauth_config"]
    assert "request_url" not in found["settings"]["event_subscriptions"]


@pytest.mark.parametrize("url", ["https://bot.example.org", "https://bot.example.org/", URL])
def test_request_urls_with_an_address(url: str) -> None:
    found = made(url)
    assert found["settings"]["socket_mode_enabled"] is False
    assert found["settings"]["interactivity"]["request_url"] == URL
    assert {command["url"] for command in found["features"]["slash_commands"]} == {URL}
    assert found["settings"]["event_subscriptions"]["request_url"] == URL
    assert found["oauth_config"]["redirect_urls"] == [
        "https://bot.example.org/slack/oauth_redirect",
        "https://bot.example.org/record/signed-in",
    ]
    assert set(found["oauth_config"]["scopes"]) == {"bot"}


@pytest.mark.parametrize("url", [None, URL])
def test_an_organisation_may_install_it_and_it_hears_of_workspaces_that_leave(url: str | None) -> None:
    settings = made(url)["settings"]
    assert settings["org_deploy_enabled"] is True
    assert {"app_uninstalled", "tokens_revoked"} <= set(settings["event_subscriptions"]["bot_events"])


def test_tokens_are_renewed_only_where_they_are_kept_in_the_database() -> None:
    """The one token of one workspace stands in its settings, where nothing could renew it."""
    renewed = [made(*one, **more)["settings"]["token_rotation_enabled"] for one, more in WAYS]
    assert renewed == [False, False, True]
    with pytest.raises(BadSettings, match="give --url as well"):
        build_manifest(many_workspaces=True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://bot.example.org",
        "bot.example.org",
        "https://",
        "https://a b",
        "https://x:0",
        "https://x?y",
        "https://[",
    ],
)
def test_an_address_slack_cannot_use_is_one_sentence(url: str) -> None:
    with pytest.raises(BadSettings, match="is no https address that Slack could reach"):
        build_manifest(url)


def test_the_texts_are_within_the_limits_and_the_scopes_are_few() -> None:
    found = made(URL)
    about, features = found["display_information"], found["features"]
    assert 1 <= len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert [command["command"] for command in features["slash_commands"]] == ["/briefing", "/whosaid", "/digest"]
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32
        assert 1 <= len(command["description"]) <= 2000
        assert 1 <= len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is False
    assert found["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert {"chat:write", "commands"} <= set(SCOPES)
    assert len(SCOPES) == len(set(SCOPES)) <= 255


@pytest.mark.parametrize(("args", "more"), WAYS)
def test_every_door_is_in_the_manifest_of_every_way(args: tuple[str, ...], more: dict[str, bool]) -> None:
    """Home and Messages tab, the Assistant, the shortcuts, and the events and scopes that they need."""
    found = made(*args, **more)
    features, settings = found["features"], found["settings"]
    tabs = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    assert features["app_home"] == tabs
    assert 1 <= len(features["assistant_view"]["assistant_description"]) <= 140
    assert [one["callback_id"] for one in features["shortcuts"]] == [
        "who_said_this",
        "check_the_quotes",
        "add_to_the_record",
    ]
    for shortcut in features["shortcuts"]:
        assert shortcut["type"] == "message"
        assert 1 <= len(shortcut["name"]) <= 24
        assert 1 <= len(shortcut["description"]) <= 150
    assert {"app_home_opened", "app_mention", "assistant_thread_started", "message.im"} <= set(
        settings["event_subscriptions"]["bot_events"]
    )
    assert {"app_mentions:read", "assistant:write", "im:history"} <= set(found["oauth_config"]["scopes"]["bot"])
