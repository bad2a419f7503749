"""Guard against server-side request forgery: allow connections only to public addresses and to configured networks.

Rule: the guard checks the IP address of every socket right before it connects, after redirects and DNS resolution.
So neither an odd spelling of a host nor DNS rebinding can reach another machine.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: addresses that look public but belong to cloud metadata services (Azure's WireServer; Oracle's, RFC 6890)
_METADATA_NETWORKS: tuple[Network, ...] = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24")))
#: IPv6 networks with an IPv4 address in the last 32 bits: mapped, NAT64 (RFC 6052), compatible (RFC 4291)
_EMBEDDED_IPV4_NETWORKS = tuple(map(ipaddress.ip_network, ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "::/96")))


class PrivateAddressError(OSError):
    """Connection refused by the guard. The message omits the address, so it reveals nothing about the intranet."""

    def __init__(self) -> None:
        super().__init__("not a public address")


class SsrfGuard:
    """Filter that allows public addresses and `allowed_networks` ("10.1.0.0/16", "127.0.0.1").

    Raises ValueError if an entry of `allowed_networks` is not an address or network.
    """

    def __init__(self, allowed_networks: Iterable[str] = ()) -> None:
        self._allowed_networks: tuple[Network, ...] = tuple(
            ipaddress.ip_network(network) for network in allowed_networks
        )

    def is_allowed(self, address: str) -> bool:
        """Tell whether a socket may connect to an IP address."""
        try:
            parsed_address = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        effective_address = _unwrap_ipv4(parsed_address)
        return any(effective_address in network for network in self._allowed_networks) or _is_public(effective_address)

    def create_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Create a socket for a result of `getaddrinfo`. Raises PrivateAddressError before anything is sent."""
        family, socket_type, protocol, _, socket_address = info
        if not self.is_allowed(str(socket_address[0])):
            raise PrivateAddressError
        return socket.socket(family, socket_type, protocol)


def _unwrap_ipv4(address: Address) -> Address:
    """Return the IPv4 address embedded in an IPv6 address, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    is_embedded = int(address) > 1 and any(address in network for network in _EMBEDDED_IPV4_NETWORKS)
    return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF) if is_embedded else address


def _is_public(address: Address) -> bool:
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    is_site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    is_special = (
        is_special
        or is_site_local
        or address.is_link_local
        or any(address in network for network in _METADATA_NETWORKS)
    )
    return address.is_global and not is_special
