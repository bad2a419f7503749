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
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
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
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, context
from briefings import TopicSummary

#: callback_ids of the form: a new digest, and a change of one
FORM_CALLBACK, EDIT_CALLBACK = "digest-form", "digest-edit"
#: block_ids of the fields, which are also their action_ids
TOPIC_FIELD, WORDS_FIELD, REPEAT_FIELD, DAYS_FIELD, DATES_FIELD = "topic", "words", "repeat", "days", "dates"
TIME_FIELDS = ("time", "time2", "time3")
SCHEDULE_FIELD, ZONE_FIELD, CHANNEL_FIELD, WHEN_NOTHING_FIELD = "schedule", "zone", "channel", "nothing"
DETAILS_FIELD = "details"
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
#: longest words, and longest schedule in words
_MAX_WORDS, _MAX_SCHEDULE = 1_000, 500


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


def build_form_view(topics: Sequence[TopicSummary], values: FormValues) -> View:
    """Return the form for a new digest."""
    channel_select = ConversationSelectElement(
        action_id=CHANNEL_FIELD,
        initial_conversation=values.channel or None,
        default_to_current_conversation=None if values.channel else True,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    channel_input = _build_input(CHANNEL_FIELD, "Channel", channel_select)
    view = _build_view(FORM_TITLE, "Schedule", FORM_CALLBACK, _build_fields(topics, values, channel_input))
    view.private_metadata = _build_metadata(values, "")
    return view


def build_edit_view(topics: Sequence[TopicSummary], digest: Digest, details_place: DetailsPlace | None = None) -> View:
    """Return the form that changes `digest`, filled in. `details_place` is where details go in its channel now."""
    config = digest.config
    values = FormValues(config.query, config.zone, config.channel, config.schedule, config.when_nothing, details_place)
    place = context(f"Digest {digest.number} in <#{config.channel}>")
    view = _build_view(EDIT_TITLE, "Save", EDIT_CALLBACK, [place, *_build_fields(topics, values, None)])
    view.private_metadata = _build_metadata(values, str(digest.number))
    return view


def get_metadata(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what a submitted form knows: the channel, the digest's number, and where details went when it opened."""
    channel, number, place = (*str(view.get("private_metadata") or "").split(" "), "", "", "")[:3]
    return channel, number, place


def build_confirmation_view(message: Message, title: str = FORM_TITLE) -> View:
    """Return the view that replaces the form after a digest is saved."""
    close = PlainTextObject(text="Close")
    return View(type="modal", title=PlainTextObject(text=title), close=close, blocks=list(message.blocks))


def build_topic_options(topics: Sequence[TopicSummary], typed_text: str) -> list[Option]:
    """Return the topics to offer for what a user has typed into the field."""
    key = typed_text.strip().casefold()
    return [
        _build_option(summary.topic.slug, summary.topic.title)
        for summary in topics
        if len(summary.topic.slug) <= slack_limits.OPTION_VALUE
        and (key in summary.topic.title.casefold() or key in summary.topic.slug.casefold())
    ][: slack_limits.OPTIONS]


def build_zone_option(zone: str) -> Option:
    """Return the option of a time zone."""
    return _build_option(zone, format_zone(zone))


def find_repeat(rule: Rule) -> str | None:
    """Return the choice of REPEATS for a rule that the plain fields can express, or None."""
    if len(rule.times) > len(TIME_FIELDS) or (rule.start is not None and not rule.cycle.needs_start):
        return None
    if rule.cycle.repeat is Repeat.MONTH_DAYS:
        return "dates" if len(rule.days) == len(DAYS) else None
    return next((name for name, cycle in REPEATS.items() if cycle == rule.cycle), None)


def _build_fields(topics: Sequence[TopicSummary], values: FormValues, channel_input: InputBlock | None) -> list[Block]:
    is_topic = any(summary.topic.slug == values.query for summary in topics)
    options = build_topic_options(topics, "")
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
        _build_option(choice, label)
        for choice, label in _DETAILS_LABELS.items()
        if choice != KEEP_DETAILS or details_choice == KEEP_DETAILS
    ]
    initial_details = next(option for option in details_options if option.value == details_choice)
    when_nothing_options = [_build_option(choice.value, label) for choice, label in _WHEN_NOTHING_LABELS.items()]
    initial_choice = next(option for option in when_nothing_options if option.value == values.when_nothing.value)
    return [
        *([_build_input(TOPIC_FIELD, "Topic", topic_select, optional=True)] if options else []),
        _build_input(
            WORDS_FIELD,
            "Or any words" if options else "Words",
            words_input,
            optional=bool(options),
            hint="Choose a topic or type words: one of the two is required." if options else None,
        ),
        *_build_schedule_fields(values.schedule),
        _build_input(ZONE_FIELD, "Time zone", zone_select),
        *([channel_input] if channel_input else []),
        _build_input(
            WHEN_NOTHING_FIELD,
            "If nothing is new",
            StaticSelectElement(
                action_id=WHEN_NOTHING_FIELD, options=when_nothing_options, initial_option=initial_choice
            ),
        ),
        _build_input(
            DETAILS_FIELD,
            "Details",
            StaticSelectElement(action_id=DETAILS_FIELD, options=details_options, initial_option=initial_details),
            hint="For all digests of the channel.",
        ),
    ]


def _build_schedule_fields(schedule: Schedule) -> list[Block]:
    """Return the fields of the schedule: the plain ones, or the one in words, are filled in."""
    repeat = find_repeat(schedule.rules[0]) if len(schedule.rules) == 1 else None
    rule = schedule.rules[0] if repeat else None
    repeat_options = [_build_option(name, _REPEAT_LABELS.get(name, f"The {name} … of the month")) for name in REPEATS]
    day_options = [_build_option(day, day) for day in DAYS]
    date_options = [_build_option(str(number), format_ordinal(number)) for number in range(1, 32)]
    date_options.append(_build_option(_LAST_DAY, "Last day of the month"))
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
        _build_input(REPEAT_FIELD, "Repeats", repeat_select),
        _build_input(
            DAYS_FIELD,
            "Days",
            CheckboxesElement(action_id=DAYS_FIELD, options=day_options, initial_options=chosen_days),
            optional=True,
        ),
        _build_input(
            DATES_FIELD,
            "Days of the month",
            StaticMultiSelectElement(
                action_id=DATES_FIELD, placeholder="Choose…", options=date_options, initial_options=chosen_dates
            ),
            optional=True,
            hint="Only if it repeats on days of the month.",
        ),
        *(
            _build_input(
                name,
                label,
                TimePickerElement(action_id=name, initial_time=times[number] if number < len(times) else None),
                optional=True,
            )
            for number, (name, label) in enumerate(zip(TIME_FIELDS, time_labels, strict=True))
        ),
        _build_input(
            SCHEDULE_FIELD,
            "Or the schedule in words",
            words_input,
            optional=True,
            hint="Replaces the days and times above. For example: weekdays at 8:30 and weekends at 10",
        ),
    ]


def get_values(view: Mapping[str, Any], name: str) -> list[str]:
    """Return the values of a field in a submitted form, without empty ones. Malformed fields have none."""
    state = view.get("state")
    fields = state.get("values") if isinstance(state, Mapping) else None
    field = fields.get(name) if isinstance(fields, Mapping) else None
    element = field.get(name) if isinstance(field, Mapping) else None
    if not isinstance(element, Mapping):
        return []
    options = element.get("selected_options")
    candidates = [*options] if isinstance(options, list) else [element.get("selected_option")]
    values = [option.get("value") for option in candidates if isinstance(option, Mapping)]
    values += [element.get(key) for key in ("selected_conversation", "selected_time", "value")]
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]


def _build_metadata(values: FormValues, number: str) -> str:
    if not values.channel:
        return ""
    return f"{values.channel} {number} {values.details_place.value if values.details_place else ''}"


def _build_view(title: str, submit: str, callback: str, blocks: list[Block]) -> View:
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        submit=PlainTextObject(text=submit),
        close=PlainTextObject(text="Cancel"),
        callback_id=callback,
        blocks=blocks,
    )


def _build_option(key: str, label: str) -> Option:
    return Option(value=key, text=PlainTextObject(text=mrkdwn.to_plain_text(label, slack_limits.OPTION_TEXT) or "…"))


def _build_input(
    name: str, label: str, element: InputInteractiveElement, *, optional: bool = False, hint: str | None = None
) -> InputBlock:
    return InputBlock(block_id=name, label=label, element=element, optional=optional, hint=hint)
