"""ALLOWED_HOSTS and TRUSTED_PROXIES: what is accepted, and one sentence for what is not."""

import pytest

from bot.core.configuration.server_settings import ServerSettings, parse_server_settings
from briefings.errors import BadSettings


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        ({}, ServerSettings()),
        ({"ALLOWED_HOSTS": "Bot.Internal, monitor"}, ServerSettings(("bot.internal", "monitor"))),
        (
            {"ALLOWED_HOSTS": "10.0.0.8 [2001:db8::7] a.example."},
            ServerSettings(("10.0.0.8", "2001:db8::7", "a.example")),
        ),
        (
            {"TRUSTED_PROXIES": "10.1.0.0/16,192.0.2.7, 2001:db8::/32"},
            ServerSettings((), ("10.1.0.0/16", "192.0.2.7", "2001:db8::/32")),
        ),
    ],
)
def test_names_and_networks_are_read(values: dict[str, str], settings: ServerSettings) -> None:
    assert parse_server_settings(values) == settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "https://bot.example"),
        ("ALLOWED_HOSTS", "bot.example:3000"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "*.example"),
        ("ALLOWED_HOSTS", "a\x00b"),
        ("ALLOWED_HOSTS", "x" * 400),
        ("TRUSTED_PROXIES", "10.1.0.0/99"),
        ("TRUSTED_PROXIES", "10.1.0.1/16"),
        ("TRUSTED_PROXIES", "proxy.internal"),
    ],
)
def test_other_values_are_refused_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name) as error:
        parse_server_settings({name: value})
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 250
