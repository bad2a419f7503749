"""Settings: sources, precedence, validation and secrecy."""

from pathlib import Path

import pytest

from bot.core.settings import Mode, ReaderMode, Settings, load
from briefings.errors import BadSettings

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-1-abc", "xapp-1-abc", "0123456789abcdef"
CLIENT = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "made-up"}


def load_from(**environ: str) -> Settings:
    return load(None, environ)


def test_without_settings_the_bot_is_local_on_loopback() -> None:
    settings = load_from()
    assert (settings.mode, settings.host, settings.port) == (Mode.LOCAL, "127.0.0.1", 3000)
    assert settings.api_url == "https://slack.com/api/"


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}, Mode.SOCKET),
        (
            {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET},
            Mode.SOCKET,
        ),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}, Mode.HTTP),
        ({"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": "  "}, Mode.LOCAL),
        (CLIENT | {"SLACK_SIGNING_SECRET": SIGNING_SECRET}, Mode.OAUTH),
        (CLIENT | {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}, Mode.HTTP),
        (CLIENT | {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}, Mode.SOCKET),
    ],
)
def test_the_tokens_choose_the_mode(environ: dict[str, str], mode: Mode) -> None:
    """An empty variable counts as unset."""
    assert load_from(**environ).mode is mode


def test_reader_mode_is_full_by_default_and_ignores_case() -> None:
    assert load_from().reader is ReaderMode.FULL
    assert load_from(READER="Quotes").reader is ReaderMode.QUOTES


def test_the_environment_overrides_the_file_unless_it_is_empty(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=4000\nHOST=localhost\nLOG_LEVEL=debug\nSLACK_SIGNING_SECRET=\nTOPICS='a $HOME b.toml'\n")
    settings = load(file, {"PORT": "5000", "HOST": ""})
    assert (settings.port, settings.host, settings.log_level) == (5000, "localhost", "DEBUG")
    assert settings.topics == Path("a $HOME b.toml")


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": APP_TOKEN}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_SIGNING_SECRET": SIGNING_SECRET}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET is missing"),
        ({"SLACK_CLIENT_SECRET": "x"}, "SLACK_CLIENT_ID is missing"),
        (CLIENT, "SLACK_SIGNING_SECRET is missing"),
        (CLIENT | {"SLACK_APP_TOKEN": APP_TOKEN}, "SLACK_BOT_TOKEN is missing: set it to use Socket Mode"),
        ({"READER": "some"}, "Invalid READER 'some': use full or quotes"),
        ({"RATE_PER_MINUTE": "0"}, "Invalid RATE_PER_MINUTE"),
        ({"RATE_PER_MINUTE": "many"}, "Invalid RATE_PER_MINUTE"),
        ({"ADMINS": "U123, anna"}, "Invalid id 'anna' in ADMINS"),
        ({"ADMINS": "@U123"}, "Invalid id '@U123' in ADMINS"),
        (
            {"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_APP_TOKEN": BOT_TOKEN},
            "Invalid SLACK_BOT_TOKEN: it must start with xoxb-",
        ),
        (
            {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": "two words"},
            "Invalid SLACK_SIGNING_SECRET: it contains a space",
        ),
        ({"PORT": "three thousand"}, "Invalid PORT"),
        ({"PORT": "70000"}, "Invalid PORT"),
        ({"HOST": "http://x"}, "Invalid HOST 'http://x': use a host name or IP address"),
        ({"LOG_LEVEL": "loud"}, "Invalid LOG_LEVEL 'loud': use one of DEBUG"),
        ({"SLACK_API_URL": "slack.com"}, "Invalid SLACK_API_URL"),
        ({"SLACK_API_URL": "http://[::1"}, "Invalid SLACK_API_URL"),
        ({"PUBLIC_URL": "https://"}, "Invalid PUBLIC_URL"),
        ({"METRICS_TOKEN": "short"}, "Invalid METRICS_TOKEN: use at least 16"),
        ({"PAGES_SECRET": "short"}, "Invalid PAGES_SECRET: use at least 16"),
        ({"PAGES_SECRET": "long enough, it would seem"}, "Invalid PAGES_SECRET: use at least 16"),
        ({"METRICS_TOKEN": "five words of one token"}, "Invalid METRICS_TOKEN: use at least 16"),
        ({"DATABASE_URL": "my.db"}, "Invalid DATABASE_URL"),
    ],
)
def test_invalid_settings_are_named_without_showing_secrets(environ: dict[str, str], message: str) -> None:
    with pytest.raises(BadSettings) as error_info:
        load_from(**environ)
    assert message in str(error_info.value)
    assert "\n" not in str(error_info.value)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert environ.get(name, "not in this case") not in str(error_info.value)


def test_an_undecodable_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(BadSettings, match="plain UTF-8"):
        load(file, {})


def test_no_secret_is_in_the_repr() -> None:
    settings = load_from(
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_APP_TOKEN=APP_TOKEN,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
        SLACK_CLIENT_ID="1.2",
        SLACK_CLIENT_SECRET="hush",
        DATABASE_URL="postgresql+psycopg://me:pass@db/x",
    )
    for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "hush", "pass@"):
        assert secret not in repr(settings)


def test_urls_get_or_lose_their_final_slash() -> None:
    settings = load_from(SLACK_API_URL="http://127.0.0.1:1/local/api", PUBLIC_URL="https://bot.example.org/")
    assert settings.api_url == "http://127.0.0.1:1/local/api/"
    assert settings.public_url == "https://bot.example.org"


def test_rate_limit_and_admins_are_read() -> None:
    settings = load_from(RATE_PER_MINUTE="30", ADMINS="U123, W4AB\n S9,")
    assert (settings.rate_per_minute, settings.admins) == (30, ("U123", "W4AB", "S9"))
    assert (load_from().rate_per_minute, load_from().admins) == (20, ())


def test_bare_admins_count_in_the_operators_workspace_only_where_many_can_install() -> None:
    many = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s"}
    settings = load_from(ADMINS="U1, T2:U2", OPERATOR_TEAM="T1", **many)
    assert [settings.admin_list.list_users(team) for team in ("T1", "T2", "T3")] == [("U1",), ("U2",), ()]
    assert load_from(ADMINS="U1").admin_list.list_users("T3") == ("U1",)


def test_all_secrets_are_listed_for_redaction() -> None:
    settings = load_from(
        SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, SLACK_SIGNING_SECRET=SIGNING_SECRET, **CLIENT
    )
    assert set(settings.secrets) == {BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "made-up"}


def test_signing_secrets_and_url_of_the_pages() -> None:
    """Pages use Slack's signing secret unless they have their own. They need https, and are off in local mode."""
    http = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "PUBLIC_URL": "https://bot.example.org/",
    }
    too_short = {"PAGES_SECRET": "three short words," + "x" * 16}
    assert load_from(**http).page_signing_secrets == (SIGNING_SECRET,)
    with pytest.raises(BadSettings):
        load_from(**http, **too_short)
    own_secrets = {"PAGES_SECRET": f"{'y' * 32}, {'x' * 16}"}
    assert load_from(**http, **own_secrets).page_signing_secrets == ("y" * 32, "x" * 16)
    assert {"y" * 32, "x" * 16} <= set(load_from(**http, **own_secrets).secrets)
    assert load_from(**http).pages_url == "https://bot.example.org"
    assert load_from(**http | {"PUBLIC_URL": "http://bot.example.org"}).pages_url is None
    socket = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "PUBLIC_URL": "https://bot.example.org"}
    assert [load_from(**socket).pages_url, load_from(**socket, **own_secrets).pages_url] == [
        None,
        "https://bot.example.org",
    ]
    assert load_from(PUBLIC_URL="https://bot.example.org", **own_secrets).pages_url is None
    assert [load_from(**http).has_sign_in, load_from(**http, **CLIENT).has_sign_in] == [False, True]
    assert "y" * 32 not in repr(load_from(**http, **own_secrets))
