"""Parts that forms share: the modal, its fields, and what was filled in.

Rule: a field's block_id is also its action_id. A malformed field of a submitted form has no value.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock, InputInteractiveElement, Option, PlainTextObject
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message


def build_form_modal(
    title: str, submit: str, callback: str, blocks: Sequence[Block], private_metadata: str | None = None
) -> View:
    """Return a form with the button `submit`. Slack sends `callback` and `private_metadata` back with it."""
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        submit=PlainTextObject(text=submit),
        close=PlainTextObject(text="Cancel"),
        callback_id=callback,
        private_metadata=private_metadata,
        blocks=list(blocks),
    )


def build_confirmation_view(message: Message, title: str) -> View:
    """Return the view that replaces a form after it was saved."""
    close = PlainTextObject(text="Close")
    return View(type="modal", title=PlainTextObject(text=title), close=close, blocks=list(message.blocks))


def build_input(
    name: str, label: str, element: InputInteractiveElement, *, optional: bool = False, hint: str | None = None
) -> InputBlock:
    """Return the field `name` with its label, and a hint below it."""
    return InputBlock(block_id=name, label=label, element=element, optional=optional, hint=hint)


def build_option(value: str, label: str) -> Option:
    """Return an option of a menu. Both texts are cut to Slack's limits."""
    text = mrkdwn.to_plain_text(label, slack_limits.OPTION_TEXT) or "…"
    return Option(value=value[: slack_limits.OPTION_VALUE], text=PlainTextObject(text=text))


def has_field(view: Mapping[str, Any], name: str) -> bool:
    """Tell whether a submitted form has this field, empty or not."""
    state = view.get("state")
    fields = state.get("values") if isinstance(state, Mapping) else None
    return isinstance(fields, Mapping) and name in fields


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
