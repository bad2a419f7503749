"""Renders the form that schedules or changes a digest, and reads its fields.

Rule: the fields can express every schedule: days, times and repeats in plain fields, and any other schedule in words.
A digest is shown in the plain fields if they can express it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
)
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.digests.model import DetailsPlace, Digest, WhenNothing
from bot.digests.schedule import Schedule, build_weekly_schedule
from bot.digests.scheduling.rule import DAYS, EVERY_WEEK, LAST, WEEKDAYS, Cycle, Repeat, Rule
from bot.digests.scheduling.wording import format_ordinal, format_position
from bot.queries.time_zones import format_zone
from bot.slack.blocks.forms import build_form_modal, build_input, build_option
from bot.slack.blocks.message import context
from briefings import SuggestedTopic, TopicSummary

#: callback_ids of the form: a new digest, and a change of one
FORM_CALLBACK, EDIT_CALLBACK = "digest-form", "digest-edit"
#: block_ids of the fields, which are also their action_ids
TOPIC_FIELD, WORDS_FIELD, REPEAT_FIELD, DAYS_FIELD, DATES_FIELD = "topic", "words", "repeat", "days", "dates"
TIME_FIELDS = ("time", "time2", "time3")
SCHEDULE_FIELD, ZONE_FIELD, CHANNEL_FIELD, WHEN_NOTHING_FIELD = "schedule", "zone", "channel", "nothing"
DETAILS_FIELD, EMAIL_FIELD = "details", "email"
FORM_TITLE, EDIT_TITLE = "New digest", "Edit digest"
_WHEN_NOTHING_LABELS = {WhenNothing.SILENT: "Don't post", WhenNothing.ONE_LINE: "Post a short note"}
#: choice that leaves the setting of the channel as it is, in a form that does not know the channel
KEEP_DETAILS = "keep"
_DETAILS_LABELS = {
    KEEP_DETAILS: "As set for the channel",
    DetailsPlace.THREAD.value: "In each digest's thread",
    DetailsPlace.CHANNEL.value: "In the channel, after each digest",
    DetailsPlace.NONE.value: "Left out",
}
_DEFAULT_SCHEDULE = build_weekly_schedule(WEEKDAYS, (time(8, 30),))
#: choices of repeats, by their value in the form
REPEATS: Mapping[str, Cycle | None] = {
    "week": EVERY_WEEK,
    "other week": Cycle(Repeat.WEEKS, (2,)),
    **{format_position(number): Cycle(Repeat.NTH, (number,)) for number in (1, 2, 3, 4, LAST)},
    "dates": None,
}
_REPEAT_LABELS = {"week": "Every week", "other week": "Every other week", "dates": "On days of the month"}
_LAST_DAY = "last"
#: digests of the news
_NEWS_CHOICES = (("today", "The news of the day"), ("this week", "The news of the week"))
#: longest words, and longest schedule in words
_MAX_WORDS, _MAX_SCHEDULE = 1_000, 500
#: most characters of the e-mail addresses: 20 of the longest would be more, but none are that long
_MAX_EMAILS = 3_000


@dataclass(frozen=True, slots=True)
class FormValues:
    """The values in an opened form. "" and None leave a field to the user."""

    query: str = ""
    zone: str = ""
    channel: str = ""
    schedule: Schedule = _DEFAULT_SCHEDULE
    when_nothing: WhenNothing = WhenNothing.SILENT
    #: where details go in `channel` now; None if that is not known
    details_place: DetailsPlace | None = None
    #: e-mail addresses, separated by commas; None if e-mail is not set up
    emails: str | None = None


def build_form_view(topics: Sequence[TopicSummary], values: FormValues) -> View:
    """Return the form for a new digest."""
    channel_select = ConversationSelectElement(
        action_id=CHANNEL_FIELD,
        initial_conversation=values.channel or None,
        default_to_current_conversation=None if values.channel else True,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    channel_input = build_input(CHANNEL_FIELD, "Channel", channel_select)
    view = build_form_modal(FORM_TITLE, "Schedule", FORM_CALLBACK, _build_fields(topics, values, channel_input))
    view.private_metadata = _build_metadata(values, "")
    return view


def build_edit_view(
    topics: Sequence[TopicSummary],
    digest: Digest,
    details_place: DetailsPlace | None = None,
    emails: str | None = None,
) -> View:
    """Return the form that changes `digest`, filled in. `details_place` is where details go in its channel now.

    `emails` are its e-mail addresses; None if e-mail is not set up.
    """
    config = digest.config
    values = FormValues(
        config.query, config.zone, config.channel, config.schedule, config.when_nothing, details_place, emails
    )
    place = context(f"Digest {digest.number} in <#{config.channel}>")
    view = build_form_modal(EDIT_TITLE, "Save", EDIT_CALLBACK, [place, *_build_fields(topics, values, None)])
    view.private_metadata = _build_metadata(values, str(digest.number))
    return view


def get_metadata(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what a submitted form knows: the channel, the digest's number, and where details went when it opened."""
    channel, number, place = (*str(view.get("private_metadata") or "").split(" "), "", "", "")[:3]
    return channel, number, place


def build_topic_options(
    topics: Sequence[TopicSummary], typed_text: str, suggestions: Sequence[SuggestedTopic] = ()
) -> list[Option]:
    """Return what to offer for what a user has typed into the field: the news, topics and suggested topics."""
    key = typed_text.strip().casefold()
    choices = [
        *((summary.topic.slug, summary.topic.title, summary.topic.slug) for summary in topics),
        *((suggestion.name, f"Suggested: {suggestion.name}", "") for suggestion in suggestions),
        *((query, label, "") for query, label in _NEWS_CHOICES),
    ]
    return [
        build_option(value, label)
        for value, label, slug in choices
        if len(value) <= slack_limits.OPTION_VALUE and (key in label.casefold() or key in slug.casefold())
    ][: slack_limits.OPTIONS]


def build_zone_option(zone: str) -> Option:
    """Return the option of a time zone."""
    return build_option(zone, format_zone(zone))


def find_repeat(rule: Rule) -> str | None:
    """Return the choice of REPEATS for a rule that the plain fields can express, or None."""
    if len(rule.times) > len(TIME_FIELDS) or (rule.start is not None and not rule.cycle.needs_start):
        return None
    if rule.cycle.repeat is Repeat.MONTH_DAYS:
        return "dates" if len(rule.days) == len(DAYS) else None
    return next((name for name, cycle in REPEATS.items() if cycle == rule.cycle), None)


def _build_fields(topics: Sequence[TopicSummary], values: FormValues, channel_input: InputBlock | None) -> list[Block]:
    is_topic = any(summary.topic.slug == values.query for summary in topics)
    options = build_topic_options(topics, "") if topics else []
    initial_topic = next((option for option in options if is_topic and option.value == values.query), None)
    topic_select = ExternalDataSelectElement(
        action_id=TOPIC_FIELD, placeholder="Search topics", initial_option=initial_topic, min_query_length=0
    )
    words_input = PlainTextInputElement(
        action_id=WORDS_FIELD,
        initial_value=None if initial_topic else values.query[:_MAX_WORDS] or None,
        max_length=_MAX_WORDS,
    )
    zone_select = ExternalDataSelectElement(
        action_id=ZONE_FIELD,
        placeholder="Search cities",
        initial_option=build_zone_option(values.zone) if values.zone else None,
        min_query_length=0,
    )
    details_choice = values.details_place.value if values.details_place else KEEP_DETAILS
    details_options = [
        build_option(choice, label)
        for choice, label in _DETAILS_LABELS.items()
        if choice != KEEP_DETAILS or details_choice == KEEP_DETAILS
    ]
    initial_details = next(option for option in details_options if option.value == details_choice)
    when_nothing_options = [build_option(choice.value, label) for choice, label in _WHEN_NOTHING_LABELS.items()]
    initial_choice = next(option for option in when_nothing_options if option.value == values.when_nothing.value)
    return [
        *([build_input(TOPIC_FIELD, "Topic", topic_select, optional=True)] if options else []),
        build_input(
            WORDS_FIELD,
            "Or any words" if options else "Words",
            words_input,
            optional=bool(options),
            hint="Choose a topic or type words: one of the two is required." if options else None,
        ),
        *_build_schedule_fields(values.schedule),
        build_input(ZONE_FIELD, "Time zone", zone_select),
        *([channel_input] if channel_input else []),
        build_input(
            WHEN_NOTHING_FIELD,
            "If nothing is new",
            StaticSelectElement(
                action_id=WHEN_NOTHING_FIELD, options=when_nothing_options, initial_option=initial_choice
            ),
        ),
        build_input(
            DETAILS_FIELD,
            "Details",
            StaticSelectElement(action_id=DETAILS_FIELD, options=details_options, initial_option=initial_details),
            hint="For all digests of the channel.",
        ),
        *_build_email_field(values.emails),
    ]


def _build_email_field(emails: str | None) -> list[Block]:
    """Return the field for e-mail addresses, or nothing if e-mail is not set up."""
    if emails is None:
        return []
    element = PlainTextInputElement(action_id=EMAIL_FIELD, initial_value=emails or None, max_length=_MAX_EMAILS)
    hint = "Addresses, separated by commas. Each must confirm first."
    return [build_input(EMAIL_FIELD, "Also by e-mail", element, optional=True, hint=hint)]


def _build_schedule_fields(schedule: Schedule) -> list[Block]:
    """Return the fields of the schedule: the plain ones, or the one in words, are filled in."""
    repeat = find_repeat(schedule.rules[0]) if len(schedule.rules) == 1 else None
    rule = schedule.rules[0] if repeat else None
    repeat_options = [build_option(name, _REPEAT_LABELS.get(name, f"The {name} … of the month")) for name in REPEATS]
    day_options = [build_option(day, day) for day in DAYS]
    date_options = [build_option(str(number), format_ordinal(number)) for number in range(1, 32)]
    date_options.append(build_option(_LAST_DAY, "Last day of the month"))
    chosen_days = [day_options[day] for day in rule.days] if rule and repeat != "dates" else None
    chosen_dates = (
        [date_options[number - 1 if number != LAST else -1] for number in rule.cycle.numbers]
        if (rule and repeat == "dates")
        else None
    )
    times = [f"{at:%H:%M}" for at in rule.times] if rule else []
    repeat_select = StaticSelectElement(
        action_id=REPEAT_FIELD,
        options=repeat_options,
        initial_option=next(option for option in repeat_options if option.value == (repeat or "week")),
    )
    time_labels = ("Time", "Second time", "Third time")
    # a text that is cut would be another schedule
    schedule_text = str(schedule) if rule is None and len(str(schedule)) <= _MAX_SCHEDULE else None
    words_input = PlainTextInputElement(
        action_id=SCHEDULE_FIELD,
        initial_value=schedule_text,
        max_length=_MAX_SCHEDULE,
    )
    return [
        build_input(REPEAT_FIELD, "Repeats", repeat_select),
        build_input(
            DAYS_FIELD,
            "Days",
            CheckboxesElement(action_id=DAYS_FIELD, options=day_options, initial_options=chosen_days),
            optional=True,
        ),
        build_input(
            DATES_FIELD,
            "Days of the month",
            StaticMultiSelectElement(
                action_id=DATES_FIELD, placeholder="Choose…", options=date_options, initial_options=chosen_dates
            ),
            optional=True,
            hint="Only if it repeats on days of the month.",
        ),
        *(
            build_input(
                name,
                label,
                TimePickerElement(action_id=name, initial_time=times[number] if number < len(times) else None),
                optional=True,
            )
            for number, (name, label) in enumerate(zip(TIME_FIELDS, time_labels, strict=True))
        ),
        build_input(
            SCHEDULE_FIELD,
            "Or the schedule in words",
            words_input,
            optional=True,
            hint="Replaces the days and times above. For example: weekdays at 8:30 and weekends at 10",
        ),
    ]


def _build_metadata(values: FormValues, number: str) -> str:
    if not values.channel:
        return ""
    return f"{values.channel} {number} {values.details_place.value if values.details_place else ''}"
