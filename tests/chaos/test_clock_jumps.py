"""A clock that jumps, forward or back, locks no one out and lets nothing in."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.links.signing import ExpiredToken, TokenSigner
from bot.storage.request_log import RateLimit, Request, RequestLog
from bot.storage.store import open_store

_START = 1_467_280_800.0
_DAY = 86_400.0
_JUMPS = (-3_650 * _DAY, -_DAY, -3_600.0, 3_600.0, _DAY, 3_650 * _DAY)


class _Clock:
    """Clock that a test sets."""

    def __init__(self) -> None:
        self.time = _START

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def request_log(tmp_path: Path, clock: _Clock) -> Iterator[RequestLog]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(2), clock)) as store:
        yield store.request_log


@pytest.mark.parametrize("jump", _JUMPS)
def test_user_can_ask_after_a_jump_and_after_the_clock_is_right_again(
    request_log: RequestLog, clock: _Clock, jump: float
) -> None:
    person = ("T1", "U1")
    for time in (_START, _START + jump, _START + 10):
        clock.time = time
        waits = [request_log.charge(person) for _ in range(10)]
        assert max(waits) <= 60
        clock.time += max(waits)
        assert request_log.charge(person) == 0


@pytest.mark.parametrize("jump", [jump for jump in _JUMPS if jump < 0])
def test_request_that_was_handled_is_not_handled_again_after_a_jump_back(
    request_log: RequestLog, clock: _Clock, jump: float
) -> None:
    assert request_log.admit([Request("trigger:1")])[0].is_new
    clock.time += jump
    assert not request_log.admit([Request("trigger:1")])[0].is_new


@pytest.mark.parametrize("jump", _JUMPS)
def test_link_is_valid_only_while_its_own_time_has_not_passed(clock: _Clock, jump: float) -> None:
    signer = TokenSigner(["an invented secret of thirty-two characters"], "link", 1_800, clock)
    token = signer.sign({"team": "T1"})
    clock.time += jump
    with pytest.raises(ExpiredToken):
        signer.verify(token)
    clock.time = _START + 60
    assert signer.verify(token) == {"team": "T1"}
