"""The manifest follows Slack's manifest reference."""

import json
from typing import Any

import pytest

from bot.core.command_names import parse_command_names
from bot.server.manifest import SCOPES, build_manifest
from briefings.errors import BadSettings

URL = "https://bot.example.org/slack/events"

VARIANTS: tuple[tuple[tuple[str, ...], dict[str, bool]], ...] = (((), {}), ((URL,), {}), ((URL,), {"many": True}))


def load_manifest(url: str | None = None, *, many: bool = False) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(build_manifest(url, many_workspaces=many))
    return manifest


def test_without_a_url_it_uses_socket_mode() -> None:
    manifest = load_manifest()
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}
    assert "url" not in manifest["features"]["slash_commands"][0]
    assert "redirect_urls" not in manifest["oauth_config"]
    assert "request_url" not in manifest["settings"]["event_subscriptions"]


@pytest.mark.parametrize("url", ["https://bot.example.org", "https://bot.example.org/", URL])
def test_with_a_url_it_has_request_urls(url: str) -> None:
    manifest = load_manifest(url)
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["settings"]["interactivity"]["request_url"] == URL
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {URL}
    assert manifest["settings"]["event_subscriptions"]["request_url"] == URL
    assert manifest["oauth_config"]["redirect_urls"] == [
        "https://bot.example.org/slack/oauth_redirect",
        "https://bot.example.org/record/signed-in",
    ]
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}


@pytest.mark.parametrize("url", [None, URL])
def test_an_organisation_can_install_it_and_uninstalls_are_reported(url: str | None) -> None:
    settings = load_manifest(url)["settings"]
    assert settings["org_deploy_enabled"] is True
    assert {"app_uninstalled", "tokens_revoked"} <= set(settings["event_subscriptions"]["bot_events"])


def test_token_rotation_is_only_for_many_workspaces() -> None:
    """The token of a single workspace is in the settings, where the bot cannot renew it."""
    rotation_flags = [
        load_manifest(*args, **options)["settings"]["token_rotation_enabled"] for args, options in VARIANTS
    ]
    assert rotation_flags == [False, False, True]
    with pytest.raises(BadSettings, match="add --url"):
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
def test_a_url_that_slack_cannot_use_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match=r"Invalid URL .*: use a public https URL"):
        build_manifest(url)


def test_texts_and_scopes_are_within_slacks_limits() -> None:
    manifest = load_manifest(URL)
    display_information, features = manifest["display_information"], manifest["features"]
    assert 1 <= len(display_information["name"]) <= 35
    assert len(display_information["description"]) <= 140
    assert 174 <= len(display_information["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert [command["command"] for command in features["slash_commands"]] == [
        "/briefing",
        "/whosaid",
        "/digest",
        "/watch",
        "/topic",
        "/sources",
    ]
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32
        assert 1 <= len(command["description"]) <= 2000
        assert 1 <= len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is False
    assert manifest["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert {"chat:write", "commands"} <= set(SCOPES)
    assert len(SCOPES) == len(set(SCOPES)) <= 255


@pytest.mark.parametrize(("args", "options"), VARIANTS)
def test_every_variant_has_all_entry_points(args: tuple[str, ...], options: dict[str, bool]) -> None:
    """Home and Messages tab, agent view and shortcuts, with the events and scopes that they need."""
    manifest = load_manifest(*args, **options)
    features, settings = manifest["features"], manifest["settings"]
    tabs = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    assert features["app_home"] == tabs
    assert 1 <= len(features["agent_view"]["agent_description"]) <= 300
    assert "assistant_view" not in features
    assert [shortcut["callback_id"] for shortcut in features["shortcuts"]] == [
        "who_said_this",
        "check_the_quotes",
        "add_to_the_record",
    ]
    for shortcut in features["shortcuts"]:
        assert shortcut["type"] == "message"
        assert 1 <= len(shortcut["name"]) <= 24
        assert 1 <= len(shortcut["description"]) <= 150
    events = settings["event_subscriptions"]["bot_events"]
    assert {"app_home_opened", "app_mention", "app_context_changed", "message.im"} <= set(events)
    assert not [event for event in events if event.startswith("assistant_")]
    assert {"app_mentions:read", "assistant:write", "im:history"} <= set(manifest["oauth_config"]["scopes"]["bot"])


@pytest.mark.parametrize("url", [None, URL])
def test_the_classic_form_is_the_assistant_panel(url: str | None) -> None:
    """Slack accepts only one of the two forms in a manifest."""
    manifest = json.loads(build_manifest(url, classic=True))
    assert manifest["features"]["assistant_view"]["assistant_description"]
    assert "agent_view" not in manifest["features"]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert "assistant_thread_started" in events
    assert "app_context_changed" not in events


def test_commands_have_the_teams_own_names_everywhere() -> None:
    manifest = json.loads(build_manifest(command_names=parse_command_names("otr-", "digest=/news")))
    commands = [command["command"] for command in manifest["features"]["slash_commands"]]
    assert commands == ["/otr-briefing", "/otr-whosaid", "/news", "/otr-watch", "/otr-topic", "/otr-sources"]
    assert "Type /otr-briefing" in manifest["display_information"]["long_description"]
    assert "/whosaid" not in manifest["display_information"]["long_description"]


@pytest.mark.parametrize(
    ("url", "pages_url", "domains"),
    [
        (None, None, None),
        ("https://bot.example.org", None, ["bot.example.org"]),
        (None, "https://pages.example.org/app", ["pages.example.org"]),
        ("https://bot.example.org:8443/slack/events", "https://pages.example.org", ["pages.example.org"]),
        (None, "http://pages.example.org", None),
        (None, "https://localhost:3000", None),
    ],
)
def test_slack_sends_links_to_our_public_host_only(
    url: str | None, pages_url: str | None, domains: list[str] | None
) -> None:
    manifest = json.loads(build_manifest(url, pages_url=pages_url))
    assert manifest["features"].get("unfurl_domains") == domains
    assert "link_shared" in manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {"links:read", "links:write"} <= set(manifest["oauth_config"]["scopes"]["bot"])
