"""The limits of the server: how many connections, and how long each may take for what.

Rule: the number of connections stays below the number of files that the system allows, with room for the database,
Slack and the files of the bot. The system's soft limit is raised as far as the hard one allows.
"""

import ipaddress
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: connections in all, and the share of them that one client can have
_MAX_CONNECTIONS, _CLIENT_SHARE = 512, 4
#: open files that are needed, and those that connections leave to the rest of the bot
_WANTED_FILES, _OTHER_FILES = 4_096, 128
_IPV6_CLIENT_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of the connections, in numbers and seconds."""

    connections: int = _MAX_CONNECTIONS
    connections_per_client: int = _MAX_CONNECTIONS // _CLIENT_SHARE
    #: for the headers of a request, from the first byte on or the start of the connection
    header_seconds: float = 15.0
    #: for the body of a request
    body_seconds: float = 15.0
    #: between two requests, and for a client to take an answer; longer than proxies keep theirs open (60 seconds)
    idle_seconds: float = 75.0
    #: for a client to send what no one reads, so that it can read why
    lingering_seconds: float = 2.0
    #: networks of proxies, which speak for many clients ("10.1.0.0/16"); this machine is always one
    trusted_proxies: tuple[str, ...] = ()

    def find_client(self, address: str | None) -> str | None:
        """Return the client that an address counts for, or None if it speaks for many. IPv6: the network."""
        try:
            ip = ipaddress.ip_address((address or "").partition("%")[0])
        except ValueError:
            return None
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if ip.is_loopback or any(ip in ipaddress.ip_network(network) for network in self.trusted_proxies):
            return None
        return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, _IPV6_CLIENT_BITS), strict=False))


def find_limits(trusted_proxies: Sequence[str] = ()) -> ServerLimits:
    """Return the limits for this process, after raising its limit of open files."""
    connections = choose_connection_count(_raise_file_limit())
    per_client = max(connections // _CLIENT_SHARE, min(connections, 16))
    return ServerLimits(connections, per_client, trusted_proxies=tuple(trusted_proxies))


def choose_connection_count(file_limit: int | None) -> int:
    """Return how many connections are allowed with so many open files; None means without a limit."""
    if file_limit is None:
        return _MAX_CONNECTIONS
    return max(min(_MAX_CONNECTIONS, max(file_limit - _OTHER_FILES, file_limit // 3)), 8)


def _raise_file_limit() -> int | None:
    """Raise the soft limit of open files, and return it. None if there is none."""
    limit: int | None = None
    if sys.platform != "win32":
        try:
            import resource  # not on every system
        except ImportError:
            return None
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        target = _WANTED_FILES if hard == resource.RLIM_INFINITY else min(_WANTED_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < target:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
                soft = target
            except (OSError, ValueError):  # the system does not allow it: the soft limit counts
                pass
        limit = None if soft == resource.RLIM_INFINITY else soft
    return limit
