"""Settings of outgoing e-mail: the SMTP server and the sender. Pure.

Rule: TLS is required unless the server is on this machine, and certificates are always verified. A password is never
sent without TLS, and never shown in a message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from briefings import BadSettings

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_IMPLICIT_TLS_PORT, _STARTTLS_PORT, _PLAIN_PORT = 465, 587, 25
_EXAMPLE = "for example smtps://user:password@smtp.example.org"
_Value = TypeVar("_Value", str, int)
_YES, _NO = ("1", "yes", "true", "on", "required"), ("0", "no", "false", "off")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A validated SMTP server and sender."""

    host: str
    port: int
    #: address of the sender, and the name shown with it
    sender: str
    sender_name: str = "On the Record"
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    #: TLS from the first byte
    use_tls: bool = False
    #: TLS after STARTTLS, which is then required
    use_starttls: bool = True
    #: address for unsubscribing by e-mail, "" for none
    unsubscribe_address: str = ""


def parse_mail_settings(values: Mapping[str, str]) -> MailSettings | None:
    """Return the settings from environment variables, or None without a server. Raises BadSettings."""
    host, port, username, password, use_tls = _parse_server(values)
    if not host:
        if "MAIL_FROM" in values:
            raise BadSettings(f"MAIL_FROM is set, but no mail server is: set SMTP_URL, {_EXAMPLE}, or SMTP_HOST.")
        return None
    if "MAIL_FROM" not in values:
        raise BadSettings("MAIL_FROM is missing: set it to the address that sends digests, like news@example.org.")
    name, sender = parseaddr(values["MAIL_FROM"])
    _check_sender("MAIL_FROM", sender if re.fullmatch(r"[^\r\n]*", values["MAIL_FROM"]) else values["MAIL_FROM"])
    unsubscribe_address = values.get("MAIL_UNSUBSCRIBE", "").removeprefix("mailto:")
    if unsubscribe_address:
        _check_sender("MAIL_UNSUBSCRIBE", unsubscribe_address)
    is_local = host.lower() in _LOCAL_HOSTS
    use_starttls = not use_tls and _parse_starttls(values.get("SMTP_STARTTLS", ""), default=not is_local)
    if not (use_tls or use_starttls or is_local):
        raise BadSettings("SMTP_STARTTLS turns TLS off, which only a mail server on this machine may do: remove it.")
    if bool(username) != bool(password):
        missing = "SMTP_PASSWORD" if username else "SMTP_USERNAME"
        raise BadSettings(f"{missing} is missing: to sign in to the mail server, set a user name and a password.")
    return MailSettings(
        host,
        port or (_IMPLICIT_TLS_PORT if use_tls else _STARTTLS_PORT if use_starttls else _PLAIN_PORT),
        sender,
        re.sub(r"[\r\n]+", " ", name)[:80] or "On the Record",
        username,
        password,
        use_tls,
        use_starttls,
        unsubscribe_address,
    )


def _parse_server(values: Mapping[str, str]) -> tuple[str, int, str, str, bool]:
    """Return host, port (0 for the default), username, password, and whether TLS begins at once."""
    if "SMTP_URL" in values and "SMTP_HOST" in values:
        raise BadSettings("SMTP_URL and SMTP_HOST are both set: unset one of them.")
    host, port, username, password, use_tls = values.get("SMTP_HOST", ""), 0, "", "", False
    if "SMTP_URL" in values:
        host, port, username, password, use_tls = _parse_url(values["SMTP_URL"])
    elif host and not _is_host(host):
        raise BadSettings("Invalid SMTP_HOST: use a host name, for example smtp.example.org.")
    port = _choose(port, _parse_port(values.get("SMTP_PORT", "0")), "SMTP_PORT")
    username = _choose(username, values.get("SMTP_USERNAME", ""), "SMTP_USERNAME")
    password = _choose(password, values.get("SMTP_PASSWORD", ""), "SMTP_PASSWORD")
    return host, port, username, password, use_tls or port == _IMPLICIT_TLS_PORT


def _parse_url(url: str) -> tuple[str, int, str, str, bool]:
    """Return host, port (0 for the default), username, password, and whether TLS begins at once."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        parts, host, port = urlsplit(""), "", 0
    is_complete = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("smtp", "smtps") or not _is_host(host) or not is_complete:
        raise BadSettings(
            f"Invalid SMTP_URL: use smtp:// or smtps:// with a host, {_EXAMPLE}. Write special characters of the "
            "password with %, or set it as SMTP_PASSWORD."
        )
    return host, port, unquote(parts.username or ""), unquote(parts.password or ""), parts.scheme == "smtps"


def _parse_port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise BadSettings(f"Invalid SMTP_PORT {text!r}: use a number from 1 to 65535.")
    return int(text)


def _choose(url_value: _Value, value: _Value, name: str) -> _Value:
    """Return the value of SMTP_URL or of the single variable. Raises BadSettings if they differ."""
    if url_value and value and url_value != value:
        raise BadSettings(f"SMTP_URL and {name} differ: remove it from one of them.")
    return url_value or value


def _is_host(host: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9._:-]{1,253}", host))


def _parse_starttls(text: str, *, default: bool) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    if text:
        raise BadSettings(f"Invalid SMTP_STARTTLS {text!r}: use yes or no.")
    return default


def _check_sender(name: str, address: str) -> None:
    # slow to import, and most installations send no e-mail
    from email.errors import MessageError
    from email.headerregistry import Address

    try:
        parsed = Address(addr_spec=address)
    except (MessageError, ValueError, IndexError, AttributeError, TypeError):
        parsed = None
    if parsed is None or not parsed.domain or not re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+", address):
        raise BadSettings(f"Invalid {name} {address!r}: use an e-mail address, for example news@example.org.")
