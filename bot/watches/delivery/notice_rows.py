"""Rows of messages and matches of watches, and how they become values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from bot.slack.blocks.message import Message
from bot.slack.blocks.stored_messages import serialize_message
from bot.storage.schema import watch_matches, watch_notices
from bot.watches.found_passage import FoundPassage, MatchRole, deserialize_passage
from bot.watches.model import Notice, NoticeKind, NoticeState

notice_table, notice_columns = watch_notices, watch_notices.c
_INSERT_NOTICES = insert(notice_table).returning(notice_columns.id, sort_by_parameter_order=True)


def build_notice(row: RowMapping) -> Notice:
    """Return the notice for a row of its table."""
    return Notice(
        row["id"],
        row["team"],
        row["channel"],
        row["watch"],
        NoticeKind(row["kind"]),
        row["parent"],
        NoticeState(row["state"]),
        row["created_at"],
        row["due"],
        row["content_version"],
        row["posted_version"],
        row["tried_at"],
        row["message_ts"],
        row["why"],
        row["attempts"],
    )


def lock_matches(db: Connection) -> None:
    """Let other transactions that record matches or summaries wait for the end of this one.

    Otherwise two replicas could report one statement twice. SQLite has only one writer anyway.
    """
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext("watch matches"))))


def build_notice_row(
    place: tuple[str, str],
    kind: NoticeKind,
    now: datetime,
    *,
    due: datetime,
    watch: int | None = None,
    parent: int | None = None,
) -> dict[str, Any]:
    """Return the row of a message without content for a team's channel (`place`), to claim when it is due."""
    return {
        "team": place[0],
        "channel": place[1],
        "watch": watch,
        "kind": kind.value,
        "parent": parent,
        "state": NoticeState.WAITING.value,
        "created_at": now,
        "due": due,
        "content": None,
        "content_version": 1,
        "posted_version": 0,
        "lease_until": now,
        "attempts": 0,
    }


def add_notices(db: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add messages, with one statement for very many of them. Return their ids, in the same order."""
    return [int(notice_id) for notice_id in db.execute(_INSERT_NOTICES, rows).scalars()]


def replace_content(db: Connection, notice_id: int, message: Message, now: datetime) -> None:
    """Store a new version of a message. One that was posted already is claimed again, to be edited."""
    row = db.execute(select(notice_table).where(notice_columns.id == notice_id)).mappings().one()
    values: dict[str, Any] = {
        "content": serialize_message(message),
        "content_version": notice_columns.content_version + 1,
    }
    if row["state"] == NoticeState.DELIVERED.value:
        values |= {"state": NoticeState.WAITING.value, "lease_until": now, "attempts": 0, "due": now}
    db.execute(update(notice_table).where(notice_columns.id == notice_id).values(values))


def list_matches(db: Connection, notice_ids: Sequence[int]) -> list[tuple[int, int, FoundPassage, MatchRole]]:
    """Return the matches that these messages report, oldest first: notice, watch, passage and role."""
    table = watch_matches
    statement = select(table).where(table.c.notice.in_(notice_ids)).order_by(table.c.at, table.c.article)
    return [(row.notice, row.watch, *deserialize_passage(row.detail)) for row in db.execute(statement)]
