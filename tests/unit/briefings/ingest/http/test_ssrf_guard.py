"""No URL, redirect or DNS answer can make a fetch reach this machine or a private network."""

import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import Fetcher, open_fetcher
from briefings.ingest.http.ssrf_guard import PortError, PrivateAddressError, SsrfGuard
from tests.unit.briefings.ingest.http.small_site import skip_sleep

PRIVATE_ADDRESSES = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "224.0.0.1", "224.0.1.1", "240.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "fec0::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1:0:0:80ff:fffe", "not an address", "", "0.0.0.0",  # noqa: S104 - to be refused
]  # fmt: skip
#: IANA's registries of special-purpose addresses, with multicast and what was given back
SPECIAL_NETWORKS = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
    "::1/128", "::/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001:1::1/128", "2001:2::/48", "2001:3::/32",
    "2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2620:4f:8000::/48",
    "3ffe::/16", "3fff::/20", "4000::/3", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
]  # fmt: skip
PUBLIC_ADDRESSES = ["93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@asynccontextmanager
async def create_fetcher(*allowed_networks: str) -> AsyncIterator[Fetcher]:
    async with open_fetcher("Test/1", lambda: 0.0, allowed_networks=allowed_networks, sleep=skip_sleep) as fetcher:
        yield fetcher


@asynccontextmanager
async def serve_site(**pages: Any) -> AsyncIterator[str]:
    """Serve pages by handler on 127.0.0.1; yield the URL of the site."""
    app = web.Application()
    for name, handler in pages.items():
        app.router.add_get(f"/{name}", handler)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/")).rstrip("/")


def redirect_to(address: str) -> Any:
    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": address})

    return redirect


async def serve_page(_: web.Request) -> web.Response:
    return web.Response(text="page text", content_type="text/html", headers={"Connection": "close"})


async def fetch_failure(address: str, *allowed_networks: str) -> Failure:
    async with create_fetcher(*allowed_networks) as fetcher:
        with pytest.raises(FetchError) as raised:
            await fetcher.fetch(address)
    return raised.value.failure


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_private_addresses_are_blocked(address: str) -> None:
    assert not SsrfGuard().is_allowed(address)
    with pytest.raises(PrivateAddressError):
        SsrfGuard().create_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)))


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_public_addresses_are_allowed(address: str) -> None:
    assert SsrfGuard().is_allowed(address)


@given(st.ip_addresses(v=4))
def test_embedded_ipv4_addresses_are_treated_like_ipv4(address: ipaddress.IPv4Address) -> None:
    """The IPv6 forms are mapped, NAT64 and 6to4."""
    guard, number = SsrfGuard(), int(address)
    is_allowed = guard.is_allowed(str(address))
    for embedded in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert guard.is_allowed(str(ipaddress.IPv6Address(embedded))) == is_allowed


def test_only_the_configured_network_is_allowed() -> None:
    guard = SsrfGuard(["10.1.0.0/16"])
    assert guard.is_allowed("10.1.2.3")
    assert guard.is_allowed("::ffff:10.1.2.3")
    assert not guard.is_allowed("10.2.0.1")
    with pytest.raises(ValueError, match="does not appear to be"):
        SsrfGuard(["intranet"])


@given(st.ip_addresses(v=4))
def test_ipv4_address_inside_a_routed_ipv6_address_is_checked_too(address: ipaddress.IPv4Address) -> None:
    """The forms are ISATAP (with both values of its bit), and the server and the client of Teredo."""
    guard, number = SsrfGuard(), int(address)
    is_allowed = guard.is_allowed(str(address))
    public_prefix, public_ipv4 = 0x2606_4700 << 96, 0x0808_0808
    for embedded in (
        public_prefix | 0x5EFE << 32 | number,
        public_prefix | 0x0200_5EFE << 32 | number,
        0x2001_0000 << 96 | number << 64 | (public_ipv4 ^ 0xFFFF_FFFF),
        0x2001_0000 << 96 | public_ipv4 << 64 | (number ^ 0xFFFF_FFFF),
    ):
        assert guard.is_allowed(str(ipaddress.IPv6Address(embedded))) == is_allowed


@pytest.mark.parametrize("network", SPECIAL_NETWORKS)
def test_first_and_last_address_of_each_special_block_are_blocked(network: str) -> None:
    block = ipaddress.ip_network(network)
    for address in (block[0], block[-1]):
        assert not SsrfGuard().is_allowed(str(address)), address
        if isinstance(address, ipaddress.IPv4Address):
            assert not SsrfGuard().is_allowed(f"::ffff:{address}"), address


@pytest.mark.parametrize(
    "address",
    ["3ffd:ffff::1", "3fff:1000::1", "2001:200::1", "2620:4f:8001::1", "2a00::1", "192.88.98.255", "192.88.100.0",
     "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "198.17.255.255", "198.20.0.0", "223.255.0.1"],
)  # fmt: skip
def test_neighbours_of_special_blocks_are_allowed(address: str) -> None:
    assert SsrfGuard().is_allowed(address)


@pytest.mark.parametrize(
    ("address", "port", "is_allowed"),
    [
        ("8.8.8.8", 80, True),
        ("8.8.8.8", 443, True),
        ("8.8.8.8", 8443, True),
        ("8.8.8.8", 22, False),
        ("8.8.8.8", 25, False),
        ("8.8.8.8", 6379, False),
        ("2606:4700:4700::1111", 11211, False),
        ("::ffff:8.8.8.8", 22, False),
        ("10.1.2.3", 9000, True),
        ("::ffff:10.1.2.3", 9000, True),
    ],
)
def test_only_ports_of_the_web_and_configured_ones_are_allowed(address: str, port: int, is_allowed: bool) -> None:
    """In a configured network, every port is allowed."""
    guard = SsrfGuard(["10.1.0.0/16"], [8443])
    info = (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
    if is_allowed:
        guard.create_socket(info).close()
    else:
        with pytest.raises(PortError, match=f"port {port} is not allowed"):
            guard.create_socket(info)


async def test_refused_port_is_named_with_the_setting_that_allows_it() -> None:
    async with create_fetcher() as fetcher:
        with pytest.raises(FetchError) as raised:
            await fetcher.fetch("http://8.8.8.8:6379/")
    assert raised.value.failure is Failure.FORBIDDEN
    assert str(raised.value) == (
        "http://8.8.8.8:6379 uses port 6379. Only ports 80 and 443 are allowed; FETCH_PORTS can allow others."
    )


async def test_redirect_to_another_port_of_a_public_site_is_not_followed() -> None:
    async with serve_site(first=redirect_to("http://8.8.8.8:25/")) as public:
        assert await fetch_failure(f"{public}/first", "127.0.0.1") is Failure.FORBIDDEN


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_no_spelling_of_this_machine_is_fetched(host: str) -> None:
    async with serve_site(page=serve_page) as address:
        port = address.rpartition(":")[2]
        assert await fetch_failure(f"http://{host}:{port}/page") in (
            Failure.FORBIDDEN,
            Failure.ADDRESS,
            Failure.NETWORK,
        )


async def test_redirect_into_a_private_network_is_not_followed() -> None:
    """The guard checks every host in the chain of redirects."""
    requests = []

    async def serve_secret(_: web.Request) -> web.Response:
        requests.append(1)
        return web.Response(text="secret")

    async with serve_site(secret=serve_secret) as private:
        port = private.rpartition(":")[2]
        for target in (f"http://[::1]:{port}/secret", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/"):
            async with serve_site(first=redirect_to("/second"), second=redirect_to(target)) as public:
                assert await fetch_failure(f"{public}/first", "127.0.0.1") is Failure.FORBIDDEN
    assert requests == []


async def test_the_address_connected_to_is_the_one_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second lookup of the name returns a private address."""
    answers = iter(["127.0.0.1", "169.254.169.254"])  # one per connection: robots.txt and the page share the first
    real_getaddrinfo = socket.getaddrinfo

    def fake_getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        return real_getaddrinfo(next(answers) if host == "rebind.example" else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", fake_getaddrinfo)
    async with serve_site(page=serve_page) as address, create_fetcher("127.0.0.1") as fetcher:
        port = address.rpartition(":")[2]
        assert (await fetcher.fetch(f"http://rebind.example:{port}/page")).data == b"page text"
        with pytest.raises(FetchError, match="not on the public internet") as raised:
            await fetcher.fetch(f"http://rebind.example:{port}/page")
        assert "169.254" not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://",
        "https:///path",
        "http://exa mple.org/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "",
        "http://" + "a" * 3_000 + ".org/",
        "//example.org/x",
        "http://[::1",
        "http://user:secret@example.org/",
        "http://user@127.0.0.1/",
        "\ud800",
    ],
)
async def test_invalid_web_address_is_not_fetched(address: str) -> None:
    assert await fetch_failure(address) is Failure.ADDRESS


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://user:pw@127.0.0.1/", "javascript:1", "http://[", ""])
async def test_redirect_to_an_invalid_web_address_is_not_followed(target: str) -> None:
    async with serve_site(first=redirect_to(target)) as public:
        assert await fetch_failure(f"{public}/first", "127.0.0.1") in (Failure.ADDRESS, Failure.STATUS)


async def test_error_does_not_repeat_the_password() -> None:
    async with create_fetcher() as fetcher:
        with pytest.raises(FetchError) as raised:
            await fetcher.fetch("http://user:secret@example.org/")
    assert "secret" not in str(raised.value)
