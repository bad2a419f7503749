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
from briefings.ingest.http.ssrf_guard import PrivateAddressError, SsrfGuard
from tests.unit.briefings.ingest.http.small_site import skip_sleep

PRIVATE_ADDRESSES = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "224.0.0.1", "224.0.1.1", "240.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "fec0::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1:0:0:80ff:fffe", "not an address", "", "0.0.0.0",  # noqa: S104 - to be refused
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
