"""The current day where a user is."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.asker_days import Asker, AskerDays

NOON = datetime(2031, 3, 3, 12, 0, tzinfo=UTC)


class FakeClient(AsyncWebClient):
    """Slack's answer to `users.info`, counted."""

    def __init__(self, zone: Any) -> None:
        super().__init__("xoxb-made-up")
        self.zone, self.calls = zone, 0

    async def users_info(self, **_: Any) -> Any:
        self.calls += 1
        if isinstance(self.zone, Exception):
            raise self.zone
        return {"user": {"tz": self.zone}}


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/London", date(2031, 3, 3)),
        ("Pacific/Kiritimati", date(2031, 3, 4)),
        ("Pacific/Pago_Pago", date(2031, 3, 3)),
        (None, date(2031, 3, 3)),
        ("Nowhere/At_All", date(2031, 3, 3)),
        (7, date(2031, 3, 3)),
        (SlackApiError("no", {"error": "user_not_found"}), date(2031, 3, 3)),
    ],
)
async def test_today_is_the_day_in_the_users_zone_or_else_in_utc(zone: Any, expected: date) -> None:
    assert await AskerDays(lambda: NOON).get_today(Asker(FakeClient(zone), "U1")) == expected


async def test_zone_is_asked_for_once_an_hour() -> None:
    client, times = FakeClient("Europe/London"), [NOON]
    days = AskerDays(lambda: times[-1])
    for _ in range(3):
        await days.get_today(Asker(client, "U1"))
    assert client.calls == 1
    times.append(NOON.replace(hour=14))
    await days.get_today(Asker(client, "U1"))
    assert client.calls == 2


async def test_user_without_a_client_has_the_day_of_utc() -> None:
    assert await AskerDays(lambda: NOON).get_today(Asker(None, "")) == NOON.date()
