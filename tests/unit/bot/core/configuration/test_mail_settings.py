"""The settings of outgoing e-mail are read from a URL or from single variables, and checked."""

import pytest

from bot.core.configuration.mail_settings import MailSettings, parse_mail_settings
from bot.core.settings import load
from briefings import BadSettings

FROM = {"MAIL_FROM": "News Desk <news@bot.example>"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"SMTP_URL": "smtps://user:p%40ss@smtp.example"},
            MailSettings(
                "smtp.example", 465, "news@bot.example", "News Desk", "user", "p@ss", use_tls=True, use_starttls=False
            ),
        ),
        ({"SMTP_URL": "smtp://smtp.example:2525"}, MailSettings("smtp.example", 2525, "news@bot.example", "News Desk")),
        (
            {"SMTP_HOST": "smtp.example", "SMTP_USERNAME": "u", "SMTP_PASSWORD": "p"},
            MailSettings("smtp.example", 587, "news@bot.example", "News Desk", "u", "p"),
        ),
        (
            {"SMTP_URL": "smtp://smtp.example", "SMTP_PORT": "2525", "SMTP_USERNAME": "u", "SMTP_PASSWORD": "p#/?"},
            MailSettings("smtp.example", 2525, "news@bot.example", "News Desk", "u", "p#/?"),
        ),
        (
            {"SMTP_URL": "smtp://u@smtp.example:465", "SMTP_USERNAME": "u", "SMTP_PASSWORD": "p"},
            MailSettings(
                "smtp.example", 465, "news@bot.example", "News Desk", "u", "p", use_tls=True, use_starttls=False
            ),
        ),
        (
            {"SMTP_HOST": "localhost"},
            MailSettings("localhost", 25, "news@bot.example", "News Desk", use_starttls=False),
        ),
        (
            {"SMTP_HOST": "smtp.example", "SMTP_PORT": "465"},
            MailSettings("smtp.example", 465, "news@bot.example", "News Desk", use_tls=True, use_starttls=False),
        ),
        (
            {"SMTP_HOST": "127.0.0.1", "SMTP_STARTTLS": "yes", "MAIL_UNSUBSCRIBE": "mailto:stop@bot.example"},
            MailSettings("127.0.0.1", 587, "news@bot.example", "News Desk", unsubscribe_address="stop@bot.example"),
        ),
    ],
)
def test_a_server_is_read(values: dict[str, str], expected: MailSettings) -> None:
    assert parse_mail_settings(values | FROM) == expected


def test_without_a_server_there_is_no_mail() -> None:
    assert parse_mail_settings({}) is None
    assert load(None, {}).mail is None


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"SMTP_URL": "smtps://smtp.example"}, "MAIL_FROM"),
        (FROM, "SMTP_URL"),
        ({"SMTP_URL": "https://smtp.example"} | FROM, "SMTP_URL"),
        ({"SMTP_URL": "smtp://"} | FROM, "SMTP_URL"),
        ({"SMTP_URL": "smtp://smtp.example:99999"} | FROM, "SMTP_URL"),
        ({"SMTP_URL": "smtp://a.example", "SMTP_HOST": "b.example"} | FROM, "SMTP_HOST"),
        ({"SMTP_HOST": "smtp example"} | FROM, "SMTP_HOST"),
        ({"SMTP_URL": "smtp://u:pass#word@smtp.example"} | FROM, "SMTP_URL"),
        ({"SMTP_URL": "smtp://u:x@smtp.example"} | FROM, "SMTP_PASSWORD"),
        ({"SMTP_URL": "smtp://smtp.example:25", "SMTP_PORT": "26"} | FROM, "SMTP_PORT"),
        ({"SMTP_HOST": "smtp.example", "SMTP_USERNAME": ""} | FROM, "SMTP_USERNAME"),
        ({"SMTP_HOST": "smtp.example", "SMTP_PORT": "x"} | FROM, "SMTP_PORT"),
        ({"SMTP_HOST": "smtp.example", "SMTP_STARTTLS": "perhaps"} | FROM, "SMTP_STARTTLS"),
        ({"SMTP_HOST": "smtp.example", "SMTP_STARTTLS": "no"} | FROM, "SMTP_STARTTLS"),
        ({"SMTP_HOST": "smtp.example", "MAIL_FROM": "nobody"}, "MAIL_FROM"),
        ({"SMTP_HOST": "smtp.example", "MAIL_FROM": "a@["}, "MAIL_FROM"),
        ({"SMTP_HOST": "smtp.example", "MAIL_FROM": "a@b.["}, "MAIL_FROM"),
        ({"SMTP_HOST": "smtp.example", "MAIL_FROM": "a@b.example\r\nBcc: c@d.example"}, "MAIL_FROM"),
        ({"SMTP_HOST": "smtp.example", "MAIL_UNSUBSCRIBE": "nobody"} | FROM, "MAIL_UNSUBSCRIBE"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(values: dict[str, str], name: str) -> None:
    with pytest.raises(BadSettings) as error:
        parse_mail_settings(values | {"SMTP_PASSWORD": "secret-word"})
    assert name in str(error.value)
    assert "secret-word" not in str(error.value)


def test_the_password_is_a_secret() -> None:
    settings = load(None, {"SMTP_URL": "smtps://user:secret-word@smtp.example"} | FROM)
    assert "secret-word" in settings.secrets
    assert "secret-word" not in repr(settings)
