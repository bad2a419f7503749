"""Reads the settings: the only module that looks at the environment or at `.env`.

Rule: everything wrong with a setting is said here, in one sentence that names the variable and what to do, and never
shows a secret. An empty variable counts as unset; the environment wins over `.env`.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from briefings import BadSettings

SLACK_API = "https://slack.com/api/"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Mode(StrEnum):
    """How the bot meets Slack: over a WebSocket it opens; over requests Slack signs, from one workspace (HTTP) or from
    all that install it (OAUTH); or not at all (no tokens).
    """

    SOCKET = "socket"
    HTTP = "http"
    OAUTH = "oauth"
    LOCAL = "local"


class ReaderMode(StrEnum):
    """What the pages show of an article: its whole text, or the sentences with quotations and those asked for."""

    FULL = "full"
    QUOTES = "quotes"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked by `load`. Secrets, and addresses that may hold one, stay out of `repr`."""

    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    #: where the Web API is, with a slash at its end
    api_url: str = SLACK_API
    #: an SQLAlchemy address
    database_url: str = field(default="sqlite:///var/ontherecord.db", repr=False)
    #: where people and Slack reach this bot, without a slash at its end
    public_url: str | None = None
    host: str = "127.0.0.1"
    #: 0 to 65535; 0 takes any free port
    port: int = 3000
    log_level: str = "INFO"
    #: questions that one person may ask a minute (`store.rate` says how they are counted)
    rate_per_minute: int = 20
    #: ids of people and user groups that may add, remove and schedule; none means the workspace's admins
    admins: tuple[str, ...] = ()
    #: who shows it may see /metrics; None means whoever is on this machine
    metrics_token: str | None = field(default=None, repr=False)
    #: the team's topics.toml; None means the one that ships
    topics: Path | None = None
    #: the team's feeds.toml; None means that feeds are followed by hand alone
    feeds: Path | None = None
    #: where sites that are fetched from reach the people who run this bot: an address of the web or of mail
    contact: str | None = None
    #: networks beside the public internet that may be fetched from ("10.1.0.0/16")
    fetch_networks: tuple[str, ...] = ()
    #: what the pages show of articles
    reader: ReaderMode = ReaderMode.FULL
    #: what links to pages and sessions are signed with; the first signs, the others are still taken
    pages_secrets: tuple[str, ...] = field(default=(), repr=False)
    #: where the local workspace listens: there the pages are open, to this machine alone. Never read from outside
    loopback: str | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, to be kept out of logs."""
        slack_secrets = (self.bot_token, self.app_token, self.signing_secret, self.client_secret, self.metrics_token)
        return tuple(secret for secret in (*slack_secrets, *self.pages_secrets) if secret)

    @property
    def page_signing_secrets(self) -> tuple[str, ...]:
        """What links to pages are signed with: secrets that all copies of the bot share; none in the local workspace,
        or in Socket Mode without PAGES_SECRET.
        """
        return self.pages_secrets or ((self.signing_secret,) if self.signing_secret else ())

    @property
    def pages_url(self) -> str | None:
        """Where people of a workspace reach the pages; None where nobody outside may."""
        is_open = self.mode is not Mode.LOCAL and self.loopback is None and self.page_signing_secrets
        return self.public_url if is_open and (self.public_url or "").startswith("https://") else None

    @property
    def has_sign_in(self) -> bool:
        """Whether people can sign in with Slack."""
        return bool(self.pages_url and self.client_id and self.client_secret)

    @property
    def mode(self) -> Mode:
        """With a bot token: Socket Mode when there is an app token, signed HTTP otherwise. Without: OAuth when there
        is a client, local with nothing set.
        """
        if self.bot_token and self.app_token:
            return Mode.SOCKET
        if self.bot_token and self.signing_secret:
            return Mode.HTTP
        if self.client_id and self.client_secret and self.signing_secret and not self.bot_token:
            return Mode.OAUTH
        return Mode.LOCAL


def load(env_file: Path | None = Path(".env"), environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of `environ` (the process's own unless given) over those of `env_file`. Raises BadSettings."""
    values = _read_env_file(env_file) | _drop_empty(os.environ if environ is None else environ)
    settings = Settings(
        bot_token=_parse_token(values, "SLACK_BOT_TOKEN", ("xoxb-", "xoxe.xoxb-")),
        app_token=_parse_token(values, "SLACK_APP_TOKEN", ("xapp-",)),
        signing_secret=_parse_secret(values, "SLACK_SIGNING_SECRET"),
        client_id=_parse_secret(values, "SLACK_CLIENT_ID"),
        client_secret=_parse_secret(values, "SLACK_CLIENT_SECRET"),
        api_url=(_parse_web_address(values, "SLACK_API_URL") or SLACK_API.rstrip("/")) + "/",
        database_url=_parse_database_address(values) or Settings().database_url,
        public_url=_parse_web_address(values, "PUBLIC_URL"),
        host=_parse_host(values.get("HOST", "127.0.0.1")),
        port=_parse_port(values.get("PORT", "3000")),
        log_level=_parse_log_level(values.get("LOG_LEVEL", "INFO")),
        rate_per_minute=_parse_rate(values.get("RATE_PER_MINUTE", "20")),
        admins=_parse_admins(values.get("ADMINS", "")),
        metrics_token=_parse_metrics_token(values),
        topics=Path(values["TOPICS"]) if "TOPICS" in values else None,
        feeds=Path(values["FEEDS"]) if "FEEDS" in values else None,
        contact=_parse_contact(values.get("CONTACT")) or _parse_web_address(values, "PUBLIC_URL"),
        fetch_networks=_parse_networks(values.get("FETCH_NETWORKS", "")),
        reader=_parse_reader(values.get("READER", ReaderMode.FULL)),
        pages_secrets=_parse_pages_secrets(values.get("PAGES_SECRET", "")),
    )
    _check_completeness(settings)
    return settings


def _read_env_file(env_file: Path | None) -> dict[str, str]:
    if env_file is None or not env_file.exists():
        return {}
    try:
        # a secret may hold a $: nothing in the file is expanded
        return _drop_empty(dotenv_values(env_file, interpolate=False, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{env_file} cannot be read as a settings file: save it as plain UTF-8 text.") from error


def _drop_empty(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value and value.strip()}


def _parse_secret(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not re.fullmatch(r"[!-~]+", value):
        raise BadSettings(f"{name} holds a blank or a character no such value has: copy it from Slack's page again.")
    return value


def _parse_metrics_token(values: Mapping[str, str]) -> str | None:
    value = values.get("METRICS_TOKEN")
    if value is not None and not re.fullmatch(r"[!-~]{16,}", value):
        raise BadSettings("METRICS_TOKEN must be 16 characters or more, without blanks, that nobody can guess.")
    return value


def _parse_token(values: Mapping[str, str], name: str, prefixes: tuple[str, ...]) -> str | None:
    value = _parse_secret(values, name)
    if value is not None and not value.startswith(prefixes):
        raise BadSettings(f"{name} must start with {prefixes[0]}: another kind of token or secret was put there.")
    return value


def _parse_web_address(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_valid = False
    if not is_valid or re.search(r"[\s<>|\"]", value):
        raise BadSettings(f"{name} must be a web address such as https://bot.example.org, which {value!r} is not.")
    return value.rstrip("/")


def _parse_database_address(values: Mapping[str, str]) -> str | None:
    value = values.get("DATABASE_URL")
    if value is not None and not re.match(r"[a-z][a-z0-9+]*://", value):
        # the value may hold a password: it is not repeated
        raise BadSettings("DATABASE_URL must be an address such as sqlite:///var/ontherecord.db, and it is not one.")
    return value


def _parse_host(value: str) -> str:
    if re.search(r"[\s/@]", value):
        raise BadSettings(f"HOST must be a name or an address such as 127.0.0.1, which {value!r} is not.")
    return value


def _parse_port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > 65535:
        raise BadSettings(f"PORT must be a number from 0 to 65535, which {value!r} is not.")
    return int(value)


def _parse_admins(value: str) -> tuple[str, ...]:
    admin_ids = tuple(part for part in re.split(r"[\s,]+", value) if part)
    for admin_id in admin_ids:
        if not re.fullmatch(r"[UWS][A-Z0-9]+", admin_id):
            raise BadSettings(
                f"ADMINS must hold ids of people (U… or W…) or user groups (S…), parted by commas, and {admin_id!r} is none."
            )
    return admin_ids


def _parse_contact(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"(?:https?://|mailto:)?[!-'*-:=@-Z_a-z~?]{3,200}", value):
        raise BadSettings(f"CONTACT must be a web address or a mail address, which {value!r} is not.")
    return value


def _parse_networks(value: str) -> tuple[str, ...]:
    networks = tuple(part for part in re.split(r"[\s,]+", value) if part)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise BadSettings(
                f"FETCH_NETWORKS must hold networks such as 10.1.0.0/16, parted by commas, and {network!r} is none."
            ) from None
    return networks


def _parse_rate(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) < 1:
        raise BadSettings(f"RATE_PER_MINUTE must be a number from 1 to 9999, which {value!r} is not.")
    return int(value)


def _parse_pages_secrets(value: str) -> tuple[str, ...]:
    secrets = tuple(part for part in re.split(r"[\s,]+", value) if part)
    if not all(re.fullmatch(r"[!-~]{16,}", secret) for secret in secrets):
        raise BadSettings(
            "PAGES_SECRET must be 16 characters or more that nobody can guess; several are parted by commas, the "
            "newest first."
        )
    return secrets


def _parse_reader(value: str) -> ReaderMode:
    try:
        return ReaderMode(value.lower())
    except ValueError:
        raise BadSettings(f"READER must be {' or '.join(ReaderMode)}, which {value!r} is not.") from None


def _parse_log_level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise BadSettings(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, which {value!r} is not.")
    return value.upper()


def _check_completeness(settings: Settings) -> None:
    """Half a set of Slack's values would start a bot that hears nobody: say which half is missing instead."""
    if settings.bot_token and not (settings.app_token or settings.signing_secret):
        raise BadSettings(
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is: "
            "add one, or unset the token to use the local workspace."
        )
    if bool(settings.client_id) != bool(settings.client_secret):
        missing_name = "SLACK_CLIENT_SECRET" if settings.client_id else "SLACK_CLIENT_ID"
        raise BadSettings(f"{missing_name} is missing: SLACK_CLIENT_ID and SLACK_CLIENT_SECRET come together.")
    if settings.bot_token:
        return
    if settings.client_id:
        _check_client_completeness(settings)
        return
    for name, value in (("SLACK_APP_TOKEN", settings.app_token), ("SLACK_SIGNING_SECRET", settings.signing_secret)):
        if value:
            raise BadSettings(
                f"{name} is set, but SLACK_BOT_TOKEN is missing: copy it from the app's “OAuth & Permissions” page."
            )


def _check_client_completeness(settings: Settings) -> None:
    if settings.app_token:
        raise BadSettings(
            "SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is missing: set it to use Socket Mode in one workspace, or "
            "unset SLACK_APP_TOKEN, as an app that many workspaces install gets its requests over HTTP."
        )
    if not settings.signing_secret:
        raise BadSettings(
            "SLACK_SIGNING_SECRET is missing: with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET it lets many workspaces "
            "install the bot; copy it from the app's “Basic Information” page."
        )
