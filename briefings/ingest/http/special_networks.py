"""Networks that are not the public internet, and the IPv4 addresses inside IPv6 addresses. Pure.

Rule: every block of IANA's special-purpose registries is listed, also those that are "globally reachable", because no
site is there. Of IPv6, only global unicast addresses (2000::/3) can be public.
Sources: iana-ipv4-special-registry, iana-ipv6-special-registry, RFC 5214 (ISATAP), RFC 6052 (NAT64).
"""

import ipaddress
from collections.abc import Iterable, Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SPECIAL_IPV4: tuple[ipaddress.IPv4Network, ...] = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",  # not in the registry: the metadata service of Azure
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",
        ),
    )
)
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_SPECIAL_IPV6: tuple[ipaddress.IPv6Network, ...] = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # also benchmarking, AMT, AS112, ORCHID and DRIP
            "2001:db8::/32",
            "2620:4f:8000::/48",
            "3ffe::/16",  # given back to IANA
            "3fff::/20",
        ),
    )
)
#: IPv6 networks that are only forms of IPv4: mapped, translated, NAT64 and compatible
_IPV4_NETWORKS: tuple[ipaddress.IPv6Network, ...] = tuple(
    map(ipaddress.IPv6Network, ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "::/96"))
)
#: NAT64 with a prefix that each network chooses: an IPv4 address in the last 32 bits, and not public itself
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
#: second half of an ISATAP address, before the IPv4 address; the bit says whether that is unique
_ISATAP_MARKS = (0x0000_5EFE, 0x0200_5EFE)
_LAST_32_BITS = 0xFFFF_FFFF


def is_special(address: Address) -> bool:
    """Tell whether an address is in a special-purpose block, or is IPv6 without being global unicast."""
    if isinstance(address, ipaddress.IPv4Address):
        return _is_in(address, _SPECIAL_IPV4) or not address.is_global
    return address not in _GLOBAL_UNICAST or _is_in(address, _SPECIAL_IPV6)


def list_reached_addresses(address: Address) -> list[Address]:
    """Return every address that a packet to `address` could reach: itself, and the IPv4 addresses inside it.

    An address that is only a form of an IPv4 address is not itself in the list.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    embedded = list(_find_embedded(address))
    return embedded if is_ipv4_form(address) else [address, *embedded]


def is_ipv4_form(address: ipaddress.IPv6Address) -> bool:
    """Tell whether an IPv6 address only stands for an IPv4 address."""
    is_compatible = int(address) > 1  # "::" and "::1" are addresses of IPv6
    return bool(address.sixtofour or address.teredo) or (is_compatible and _is_in(address, _IPV4_NETWORKS))


def _find_embedded(address: ipaddress.IPv6Address) -> Iterator[Address]:
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo  # its server and its client
    number = int(address)
    has_isatap_mark = number >> 32 & _LAST_32_BITS in _ISATAP_MARKS
    if has_isatap_mark or address in _LOCAL_NAT64 or (number > 1 and _is_in(address, _IPV4_NETWORKS)):
        yield ipaddress.IPv4Address(number & _LAST_32_BITS)


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
