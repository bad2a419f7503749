"""Feedback, the audit log and shares come back as they were given, each team's to that team."""

from datetime import UTC, datetime

import pytest

from bot.storage.audit_log import AuditAction, AuditEntry
from bot.storage.feedback import FeedbackItem, FeedbackState, Share
from bot.storage.store import Store
from briefings.errors import DatabaseUnavailable
from tests.unit.bot.storage.conftest import Clock

DOUBT = FeedbackItem("T1", "U1", "C1", "/whosaid “lynch-mob”", "a1", 3, 9, "wrong speaker", "It was somebody else. 🙂")
SHARE = Share("T1", "C1", "1.000001", "U1", "/briefing labour-crisis")


async def test_feedback_is_kept_reviewed_and_closed(store: Store, clock: Clock) -> None:
    first = await store.feedback.add(DOUBT)
    clock.seconds += 1
    second = await store.feedback.add(DOUBT)
    kept = await store.feedback.list_items("T1")
    assert [one.id for one in kept] == [second, first]
    assert (kept[1].item, kept[1].state) == (DOUBT, FeedbackState.OPEN)
    assert kept[0].at == datetime.fromtimestamp(clock.seconds, UTC)
    assert await store.feedback.list_items("T2") == ()
    assert [await store.feedback.count(team) for team in ("T1", "T2")] == [2, 0]
    assert not await store.feedback.close("T2", first)
    assert [await store.feedback.close("T1", first), await store.feedback.close("T1", first)] == [True, False]
    assert [one.id for one in await store.feedback.list_items("T1")] == [second]
    assert [one.id for one in await store.feedback.list_items("T1", FeedbackState.CLOSED)] == [first]
    assert [await store.feedback.count("T1", state) for state in FeedbackState] == [1, 1]


async def test_a_deed_is_logged_too_once_it_is_kept(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """Who, what, where; one that the database refused is not."""
    await store.audit_log.add(AuditAction("T1", "U1", "added", "a.txt", {"articles": 2}))
    assert await store.uninstall_cleanup.forget_workspace(None, "T2", "uninstalled", datetime.now(UTC))
    first, second = [line for line in capsys.readouterr().out.splitlines() if "audit" in line]
    for word in ("action=added", "person=U1", "subject=a.txt", "team=T1", "'articles': 2"):
        assert word in first
    for word in ("action=uninstalled", "person=None", "team=T2"):
        assert word in second
    with pytest.raises(DatabaseUnavailable):
        await store.audit_log.add(AuditAction(None, "U1", "added", "a.txt"))  # type: ignore[arg-type]  # on purpose
    assert "audit" not in capsys.readouterr().out


async def test_the_audit_log_keeps_who_did_what(store: Store, clock: Clock) -> None:
    added = AuditAction("T1", "U1", "added", "https://example.org/a", {"articles": 2, "held": None, "new": True})
    await store.audit_log.add(added)
    clock.seconds += 1
    await store.audit_log.add(AuditAction("T1", None, "uninstalled", "T1"))
    await store.audit_log.add(AuditAction("T2", "U9", "shared", "C9"))
    latest, first = await store.audit_log.list_entries("T1")
    assert first == AuditEntry(datetime.fromtimestamp(clock.seconds - 1, UTC), added)
    assert (latest.action.person, latest.action.action) == (None, "uninstalled")
    assert len(await store.audit_log.list_entries("T1", limit=1)) == 1


async def test_a_share_is_found_by_its_message_until_it_is_taken_back(store: Store) -> None:
    await store.shares.add(SHARE)
    assert await store.shares.find("T1", "C1", SHARE.ts) == SHARE
    assert await store.shares.find("T2", "C1", SHARE.ts) is None
    await store.shares.remove(SHARE)
    assert await store.shares.find("T1", "C1", SHARE.ts) is None
