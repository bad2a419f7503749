"""Equal questions within seconds are read once; later they are read with the names of that time."""

import asyncio
from collections.abc import Callable
from datetime import date

from bot.answers.question_reader import QuestionReader
from bot.queries.natural_language import ParsedQuery
from bot.queries.queries import BriefingQuery, Command, WhoSaidQuery
from briefings import BriefingService
from tests.stand_ins.briefing_service import FakeBriefingService

TODAY = date(2016, 7, 1)


def test_equal_questions_are_read_once_in_a_few_seconds() -> None:
    service, calls, clock = FakeBriefingService(), [0], [0.0]

    async def call(work: Callable[[BriefingService], ParsedQuery]) -> ParsedQuery:
        calls[0] += 1
        return work(service)

    reader = QuestionReader(call, lambda: clock[0])

    async def read_all() -> list[ParsedQuery]:
        queries = [await reader.read(Command.WHOSAID, '"levy" McDonnell', TODAY) for _ in range(3)]
        queries.append(await reader.read(None, "latest on labour-crisis", TODAY))
        clock[0] = 6.0
        return [*queries, await reader.read(Command.WHOSAID, '"levy" McDonnell', TODAY)]

    first, second, third, briefing, last = asyncio.run(read_all())
    assert first == second == third == last == WhoSaidQuery("levy", "McDonnell")
    assert briefing == BriefingQuery("labour-crisis")
    assert calls == [3]
