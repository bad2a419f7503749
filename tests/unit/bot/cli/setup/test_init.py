"""`init`: what is asked, which values are accepted, what is written, and that no secret is ever printed."""

import getpass
import io
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.cli import main
from bot.core.settings import Mode, load
from tests.support.command_line import RunCommand

BOT, APP = "xoxb-123-made-up", "xapp-1-A1-made-up"
SIGNING, CLIENT_ID, CLIENT_SECRET = "0123456789abcdef" * 2, "111.222", "fedcba9876543210" * 2
URL = "https://bot.example.org"
SECRETS = (BOT, APP, SIGNING, CLIENT_SECRET)


def read(folder: Path) -> dict[str, str | None]:
    return dict(dotenv_values(folder / ".env", interpolate=False))


def assert_no_secret(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        (("--bot-token", BOT, "--app-token", APP), Mode.SOCKET),
        (("--bot-token", BOT, "--signing-secret", SIGNING, "--public-url", URL), Mode.HTTP),
        (
            (
                "--signing-secret",
                SIGNING,
                "--client-id",
                CLIENT_ID,
                "--client-secret",
                CLIENT_SECRET,
                "--public-url",
                URL,
            ),
            Mode.OAUTH,
        ),
    ],
)
def test_options_write_a_file_that_connects_and_that_only_the_owner_can_read(
    run: RunCommand, folder: Path, options: tuple[str, ...], mode: Mode
) -> None:
    result = run("init", *options)
    assert (result.status, result.err) == (0, "")
    assert_no_secret(result.out)
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    assert load(folder / ".env", {}).mode is mode
    assert [path.name for path in folder.iterdir()] == [".env"]


def test_other_lines_comments_and_order_stay_as_they_are(run: RunCommand, folder: Path) -> None:
    path = folder / ".env"
    path.write_text(
        "# mine\nLOG_LEVEL=DEBUG\n\nexport SLACK_BOT_TOKEN='xoxb-old'\nSLACK_BOT_TOKEN=xoxb-older # note\n"
        'METRICS_TOKEN="a b$c"\nnot a setting\nSLACK_APP_TOKEN=',
        encoding="utf-8",
    )
    path.chmod(0o644)
    assert run("init", "--bot-token", BOT, "--app-token", APP).status == 0
    assert path.read_text(encoding="utf-8") == (
        f"# mine\nLOG_LEVEL=DEBUG\n\nexport SLACK_BOT_TOKEN={BOT}\n"
        f'METRICS_TOKEN="a b$c"\nnot a setting\nSLACK_APP_TOKEN={APP}\n'
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_running_it_again_changes_nothing(run: RunCommand, folder: Path) -> None:
    run("init", "--bot-token", BOT, "--app-token", APP)
    before = (folder / ".env").read_bytes()
    assert "Nothing changed." in run("init", "--bot-token", BOT).out
    assert (folder / ".env").read_bytes() == before


def test_values_come_from_files_and_standard_input(run: RunCommand, folder: Path) -> None:
    (folder / "bot.txt").write_text(f"\ufeff {BOT}\r\n", encoding="utf-8")
    result = run("init", "--bot-token", "@bot.txt", "--app-token", "@-", stdin=f"{APP}\n".encode())
    assert result.status == 0
    assert read(folder)["SLACK_BOT_TOKEN"] == BOT
    assert read(folder)["SLACK_APP_TOKEN"] == APP


@pytest.mark.parametrize(
    "pasted",
    [f"  {BOT}\n", f'"{BOT}"', f"'{BOT}'", f"“{BOT}”", f"SLACK_BOT_TOKEN={BOT}", f"export SLACK_BOT_TOKEN = '{BOT}'"],
)
def test_what_is_pasted_with_a_value_is_left_out(run: RunCommand, folder: Path, pasted: str) -> None:
    assert run("init", "--bot-token", pasted, "--app-token", APP).status == 0
    assert read(folder)["SLACK_BOT_TOKEN"] == BOT


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--bot-token", APP, "--app-token", APP),
            "SLACK_BOT_TOKEN must start with xoxb-. This is an app-level token.",
        ),
        (("--bot-token", "xoxp-1", "--app-token", APP), "This is a user token."),
        (("--bot-token", BOT, "--app-token", BOT), "SLACK_APP_TOKEN must start with xapp-. This is a bot token."),
        (("--bot-token", f"{BOT} x", "--app-token", APP), "contains a space"),
        (("--bot-token", f"{BOT}\x1b[31m", "--app-token", APP), "invalid character"),
        (("--bot-token", "", "--app-token", APP), "is empty"),
        (("--bot-token", BOT, "--signing-secret", BOT), "this is a bot token"),
        (("--bot-token", BOT, "--signing-secret", "abc"), "at least 16 letters and digits"),
        (("--bot-token", BOT, "--signing-secret", SIGNING), "PUBLIC_URL is missing"),
        (("--bot-token", BOT, "--signing-secret", SIGNING, "--public-url", "http://x.example"), "must be an https URL"),
        (("--bot-token", BOT, "--signing-secret", SIGNING, "--public-url", "bot.example"), "must be an https URL"),
        (("--client-id", "abc"), "two numbers with a dot"),
        (("--bot-token", BOT), "Add --app-token for Socket Mode, or --signing-secret for HTTP"),
        (("--app-token", APP), "SLACK_BOT_TOKEN is missing. You find it here: “OAuth & Permissions”"),
        (("--connection", "many", "--signing-secret", SIGNING), "SLACK_CLIENT_ID is missing"),
        (("--bot-token", "@missing.txt", "--app-token", APP), "Can't read missing.txt for SLACK_BOT_TOKEN"),
        (("--bot-token", "@.", "--app-token", APP), "Can't read . for SLACK_BOT_TOKEN"),
        (("--bot-token", "@-", "--app-token", "@-"), "Only one value can come from standard input"),
        ((), "This is not a terminal, so init can't ask."),
        (("--bot-token", BOT, "--app-token", APP, "--file", "no/such/.env"), "Can't write no/such/.env"),
        (("--bot-token", BOT, "--app-token", APP, "--file", "."), ". is not a file"),
    ],
)
def test_wrong_value_is_explained_without_showing_it_and_nothing_is_saved(
    run: RunCommand, folder: Path, options: tuple[str, ...], sentence: str
) -> None:
    result = run("init", *options)
    assert (result.status, result.out) == (1, "")
    assert sentence in result.err
    assert len(result.err.splitlines()) == 1
    assert_no_secret(result.err)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 1_000_001], ids=["not text", "too long"])
def test_file_that_is_not_settings_is_left_alone(run: RunCommand, folder: Path, content: bytes) -> None:
    (folder / ".env").write_bytes(content)
    result = run("init", "--bot-token", BOT, "--app-token", APP)
    assert (result.status, len(result.err.splitlines())) == (1, 1)
    assert (folder / ".env").read_bytes() == content


def test_symbolic_link_stays_and_its_file_is_rewritten(run: RunCommand, folder: Path) -> None:
    (folder / "real.env").write_text("LOG_LEVEL=INFO\n")
    (folder / ".env").symlink_to("real.env")
    assert run("init", "--bot-token", BOT, "--app-token", APP).status == 0
    assert (folder / ".env").is_symlink()
    assert BOT in (folder / "real.env").read_text()


class Terminal:
    """Answers on a terminal: shown lines come from standard input, hidden ones from `getpass`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, lines: list[str], hidden_lines: list[str]) -> None:
        stdin = io.StringIO("".join(f"{line}\n" for line in lines))
        monkeypatch.setattr(stdin, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        self.questions: list[str] = []
        self._answers: Iterator[str] = iter(hidden_lines)
        monkeypatch.setattr(getpass, "getpass", self._read)

    def _read(self, question: str) -> str:
        self.questions.append(question)
        try:
            return next(self._answers)
        except StopIteration:
            raise EOFError from None


def test_terminal_is_asked_for_each_value_and_again_after_a_wrong_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(monkeypatch, ["9", "socket"], [APP, "", BOT, APP])
    assert main(["init"]) == 0
    captured = capsys.readouterr()
    assert "1. Socket Mode" in captured.err
    assert "“9” is not one of them." in captured.err
    assert "ontherecord manifest" in captured.err
    assert "“OAuth & Permissions”" in captured.err
    assert "This is an app-level token." in captured.err
    assert "is needed for this connection" in captured.err
    assert len(terminal.questions) == 4
    assert_no_secret(captured.out + captured.err + "".join(terminal.questions))
    assert read(folder)["SLACK_BOT_TOKEN"] == BOT


def test_secret_pasted_at_the_wrong_question_is_not_repeated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Terminal(monkeypatch, [BOT, "\x1b[31mx", "socket"], [BOT, APP])
    assert main(["init"]) == 0
    captured = capsys.readouterr()
    assert "That is not one of them." in captured.err
    assert "\x1b" not in captured.err
    assert BOT[:12].casefold() not in (captured.out + captured.err).casefold()
    assert read(folder)["SLACK_APP_TOKEN"] == APP


def test_enter_keeps_what_is_saved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text(f"SLACK_BOT_TOKEN={BOT}\nSLACK_SIGNING_SECRET={SIGNING}\nPUBLIC_URL={URL}\n")
    terminal = Terminal(monkeypatch, ["", ""], ["", "ab" * 16])
    assert main(["init"]) == 0
    assert "(Enter keeps the saved one)" in terminal.questions[0]
    assert read(folder) == {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": "ab" * 16, "PUBLIC_URL": URL}


@pytest.mark.parametrize(
    ("lines", "hidden_lines"),
    [([], []), (["1"], []), (["1"], [BOT]), (["x"] * 10, []), (["1"], ["wrong"] * 10)],
)
def test_nothing_is_saved_if_the_answers_end_or_stay_wrong(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lines: list[str],
    hidden_lines: list[str],
) -> None:
    Terminal(monkeypatch, lines, hidden_lines)
    assert main(["init"]) == 1
    assert "Nothing was saved." in capsys.readouterr().err
    assert list(folder.iterdir()) == []
