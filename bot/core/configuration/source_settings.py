"""Settings of where articles come from: what can be fetched, the team's outlets, and who may add links. Pure."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from briefings import BadSettings


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The team's list of outlets, and whether links of people who are not admins wait for one."""

    outlets: Path | None = None
    has_link_review: bool = True


def parse_source_settings(values: Mapping[str, str]) -> SourceSettings:
    """Return the settings OUTLETS and LINK_REVIEW. Raises BadSettings."""
    review = values.get("LINK_REVIEW", "on")
    if review.lower() not in ("on", "off"):
        raise BadSettings(f"Invalid LINK_REVIEW {review!r}: use on or off.")
    return SourceSettings(Path(values["OUTLETS"]) if "OUTLETS" in values else None, review.lower() == "on")


def parse_networks(value: str) -> tuple[str, ...]:
    """Parse FETCH_NETWORKS. Raises BadSettings."""
    networks = tuple(part for part in re.split(r"[\s,]+", value) if part)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise BadSettings(
                f"Invalid network {network!r} in FETCH_NETWORKS: use, for example, 10.1.0.0/16. Separate with commas."
            ) from None
    return networks


def parse_ports(value: str) -> tuple[int, ...]:
    """Parse FETCH_PORTS, the ports besides 80 and 443. Raises BadSettings."""
    ports = tuple(part for part in re.split(r"[\s,]+", value) if part)
    for port in ports:
        if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
            raise BadSettings(
                f"Invalid port {port[:40]!r} in FETCH_PORTS: use numbers from 1 to 65535, for example 8080, 8443."
            )
    return tuple(dict.fromkeys(map(int, ports)))
