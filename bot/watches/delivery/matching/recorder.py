"""Turns the matches of new articles into messages, in the transaction that deletes the arrivals.

Rule: one message for each statement. Further reports of it within an hour are gathered below its message. A passage
that several watches of a channel match is posted once, for all of them. Matches over the limit of an hour, and those in
quiet hours, go into one summary. An article that changes is not reported again unless the watch finds another passage
in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from bot.mutes.repository import read_filters
from bot.slack.blocks.message import Message
from bot.slack.blocks.stored_messages import serialize_message
from bot.storage.schema import watch_matches, watches
from bot.watches.delivery.channel_settings import read_settings
from bot.watches.delivery.matching.record_context import (
    EARLIER_WORDS,
    LIMIT_PERIOD,
    FoundMatch,
    Head,
    Place,
    RecordContext,
    get_place,
    load_context,
    make_passage_key,
)
from bot.watches.delivery.notice_rows import (
    add_notices,
    build_notice_row,
    list_matches,
    notice_columns,
    notice_table,
    replace_content,
)
from bot.watches.delivery.watch_repository import build_watch
from bot.watches.found_passage import FoundPassage, MatchRole, build_passage, serialize_passage
from bot.watches.model import ChannelWatch, NoticeKind, NoticeState
from bot.watches.notice_view import SummaryEntry, build_gathered_message, build_match_message, build_summary_message
from briefings import NO_SOURCES, Article, Hit, Span
from briefings.watches import WatchFinding

#: most earlier statements of a watch that a match is compared with
_MAX_HEADS = 100
#: most earlier passages of an article that changes again and again, which are not reported a second time
_MAX_EARLIER = 20

#: whether a finding in an article reports the same statement as an earlier passage; None for another statement
Compare = Callable[[FoundPassage, Article, WatchFinding], MatchRole | None]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A message for a passage that this transaction adds. Watches that match the passage too join it."""

    watches: list[ChannelWatch]
    match: FoundMatch
    passage: FoundPassage
    hit: Hit | None

    def build(self) -> Message:
        """Return the message, which names the watches that have joined so far."""
        return build_match_message(self.watches, self.match.article, self.match.finding, self.passage, self.hit)


class MatchRecorder:
    """Records the matches of one transaction. `compare` recognises further reports of a statement."""

    def __init__(self, db: Connection, now: datetime, compare: Compare) -> None:
        self._db, self._now, self._compare = db, now, compare
        self._context = RecordContext({}, {}, {}, {}, {}, {}, {})
        #: the messages that are added, by their provisional ids
        self._drafts: dict[int, _Draft] = {}
        self._last_passage: tuple[WatchFinding, tuple[FoundPassage, Hit | None]] | None = None
        #: the matches to store, and the messages to add: each statement costs time, however many rows it has
        self._rows: list[dict[str, Any]] = []
        self._new_notices: list[dict[str, Any]] = []
        #: ids of the added messages by their provisional ids, which are -1, -2, …
        self._ids: dict[int, int] = {}
        self._summaries: dict[Place, int] = {}
        #: messages whose content must be written again
        self._changed_drafts: set[int] = set()
        self._changed_gathered: set[int] = set()
        self._changed_summaries: set[int] = set()

    def record(self, matches: Sequence[FoundMatch]) -> int:
        """Store matches of arrivals that this process has claimed. Return the number of new ones.

        Matches that are stored already change nothing.
        """
        self._context = load_context(self._db, matches, self._now)
        active_matches = [
            (watch, match)
            for match in matches
            if (watch := self._context.watches.get(match.watch)) and not self._context.is_muted(watch, match.article)
        ]
        recorded_count = sum(self._record_match(watch, match) for watch, match in active_matches)
        self._add_new_notices()
        if self._rows:
            rows = [row | {"notice": self._find_id(row["notice"])} for row in self._rows]
            self._db.execute(insert(watch_matches), rows)
        for notice in sorted(self._changed_drafts):
            replace_content(self._db, self._find_id(notice), self._drafts[notice].build(), self._now)
        for notice in sorted(self._changed_gathered):
            write_gathered(self._db, notice, self._now)
        for notice in sorted(self._changed_summaries):
            if _is_tried(self._db, notice):  # otherwise, its first attempt writes it
                write_summary(self._db, notice, self._now)
        return recorded_count

    def _record_match(self, watch: ChannelWatch, match: FoundMatch) -> bool:
        passage, hit = self._build_passage(match)
        key = (watch.id, match.article.id)
        heads = self._context.heads.setdefault(watch.id, [])
        stored_words = self._context.stored.get(key, ())
        if passage.wording_hash in stored_words:
            return False
        if stored_words:
            self._forget(key)
        self._context.stored[key] = (passage.wording_hash, *stored_words[:_MAX_EARLIER])
        for head in heads[:_MAX_HEADS]:
            if role := self._compare(head.passage, match.article, match.finding):
                self._store(watch, passage, role, self._gather(watch, head))
                return True
        head = self._find_or_add_head(watch, match, passage, hit)
        heads.insert(0, head)
        self._store(watch, passage, MatchRole.HEAD, head.notice)
        return True

    def _find_or_add_head(self, watch: ChannelWatch, match: FoundMatch, passage: FoundPassage, hit: Hit | None) -> Head:
        """Return the message that has this passage for another watch of the channel, or add one."""
        passage_key = make_passage_key(watch, passage)
        if head := self._context.heads_by_passage.get(passage_key):
            self._join(watch, head)
            return head
        kind, notice = NoticeKind.SUMMARY, self._find_summary(watch)
        if notice is None:
            kind, notice = NoticeKind.MATCH, self._add_notice(watch, NoticeKind.MATCH)
            self._drafts[notice] = _Draft([watch], match, passage, hit)
            place = get_place(watch)
            self._context.counts[place] = self._context.counts.get(place, 0) + 1
        return self._context.heads_by_passage.setdefault(passage_key, Head(passage, notice, kind))

    def _join(self, watch: ChannelWatch, head: Head) -> None:
        """Let the message of a passage name one more watch, unless an earlier transaction has added the message."""
        if head.kind is NoticeKind.SUMMARY:
            self._changed_summaries.add(head.notice)
        elif draft := self._drafts.get(head.notice):
            draft.watches.append(watch)
            if head.notice in self._ids:  # its content is stored already
                self._changed_drafts.add(head.notice)

    def _forget(self, key: tuple[int, str]) -> None:
        """Delete a stored match, whose article has changed."""
        watch, article = key
        table = watch_matches
        self._db.execute(delete(table).where(table.c.watch == watch, table.c.article == article))
        self._rows = [row for row in self._rows if (row["watch"], row["article"]) != key]
        heads = self._context.heads[watch]
        heads[:] = [head for head in heads if head.passage.article != article]

    def _build_passage(self, match: FoundMatch) -> tuple[FoundPassage, Hit | None]:
        """Return what to show of a match. Watches with the same query share a finding, which is built once."""
        if self._last_passage is None or self._last_passage[0] is not match.finding:
            self._last_passage = match.finding, build_passage(match.article, match.finding)
        return self._last_passage[1]

    def _gather(self, watch: ChannelWatch, head: Head) -> int:
        """Return the message that lists further reports of a statement; add it for the first one."""
        if head.kind is NoticeKind.SUMMARY:
            self._changed_summaries.add(head.notice)
            return head.notice
        parent = self._find_id(head.notice)
        condition = (notice_columns.parent == parent) & (notice_columns.kind == NoticeKind.REPORTS.value)
        notice = self._db.execute(select(notice_columns.id).where(condition)).scalar()
        if notice is None:
            notice = self._find_id(self._add_notice(watch, NoticeKind.REPORTS, parent=parent))
        self._changed_gathered.add(notice)
        return int(notice)

    def _find_summary(self, watch: ChannelWatch) -> int | None:
        """Return the summary that a new match must go into, or None if it gets a separate message."""
        place = get_place(watch)
        settings = self._context.settings[place]
        quiet_until = settings.find_quiet_end(self._now)
        count = self._context.counts.get(place, 0)
        if quiet_until is None and (settings.hourly_limit is None or count < settings.hourly_limit):
            return None
        if place not in self._summaries:
            self._add_new_notices()  # its time depends on them
            self._summaries[place] = find_or_add_summary(self._db, place, self._now, quiet_until)
        notice = self._summaries[place]
        self._changed_summaries.add(notice)
        return notice

    def _add_notice(self, watch: ChannelWatch, kind: NoticeKind, *, parent: int | None = None) -> int:
        """Note a message to add, and return its provisional id."""
        row = build_notice_row(get_place(watch), kind, self._now, due=self._now, watch=watch.id, parent=parent)
        self._new_notices.append(row)
        return -len(self._ids) - len(self._new_notices)

    def _add_new_notices(self) -> None:
        if self._new_notices:
            count = len(self._ids)
            rows = [
                row | {"content": draft and serialize_message(draft.build())}
                for number, row in enumerate(self._new_notices, start=1)
                for draft in (self._drafts.get(-count - number),)
            ]
            ids = add_notices(self._db, rows)
            self._ids |= {-count - number: notice for number, notice in enumerate(ids, start=1)}
            self._new_notices = []

    def _find_id(self, notice: int) -> int:
        """Return the id for a provisional id, or the id itself."""
        if notice < 0 and notice not in self._ids:
            self._add_new_notices()
        return self._ids.get(notice, notice)

    def _store(self, watch: ChannelWatch, passage: FoundPassage, role: MatchRole, notice: int) -> None:
        row = {"watch": watch.id, "article": passage.article, "notice": notice, "at": self._now}
        earlier_words = self._context.stored[watch.id, passage.article][1:]
        self._rows.append(row | {"detail": serialize_passage(passage, role) | {EARLIER_WORDS: earlier_words}})


def find_or_add_summary(db: Connection, place: Place, now: datetime, quiet_until: datetime | None) -> int:
    """Return the id of the channel's summary that is not posted yet; or of a new one.

    It is due at the end of the quiet hours, or an hour after the first message of the full hour.
    """
    conditions = (
        _is_at(place),
        notice_columns.kind == NoticeKind.SUMMARY.value,
        notice_columns.state == NoticeState.WAITING.value,
        notice_columns.tried_at.is_(None),
    )
    row = db.execute(select(notice_columns.id, notice_columns.due).where(*conditions)).first()
    due = quiet_until or _find_free_time(db, place, now)
    if row is None:
        return add_notices(db, [build_notice_row(place, NoticeKind.SUMMARY, now, due=due)])[0]
    if quiet_until and row.due < quiet_until:
        db.execute(notice_table.update().where(notice_columns.id == row.id).values(due=quiet_until))
    return int(row.id)


def write_gathered(db: Connection, notice: int, now: datetime) -> None:
    """Write the content of a message that lists further reports."""
    parent = db.execute(select(notice_columns.parent).where(notice_columns.id == notice)).scalar_one()
    matches = list_matches(db, [parent, notice])
    heads = [passage for _, _, passage, role in matches if role is MatchRole.HEAD]
    others = [(passage, role) for _, _, passage, role in matches if role is not MatchRole.HEAD]
    if heads and others:
        replace_content(db, notice, build_gathered_message(heads[0], others), now)


def write_summary(db: Connection, notice: int, now: datetime) -> bool:
    """Write the content of a summary. Return False if all of its watches are paused or stopped, or sources muted."""
    row = db.execute(select(notice_table).where(notice_columns.id == notice)).mappings().one()
    place = (row["team"], row["channel"])
    muted = read_filters(db, [place]).get(place, NO_SOURCES)
    matches = [match for match in list_matches(db, [notice]) if not muted.matches(match[2].outlet, match[2].link)]
    statement = select(watches).where(watches.c.id.in_({watch for _, watch, _, _ in matches}))
    watch_by_id = {row["id"]: build_watch(row) for row in db.execute(statement).mappings()}
    active_matches = [match for match in matches if match[1] in watch_by_id and watch_by_id[match[1]].is_active]
    watches_with_head = {watch for _, watch, _, role in active_matches if role is MatchRole.HEAD}
    # a passage that several watches match is one entry
    heads: dict[tuple[str, Span], FoundPassage] = {}
    watches_by_passage: dict[tuple[str, Span], list[ChannelWatch]] = {}
    reports: set[tuple[str, Span]] = set()
    for _, watch, passage, role in active_matches:
        key = (passage.article, passage.span)
        # a report takes the place of the statement that it repeats, if the source of that is muted now
        if role is MatchRole.HEAD or watch not in watches_with_head:
            watches_with_head.add(watch)
            heads.setdefault(key, passage)
            watches_by_passage.setdefault(key, []).append(watch_by_id[watch])
        else:
            reports.add(key)
    entries = [SummaryEntry(tuple(watches_by_passage[key]), passage) for key, passage in heads.items()]
    if not entries:
        return False
    settings = read_settings(db, *place)
    is_quiet = settings.find_quiet_end(row["due"] - timedelta(seconds=1)) is not None
    replace_content(db, notice, build_summary_message(entries, len(reports - heads.keys()), is_quiet=is_quiet), now)
    return True


def _find_free_time(db: Connection, place: Place, now: datetime) -> datetime:
    """Return when the oldest message of the last hour is an hour old, but not within an hour of the last summary."""
    since = now - LIMIT_PERIOD
    first = select(func.min(notice_columns.created_at)).where(
        _is_at(place), notice_columns.kind == NoticeKind.MATCH.value, notice_columns.created_at > since
    )
    last = select(func.max(notice_columns.due)).where(
        _is_at(place), notice_columns.kind == NoticeKind.SUMMARY.value, notice_columns.due > since
    )
    times: list[datetime] = [time for time in (db.execute(first).scalar(), db.execute(last).scalar()) if time]
    return max([since, *times]) + LIMIT_PERIOD


def _is_tried(db: Connection, notice: int) -> bool:
    return db.execute(select(notice_columns.tried_at).where(notice_columns.id == notice)).scalar() is not None


def _is_at(place: Place) -> ColumnElement[bool]:
    return (notice_columns.team == place[0]) & (notice_columns.channel == place[1])
