"""Which workspaces and channels got the welcome, on both databases."""

import asyncio
from datetime import UTC, datetime

from bot.storage.greetings import WORKSPACE
from bot.storage.store import Store


async def test_greeting_is_claimed_once_even_at_the_same_time(store: Store) -> None:
    claims = await asyncio.gather(*(store.greetings.claim("T1", "C1") for _ in range(5)))
    assert sorted(claims) == [False, False, False, False, True]
    assert await store.greetings.claim("T1", WORKSPACE)
    assert await store.greetings.claim("T2", "C1")


async def test_released_greeting_can_be_claimed_again(store: Store) -> None:
    assert await store.greetings.claim("T1", "C1")
    await store.greetings.release("T1", "C1")
    assert await store.greetings.claim("T1", "C1")


async def test_uninstall_forgets_the_greetings_of_the_workspace_only(store: Store) -> None:
    for team in ("T1", "T2"):
        await store.greetings.claim(team, WORKSPACE)
    await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", datetime(2031, 3, 3, tzinfo=UTC))
    assert await store.greetings.claim("T1", WORKSPACE)
    assert not await store.greetings.claim("T2", WORKSPACE)
