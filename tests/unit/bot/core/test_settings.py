"""Settings: what is read, what wins, what is refused, what is never shown."""

from pathlib import Path

import pytest

from bot.core.settings import Mode, ReaderMode, Settings, load
from briefings.errors import BadSettings

BOT, APP, SECRET = "xoxb-1-abc", "xapp-1-abc", "0123456789abcdef"
CLIENT = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "made-up"}


def loaded(**environ: str) -> Settings:
    return load(None, environ)


def test_nothing_set_is_local_on_loopback() -> None:
    settings = loaded()
    assert (settings.mode, settings.host, settings.port) == (Mode.LOCAL, "127.0.0.1", 3000)
    assert settings.api_url == "https://slack.com/api/"


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}, Mode.SOCKET),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SECRET}, Mode.SOCKET),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SECRET}, Mode.HTTP),
        ({"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": "  "}, Mode.LOCAL),
        (CLIENT | {"SLACK_SIGNING_SECRET": SECRET}, Mode.OAUTH),
        (CLIENT | {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SECRET}, Mode.HTTP),
        (CLIENT | {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}, Mode.SOCKET),
    ],
)
def test_the_tokens_choose_the_mode(environ: dict[str, str], mode: Mode) -> None:
    """An empty variable counts as unset."""
    assert loaded(**environ).mode is mode


def test_what_the_pages_show_of_an_article() -> None:
    """The whole text unless told otherwise; in any case."""
    assert loaded().reader is ReaderMode.FULL
    assert loaded(READER="Quotes").reader is ReaderMode.QUOTES


def test_the_environment_wins_over_the_file_and_empty_does_not(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=4000\nHOST=localhost\nLOG_LEVEL=debug\nSLACK_SIGNING_SECRET=\nTOPICS='a $HOME b.toml'\n")
    settings = load(file, {"PORT": "5000", "HOST": ""})
    assert (settings.port, settings.host, settings.log_level) == (5000, "localhost", "DEBUG")
    assert settings.topics == Path("a $HOME b.toml")


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_SIGNING_SECRET": SECRET}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET is missing"),
        ({"SLACK_CLIENT_SECRET": "x"}, "SLACK_CLIENT_ID is missing"),
        (CLIENT, "SLACK_SIGNING_SECRET is missing"),
        (CLIENT | {"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN is missing: set it to use Socket Mode"),
        ({"READER": "some"}, "READER must be full or quotes"),
        ({"RATE_PER_MINUTE": "0"}, "RATE_PER_MINUTE must be a number from 1"),
        ({"RATE_PER_MINUTE": "many"}, "RATE_PER_MINUTE must be a number from 1"),
        ({"ADMINS": "U123, anna"}, "ADMINS must hold ids"),
        ({"ADMINS": "@U123"}, "ADMINS must hold ids"),
        ({"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT}, "SLACK_BOT_TOKEN must start with xoxb-"),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": "two words"}, "SLACK_SIGNING_SECRET holds a blank"),
        ({"PORT": "three thousand"}, "PORT must be a number"),
        ({"PORT": "70000"}, "PORT must be a number"),
        ({"HOST": "http://x"}, "HOST must be"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL must be a web address"),
        ({"SLACK_API_URL": "http://[::1"}, "SLACK_API_URL must be a web address"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL must be a web address"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be 16"),
        ({"PAGES_SECRET": "short"}, "PAGES_SECRET must be 16"),
        ({"PAGES_SECRET": "long enough, it would seem"}, "PAGES_SECRET must be 16"),
        ({"METRICS_TOKEN": "five words of one token"}, "METRICS_TOKEN must be 16"),
        ({"DATABASE_URL": "my.db"}, "DATABASE_URL must be an address"),
    ],
)
def test_what_cannot_work_is_one_sentence_naming_the_variable(environ: dict[str, str], names: str) -> None:
    """And none shows a secret."""
    with pytest.raises(BadSettings) as raised:
        loaded(**environ)
    assert names in str(raised.value)
    assert "\n" not in str(raised.value)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert environ.get(name, "not there at all") not in str(raised.value)


def test_an_undecodable_file_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(BadSettings, match="plain UTF-8"):
        load(file, {})


def test_no_secret_is_in_the_repr() -> None:
    settings = loaded(
        SLACK_BOT_TOKEN=BOT,
        SLACK_APP_TOKEN=APP,
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_CLIENT_ID="1.2",
        SLACK_CLIENT_SECRET="hush",
        DATABASE_URL="postgresql+psycopg://me:pass@db/x",
    )
    for secret in (BOT, APP, SECRET, "hush", "pass@"):
        assert secret not in repr(settings)


def test_addresses_end_as_their_users_expect() -> None:
    settings = loaded(SLACK_API_URL="http://127.0.0.1:1/local/api", PUBLIC_URL="https://bot.example.org/")
    assert settings.api_url == "http://127.0.0.1:1/local/api/"
    assert settings.public_url == "https://bot.example.org"


def test_the_rate_and_the_admins() -> None:
    settings = loaded(RATE_PER_MINUTE="30", ADMINS="U123, W4AB\n S9,")
    assert (settings.rate_per_minute, settings.admins) == (30, ("U123", "W4AB", "S9"))
    assert (loaded().rate_per_minute, loaded().admins) == (20, ())


def test_every_secret_is_known_to_be_one() -> None:
    settings = loaded(SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SLACK_SIGNING_SECRET=SECRET, **CLIENT)
    assert set(settings.secrets) == {BOT, APP, SECRET, "made-up"}


def test_who_signs_links_to_pages_and_where_they_are_open() -> None:
    """Slack's signing secret unless the pages have their own; only over https, never in the local workspace."""
    http = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SECRET, "PUBLIC_URL": "https://bot.example.org/"}
    own = {"PAGES_SECRET": "the newest of ours," + "x" * 16}
    assert loaded(**http).page_signing_secrets == (SECRET,)
    with pytest.raises(BadSettings):
        loaded(**http, **own)
    own = {"PAGES_SECRET": f"{'y' * 32}, {'x' * 16}"}
    assert loaded(**http, **own).page_signing_secrets == ("y" * 32, "x" * 16)
    assert {"y" * 32, "x" * 16} <= set(loaded(**http, **own).secrets)
    assert loaded(**http).pages_url == "https://bot.example.org"
    assert loaded(**http | {"PUBLIC_URL": "http://bot.example.org"}).pages_url is None
    socket = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "PUBLIC_URL": "https://bot.example.org"}
    assert [loaded(**socket).pages_url, loaded(**socket, **own).pages_url] == [None, "https://bot.example.org"]
    assert loaded(PUBLIC_URL="https://bot.example.org", **own).pages_url is None
    assert [loaded(**http).has_sign_in, loaded(**http, **CLIENT).has_sign_in] == [False, True]
    assert "y" * 32 not in repr(loaded(**http, **own))
