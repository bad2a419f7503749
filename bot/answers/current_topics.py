"""The topics of the workspace whose request is handled. It imports nothing of Slack, for questions in a terminal.

Rule: a request reads its workspace's topics once, when it first needs them, so that no acknowledgement waits for the
database. All its answers and cache keys use these, also if another request changes them meanwhile. Without a workspace
or a database, the topics are those of the topics file.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.core.tenancy import get_team
from bot.storage.topics.changes import TeamTopics

#: reads topics; None means those of the file
LoadTopics = Callable[[], Awaitable[TeamTopics | None]]


@dataclass(slots=True)
class _RequestTopics:
    """The topics of a request, which its tasks share. `load` reads them; it is None if they are known.

    `shares_record` says that all workspaces read the same articles, so that those with the same topics share answers.
    """

    shares_record: bool
    topics: TeamTopics | None = None
    load: LoadTopics | None = None
    task: asyncio.Future[TeamTopics | None] | None = None


_current: ContextVar[_RequestTopics | None] = ContextVar("topics", default=None)


async def load_topics_key() -> str:
    """Return a key for caches of answers. It differs between records, and between workspaces with other topics.

    It also differs between workspaces if it is not known that they share a record.
    """
    topics = await load_topics()
    topics_key = topics.key if topics else ""
    request_topics = _current.get()
    team = "" if request_topics and request_topics.shares_record else get_team()
    return f"{team}:{topics_key}" if team else topics_key


async def load_topics() -> TeamTopics | None:
    """Return the topics of the workspace whose request is handled, or None if they are those of the file."""
    request_topics = _current.get()
    if request_topics is None:
        return None
    if load := request_topics.load:
        if request_topics.task is None:
            request_topics.task = asyncio.ensure_future(load())
        # other tasks of the request may wait for the same topics
        request_topics.topics = await asyncio.shield(request_topics.task)
        request_topics.load = None
    return request_topics.topics


def get_team_topics() -> TeamTopics | None:
    """Return the topics as `load_topics` does, after it was called or the topics were set."""
    request_topics = _current.get()
    return request_topics.topics if request_topics else None


def set_team_topics(topics: TeamTopics | None, *, shares_record: bool = False) -> None:
    """Use these topics in the rest of the current task."""
    _current.set(_RequestTopics(shares_record, topics))


def set_topics_source(load: LoadTopics, *, shares_record: bool = False) -> None:
    """Use the topics that `load` returns in the rest of the current task. They are read when they are needed."""
    _current.set(_RequestTopics(shares_record, load=load))


@contextmanager
def use_topics(topics: TeamTopics | None, *, shares_record: bool = False) -> Iterator[None]:
    """Use these topics for the work within the block."""
    token = _current.set(_RequestTopics(shares_record, topics))
    try:
        yield
    finally:
        _current.reset(token)
