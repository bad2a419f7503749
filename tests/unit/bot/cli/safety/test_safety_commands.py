"""`keys`, `audit verify`, the checks of `doctor`, and the keys when the bot starts."""

import json
import sqlite3
import stat
import sys
import time
from contextlib import closing
from contextvars import Context
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.cli import resources
from bot.cli.safety.checks import check_hosts
from bot.cli.safety.startup import configure_logs, prepare_keys, protect_store
from bot.core import logs
from bot.core.configuration.server_settings import ServerSettings
from bot.core.encryption.key_settings import KeySettings
from bot.core.encryption.keys import KeyRing, format_key, parse_keys
from bot.core.settings import Settings
from bot.core.tenancy import use_all_teams, use_no_team
from bot.storage.request_log import RateLimit
from bot.storage.schema import bots
from bot.storage.store import open_store
from briefings import BadSettings
from tests.support.command_line import RunCommand
from tests.support.keys import KEYS, OTHER_KEYS

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permissions of this kind")
SECRET = "made-up-signing-secret"
OAUTH = Settings(client_id="1.2", client_secret=SECRET, signing_secret=SECRET)
HTTP = Settings(bot_token="xoxb-invented", signing_secret=SECRET)


@pytest.fixture
def settings(folder: Path) -> Settings:
    """Return settings for many workspaces, without keys."""
    place = KeySettings(file=folder / "test.key")
    return replace(OAUTH, database_url=f"sqlite:///{folder}/record.db", encryption=place)


def add_token(settings: Settings, token: str) -> None:
    row = {"client_id": "1.2", "app_id": "A1", "team_id": "T1", "bot_token": token, "bot_id": "B1"}
    with closing(open_store(settings.database_url, RateLimit(20), time.time)) as store:
        values = row | {"bot_user_id": "UBOT", "installed_at": store.clock()}
        store.database.write(lambda db: db.execute(insert(bots).values(values)))


def test_a_printed_key_is_one_that_the_settings_take(run: RunCommand) -> None:
    texts = {run("keys", "new").out for _ in range(2)}
    assert len(texts) == 2
    assert all(isinstance(parse_keys(text, "X"), KeyRing) for text in texts)


@posix_only
def test_a_key_file_is_created_once_and_used(run: RunCommand, folder: Path) -> None:
    assert run("keys", "new", "--file").out.startswith("Created ")
    file = folder / "test.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "exists" in run("keys", "new", "--file").err
    assert run("keys", "rotate").status == 0
    assert "sealed without" not in run("audit", "verify").out
    file.chmod(0o644)
    assert f"chmod 600 {file}" in run("audit").err
    assert run("doctor", "--fix-permissions").out == f"files: only the owner can read {file} now\n"
    assert run("audit", "verify").status == 0


def test_verify_names_the_entry_that_was_changed(run: RunCommand, folder: Path) -> None:
    run("keys", "new", "--file")
    for _ in range(3):
        run("reindex")
    seal = run("audit", "verify").out.split()[-1]
    assert run("audit", "verify", "--seal", seal).status == 0
    assert run("audit", "verify", "--seal", "abc").status == 1
    with closing(sqlite3.connect(folder / "record.db")) as db:
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("UPDATE audit SET person = 'terminal:roe' WHERE id = 2")
        db.execute("DROP TRIGGER audit_no_update")
        db.execute("UPDATE audit SET person = 'terminal:roe' WHERE id = 2")
        db.commit()
    result = run("audit", "verify")
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("ontherecord: Entry 2 of ")
    assert "audit log: Entry 2 of " in run("doctor").out


@posix_only
def test_doctor_names_files_that_others_can_read_and_makes_them_private(run: RunCommand, folder: Path) -> None:
    run("keys", "new", "--file")
    (folder / ".env").write_text("LOG_LEVEL=INFO\n", encoding="ascii")
    run("reindex")
    names = ("record.db", ".env")
    for name in names:
        (folder / name).chmod(0o666)
    result = run("doctor")
    assert result.status == 1
    assert "chmod go=" in result.out
    assert all(f"can read or change {place}" in result.out for place in (folder / "record.db", Path(".env")))
    assert run("doctor", "--fix-permissions").status == 0
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in names} == {0o600}
    assert "files: only their owner can read them" in run("doctor").out


def test_the_first_start_creates_the_key_and_encrypts_tokens_in_clear(settings: Settings, folder: Path) -> None:
    add_token(settings, "xoxb-invented")
    keys = prepare_keys(settings).keys
    assert keys is not None
    assert (folder / "test.key").exists()
    for _ in range(2):
        assert prepare_keys(settings).keys == keys
        with resources.open_bot_store(settings) as store:
            with use_no_team():  # as when the bot starts
                protect_store(settings, store)
            value = store.database.read(lambda db: db.execute(select(bots.c.bot_token)).scalar_one())
            assert value.startswith(f"e1.{keys.ids[0]}.")
            assert (store.audit_log.check().fault, store.audit_log.check().sealed) == (None, 1)
            # while the bot runs, and not only when the last connection is closed
            files = [file.name for file in folder.glob("record.db*") if b"xoxb-invented" in file.read_bytes()]
            assert files == []


@pytest.mark.parametrize("base", [OAUTH, HTTP], ids=["oauth", "http"])
def test_the_first_start_works_without_a_team(settings: Settings, base: Settings) -> None:
    """The server starts outside of any request, so its work sees no team; other tests here see all teams."""
    add_token(settings, "xoxb-invented")
    settings = replace(base, database_url=settings.database_url, encryption=settings.encryption)

    def start() -> str:
        keys = prepare_keys(settings).keys
        with resources.open_bot_store(replace(settings, encryption=KeySettings(keys))) as store:
            protect_store(settings, store)
            assert store.audit_log.get_key_id()
            with use_all_teams("the test reads what was written"):
                return str(store.database.read(lambda db: db.execute(select(bots.c.bot_token)).scalar_one()))

    for _ in range(2):
        assert Context().run(start).startswith("e1." if base is OAUTH else "xoxb-")


@pytest.mark.parametrize("base", [OAUTH, HTTP, Settings()], ids=["oauth", "http", "local"])
@pytest.mark.parametrize("keys", [None, OTHER_KEYS], ids=["missing", "wrong"])
def test_a_start_without_the_key_is_refused_and_makes_no_new_key(
    settings: Settings, folder: Path, base: Settings, keys: KeyRing | None
) -> None:
    with_key = replace(settings, encryption=KeySettings(KEYS))
    with resources.open_bot_store(with_key) as store:
        protect_store(with_key, store)
    place = KeySettings(keys, folder / "test.key")
    with pytest.raises(BadSettings, match=f"needs the key {KEYS.ids[0]}, which is missing"):
        prepare_keys(replace(base, database_url=settings.database_url, encryption=place))
    assert not (folder / "test.key").exists()


def test_only_many_workspaces_need_a_key(settings: Settings, folder: Path) -> None:
    nowhere = KeySettings(file=folder / "missing" / "key")
    with pytest.raises(BadSettings, match="Set KEY_FILE to another place"):
        prepare_keys(replace(settings, encryption=nowhere))
    for base in (HTTP, Settings()):
        start_keys = prepare_keys(replace(base, database_url=settings.database_url, encryption=nowhere))
        assert start_keys.keys is None
        assert bool(start_keys.problem) is (base is HTTP)


def test_no_log_line_has_a_key_of_the_key_file(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    keys = prepare_keys(settings).keys
    assert keys
    configure_logs(settings, keys)
    try:
        logs.get_logger().error("invented", value=f"the key is {format_key(keys.keys[0])}")
    finally:
        logs.reset()
    assert json.loads(capsys.readouterr().err)["value"].startswith("the key is …")


def test_every_command_sets_up_its_logs_in_one_place() -> None:
    """Else one of them forgets a secret."""
    folder = Path(resources.__file__).parent
    places = [file.name for file in folder.rglob("*.py") if "logs.configure(" in file.read_text("utf-8")]
    assert places == ["startup.py"]


def test_lost_tokens_are_forgotten_when_asked(run: RunCommand, settings: Settings) -> None:
    add_token(settings, f"e1.{KEYS.ids[0]}.AAAA")
    run("keys", "new", "--file")
    assert f"needs the key {KEYS.ids[0]}" in run("keys", "rotate").err
    assert run("keys", "rotate", "--forget-lost").out.startswith("Deleted 1 stored installation that can't be")
    assert prepare_keys(settings).keys is not None


@pytest.mark.parametrize(
    ("more", "names", "is_wrong"),
    [
        ({}, "421", True),
        ({"host": "0.0.0.0"}, "421", True),  # noqa: S104 - not bound here
        ({"public_url": "https://bot.example/"}, "answers to bot.example.", False),
        ({"public_url": "https://bot.example", "server": ServerSettings(("b.internal",))}, "b.internal, bot.ex", False),
        ({"server": ServerSettings(("localhost",))}, "421", True),
    ],
)
def test_doctor_says_which_host_names_the_server_answers_to(more: dict[str, Any], names: str, is_wrong: bool) -> None:
    ((sentence, wrong),) = check_hosts(Settings(**more))
    assert names in sentence
    assert wrong is is_wrong
