"""Settings: the only module that reads environment variables and `.env`.

Rule: each problem is reported in a short message that names the variable and what to do, and never shows a secret. An
empty variable counts as unset. The environment overrides `.env`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.core.command_names import STANDARD, CommandNames, parse_command_names
from bot.core.configuration.mail_settings import MailSettings, parse_mail_settings
from bot.core.configuration.server_settings import ServerSettings, parse_server_settings
from bot.core.configuration.source_settings import SourceSettings, parse_networks, parse_ports, parse_source_settings
from bot.core.encryption.key_settings import NO_KEYS, KeySettings, parse_key_settings
from bot.core.permissions.admin_list import AdminList, parse_admins
from bot.core.record_policy import SHARED, RecordPolicy, RecordSettings, check_record_settings, parse_record_settings
from briefings import BadSettings

SLACK_API = "https://slack.com/api/"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Mode(StrEnum):
    """How the bot connects to Slack.

    SOCKET: over a WebSocket that the bot opens. HTTP: over signed requests from one workspace. OAUTH: over signed
    requests from every workspace that installs the app. LOCAL: not at all, because no tokens are set.
    """

    SOCKET = "socket"
    HTTP = "http"
    OAUTH = "oauth"
    LOCAL = "local"


class ReaderMode(StrEnum):
    """What the pages show of an article: its whole text, or only quotations and requested sentences."""

    FULL = "full"
    QUOTES = "quotes"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, validated by `load`. Secrets, and URLs that can contain one, are left out of `repr`."""

    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    #: URL of Slack's Web API, with a final slash
    api_url: str = SLACK_API
    #: SQLAlchemy URL of the database
    database_url: str = field(default="sqlite:///var/ontherecord.db", repr=False)
    #: URL of this bot for users and Slack, without a final slash
    public_url: str | None = None
    host: str = "127.0.0.1"
    #: 0 to 65535; 0 means any free port
    port: int = 3000
    log_level: str = "INFO"
    #: questions per user and minute (`bot.storage.request_log` counts them)
    rate_per_minute: int = 20
    #: ids of the users and user groups that are admins of the bot; if empty, the workspace's admins
    admins: tuple[str, ...] = ()
    #: bearer token for /metrics; None means that only this machine can read it
    metrics_token: str | None = field(default=None, repr=False)
    #: the team's topics file; None means the built-in topics
    topics: Path | None = None
    #: the team's feeds file; None means that feeds are only followed by command
    feeds: Path | None = None
    #: URL or email address that sites see as the contact for fetched pages
    contact: str | None = None
    #: networks outside the public internet that the bot can fetch from ("10.1.0.0/16")
    fetch_networks: tuple[str, ...] = ()
    #: ports of public sites besides 80 and 443
    fetch_ports: tuple[int, ...] = ()
    #: how much of an article the pages show
    reader: ReaderMode = ReaderMode.FULL
    #: secrets for links to pages and for sessions; the first one signs, the others are still accepted
    pages_secrets: tuple[str, ...] = field(default=(), repr=False)
    #: the team's own names of the slash commands
    command_names: CommandNames = STANDARD
    #: server and sender of e-mail; None means that digests are not sent by e-mail
    mail: MailSettings | None = None
    #: whether many workspaces share one record, and the workspace that may change a shared one
    record: RecordSettings = SHARED
    #: host names and proxies of the HTTP server
    server: ServerSettings = field(default_factory=ServerSettings)
    #: the team's outlets, and who may add links
    sources: SourceSettings = field(default_factory=SourceSettings)
    #: keys for tokens, the audit log and backups
    encryption: KeySettings = NO_KEYS
    #: URL of the local workspace, where the pages are open to this machine only. Not read from the environment
    loopback: str | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """All secrets that are set, for redaction in logs."""
        slack_secrets = (self.bot_token, self.app_token, self.signing_secret, self.client_secret)
        mail_secrets = (self.mail.password,) if self.mail else ()
        own_secrets = (self.metrics_token, *self.pages_secrets, *self.encryption.secrets)
        return tuple(secret for secret in (*slack_secrets, *mail_secrets, *own_secrets) if secret)

    @property
    def page_signing_secrets(self) -> tuple[str, ...]:
        """Secrets that sign links to pages, the same for all replicas.

        PAGES_SECRET, or else Slack's signing secret; empty if neither is set, as in the local workspace.
        """
        return self.pages_secrets or ((self.signing_secret,) if self.signing_secret else ())

    @property
    def pages_url(self) -> str | None:
        """URL of the pages for the users of a workspace; None if the pages are off."""
        is_open = self.mode is not Mode.LOCAL and self.loopback is None and self.page_signing_secrets
        return self.public_url if is_open and (self.public_url or "").startswith("https://") else None

    @property
    def has_sign_in(self) -> bool:
        """Whether users can sign in with Slack."""
        return bool(self.pages_url and self.client_id and self.client_secret)

    @property
    def record_policy(self) -> RecordPolicy:
        """The rules that say which workspaces may change articles and feeds."""
        return RecordPolicy(self.record.mode, self.record.operator_team, self.mode is Mode.OAUTH)

    @property
    def admin_list(self) -> AdminList:
        """The people and groups of `admins`, for the workspaces in which they count."""
        return AdminList(self.admins, self.record.operator_team, self.mode is Mode.OAUTH)

    @property
    def mode(self) -> Mode:
        """How the bot connects to Slack.

        With a bot token: Socket Mode if there is an app token, otherwise signed HTTP. Without a bot token: OAuth if
        there is a client, otherwise local.
        """
        if self.bot_token and self.app_token:
            return Mode.SOCKET
        if self.bot_token and self.signing_secret:
            return Mode.HTTP
        if self.client_id and self.client_secret and self.signing_secret and not self.bot_token:
            return Mode.OAUTH
        return Mode.LOCAL


def load(env_file: Path | None = Path(".env"), environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from `environ` (default: `os.environ`) and, if unset there, from `env_file`.

    Raises BadSettings.
    """
    values = _read_env_file(env_file) | _drop_empty(os.environ if environ is None else environ)
    settings = Settings(
        bot_token=_parse_token(values, "SLACK_BOT_TOKEN", ("xoxb-", "xoxe.xoxb-")),
        app_token=_parse_token(values, "SLACK_APP_TOKEN", ("xapp-",)),
        signing_secret=_parse_secret(values, "SLACK_SIGNING_SECRET"),
        client_id=_parse_secret(values, "SLACK_CLIENT_ID"),
        client_secret=_parse_secret(values, "SLACK_CLIENT_SECRET"),
        api_url=(_parse_url(values, "SLACK_API_URL") or SLACK_API.rstrip("/")) + "/",
        database_url=_parse_database_url(values) or Settings().database_url,
        public_url=_parse_url(values, "PUBLIC_URL"),
        host=_parse_host(values.get("HOST", "127.0.0.1")),
        port=_parse_port(values.get("PORT", "3000")),
        log_level=_parse_log_level(values.get("LOG_LEVEL", "INFO")),
        rate_per_minute=_parse_rate(values.get("RATE_PER_MINUTE", "20")),
        admins=parse_admins(values.get("ADMINS", "")),
        metrics_token=_parse_metrics_token(values),
        topics=Path(values["TOPICS"]) if "TOPICS" in values else None,
        feeds=Path(values["FEEDS"]) if "FEEDS" in values else None,
        contact=_parse_contact(values.get("CONTACT")) or _parse_url(values, "PUBLIC_URL"),
        fetch_networks=parse_networks(values.get("FETCH_NETWORKS", "")),
        fetch_ports=parse_ports(values.get("FETCH_PORTS", "")),
        reader=_parse_reader(values.get("READER", ReaderMode.FULL)),
        pages_secrets=_parse_pages_secrets(values.get("PAGES_SECRET", "")),
        command_names=_parse_names(values),
        mail=parse_mail_settings(values),
        record=parse_record_settings(values),
        server=parse_server_settings(values),
        sources=parse_source_settings(values),
        encryption=parse_key_settings(values),
    )
    _check_completeness(settings)
    return settings


def load_command_names(env_file: Path | None = Path(".env"), environ: Mapping[str, str] | None = None) -> CommandNames:
    """Return only the names of the commands, from the same sources as `load`. Raises BadSettings."""
    return _parse_names(_read_env_file(env_file) | _drop_empty(os.environ if environ is None else environ))


def _parse_names(values: Mapping[str, str]) -> CommandNames:
    return parse_command_names(values.get("COMMAND_PREFIX", ""), values.get("COMMAND_NAMES", ""))


def _read_env_file(env_file: Path | None) -> dict[str, str]:
    if env_file is None or not env_file.exists():
        return {}
    try:
        # no interpolation, because a secret can contain a $
        return _drop_empty(dotenv_values(env_file, interpolate=False, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"Can't read {env_file}: save it as plain UTF-8 text.") from error


def _drop_empty(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value and value.strip()}


def _parse_secret(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not re.fullmatch(r"[!-~]+", value):
        raise BadSettings(
            f"Invalid {name}: it contains a space or another invalid character. Copy it again from Slack's page."
        )
    return value


def _parse_metrics_token(values: Mapping[str, str]) -> str | None:
    value = values.get("METRICS_TOKEN")
    if value is not None and not re.fullmatch(r"[!-~]{16,}", value):
        raise BadSettings("Invalid METRICS_TOKEN: use at least 16 random characters, without spaces.")
    return value


def _parse_token(values: Mapping[str, str], name: str, prefixes: tuple[str, ...]) -> str | None:
    value = _parse_secret(values, name)
    if value is not None and not value.startswith(prefixes):
        raise BadSettings(f"Invalid {name}: it must start with {prefixes[0]}. This is another kind of token or secret.")
    return value


def _parse_url(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_valid = False
    if not is_valid or re.search(r"[\s<>|\"]", value):
        raise BadSettings(f"Invalid {name} {value!r}: use a URL, for example https://bot.example.org.")
    return value.rstrip("/")


def _parse_database_url(values: Mapping[str, str]) -> str | None:
    value = values.get("DATABASE_URL")
    if value is not None and not re.match(r"[a-z][a-z0-9+]*://", value):
        # the message does not show the value, which can contain a password
        raise BadSettings("Invalid DATABASE_URL: use a URL, for example sqlite:///var/ontherecord.db.")
    return value


def _parse_host(value: str) -> str:
    if re.search(r"[\s/@]", value):
        raise BadSettings(f"Invalid HOST {value!r}: use a host name or IP address, for example 127.0.0.1.")
    return value


def _parse_port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > 65535:
        raise BadSettings(f"Invalid PORT {value!r}: use a number from 0 to 65535.")
    return int(value)


def _parse_contact(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"(?:https?://|mailto:)?[!-'*-:=@-Z_a-z~?]{3,200}", value):
        raise BadSettings(f"Invalid CONTACT {value!r}: use a URL or an email address.")
    return value


def _parse_rate(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) < 1:
        raise BadSettings(f"Invalid RATE_PER_MINUTE {value!r}: use a number from 1 to 9999.")
    return int(value)


def _parse_pages_secrets(value: str) -> tuple[str, ...]:
    secrets = tuple(part for part in re.split(r"[\s,]+", value) if part)
    if not all(re.fullmatch(r"[!-~]{16,}", secret) for secret in secrets):
        raise BadSettings(
            "Invalid PAGES_SECRET: use at least 16 random characters. Separate several secrets with commas, the newest "
            "first."
        )
    return secrets


def _parse_reader(value: str) -> ReaderMode:
    try:
        return ReaderMode(value.lower())
    except ValueError:
        raise BadSettings(f"Invalid READER {value!r}: use {' or '.join(ReaderMode)}.") from None


def _parse_log_level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise BadSettings(f"Invalid LOG_LEVEL {value!r}: use one of {', '.join(LOG_LEVELS)}.")
    return value.upper()


def _check_completeness(settings: Settings) -> None:
    """Check that all Slack values of a mode are set: with only some, the bot would start but get no requests."""
    check_record_settings(settings.record_policy, has_feeds_file=settings.feeds is not None)
    if settings.bot_token and not (settings.app_token or settings.signing_secret):
        raise BadSettings(
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is: "
            "add one, or unset the token to use the local workspace."
        )
    if bool(settings.client_id) != bool(settings.client_secret):
        missing_name = "SLACK_CLIENT_SECRET" if settings.client_id else "SLACK_CLIENT_ID"
        raise BadSettings(f"{missing_name} is missing: set both SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, or neither.")
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
            "SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is missing: set it to use Socket Mode in one workspace. For "
            "many workspaces, unset SLACK_APP_TOKEN, because they need HTTP."
        )
    if not settings.signing_secret:
        raise BadSettings(
            "SLACK_SIGNING_SECRET is missing: many workspaces can install the bot only with it. Copy it from the app's "
            "“Basic Information” page."
        )
