"""Feedback, the audit log and shares are stored unchanged, separately for each team."""

from datetime import UTC, datetime

import pytest

from bot.storage.audit_log import AuditAction, AuditEntry
from bot.storage.feedback import FeedbackItem, FeedbackState, Share
from bot.storage.store import Store
from briefings.errors import DatabaseUnavailable
from tests.unit.bot.storage.conftest import Clock

REPORT = FeedbackItem("T1", "U1", "C1", "/whosaid “lynch-mob”", "a1", 3, 9, "wrong speaker", "Someone else said it. 🙂")
SHARE = Share("T1", "C1", "1.000001", "U1", "/briefing labour-crisis")


async def test_feedback_is_stored_listed_and_closed(store: Store, clock: Clock) -> None:
    first_id = await store.feedback.add(REPORT)
    clock.seconds += 1
    second_id = await store.feedback.add(REPORT)
    items = await store.feedback.list_items("T1")
    assert [item.id for item in items] == [second_id, first_id]
    assert (items[1].item, items[1].state) == (REPORT, FeedbackState.OPEN)
    assert items[0].at == datetime.fromtimestamp(clock.seconds, UTC)
    assert await store.feedback.list_items("T2") == ()
    assert [await store.feedback.count(team) for team in ("T1", "T2")] == [2, 0]
    assert not await store.feedback.close("T2", first_id)
    assert [await store.feedback.close("T1", first_id) for _ in range(2)] == [True, False]
    assert [item.id for item in await store.feedback.list_items("T1")] == [second_id]
    closed_items = await store.feedback.list_items("T1", FeedbackState.CLOSED)
    assert [item.id for item in closed_items] == [first_id]
    assert [await store.feedback.count("T1", state) for state in FeedbackState] == [1, 1]


async def test_stored_action_is_also_logged(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """The log line has the user, action and subject. An action that could not be stored is not logged."""
    await store.audit_log.add(AuditAction("T1", "U1", "added", "a.txt", {"articles": 2}))
    assert await store.uninstall_cleanup.forget_workspace(None, "T2", "uninstalled", datetime.now(UTC))
    added_line, uninstalled_line = [line for line in capsys.readouterr().out.splitlines() if "audit" in line]
    for word in ("action=added", "person=U1", "subject=a.txt", "team=T1", "'articles': 2"):
        assert word in added_line
    for word in ("action=uninstalled", "person=None", "team=T2"):
        assert word in uninstalled_line
    with pytest.raises(DatabaseUnavailable):
        await store.audit_log.add(AuditAction(None, "U1", "added", "a.txt"))  # type: ignore[arg-type]  # None is not allowed
    assert "audit" not in capsys.readouterr().out


async def test_audit_log_lists_a_teams_actions(store: Store, clock: Clock) -> None:
    added_action = AuditAction("T1", "U1", "added", "https://example.org/a", {"articles": 2, "held": None, "new": True})
    await store.audit_log.add(added_action)
    clock.seconds += 1
    await store.audit_log.add(AuditAction("T1", None, "uninstalled", "T1"))
    await store.audit_log.add(AuditAction("T2", "U9", "shared", "C9"))
    latest_entry, first_entry = await store.audit_log.list_entries("T1")
    assert first_entry == AuditEntry(datetime.fromtimestamp(clock.seconds - 1, UTC), added_action)
    assert (latest_entry.action.person, latest_entry.action.action) == (None, "uninstalled")
    assert len(await store.audit_log.list_entries("T1", limit=1)) == 1


async def test_audit_entry_has_no_token_of_a_feed_and_no_e_mail_address(store: Store) -> None:
    """Its subject can be an address that someone typed, and it stays when the workspace leaves."""
    detail = {"hosts": "jane.roe@tribune.example", "articles": 2}
    action = AuditAction("T1", "U1", "followed", "https://jane:pass-word@tribune.example/feed?token=invented", detail)
    await store.audit_log.add(action)
    (entry,) = await store.audit_log.list_entries("T1")
    assert entry.action.subject == "https://…@tribune.example/feed?token=…"
    assert entry.action.detail == {"hosts": "…", "articles": 2}
    assert store.audit_log.check().fault is None


async def test_share_is_found_by_its_message_until_it_is_removed(store: Store) -> None:
    await store.shares.add(SHARE)
    assert await store.shares.find("T1", "C1", SHARE.ts) == SHARE
    assert await store.shares.find("T2", "C1", SHARE.ts) is None
    await store.shares.remove(SHARE)
    assert await store.shares.find("T1", "C1", SHARE.ts) is None
