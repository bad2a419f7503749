"""Tokens in the database: encrypted when saved, encrypted again with a new key, and bound to their row."""

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import insert, select, update

from bot.core.encryption.keys import KeyRing
from bot.storage.installations import InstallationStore, open_installation_store
from bot.storage.protection.needed_keys import list_missing_keys
from bot.storage.protection.token_cipher import TokenCipher, UndecryptableToken
from bot.storage.protection.token_columns import TOKEN_COLUMNS, TOKEN_TABLES
from bot.storage.protection.token_rotation import count_rows_to_mend, encrypt_stored_tokens, forget_lost_tokens
from bot.storage.schema import bots, installations
from bot.storage.store import Store
from briefings import BadSettings
from tests.support.keys import KEYS, OTHER_KEYS, open_installations

BOTH_KEYS = KeyRing((*OTHER_KEYS.keys, *KEYS.keys))


def make_installation(team: str) -> Installation:
    tokens = {"bot_token": f"xoxb-{team}", "user_token": f"xoxp-{team}", "bot_refresh_token": f"xoxe-1-{team}"}
    return Installation(
        app_id="A1", team_id=team, user_id="U1", bot_id="B1", bot_user_id="UBOT",
        incoming_webhook_url=f"https://hooks.example/{team}", user_refresh_token=f"xoxe-2-{team}", **tokens,
    )  # fmt: skip


def read_values(store: Store) -> set[str]:
    rows = [
        row
        for table in TOKEN_TABLES
        for row in store.database.read(lambda db, t=table: db.execute(select(t)).mappings().all())
    ]  # type: ignore[misc]  # the loop's
    return {row[name] for row in rows for name in TOKEN_COLUMNS if row.get(name)}


async def find_token(store: Store, keys: KeyRing, team: str) -> str | None:
    opened = open_installation_store(store.database, store.audit_log, "1.2", keys)
    bot = await opened.async_find_bot(enterprise_id=None, team_id=team)
    return bot.bot_token if bot else None


async def test_no_token_is_stored_in_clear(store: Store) -> None:
    saved = make_installation("T1")
    await open_installations(store).async_save(saved)
    values = read_values(store)
    assert len(values) == len(TOKEN_COLUMNS)
    assert all(value.startswith(f"e1.{KEYS.ids[0]}.") for value in values)
    assert saved.bot_token == "xoxb-T1"
    assert await find_token(store, KEYS, "T1") == "xoxb-T1"


async def test_a_token_copied_to_another_workspace_is_refused(store: Store) -> None:
    for team in ("T1", "T2"):
        await open_installations(store).async_save(make_installation(team))
    copied = select(bots.c.bot_token).where(bots.c.team_id == "T1").scalar_subquery()
    store.database.write(lambda db: db.execute(update(bots).where(bots.c.team_id == "T2").values(bot_token=copied)))
    with pytest.raises(UndecryptableToken, match="another workspace"):
        await find_token(store, KEYS, "T2")
    assert await find_token(store, KEYS, "T1") == "xoxb-T1"


async def test_tokens_in_clear_are_encrypted_and_then_read(store: Store) -> None:
    """They are from before there was a key. Until they are encrypted, nothing is posted with them."""
    row = {"client_id": "1.2", "app_id": "A1", "team_id": "T1", "bot_token": "xoxb-T1", "bot_id": "B1"}
    row |= {"bot_user_id": "UBOT", "installed_at": store.clock(), "bot_refresh_token": "xoxe-T1"}
    store.database.write(lambda db: db.execute(insert(bots).values(row)))
    store.database.write(lambda db: db.execute(insert(installations).values(row | {"user_id": "U1"})))
    with pytest.raises(UndecryptableToken, match="keys rotate"):
        await find_token(store, KEYS, "T1")
    cipher = TokenCipher(KEYS)
    assert count_rows_to_mend(store.database, cipher) == (2, 0)
    assert [encrypt_stored_tokens(store.database, cipher) for _ in range(2)] == [2, 0]
    assert count_rows_to_mend(store.database, cipher) == (0, 0)
    assert await find_token(store, KEYS, "T1") == "xoxb-T1"
    assert not any(value.startswith("xox") for value in read_values(store))


async def test_rotation_changes_every_row_while_the_bot_reads(store: Store) -> None:
    for team in ("T1", "T2", "T3"):
        await open_installations(store).async_save(make_installation(team))
    assert encrypt_stored_tokens(store.database, TokenCipher(BOTH_KEYS)) == 6
    assert list_missing_keys(store.database, OTHER_KEYS) == ()
    assert list_missing_keys(store.database, KEYS) == (OTHER_KEYS.ids[0],)
    for keys in (BOTH_KEYS, OTHER_KEYS, KeyRing((*KEYS.keys, *OTHER_KEYS.keys))):
        assert [await find_token(store, keys, team) for team in ("T1", "T2", "T3")] == ["xoxb-T1", "xoxb-T2", "xoxb-T3"]


async def test_a_missing_key_stops_the_rotation_and_lost_tokens_can_be_forgotten(store: Store) -> None:
    await open_installations(store).async_save(make_installation("T1"))
    other = open_installation_store(store.database, store.audit_log, "1.2", OTHER_KEYS)
    await other.async_save(make_installation("T2"))
    cipher = TokenCipher(OTHER_KEYS)
    with pytest.raises(UndecryptableToken, match=KEYS.ids[0]):
        encrypt_stored_tokens(store.database, cipher)
    assert count_rows_to_mend(store.database, cipher) == (2, 2)
    assert forget_lost_tokens(store.database, cipher) == 2
    assert await find_token(store, OTHER_KEYS, "T1") is None
    assert await find_token(store, OTHER_KEYS, "T2") == "xoxb-T2"


async def test_without_a_key_no_token_is_saved(store: Store) -> None:
    with pytest.raises(BadSettings, match="key outside the database"):
        open_installation_store(store.database, store.audit_log, "1.2", None)
    with pytest.raises(BadSettings, match="key outside the database"):
        await InstallationStore(store.database, store.audit_log, "1.2").async_save(make_installation("T1"))
    assert read_values(store) == set()
