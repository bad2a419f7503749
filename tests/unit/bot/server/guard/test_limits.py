"""Limits of connections: their number, who gives way, and who counts as one client."""

import pytest

from bot.server.guard.limits import ServerLimits, choose_connection_count, find_limits
from bot.server.guard.registry import ConnectionRegistry


class FakeConnection:
    def __init__(self, client: str | None = "192.0.2.1", deadline: float = 10.0) -> None:
        self.client, self.deadline, self.is_overdue, self.is_dropped = client, deadline, True, False
        self.is_known = False

    def drop(self) -> None:
        self.is_dropped = True


def make_registry(now: list[float] | None = None, connections: int = 4, per_client: int = 3) -> ConnectionRegistry:
    clock = now or [0.0]
    return ConnectionRegistry(ServerLimits(connections, per_client), lambda: clock[0])


@pytest.mark.parametrize(
    ("files", "connections"), [(None, 512), (65_536, 512), (1_024, 512), (512, 384), (256, 128), (64, 21), (16, 8)]
)
def test_connections_leave_files_for_the_rest(files: int | None, connections: int) -> None:
    assert choose_connection_count(files) == connections


def test_limits_of_this_machine_are_sensible() -> None:
    limits = find_limits(["10.1.0.0/16"])
    assert 8 <= limits.connections_per_client <= limits.connections <= 512
    assert 10 <= limits.header_seconds <= 20
    assert 10 <= limits.body_seconds <= 20


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", None),
        ("127.9.9.9", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("10.1.2.3", None),
        ("10.2.2.3", "10.2.2.3"),
        (None, None),
        ("", None),
    ],
)
def test_a_client_is_an_address_or_a_network_and_a_proxy_is_none(address: str | None, client: str | None) -> None:
    assert ServerLimits(trusted_proxies=("10.1.0.0/16", "2001:db8:9::/48")).find_client(address) == client


def test_the_connection_that_waits_longest_gives_way() -> None:
    registry = make_registry(connections=3, per_client=3)
    first, second, third, fourth = (FakeConnection(None) for _ in range(4))
    assert all(registry.add(connection) for connection in (first, second, third))
    registry.mark_waiting(first)
    assert registry.add(fourth)
    assert [connection.is_dropped for connection in (first, second, third, fourth)] == [False, True, False, False]
    assert (len(registry), registry.closed_counts["gave way"]) == (3, 1)


def test_a_known_connection_is_the_last_to_give_way() -> None:
    registry = make_registry(connections=2)
    known, unknown = FakeConnection(None), FakeConnection(None)
    known.is_known = True
    registry.add(known)
    registry.add(unknown)
    assert registry.add(FakeConnection(None))
    assert (known.is_dropped, unknown.is_dropped) == (False, True)
    for _ in range(2):
        other = FakeConnection(None)
        other.is_known = True
        registry.add(other)
    assert known.is_dropped


def test_a_connection_that_is_answered_does_not_give_way() -> None:
    registry = make_registry(connections=2)
    busy = [FakeConnection(None), FakeConnection(None)]
    for connection in busy:
        assert registry.add(connection)
        registry.mark_busy(connection)
    assert not registry.add(FakeConnection(None))
    assert not any(connection.is_dropped for connection in busy)
    registry.discard(busy[0])
    assert registry.add(FakeConnection(None))


def test_many_connections_of_one_client_cost_only_its_own() -> None:
    registry = make_registry(connections=10, per_client=2)
    other, own = FakeConnection("192.0.2.9"), [FakeConnection() for _ in range(5)]
    assert registry.add(other)
    assert all(registry.add(connection) for connection in own)
    assert [connection.is_dropped for connection in own] == [True, True, True, False, False]
    assert not other.is_dropped
    for connection in (other, *own):
        registry.discard(connection)
        registry.discard(connection)
    assert len(registry) == 0
    assert registry._counts == {}


def test_overdue_connections_are_closed_unless_they_are_answered() -> None:
    now = [0.0]
    registry = make_registry(now)
    slow, late, busy = FakeConnection(deadline=5), FakeConnection(deadline=20), FakeConnection(deadline=5)
    busy.is_overdue = False
    for connection in (slow, late, busy):
        registry.add(connection)
    now[0] = 6.0
    registry.drop_overdue()
    assert [connection.is_dropped for connection in (slow, late, busy)] == [True, False, False]
    assert registry.closed_counts["too slow"] == 1
    registry.mark_waiting(slow)
    assert len(registry) == 2
