"""Guard against server-side request forgery: allow connections only to public addresses and to configured networks.

Rule: the guard checks the IP address and the port of every socket right before it connects, after redirects and DNS
resolution. So neither an odd spelling of a host nor DNS rebinding can reach another machine.
Rule: an address is public only if each IPv4 address inside it is. In a configured network, every port is allowed.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

from briefings.ingest.http.special_networks import Address, Network, is_special, list_reached_addresses

#: ports of the web, which are always allowed
WEB_PORTS = (80, 443)


class PrivateAddressError(OSError):
    """Connection refused by the guard. The message omits the address, so it reveals nothing about the intranet."""

    def __init__(self) -> None:
        super().__init__("not a public address")


class PortError(OSError):
    """Connection refused by the guard, because the port of a public address is not one of the web."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is not allowed")
        self.port = port


class SsrfGuard:
    """Filter that allows the web ports of public addresses, `allowed_ports` there, and all of `allowed_networks`.

    Networks are written as "10.1.0.0/16" or "127.0.0.1". Raises ValueError if one is not an address or network.
    """

    def __init__(self, allowed_networks: Iterable[str] = (), allowed_ports: Iterable[int] = ()) -> None:
        self._allowed_networks: tuple[Network, ...] = tuple(
            ipaddress.ip_network(network) for network in allowed_networks
        )
        self._ports = frozenset((*WEB_PORTS, *allowed_ports))

    def is_allowed(self, address: str) -> bool:
        """Tell whether a socket may connect to an IP address, on a port that is allowed there."""
        reached_addresses = _parse(address)
        return bool(reached_addresses) and all(
            self._is_configured(reached) or not is_special(reached) for reached in reached_addresses
        )

    def is_port_allowed(self, address: str, port: int) -> bool:
        """Tell whether a socket may connect to a port of an allowed IP address."""
        return port in self._ports or all(map(self._is_configured, _parse(address)))

    def create_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Create a socket for a result of `getaddrinfo`.

        Raises PrivateAddressError or PortError before anything is sent.
        """
        family, socket_type, protocol, _, socket_address = info
        address, port = str(socket_address[0]), int(socket_address[1])
        if not self.is_allowed(address):
            raise PrivateAddressError
        if not self.is_port_allowed(address, port):
            raise PortError(port)
        return socket.socket(family, socket_type, protocol)

    def _is_configured(self, address: Address) -> bool:
        return any(address in network for network in self._allowed_networks)


def _parse(address: str) -> list[Address]:
    """Return every address that a packet to `address` could reach; none if it is not an IP address."""
    try:
        return list_reached_addresses(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return []
