"""No address, redirect or answer of the DNS leads a fetch to this machine or into a private network."""

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

INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "224.0.0.1", "224.0.1.1", "240.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "fec0::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1:0:0:80ff:fffe", "not an address", "", "0.0.0.0",  # noqa: S104 - to be refused
]  # fmt: skip
OUTSIDE = ["93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


async def at_once(_seconds: float) -> None:
    """Nobody is waited for."""


@asynccontextmanager
async def fetching(*opened: str) -> AsyncIterator[Fetcher]:
    async with open_fetcher("Test/1", lambda: 0.0, allowed_networks=opened, sleep=at_once) as found:
        yield found


@asynccontextmanager
async def site(**pages: Any) -> AsyncIterator[str]:
    """A site on 127.0.0.1 whose pages are handlers; gives its address."""
    app = web.Application()
    for name, handler in pages.items():
        app.router.add_get(f"/{name}", handler)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/")).rstrip("/")


def to(address: str) -> Any:
    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": address})

    return redirect


async def ok(_: web.Request) -> web.Response:
    return web.Response(text="the inside", content_type="text/html", headers={"Connection": "close"})


async def failure(address: str, *opened: str) -> Failure:
    async with fetching(*opened) as fetch:
        with pytest.raises(FetchError) as failed:
            await fetch.fetch(address)
    return failed.value.failure


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_connected_to(address: str) -> None:
    assert not SsrfGuard().is_allowed(address)
    with pytest.raises(PrivateAddressError):
        SsrfGuard().create_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)))


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_public_internet_is(address: str) -> None:
    assert SsrfGuard().is_allowed(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_good_as_those_that_stand_for_it(address: ipaddress.IPv4Address) -> None:
    """IPv4 in IPv6 clothes: mapped, NAT64, 6to4."""
    guard, number = SsrfGuard(), int(address)
    allowed = guard.is_allowed(str(address))
    for dressed in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert guard.is_allowed(str(ipaddress.IPv6Address(dressed))) == allowed


def test_a_network_is_opened_by_name_and_nothing_beside_it() -> None:
    guard = SsrfGuard(["10.1.0.0/16"])
    assert guard.is_allowed("10.1.2.3")
    assert guard.is_allowed("::ffff:10.1.2.3")
    assert not guard.is_allowed("10.2.0.1")
    with pytest.raises(ValueError, match="does not appear to be"):
        SsrfGuard(["intranet"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_no_spelling_of_this_machine_is_asked(host: str) -> None:
    async with site(page=ok) as address:
        port = address.rpartition(":")[2]
        assert await failure(f"http://{host}:{port}/page") in (Failure.FORBIDDEN, Failure.ADDRESS, Failure.NETWORK)


async def test_a_redirect_into_the_private_network_is_not_followed() -> None:
    """The first machine is allowed, the second is not, however late in the chain it comes."""
    touched = []

    async def inside(_: web.Request) -> web.Response:
        touched.append(1)
        return web.Response(text="secret")

    async with site(secret=inside) as private:
        port = private.rpartition(":")[2]
        for target in (f"http://[::1]:{port}/secret", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/"):
            async with site(first=to("/second"), second=to(target)) as public:
                assert await failure(f"{public}/first", "127.0.0.1") is Failure.FORBIDDEN
    assert touched == []


async def test_the_address_connected_to_is_the_one_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: a name that was public when it was asked first, and is this machine's at the next request."""
    answers = iter(["127.0.0.1", "169.254.169.254"])  # the page comes over the connection of robots.txt, and closes it
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *more: Any, **named: Any) -> Any:
        return (
            real(next(answers), port, *more, **named) if host == "rebind.example" else real(host, port, *more, **named)
        )

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    async with site(page=ok) as address, fetching("127.0.0.1") as fetch:
        port = address.rpartition(":")[2]
        assert (await fetch.fetch(f"http://rebind.example:{port}/page")).data == b"the inside"
        with pytest.raises(FetchError, match="no public address") as failed:
            await fetch.fetch(f"http://rebind.example:{port}/page")
        assert "169.254" not in str(failed.value)


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
async def test_what_is_no_plain_web_address_is_not_fetched(address: str) -> None:
    assert await failure(address) is Failure.ADDRESS


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://user:pw@127.0.0.1/", "javascript:1", "http://[", ""])
async def test_a_redirect_to_no_plain_web_address_is_not_followed(target: str) -> None:
    async with site(first=to(target)) as public:
        assert await failure(f"{public}/first", "127.0.0.1") in (Failure.ADDRESS, Failure.STATUS)


async def test_a_password_is_not_repeated() -> None:
    async with fetching() as fetch:
        with pytest.raises(FetchError) as failed:
            await fetch.fetch("http://user:secret@example.org/")
    assert "secret" not in str(failed.value)
