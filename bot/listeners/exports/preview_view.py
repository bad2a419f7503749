"""Renders the preview of a page in Slack: a title, and the words that the page is about with their speaker and source.

Rule: everything is bounded and escaped.
"""

from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.core import slack_limits
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.message import context, section
from briefings.exports import Passage, Voice, describe_speaker
from briefings.text import format_day

#: longest markup of the quoted words, and of the title, in characters
_MAX_QUOTE_LENGTH, _MAX_TITLE_LENGTH = 2_200, 150


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview says. `details` is small print; a page without words to quote has no `passages`."""

    title: str
    passages: tuple[Passage, ...] = ()
    details: str = ""


def build_unfurl(preview: Preview, url: str, *, only_title: bool = False) -> dict[str, object]:
    """Return the value for `url` in the unfurls of chat.unfurl. `fallback` has every sentence of the blocks."""
    preview = Preview(preview.title) if only_title else preview
    title = mrkdwn.shorten(preview.title, _MAX_TITLE_LENGTH) or "On the Record"
    linked_title = f"*{mrkdwn.format_link(url, preview.title, _MAX_TITLE_LENGTH) or title}*"
    paragraphs = [_format_passage(passage) for passage in preview.passages]
    details = mrkdwn.shorten(preview.details, slack_limits.SECTION_TEXT)
    blocks: list[Block] = [section("\n".join((linked_title, *paragraphs[:1]))), *map(section, paragraphs[1:])]
    blocks += [context(details)] if details else []
    plain_title = mrkdwn.to_plain_text(preview.title, _MAX_TITLE_LENGTH) or "On the Record"
    return {
        "blocks": [block.to_dict() for block in blocks],
        "fallback": "\n".join(filter(None, (title, *paragraphs, details))),
        # what the composer shows before the message is sent
        "preview": {"title": {"type": "plain_text", "text": plain_title, "emoji": False}},
    }


def _format_passage(passage: Passage) -> str:
    """Return one paragraph: who says it, the words behind the quote bar, the outlet and the day."""
    speaker = f"*{mrkdwn.shorten(describe_speaker(passage.speaker), 300)}*" if passage.speaker else ""
    words, cut_note = formatting.format_quote(
        passage.text, _MAX_QUOTE_LENGTH, with_quote_marks=passage.voice is Voice.QUOTATION
    )
    place = passage.places[0]
    reported = "in the article's words" if passage.voice is Voice.REPORTED else ""
    outlet = mrkdwn.format_link(None, place.source_name)
    source = formatting.join_with_dots((outlet, format_day(place.published), reported, cut_note))
    return "\n".join(filter(None, (speaker, words, source)))
