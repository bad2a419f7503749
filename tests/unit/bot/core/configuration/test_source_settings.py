"""What the bot can fetch is what the settings allow, and a slip in them is named."""

import pytest

from bot.core.configuration.source_settings import parse_networks, parse_ports
from briefings import BadSettings


@pytest.mark.parametrize(
    ("value", "ports"), [("", ()), ("8080", (8080,)), ("8080, 8443,8080", (8080, 8443)), (" 1\t65535 ", (1, 65535))]
)
def test_ports_are_read_with_commas_or_spaces(value: str, ports: tuple[int, ...]) -> None:
    assert parse_ports(value) == ports


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "8000-8100", "80;443", "８０", "1e3", "999999999999"])
def test_invalid_port_is_quoted_with_an_example(value: str) -> None:
    with pytest.raises(BadSettings, match=r"^Invalid port .+ in FETCH_PORTS: use numbers from 1 to 65535"):
        parse_ports(value)


@pytest.mark.parametrize("value", ["intranet", "10.1.2.3/8", "10.0.0.0/33"])
def test_invalid_network_is_quoted_with_an_example(value: str) -> None:
    with pytest.raises(BadSettings, match=r"in FETCH_NETWORKS: use, for example, 10\.1\.0\.0/16"):
        parse_networks(f"192.168.0.0/16, {value}")
