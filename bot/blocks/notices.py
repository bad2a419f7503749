"""The short messages: help, topics, one-sentence errors, the apology with its reference."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from slack_sdk.models.blocks import Block, ButtonElement

from bot import escape, limits
from bot.blocks import lines
from bot.blocks.message import Message, Part, button, buttons, context, header, lay_out, section
from briefings.desk import TopicSummary
from briefings.text.days import spelt

#: action_id of a button that asks for a briefing is this and the button's place: unique in its message
TOPIC_ACTION = "briefing_topic_"
_SENTENCE = 2000


class Command(StrEnum):
    """The slash commands."""

    BRIEFING = "/briefing"
    WHOSAID = "/whosaid"


_HELP = {
    Command.BRIEFING: (
        "*/briefing* tells a story in its sources' own words, each line linked to the sentence it comes from.\n"
        "• `/briefing` lists the topics\n"
        "• `/briefing labour-crisis` briefs you on a topic\n"
        "• `/briefing no-confidence vote` briefs you on any words"
    ),
    Command.WHOSAID: (
        "*/whosaid* finds who is quoted as saying some words, and tells you when nobody is.\n"
        '• `/whosaid "lynch-mob"` finds the speaker, the wordings and the outlets\n'
        "• quotation marks, capitals and hyphens make no difference"
    ),
}


def help_for(command: Command) -> Message:
    """How a command is used. Only you see it, and the answers too."""
    text = _HELP[command] + "\nOnly you see the answers."
    return Message(text, (section(text),))


def sentence(text: str) -> Message:
    """An error or a usage line: one sentence."""
    shown = escape.short(text, _SENTENCE) or "That did not work."
    return Message(shown, (section(shown),))


def nothing_found(text: str, nearest: Sequence[str]) -> Message:
    """The sentence, which names what may have been meant, and a button for each of those."""
    said = sentence(text)
    return Message(said.text, (*said.blocks, *buttons(list(_topic_buttons([(slug, slug) for slug in nearest][:5])))))


def failure(reference: str) -> Message:
    """Something broke: what to tell whoever runs the bot, and nothing of how."""
    return sentence(
        f"Something went wrong on our side and was logged. Please try again; if it happens again, give whoever runs "
        f"On the Record this reference: {reference}"
    )


def too_often(seconds: int) -> Message:
    """Somebody asks more than the rate allows."""
    wait = "in a second" if seconds == 1 else f"in {seconds} seconds"
    return Message(f"That is a lot of questions at once, and others want to ask too: please ask this again {wait}.")


def topics(found: Sequence[TopicSummary]) -> Message:
    """The topics, newest first, each a button."""
    if not found:
        return sentence(
            "The record holds no topics yet: add some to topics.toml, or ask /briefing with words of your own."
        )
    items = tuple(_topic(summary) for summary in found)
    head: list[Block] = [header("Topics, newest first")]
    pressed = list(_topic_buttons([(summary.topic.title, summary.topic.slug) for summary in found]))
    tail = [*buttons(pressed), context("Press a topic, or type `/briefing` and its short name, or any words.")]
    text = "*Topics, newest first*\n" + "\n".join(items)
    if len(text) > limits.TEXT:
        kept = text[: limits.TEXT].count("\n") - 1
        text = "*Topics, newest first*\n" + "\n".join((*items[:kept], f"and {len(items) - kept} more"))
    return Message(text, lay_out(head, [Part("", items)], tail))


def _topic(summary: TopicSummary) -> str:
    count = f"{summary.articles} article" + ("" if summary.articles == 1 else "s")
    newest = f", newest {spelt(summary.newest)}" if summary.articles else ""
    name = f"*{escape.short(summary.topic.title, 150) or 'Untitled'}*"
    return "• " + lines.dotted((name, escape.short(summary.topic.slug, 80), count + newest))


def _topic_buttons(named: Sequence[tuple[str, str]]) -> Iterator[ButtonElement]:
    usable = [(label, slug) for label, slug in named if slug and len(slug) <= limits.BUTTON_VALUE]
    for place, (label, slug) in enumerate(usable[: limits.ACTIONS_ELEMENTS]):
        yield button(label, f"{TOPIC_ACTION}{place}", slug)
