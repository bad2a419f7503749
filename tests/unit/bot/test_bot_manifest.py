"""The manifest, checked against Slack's manifest reference."""

import json
from typing import Any

import pytest

from bot.manifest import manifest
from briefings.errors import BadSettings

URL = "https://bot.example.org/slack/events"


def made(url: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manifest(url))
    return found


def test_socket_mode_without_an_address() -> None:
    found = made()
    assert found["settings"]["socket_mode_enabled"] is True
    assert found["settings"]["interactivity"] == {"is_enabled": True}
    assert "url" not in found["features"]["slash_commands"][0]


@pytest.mark.parametrize("url", ["https://bot.example.org", "https://bot.example.org/", URL])
def test_request_urls_with_an_address(url: str) -> None:
    found = made(url)
    assert found["settings"]["socket_mode_enabled"] is False
    assert found["settings"]["interactivity"]["request_url"] == URL
    assert {command["url"] for command in found["features"]["slash_commands"]} == {URL}


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
        manifest(url)


def test_the_texts_are_within_the_limits_and_the_scopes_are_few() -> None:
    found = made(URL)
    about, features = found["display_information"], found["features"]
    assert 1 <= len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert [command["command"] for command in features["slash_commands"]] == ["/briefing", "/whosaid"]
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32
        assert 1 <= len(command["description"]) <= 2000
        assert 1 <= len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is False
    assert found["oauth_config"]["scopes"]["bot"] == ["chat:write", "commands"]
