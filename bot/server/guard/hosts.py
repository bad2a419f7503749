"""Checks the Host header of every request, before any handler runs.

Rule: a page of another site must not reach the bot under a name of its own (DNS rebinding). An IP address can't be
used for that, so the paths for probes accept any. The local workspace and its pages check the host themselves, with a
message for the reader.
"""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.core.logs import get_logger
from bot.core.settings import Mode, Settings
from bot.links import urls

PROBE_PATHS: Final = ("/healthz", "/readyz", "/metrics")
_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::[0-9]{1,5})?", re.IGNORECASE)
_LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_ANY_ADDRESS: Final = ("0.0.0.0", "::")  # noqa: S104  # not bound here
_LOCAL_PATHS: Final = ("/local/", f"{urls.PREFIX}/")


class HostPolicy:
    """The names that the bot answers to: those of PUBLIC_URL, HOST and ALLOWED_HOSTS, and of this machine."""

    def __init__(self, settings: Settings) -> None:
        own_names = [urlsplit(settings.public_url).hostname] if settings.public_url else []
        own_names += [settings.host] if settings.host not in _ANY_ADDRESS else []
        self._names = frozenset(
            name.lower().rstrip(".") for name in (*_LOOPBACK_NAMES, *own_names, *settings.server.allowed_hosts) if name
        )
        self._is_local = settings.loopback is not None or settings.mode is Mode.LOCAL

    @property
    def public_names(self) -> tuple[str, ...]:
        """The names without those of this machine, sorted."""
        return tuple(sorted(self._names - set(_LOOPBACK_NAMES)))

    def is_allowed(self, host: str, path: str, own_address: str | None = None) -> bool:
        """Whether a request with this Host header may be answered; `own_address` is where the connection arrived."""
        if self._is_local and (path == "/" or path.startswith(_LOCAL_PATHS)):
            return True
        match = _HOST.fullmatch(host)
        name = match[1].lower().rstrip(".").strip("[]") if match else ""
        if name in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return path in PROBE_PATHS or name == own_address or address.is_loopback


def build_host_middleware(settings: Settings) -> Middleware:
    """Return the middleware that answers 421 to a foreign host, and 400 without exactly one Host header."""
    policy = HostPolicy(settings)

    @web.middleware
    async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
        hosts = request.headers.getall("Host", [])
        # load balancers probe with HTTP/1.0 and no name
        if not hosts and request.version < (1, 1) and request.path in PROBE_PATHS:
            return await handler(request)
        if len(hosts) != 1:
            raise web.HTTPBadRequest(text="400: send one Host header.\n")
        # the target of a request can also be a whole URL, with a host of its own
        own_address = _get_own_address(request)
        if not all(policy.is_allowed(host, request.path, own_address) for host in (hosts[0], request.host)):
            get_logger().warning("host refused", host=hosts[0] if _HOST.fullmatch(hosts[0]) else "not valid")
            raise web.HTTPMisdirectedRequest(text="421: this host name is not served here.\n")
        return await handler(request)

    return check_host


def _get_own_address(request: web.Request) -> str | None:
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return str(name[0]) if isinstance(name, tuple) and name else None
