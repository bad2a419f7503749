"""All open connections: makes room for a new one, and closes those that take too long.

Rule: a new connection is never refused because of one that waits. If there are too many, the one that has waited
longest for a request gives way: a client that sends a request at once is not affected. Connections that had a request
answered, such as those of a proxy, are the last to give way. Only if all connections are answering a request is a new
one closed.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from itertools import chain
from typing import Protocol

from bot.server.guard.limits import ServerLimits


class GuardedConnection(Protocol):
    """What the registry needs of a connection."""

    #: who it counts for; None for a proxy
    client: str | None
    #: time at which it is closed, unless something happens before
    deadline: float
    #: whether one of its requests was answered without an error
    is_known: bool

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline counts now."""

    def drop(self) -> None:
        """Close the connection at once."""


class ConnectionRegistry:
    """The open connections of one server; `clock` returns seconds."""

    def __init__(self, limits: ServerLimits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._connections: dict[GuardedConnection, None] = {}
        #: those without a complete request, unknown and known, the one that has waited longest first
        self._waiting: dict[bool, OrderedDict[GuardedConnection, None]] = {False: OrderedDict(), True: OrderedDict()}
        self._counts: Counter[str] = Counter()
        #: number of closed connections by reason
        self.closed_counts: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._connections)

    def now(self) -> float:
        """Return the time of the deadlines."""
        return self._clock()

    def add(self, connection: GuardedConnection) -> bool:
        """Add a new connection, after another one has given way if needed. False if none could: close it."""
        client = connection.client
        if client is not None and self._counts[client] >= self.limits.connections_per_client:
            is_free = self._drop_oldest(client)
        else:
            is_free = len(self._connections) < self.limits.connections or self._drop_oldest(None)
        if not is_free:
            self.closed_counts["refused"] += 1
            return False
        self._connections[connection] = None
        self.mark_waiting(connection)
        if client is not None:
            self._counts[client] += 1
        return True

    def mark_waiting(self, connection: GuardedConnection) -> None:
        """Note that a connection waits for a request."""
        if connection in self._connections:
            self.mark_busy(connection)
            self._waiting[connection.is_known][connection] = None

    def mark_busy(self, connection: GuardedConnection) -> None:
        """Note that the bot answers a request of a connection, so that it is not closed for another one."""
        for waiting in self._waiting.values():
            waiting.pop(connection, None)

    def discard(self, connection: GuardedConnection) -> None:
        """Forget a closed connection."""
        self.mark_busy(connection)
        if connection not in self._connections:
            return
        del self._connections[connection]
        if (client := connection.client) is not None:
            self._counts[client] -= 1
            if self._counts[client] <= 0:
                del self._counts[client]

    def drop_overdue(self) -> None:
        """Close the connections whose deadline has passed."""
        now = self._clock()
        for connection in [item for item in self._connections if item.deadline <= now and item.is_overdue]:
            self._drop(connection, "too slow")

    def drop_oldest(self) -> bool:
        """Close the connection that has waited longest, for example if the system has no more files."""
        return self._drop_oldest(None)

    def _drop_oldest(self, client: str | None) -> bool:
        waiting = chain(self._waiting[False], self._waiting[True])
        oldest = next((item for item in waiting if client is None or item.client == client), None)
        if oldest is None:
            return False
        self._drop(oldest, "gave way")
        return True

    def _drop(self, connection: GuardedConnection, reason: str) -> None:
        self.closed_counts[reason] += 1
        self.discard(connection)
        connection.drop()
