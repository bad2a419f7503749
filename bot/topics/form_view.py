"""The form that makes or changes a topic, with plain fields, and what a user submitted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
)
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.queries.queries import clean_input
from bot.slack.blocks.forms import build_form_modal, build_option
from bot.topics.command_parser import join_lines, split_lines
from briefings import Topic
from briefings.stories import MAX_NAME_LENGTH

FORM_CALLBACK = "topic_form"
NAME_FIELD, WORDS_FIELD, MERGE_FIELD, MUTED_FIELD = "topic_name", "topic_words", "topic_merge", "topic_muted"
NEW_TITLE, EDIT_TITLE = "New topic", "Edit topic"
#: longest words that the field takes
_MAX_WORDS = 3_000


@dataclass(frozen=True, slots=True)
class SubmittedTopic:
    """The values of a submitted form. `slug` is "" for a new topic, and `merge_into` for none."""

    slug: str
    name: str
    words: tuple[str, ...]
    merge_into: str
    is_muted: bool


def build_form(topic: Topic | None, name: str = "", words: Sequence[str] = ()) -> View:
    """Return the form for a new topic, or the one that changes `topic`."""
    phrases = topic.words if topic else words
    text = join_lines(phrases)
    name_input = PlainTextInputElement(
        action_id=NAME_FIELD,
        initial_value=(topic.title if topic else name)[:MAX_NAME_LENGTH] or None,
        max_length=MAX_NAME_LENGTH,
    )
    words_input = PlainTextInputElement(
        action_id=WORDS_FIELD,
        # a text that is cut would drop phrases when it is saved
        initial_value=text if 0 < len(text) <= _MAX_WORDS else None,
        max_length=_MAX_WORDS,
        multiline=True,
    )
    blocks: list[Block] = [
        InputBlock(block_id=NAME_FIELD, label="Name", element=name_input),
        InputBlock(
            block_id=WORDS_FIELD,
            label="Words",
            element=words_input,
            optional=True,
            hint="One phrase per line. An article with any of them belongs to the topic. "
            + ("Leave it empty to keep the words." if topic else "Without words, the name is used."),
        ),
    ]
    if topic:
        merge_select = ExternalDataSelectElement(action_id=MERGE_FIELD, placeholder="Search topics", min_query_length=0)
        muted_option = Option(value="muted", text=PlainTextObject(text="Leave it out of lists and suggestions"))
        blocks += [
            InputBlock(
                block_id=MUTED_FIELD,
                label="Muted",
                element=CheckboxesElement(
                    action_id=MUTED_FIELD,
                    options=[muted_option],
                    initial_options=[muted_option] if topic.is_muted else None,
                ),
                optional=True,
            ),
            InputBlock(
                block_id=MERGE_FIELD,
                label="Merge into",
                element=merge_select,
                optional=True,
                hint="Adds its words to another topic. Digests and links on it go on there.",
            ),
        ]
    return build_form_modal(
        EDIT_TITLE if topic else NEW_TITLE, "Save", FORM_CALLBACK, blocks, topic.slug if topic else ""
    )


def build_merge_options(topics: Sequence[Topic], typed_text: str) -> list[Option]:
    """Return the topics to offer for what a user has typed."""
    key = typed_text.strip().casefold()
    return [
        build_option(topic.slug, topic.title)
        for topic in topics
        if len(topic.slug) <= slack_limits.OPTION_VALUE
        and (key in topic.title.casefold() or key in topic.slug.casefold())
    ][: slack_limits.OPTIONS]


def parse_form(view: Mapping[str, Any]) -> SubmittedTopic:
    """Return the values of a submitted form. Malformed fields count as empty."""
    words = _get_element(view, WORDS_FIELD).get("value")
    option = _get_element(view, MERGE_FIELD).get("selected_option")
    merge_into = option.get("value") if isinstance(option, Mapping) else ""
    name = _get_element(view, NAME_FIELD).get("value")
    return SubmittedTopic(
        str(view.get("private_metadata") or ""),
        clean_input(name) if isinstance(name, str) else "",
        split_lines(words) if isinstance(words, str) else (),
        merge_into if isinstance(merge_into, str) else "",
        bool(_get_element(view, MUTED_FIELD).get("selected_options")),
    )


def _get_element(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value: Any = view.get("state")
    for key in ("values", name, name):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
