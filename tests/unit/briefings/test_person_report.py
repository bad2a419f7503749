"""Only the days that are known to be the first and the latest are called so."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.slack.views.people import timeline as slack_timeline
from briefings import exports
from briefings.model import Hit, Kind, SearchTotals, Source
from briefings.person_report import PersonStatement, PersonTimeline, StatementReport
from briefings.render import person_text

DAYS = (date(2025, 6, 1), date(2025, 6, 2), date(2025, 6, 3))


def build(*days: date | None, **fields: object) -> PersonTimeline:
    statements = []
    for number, day in enumerate(days):
        hit = Hit(None, "Yes", Kind.DIRECT, None, None, 0.9, "named", f"a{number}", 0, 3, "Tribune", day, None, None, 1)
        report = StatementReport("Yes", Source(f"a{number}", "Tribune", day, None, None), 0, 3, None)
        statements.append(PersonStatement(hit, (report,)))
    values = {"role": None, "about": None, "about_title": None, "day_counts": (), "outlets": 1, "quote_total": 9}
    return PersonTimeline(
        name="Jane Roe",
        statements=tuple(statements),
        totals=SearchTotals(1, 1),
        **{**values, **fields},  # type: ignore[arg-type]  # fields have several types
    )


@pytest.mark.parametrize(
    ("timeline", "places"),
    [
        (build(*DAYS), ["first", "", "latest"]),
        (build(DAYS[0], DAYS[0], DAYS[1]), ["first", "first", "latest"]),
        (build(DAYS[0]), ["first"]),
        (build(DAYS[0], DAYS[0]), ["", ""]),
        (build(None, None), ["", ""]),
        (build(*DAYS[:2], None), ["first shown", "latest shown", ""]),
        (build(*DAYS[:2], has_earliest=False), ["first shown", "latest"]),
        (build(*DAYS[:2], has_latest=False), ["first", "latest shown"]),
        (build(*DAYS[:2], is_bounded=True), ["", "latest"]),
        (build(), []),
    ],
)
def test_first_and_latest_days_are_named_only_if_they_are_known(timeline: PersonTimeline, places: list[str]) -> None:
    assert [timeline.describe_day(statement.first_day) for statement in timeline.statements] == places


def test_the_role_of_a_statement_is_shown_only_if_people_share_the_name() -> None:
    timeline = build(DAYS[0])
    assert timeline.get_role(timeline.statements[0]) == ""
    assert build(DAYS[0], namesakes=(("mayor",), ("coach",))).get_role(timeline.statements[0]) == ""


@pytest.mark.parametrize(
    "describe", [person_text.describe_silence, slack_timeline.describe_silence, exports.describe_silence]
)
@pytest.mark.parametrize(
    ("description", "words"),
    [("", "o quotes by Jane Roe. On all"), ("in June", "o quotes by Jane Roe in June. On all")],
)
def test_no_quotes_is_one_plain_sentence_with_or_without_filters(
    describe: Callable[[PersonTimeline], str], description: str, words: str
) -> None:
    assert words in describe(build(description=description))
