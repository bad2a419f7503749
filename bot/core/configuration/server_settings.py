"""Settings of the HTTP server: the host names it answers to, and the proxies in front of it. Pure."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from briefings import BadSettings

_HOST = re.compile(r"\[[0-9a-f:.]{2,45}\]|[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Host names besides those of PUBLIC_URL and HOST, and the networks of proxies."""

    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()


def parse_server_settings(values: Mapping[str, str]) -> ServerSettings:
    """Return the settings of the server. Raises BadSettings."""
    return ServerSettings(
        _parse_hosts(values.get("ALLOWED_HOSTS", "")), _parse_proxies(values.get("TRUSTED_PROXIES", ""))
    )


def _parse_hosts(value: str) -> tuple[str, ...]:
    hosts = _split(value)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise BadSettings(
                f"Invalid host {host[:80]!r} in ALLOWED_HOSTS: use names or IP addresses without scheme and port, for "
                "example bot.internal. Separate with commas."
            )
    return tuple(host.lower().rstrip(".").strip("[]") for host in hosts)


def _parse_proxies(value: str) -> tuple[str, ...]:
    networks = _split(value)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise BadSettings(
                f"Invalid network {network[:80]!r} in TRUSTED_PROXIES: use, for example, 10.1.0.0/16. Separate with "
                "commas."
            ) from None
    return networks


def _split(value: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", value) if part)
