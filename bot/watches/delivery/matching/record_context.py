"""Reads what the recorder of a transaction's matches must know, with few queries for any number of matches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, func, select

from bot.mutes.repository import read_filters
from bot.storage.schema import watch_matches, watches
from bot.watches.delivery.channel_settings import read_all_settings
from bot.watches.delivery.notice_rows import notice_columns, notice_table
from bot.watches.delivery.watch_repository import build_watch
from bot.watches.found_passage import FoundPassage, MatchRole, deserialize_passage
from bot.watches.model import ChannelSettings, ChannelWatch, NoticeKind, NoticeState, WatchState
from briefings import NO_SOURCES, Article, SourceFilter
from briefings.watches import WatchFinding

#: how long further reports are gathered, and the period of the limit
GATHERING_PERIOD = LIMIT_PERIOD = timedelta(hours=1)
#: name of the words that an article had before it changed, in the details of a match
EARLIER_WORDS = "earlier_words"
_IN_CHUNK = 500
_UNREPORTED = (NoticeState.SKIPPED.value, NoticeState.FAILED.value)

#: team and channel
Place = tuple[str, str]
#: a passage in the place where it is posted: team, channel, thread ("" for none), article and words
PassageKey = tuple[str, str, str, str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A match of a watch in an article that arrived. `arrival` is the id of the arrival."""

    arrival: int
    watch: int
    article: Article
    finding: WatchFinding


@dataclass(frozen=True, slots=True)
class Head:
    """A statement that was reported: its passage, and the message that reports it."""

    passage: FoundPassage
    notice: int
    kind: NoticeKind


@dataclass(frozen=True, slots=True)
class RecordContext:
    """What is stored. The recorder updates it with what it adds."""

    #: the active watches by id
    watches: dict[int, ChannelWatch]
    #: the words that were found in the articles, newest first, as hashes by watch and article
    stored: dict[tuple[int, str], tuple[str, ...]]
    #: the statements that each watch reported in the last hour, newest first
    heads: dict[int, list[Head]]
    #: the passages that each channel or thread has in a message of the last hour, whichever watch reported them
    heads_by_passage: dict[PassageKey, Head]
    settings: dict[Place, ChannelSettings]
    #: number of messages for matches in the last hour
    counts: dict[Place, int]
    #: what the channels mute; those that mute nothing are left out
    muted: dict[Place, SourceFilter]

    def is_muted(self, watch: ChannelWatch, article: Article) -> bool:
        """Tell whether the watch's channel mutes the source of an article."""
        return self.muted.get(get_place(watch), NO_SOURCES).matches(article.publisher, article.url)


def load_context(db: Connection, matches: Sequence[FoundMatch], now: datetime) -> RecordContext:
    """Return what the recorder must know for these matches."""
    watch_ids = sorted({match.watch for match in matches})
    watch_by_id: dict[int, ChannelWatch] = {}
    for chunk in _split(watch_ids):
        statement = select(watches).where(watches.c.id.in_(chunk), watches.c.state == WatchState.ACTIVE.value)
        watch_by_id |= {row["id"]: build_watch(row) for row in db.execute(statement).mappings()}
    places = {get_place(watch) for watch in watch_by_id.values()}
    article_ids = sorted({match.article.id for match in matches})
    return RecordContext(
        watch_by_id,
        _load_stored(db, watch_ids, article_ids),
        _load_heads(db, watch_ids, now - GATHERING_PERIOD),
        _load_posted(db, places, article_ids, now - GATHERING_PERIOD),
        read_all_settings(db, places),
        _count_messages(db, places, now - LIMIT_PERIOD),
        read_filters(db, places),
    )


def list_head_articles(db: Connection, matches: Sequence[FoundMatch], now: datetime) -> frozenset[str]:
    """Return the ids of the articles whose statements these matches are compared with."""
    table = watch_matches
    return frozenset(
        article
        for chunk in _split(sorted({match.watch for match in matches}))
        for article in db.execute(
            select(table.c.article).where(table.c.watch.in_(chunk), table.c.at > now - GATHERING_PERIOD).distinct()
        ).scalars()
    )


def get_place(watch: ChannelWatch) -> Place:
    """Return the team and channel of a watch."""
    return watch.config.team, watch.config.channel


def make_passage_key(watch: ChannelWatch, passage: FoundPassage) -> PassageKey:
    """Return the key of a passage in the place where the watch posts it."""
    config = watch.config
    return config.team, config.channel, config.thread, passage.article, passage.wording_hash


def _load_stored(
    db: Connection, watch_ids: Sequence[int], article_ids: Sequence[str]
) -> dict[tuple[int, str], tuple[str, ...]]:
    table = watch_matches
    stored: dict[tuple[int, str], tuple[str, ...]] = {}
    for chunk in _split(watch_ids):
        condition = table.c.watch.in_(chunk) & table.c.article.in_(article_ids)
        for row in db.execute(select(table.c.watch, table.c.article, table.c.detail).where(condition)):
            passage, _ = deserialize_passage(row.detail)
            stored[row.watch, row.article] = (passage.wording_hash, *row.detail.get(EARLIER_WORDS, ()))
    return stored


def _load_heads(db: Connection, watch_ids: Sequence[int], since: datetime) -> dict[int, list[Head]]:
    """Return the statements whose messages were posted, or will be."""
    table = watch_matches
    heads: dict[int, list[Head]] = {}
    for chunk in _split(watch_ids):
        statement = (
            select(table, notice_columns.kind)
            .join(notice_table, notice_columns.id == table.c.notice)
            .where(table.c.watch.in_(chunk), table.c.at > since, notice_columns.state.not_in(_UNREPORTED))
            .order_by(table.c.at.desc(), table.c.notice.desc(), table.c.article)
        )
        for row in db.execute(statement):
            passage, role = deserialize_passage(row.detail)
            if role is MatchRole.HEAD:
                heads.setdefault(row.watch, []).append(Head(passage, row.notice, NoticeKind(row.kind)))
    return heads


def _load_posted(
    db: Connection, places: set[Place], article_ids: Sequence[str], since: datetime
) -> dict[PassageKey, Head]:
    """Return the passages of these articles that were posted in these channels, or will be."""
    table = watch_matches
    teams = sorted({team for team, _ in places})
    heads_by_passage: dict[PassageKey, Head] = {}
    for chunk in _split(sorted({channel for _, channel in places})):
        statement = (
            select(table.c.detail, table.c.notice, notice_columns.kind, watches)
            .join(notice_table, notice_columns.id == table.c.notice)
            .join(watches, watches.c.id == table.c.watch)
            .where(
                table.c.article.in_(article_ids),
                table.c.at > since,
                notice_columns.state.not_in(_UNREPORTED),
                watches.c.team.in_(teams),
                watches.c.channel.in_(chunk),
            )
            .order_by(table.c.at, table.c.notice)
        )
        for row in db.execute(statement).mappings():
            passage, role = deserialize_passage(row["detail"])
            if role is MatchRole.HEAD:
                head = Head(passage, row["notice"], NoticeKind(row["kind"]))
                heads_by_passage.setdefault(make_passage_key(build_watch(row), passage), head)
    return heads_by_passage


def _count_messages(db: Connection, places: set[Place], since: datetime) -> dict[Place, int]:
    counts: dict[Place, int] = {}
    teams = sorted({team for team, _ in places})
    for chunk in _split(sorted({channel for _, channel in places})):
        statement = (
            select(notice_columns.team, notice_columns.channel, func.count())
            .where(
                notice_columns.team.in_(teams),
                notice_columns.channel.in_(chunk),
                notice_columns.created_at > since,
                notice_columns.kind == NoticeKind.MATCH.value,
                notice_columns.state != NoticeState.SKIPPED.value,
            )
            .group_by(notice_columns.team, notice_columns.channel)
        )
        counts |= {(team, channel): count for team, channel, count in db.execute(statement)}
    return counts


def _split(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _IN_CHUNK] for start in range(0, len(items), _IN_CHUNK))
