"""Builds the form that asks for a second person to compare, and on which subject."""

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View

from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import section

TITLE = "Compare two people"
#: callback_id, and the ids of the blocks and their fields
CALLBACK, NAME_FIELD, ABOUT_FIELD = "compare_people", "person", "about"
#: longest name and subject that can be typed, in characters
_MAX_NAME_LENGTH, _MAX_SUBJECT_LENGTH = 100, 200


def build_form(name: str, about: str, private_metadata: str) -> View:
    """Return the form. `private_metadata` is the question of the answer about `name`."""
    shown_name = mrkdwn.shorten(name, _MAX_NAME_LENGTH)
    name_input = PlainTextInputElement(
        action_id=NAME_FIELD, max_length=_MAX_NAME_LENGTH, placeholder="Theresa May", focus_on_load=True
    )
    about_input = PlainTextInputElement(
        action_id=ABOUT_FIELD,
        max_length=_MAX_SUBJECT_LENGTH,
        placeholder="brexit",
        initial_value=mrkdwn.to_plain_text(about, _MAX_SUBJECT_LENGTH) or None,
    )
    return View(
        type="modal",
        title=PlainTextObject(text=TITLE),
        close=PlainTextObject(text="Cancel"),
        submit=PlainTextObject(text="Compare"),
        callback_id=CALLBACK,
        private_metadata=private_metadata,
        blocks=[
            section(f"See what *{shown_name}* and another person said, day by day."),
            InputBlock(block_id=NAME_FIELD, label="Compare with", element=name_input),
            InputBlock(block_id=ABOUT_FIELD, label="On which subject?", element=about_input, optional=True),
        ],
    )
