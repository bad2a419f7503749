"""Renders the form that sets up or changes a watch, and reads its fields.

Rule: the fields can express every watch. Names can be searched, and any other name can be typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    ExternalDataSelectElement,
    Option,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.queries.filters import wrap_in_quotes
from bot.slack.blocks.forms import build_form_modal, build_input, build_option, get_values
from bot.slack.blocks.message import context
from bot.watches.model import ChannelWatch
from briefings.text import make_search_key
from briefings.watches import WatchQuery

#: callback_ids of the form: a new watch, and a change of one
FORM_CALLBACK, EDIT_CALLBACK = "watch-form", "watch-edit"
#: block_ids of the fields, which are also their action_ids
WORDS_FIELD, SPEAKER_FIELD, SUBJECT_FIELD, OUTLET_FIELD, CHANNEL_FIELD = (
    "watch-words",
    "watch-speaker",
    "watch-subject",
    "watch-outlet",
    "watch-channel",
)
FORM_TITLE, EDIT_TITLE = "New watch", "Edit watch"
_MAX_WORDS = 500


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """The texts of a submitted form, "" for empty fields. `channel` is "" in the form of a change."""

    words: str
    speaker: str
    subject: str
    outlet: str
    channel: str


def build_form_view(query: WatchQuery | None, channel: str) -> View:
    """Return the form for a new watch, with `query` filled in."""
    channel_select = ConversationSelectElement(
        action_id=CHANNEL_FIELD,
        initial_conversation=channel or None,
        default_to_current_conversation=None if channel else True,
        filter=ConversationFilter(include=["public", "private", "im"], exclude_bot_users=False),
    )
    fields = [*_build_fields(query), build_input(CHANNEL_FIELD, "Where to post", channel_select)]
    view = build_form_modal(FORM_TITLE, "Watch", FORM_CALLBACK, fields)
    view.private_metadata = channel or None
    return view


def build_edit_view(watch: ChannelWatch) -> View:
    """Return the form that changes `watch`, filled in."""
    place = context(f"Watch {watch.number} in <#{watch.config.channel}>")
    view = build_form_modal(EDIT_TITLE, "Save", EDIT_CALLBACK, [place, *_build_fields(watch.config.query)])
    view.private_metadata = f"{watch.config.channel} {watch.number}"
    return view


def build_name_options(names: Iterable[str], typed_text: str) -> list[Option]:
    """Return the names to offer for what a user has typed, and the typed text itself unless it is one of them."""
    key = make_search_key(typed_text)
    matches = [name for name in names if key in make_search_key(name) and len(name) <= slack_limits.OPTION_VALUE]
    typed_name = " ".join(typed_text.split())[: slack_limits.OPTION_VALUE]
    is_listed = any(make_search_key(name) == key for name in matches)
    own_option = [build_option(typed_name, f"“{typed_name}”")] if key and not is_listed else []
    return [*own_option, *(build_option(name, name) for name in matches)][: slack_limits.OPTIONS]


def read_form(view: Mapping[str, Any]) -> SubmittedForm:
    """Return the texts of a submitted form. Malformed fields are empty."""
    fields = (WORDS_FIELD, SPEAKER_FIELD, SUBJECT_FIELD, OUTLET_FIELD, CHANNEL_FIELD)
    return SubmittedForm(*(" ".join(get_values(view, name)) for name in fields))


def _build_fields(query: WatchQuery | None) -> list[Block]:
    words = ""
    if query:
        words = " ".join(filter(None, (wrap_in_quotes(query.phrase) if query.phrase else "", query.words)))
    speaker_select = ExternalDataSelectElement(
        action_id=SPEAKER_FIELD,
        placeholder="Search people, or type a name",
        initial_option=build_option(query.by, query.by) if query and query.by else None,
        min_query_length=0,
    )
    outlet_select = ExternalDataSelectElement(
        action_id=OUTLET_FIELD,
        placeholder="Search outlets",
        initial_option=build_option(query.outlet, query.outlet) if query and query.outlet else None,
        min_query_length=0,
    )
    words_input = PlainTextInputElement(
        action_id=WORDS_FIELD, initial_value=words[:_MAX_WORDS] or None, max_length=_MAX_WORDS
    )
    subject_input = PlainTextInputElement(
        action_id=SUBJECT_FIELD,
        initial_value=(query.about or "")[:_MAX_WORDS] or None if query else None,
        max_length=_MAX_WORDS,
    )
    return [
        build_input(
            WORDS_FIELD,
            "Words",
            words_input,
            optional=True,
            hint="Words in quotation marks must be next to each other. Words, a speaker or both are required.",
        ),
        build_input(SPEAKER_FIELD, "Said by", speaker_select, optional=True),
        build_input(SUBJECT_FIELD, "About", subject_input, optional=True),
        build_input(OUTLET_FIELD, "Only in", outlet_select, optional=True),
    ]
