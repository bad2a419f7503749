"""The topic of a request is the text before the schedule, and never a part of the schedule."""

import re

import pytest

from bot.digests.schedule_parser import DigestRequest, parse_request
from briefings.errors import BadQuestion
from tests.unit.bot.digests.schedule_defaults import OWN_ZONE


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("ferry-strike weekdays at 8:30", "ferry-strike", "weekdays at 08:30"),
        ("strikes daily mail at 8", "strikes daily mail", "every day at 08:00"),
        ("Monday strike fridays 9", "Monday strike", "every Friday at 09:00"),
        ("vote 2016 daily at noon", "vote 2016", "every day at 12:00"),
        ("“black friday” weekdays at 9", "black friday", "weekdays at 09:00"),
        ("brexit no deal weekdays at 9", "brexit no deal", "weekdays at 09:00"),
        ("ferry-strike M, W, F 9", "ferry-strike", "every Monday, Wednesday and Friday at 09:00"),
        ("ferry-strike Mo, We, Fr at 9", "ferry-strike", "every Monday, Wednesday and Friday at 09:00"),
        ("first minister weekdays at 9", "first minister", "weekdays at 09:00"),
        ("the last bus daily at 9", "the last bus", "every day at 09:00"),
        ("every child matters daily at 9", "every child matters", "every day at 09:00"),
        ("“sunday paper” at 8", "sunday paper", "every day at 08:00"),
        ('"weekdays" weekdays at 9', "weekdays", "weekdays at 09:00"),
        ("ferry-strike, Mon/Wed/Fri at 9", "ferry-strike", "every Monday, Wednesday and Friday at 09:00"),
        ("ferry-strike M-F 9", "ferry-strike", "weekdays at 09:00"),
        ("ferry-strike Mon–Fri: 8:30", "ferry-strike", "weekdays at 08:30"),
        ("ferry-strike weekdays: 8:30", "ferry-strike", "weekdays at 08:30"),
        ("ferry–strike (weekdays at 8:30)", "ferry–strike", "weekdays at 08:30"),
        ("ferry-strike twice a day at 8 and 17", "ferry-strike", "every day at 08:00 and 17:00"),
        (
            "ferry-strike on the first Monday of the month at 9",
            "ferry-strike",
            "the first Monday of the month at 09:00",
        ),
        ("ferry-strike first of the month at 9", "ferry-strike", "the 1st of the month at 09:00"),
        ("ferry-strike fortnightly on Mon 9", "ferry-strike", "every other Monday at 09:00"),
        ("ferry-strike 0830", "ferry-strike", "every day at 08:30"),
        ("every Monday at 9 about the ferry strike", "the ferry strike", "every Monday at 09:00"),
    ],
)
def test_query_is_the_text_before_the_schedule(text: str, query: str, words: str) -> None:
    request = parse_request(text, OWN_ZONE)
    assert isinstance(request, DigestRequest)
    assert (request.query, str(request.schedule)) == (query, words)


@pytest.mark.parametrize("text", ["ferry-strike", "“weekdays at 8”", "first minister", "the last bus"])
def test_text_without_a_schedule_gives_no_request(text: str) -> None:
    assert parse_request(text, OWN_ZONE) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ferry-strike at 25:99", "“25:99” isn't a time"),
        ("weekdays at 8:30", "What is the digest about?"),
        ("ferry-strike mondays", "At what time on “mondays”?"),
        ("ferry-strike weekdays except bank holidays at 9", "except bank holidays"),
        ("ferry-strike Monday bar holidays at 9", "bar holidays"),
        ("ferry-strike every quarter on Monday at 9", "every quarter"),
        ("ferry-strike weekdays when it rains at 9", "when it rains"),
        ("ferry-strike Wedensday at 9", "did you mean Wednesday?"),
        ("ferry-strike evry Monday at 9", "“evry” (did you mean every?)"),
        ("ferry-strike wkdays at 9", "did you mean weekdays?"),
        ("ferry-strike next Monday at 9", "“next”"),
        ("ferry-strike tomorrow at 9", "“tomorrow”"),
        ("ferry-strike morning at 9", "“morning”"),
        ("ferry-strike UK time weekdays at 9", "“UK time”"),
        ("ferry-strike except Friday weekdays at 9", "“Friday”"),
        ("ferry-strike Tuseday and Friday at 9", "“and”"),
        ("black friday weekdays at 9", '/digest "black friday" weekdays at 09:00'),
        ("ferry-strike Monday at 9 and Friday", "At what time on “Friday”?"),
        ("ferry-strike 8:30 on Monday and 10", "On which days at “10”?"),
        ("ferry-strike Monday 9 to 17", "How often between those times"),
        ("ferry-strike weekdays at 9 for 3 weeks", "for 3 weeks"),
        ("ferry-strike 0 9 * * 1-5", "cron line “0 9 * * 1-5”"),
    ],
)
def test_part_of_a_schedule_never_becomes_the_topic(text: str, message: str) -> None:
    with pytest.raises(BadQuestion, match=re.escape(message)):
        parse_request(text, OWN_ZONE)
