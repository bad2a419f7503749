"""Stores the topics of each workspace: first a copy of the topics file, then what people make of them.

Rule: a change, its audit entry and the new version number are one transaction. Every replica compares the version
before it answers, so that a change counts at once everywhere. A later topics file adds topics, and changes none.
Rule: topics are read without waiting for a writer. Those of the file count at once, and are copied one workspace after
the other.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.logs import get_logger
from bot.storage.audit_log import AuditAction, AuditLog, log_action
from bot.storage.database import Database
from bot.storage.schema import workspace_topic_versions, workspace_topics
from bot.storage.topics.changes import TeamTopics, TopicChange, TopicState, apply_change, find_forgotten, find_new_seeds
from briefings import DatabaseUnavailable, Topic

#: workspaces whose topics are kept in memory
_MAX_TEAMS = 200
_VERSION = workspace_topic_versions.c.version
#: longest wait for the copy of the file's topics, in seconds, and workspaces in one statement
_COPY_SECONDS, _IN_CHUNK = 0.3, 500


class TopicRepository:
    """Repository of the topics of all workspaces. `clock` returns the time. Calls can raise DatabaseUnavailable.

    `seeds` are the topics of the file.
    """

    def __init__(
        self, database: Database, audit_log: AuditLog, clock: Callable[[], datetime], seeds: Sequence[Topic] = ()
    ) -> None:
        self._database = database
        self._audit_log = audit_log
        self._clock = clock
        self._seeds = tuple(seeds)
        self._topics_by_team: OrderedDict[str, TeamTopics] = OrderedDict()
        #: copies the file's topics; one at a time, so that a locked database does not occupy all threads
        self._copying: asyncio.Task[TeamTopics | None] | None = None

    async def load(self, team: str) -> TeamTopics:
        """Return the topics of a workspace, with those of the file that are not copied yet."""
        known_topics = self._topics_by_team.get(team)
        topics = await self._database.read_async(lambda db: _read_changed(db, team, known_topics))
        if topics is not known_topics and (topics.version == 0 or find_new_seeds(topics, self._seeds)):
            copied_topics = await self._copy_soon(team)
            if copied_topics is None:
                return self._add_seeds(topics)
            topics = copied_topics
        self._topics_by_team[team] = topics
        self._topics_by_team.move_to_end(team)
        while len(self._topics_by_team) > _MAX_TEAMS:
            self._topics_by_team.popitem(last=False)
        return topics

    def read_all(self, teams: Collection[str], known_topics: Mapping[str, TeamTopics]) -> dict[str, TeamTopics]:
        """Return the topics of workspaces, as `load` does. Blocks. Known topics that did not change are not read."""
        return self._database.read(lambda db: self._read_all(db, sorted(teams), known_topics))

    def _read_all(
        self, db: Connection, teams: Sequence[str], known_topics: Mapping[str, TeamTopics]
    ) -> dict[str, TeamTopics]:
        versions: dict[str, int] = {}
        for start in range(0, len(teams), _IN_CHUNK):
            condition = workspace_topic_versions.c.team.in_(teams[start : start + _IN_CHUNK])
            versions |= {row[0]: row[1] for row in db.execute(select(workspace_topic_versions).where(condition))}
        topics_by_team: dict[str, TeamTopics] = {}
        for team in teams:
            topics = known_topics.get(team)
            is_known = topics is not None and topics.version == versions.get(team, 0)
            topics_by_team[team] = topics if topics and is_known else self._add_seeds(_read(db, team))
        return topics_by_team

    def get_last(self, team: str) -> TeamTopics | None:
        """Return the topics of a workspace as they were read last, or None if they were not."""
        return self._topics_by_team.get(team)

    async def change(self, team: str, person: str, change: TopicChange) -> tuple[TeamTopics, Topic]:
        """Make a change. Return the topics after it, and the changed topic. Raises BadQuestion if it is impossible."""
        await self.load(team)
        action, topic = await self._database.write_async(lambda db: self._change(db, team, person, change))
        log_action(action)
        return await self.load(team), topic

    async def find_only_team(self) -> str:
        """Return the workspace whose topics are stored, or "" if there are none or several."""
        statement = select(workspace_topic_versions.c.team).limit(2)
        teams = await self._database.read_async(lambda db: db.execute(statement).scalars().all())
        return teams[0] if len(teams) == 1 else ""

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's topics, in the given transaction."""
        for table in (workspace_topics, workspace_topic_versions):
            db.execute(delete(table).where(table.c.team == team))

    async def _copy_soon(self, team: str) -> TeamTopics | None:
        """Copy the file's topics, and return all topics of the workspace. Return None if that takes long."""
        if self._copying and not self._copying.done():
            return None
        self._copying = copying = asyncio.create_task(self._try_copy(team))
        await asyncio.wait([copying], timeout=_COPY_SECONDS)
        return copying.result() if copying.done() and not copying.cancelled() else None

    async def _try_copy(self, team: str) -> TeamTopics | None:
        """Copy the file's topics; return None if the database fails, because the next request tries again."""
        try:
            return await self._database.write_async(lambda db: self._copy_seeds(db, team))
        except DatabaseUnavailable as error:
            get_logger().warning("topics not copied", error=type(error).__name__)
            return None

    def _add_seeds(self, topics: TeamTopics) -> TeamTopics:
        """Return the topics as they will be after `_copy_seeds`."""
        new_seeds = find_new_seeds(topics, self._seeds)
        return replace(topics, topics=(*topics.topics, *new_seeds)) if new_seeds else topics

    def _copy_seeds(self, db: Connection, team: str) -> TeamTopics:
        _raise_version(db, team)  # locks the workspace's topics until the commit
        topics = _read(db, team)
        for seed in find_new_seeds(topics, self._seeds):
            self._save(db, team, seed, TopicState.VISIBLE, None)
        return _read(db, team)

    def _change(self, db: Connection, team: str, person: str, change: TopicChange) -> tuple[AuditAction, Topic]:
        result = apply_change(self._copy_seeds(db, team), change)
        condition = workspace_topics.c.team == team
        if result.deleted_slugs:
            db.execute(delete(workspace_topics).where(condition, workspace_topics.c.slug.in_(result.deleted_slugs)))
        self._save(db, team, result.topic, result.state, person)
        if forgotten_slugs := find_forgotten(_read(db, team), self._seeds):
            db.execute(delete(workspace_topics).where(condition, workspace_topics.c.slug.in_(forgotten_slugs)))
        detail = {"from": ", ".join(result.deleted_slugs)} if result.deleted_slugs else {}
        action = AuditAction(team, person, result.action, result.topic.slug, detail)
        self._audit_log.add_in_transaction(db, action)
        return action, result.topic

    def _save(self, db: Connection, team: str, topic: Topic, state: TopicState, person: str | None) -> None:
        values = {
            "title": topic.title,
            "words": list(topic.words),
            "former_names": list(topic.former_names),
            "state": state.value,
            "person": person,
            "at": self._clock(),
        }
        build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        statement = build(workspace_topics).values(team=team, slug=topic.slug, **values)
        db.execute(statement.on_conflict_do_update(index_elements=["team", "slug"], set_=values))


def _raise_version(db: Connection, team: str) -> None:
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    statement = build(workspace_topic_versions).values(team=team, version=0).on_conflict_do_nothing()
    db.execute(statement)
    db.execute(
        update(workspace_topic_versions).where(workspace_topic_versions.c.team == team).values(version=_VERSION + 1)
    )


def _read_changed(db: Connection, team: str, known_topics: TeamTopics | None) -> TeamTopics:
    """Return the topics, or `known_topics` itself if these have not changed."""
    version = db.execute(select(_VERSION).where(workspace_topic_versions.c.team == team)).scalar() or 0
    return known_topics if known_topics and known_topics.version == version else _read(db, team)


def _read(db: Connection, team: str) -> TeamTopics:
    # in one statement, so that the rows are those of the version
    columns = (_VERSION, *workspace_topics.c)
    join = workspace_topic_versions.outerjoin(
        workspace_topics, workspace_topics.c.team == workspace_topic_versions.c.team
    )
    statement = select(*columns).select_from(join).where(workspace_topic_versions.c.team == team)
    rows = db.execute(statement.order_by(workspace_topics.c.at, workspace_topics.c.slug)).mappings().all()
    topics: list[Topic] = []
    removed: list[Topic] = []
    for row in rows:
        if row["slug"] is not None:
            topic = Topic(
                row["slug"],
                row["title"],
                tuple(row["words"]),
                tuple(row["former_names"]),
                is_muted=row["state"] == TopicState.MUTED,
            )
            (removed if row["state"] == TopicState.REMOVED else topics).append(topic)
    return TeamTopics(team, rows[0]["version"] if rows else 0, tuple(topics), tuple(removed))
