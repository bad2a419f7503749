"""The form of a digest: what it shows for a schedule, and what it reads from a submission."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.form import form_parser, form_view
from bot.digests.form.form_parser import FieldError
from bot.digests.form.form_view import FormValues
from bot.digests.model import Digest, DigestConfig, DigestState
from bot.digests.schedule import Schedule
from bot.digests.schedule_parser import parse_schedule
from tests.stand_ins.slack_limits import find_view_problems

TODAY = date(2026, 1, 7)
NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


def make_digest(text: str) -> Digest:
    schedule = parse_schedule(text, "Europe/London", TODAY)[0].start_after(NOW, "Europe/London")
    config = DigestConfig("T1", "C1", "U1", "ferry-strike", schedule, "Europe/London")
    return Digest(1, 1, config, DigestState.ACTIVE, None, NOW, None)


def submit_unchanged(view: dict[str, Any]) -> dict[str, Any]:
    """Return the view as Slack submits it if the user changes nothing."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state = {"type": element["type"]}
            state |= {"selected_option": element.get("initial_option"), "value": element.get("initial_value")}
            state |= {"selected_time": element.get("initial_time")}
            if element["type"] in ("checkboxes", "multi_static_select"):
                state["selected_options"] = element.get("initial_options", [])
            values[block["block_id"]] = {element["action_id"]: state}
    return {"state": {"values": values}}


@pytest.mark.parametrize(
    "text",
    [
        "weekdays at 8:30",
        "every Monday at 8:00, 12:30 and 17:00",
        "every other Friday at 16:00",
        "the first Monday of the month at 9",
        "the last Sunday of the month at 9",
        "the 1st, 15th and last day of the month at 9",
        "weekdays at 8:30 and weekends at 10",
        "hourly 9 to 18 on weekdays",
        "the first and third Monday of the month at 9",
        "the last weekday of the month at 16:00",
        "every 3 weeks on Monday at 9",
        "every other day at 9",
        "weekdays at 9 starting 1 June 2026",
        "the 1st of the month except Saturday and Sunday at 9",
    ],
)
def test_schedule_survives_a_form_without_changes(text: str) -> None:
    digest = make_digest(text)
    view = form_view.build_edit_view([], digest).to_dict()
    assert find_view_problems(view) == []
    form = form_parser.parse_form(submit_unchanged(view), TODAY, has_channel=False)
    assert form_parser.keep_start(form.schedule, digest.config.schedule) == digest.config.schedule
    assert (form.query, form.zone, form.when_nothing) == ("ferry-strike", "Europe/London", digest.config.when_nothing)


def test_empty_form_proposes_weekdays_and_the_users_zone() -> None:
    view = form_view.build_form_view([], FormValues("ferries", "Etc/UTC", "C1")).to_dict()
    assert find_view_problems(view) == []
    form = form_parser.parse_form(submit_unchanged(view), TODAY, has_channel=False)
    assert (form.query, str(form.schedule), form.zone) == ("ferries", "weekdays at 08:30", "Etc/UTC")


def test_longest_schedule_fits_into_the_form() -> None:
    text = " and ".join(f"every {day} at {hour}:15" for hour, day in enumerate(("Monday", "Tuesday", "Friday"), 9))
    rules = tuple(rule for n in range(3) for rule in parse_schedule(text.replace(":15", f":{n}0"), "UTC")[0].rules)
    digest = make_digest("weekdays at 8:30")
    config = DigestConfig("T1", "C1", "U1", "x" * 900, Schedule(rules), "Europe/London")
    long_digest = Digest(1, 1, config, digest.state, None, NOW, None)
    assert find_view_problems(form_view.build_edit_view([], long_digest).to_dict()) == []


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("\ud83d"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELD_STATES = st.fixed_dictionaries(
    {},
    optional={
        "selected_option": JSON_VALUES | st.fixed_dictionaries({"value": JSON_VALUES}),
        "selected_options": JSON_VALUES | st.lists(st.fixed_dictionaries({"value": JSON_VALUES}), max_size=3),
        "selected_time": JSON_VALUES,
        "value": JSON_VALUES,
    },
)


@given(
    st.dictionaries(
        st.sampled_from(("topic", "words", "repeat", "days", "dates", "time", "time2", "schedule", "zone", "nothing")),
        JSON_VALUES | FIELD_STATES,
    )
)
def test_malformed_submission_gives_an_error_at_a_field(fields: dict[str, Any]) -> None:
    values = {name: {name: state} for name, state in fields.items()}
    for state in (values, {"values": values}, [], None, {"values": []}):
        with suppress(FieldError):
            form = form_parser.parse_form({"state": state}, TODAY, has_channel=False)
            assert form.query
