"""Builds the modals of exports: a quotation as plain text to copy, and the form that saves an answer. Pure."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextObject, SectionBlock, StaticSelectElement
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import context, divider, section
from briefings.exports import Format

COPY_TITLE, SAVE_TITLE = "Copy as quote", "Save this answer"
#: callback_id of the form, and the id of its field
SAVE_CALLBACK, TARGET_FIELD = "save_answer", "target"
#: value of the option that saves a canvas; the others are formats
CANVAS = "canvas"
_CANVAS_LABEL = "Canvas in Slack"
_FILE_LABELS = {
    Format.WORD: "Word document",
    Format.MARKDOWN: "Markdown file",
    Format.CSV: "Table (CSV)",
    Format.JSON: "JSON file",
    Format.BIBTEX: "Citations (BibTeX)",
    Format.RIS: "Citations (RIS)",
    Format.CSL: "Citations (CSL-JSON)",
}
#: most sections of one modal, below Slack's limit of blocks
_MAX_SECTIONS = 40
_COPY_HINT = "Select the text and copy it."


def build_copy_view(texts: Sequence[str]) -> View:
    """Return a modal with each text as plain text, in as many sections as it needs."""
    blocks: list[Block] = []
    for number, text in enumerate(texts):
        chunks = _split(text)
        if len(blocks) + len(chunks) > _MAX_SECTIONS:
            blocks.append(context(f"{len(texts) - number} more don't fit here. Use “Save” to get all of them."))
            break
        blocks += [divider()] if number else []
        blocks += [SectionBlock(text=PlainTextObject(text=chunk, emoji=False), expand=True) for chunk in chunks]
    return _build_view(COPY_TITLE, [*blocks, context(_COPY_HINT)])


def build_save_form(title: str, private_metadata: str, *, problem: str = "") -> View:
    """Return the form. After a `problem` with a canvas, it says so and offers only files."""
    targets = {} if problem else {CANVAS: _CANVAS_LABEL}
    targets |= {name.value: label for name, label in _FILE_LABELS.items()}
    options = [Option(value=value, text=PlainTextObject(text=label)) for value, label in targets.items()]
    select = StaticSelectElement(
        action_id=TARGET_FIELD, options=options, initial_option=options[0], placeholder="Choose…"
    )
    sentence = mrkdwn.shorten(problem, slack_limits.SECTION_TEXT - 1) or f"*{mrkdwn.shorten(title, 300) or '…'}*"
    return _build_view(
        SAVE_TITLE,
        [
            section(sentence),
            InputBlock(block_id=TARGET_FIELD, label="Save as", element=select),
            context("Only you get it, in your direct messages with On the Record."),
        ],
        private_metadata=private_metadata,
    )


def build_result_view(markup: str) -> View:
    """Return the modal that says in one sentence what happened."""
    return _build_view(SAVE_TITLE, [section(markup)])


def _split(text: str) -> list[str]:
    """Split a text into pieces of one section each, at a blank if there is one."""
    chunks = []
    rest = "\n".join(mrkdwn.make_readable(line) for line in text.splitlines()).strip() or "…"
    while len(rest) > slack_limits.SECTION_TEXT:
        end = rest.rfind(" ", slack_limits.SECTION_TEXT // 2, slack_limits.SECTION_TEXT) + 1
        end = end or slack_limits.SECTION_TEXT
        chunks.append(rest[:end])
        rest = rest[end:]
    return [*chunks, rest]


def _build_view(title: str, blocks: Sequence[Block], *, private_metadata: str = "") -> View:
    is_form = bool(private_metadata)
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        close=PlainTextObject(text="Cancel" if is_form else "Close"),
        submit=PlainTextObject(text="Save") if is_form else None,
        blocks=list(blocks),
        callback_id=SAVE_CALLBACK if is_form else None,
        private_metadata=private_metadata or None,
    )
