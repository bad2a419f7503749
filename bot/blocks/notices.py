"""The short messages: help, topics, one-sentence errors, the apology with its reference."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block, ButtonElement

from bot import escape, limits
from bot.ask import BriefingAsk
from bot.ask import Command as Command
from bot.blocks import lines
from bot.blocks.message import Item, Message, Part, buttons, context, header, lay_out, section
from bot.blocks.press import Action, Press, press
from briefings.desk import TopicSummary
from briefings.text.days import spelt

_SENTENCE = 2000


_HELP = {
    Command.BRIEFING: (
        "*/briefing* tells a story in its sources' own words, each line linked to the sentence it comes from.\n"
        "• `/briefing` lists the topics\n"
        "• `/briefing labour-crisis` briefs you on a topic\n"
        "• `/briefing no-confidence vote` briefs you on any words\n"
        "• `since:`, `until:` and `from:` narrow it: `/briefing labour-crisis since:2016-06-24 until:yesterday "
        "from:Guardian`\n"
        "• the buttons share an answer with the channel, show every line, show a line in its article, and tell us "
        "what looks wrong\n"
        "• `/briefing follow https://…` brings a site's articles into the record, and `unfollow` ends it: for those "
        "who look after the bot"
    ),
    Command.WHOSAID: (
        "*/whosaid* finds who is quoted as saying some words, and tells you when nobody is.\n"
        '• `/whosaid "lynch-mob"` finds the speaker, the wordings and the outlets\n'
        "• `by:`, `about:`, `since:`, `until:` and `from:` narrow it: "
        '`/whosaid "lynch-mob" by:"John McDonnell" about:labour-crisis since:2016-06-24 from:"International Business '
        'Times UK"`\n'
        "• `/whosaid by:Corbyn` lists what somebody said\n"
        "• quotation marks, capitals and hyphens make no difference"
    ),
    Command.DIGEST: (
        "*/digest* posts what is new on a topic in this channel, when you say, and nothing twice.\n"
        "• `/digest labour-crisis weekdays at 8:30` schedules one, by your clock; name another: "
        "`/digest no-confidence vote every Monday and Thursday 17:00 Europe/London`\n"
        "• `/digest` opens a form\n"
        "• `/digest list` shows the digests of this channel, with their numbers\n"
        "• `/digest now 1` posts one now, `/digest preview 1` shows you alone what it would say\n"
        "• `/digest pause 1`, `/digest resume 1` and `/digest stop 1` (or `/digest stop labour-crisis`) are for "
        "whoever scheduled it, and for those who look after On the Record"
    ),
}


#: what can be asked without a command
IN_WORDS = (
    "*Ask me in plain words.* I answer with what the articles say, each line linked to the sentence it comes from.\n"
    "• “brief me on labour-crisis” tells where a story stands; “topics” lists those there are\n"
    "• “who said lynch-mob?” finds the speaker, the wordings and the outlets\n"
    "• “what did Corbyn say about the vote?” lists what somebody said; “since Monday” and “yesterday” narrow it\n"
    "• on any message, *More actions* (⋮) has _Who said this?_ and _Check the quotes_\n"
    "• `/briefing` and `/whosaid` ask the same in any channel, for your eyes alone"
)


def help_for(command: Command) -> Message:
    """How a command is used. Only you see it, and the answers too."""
    private = "" if command is Command.DIGEST else "\nOnly you see the answers, unless you share one."
    text = _HELP[command] + private
    return Message(text, (section(text),))


def help_in_words() -> Message:
    """What can be asked in plain words, where somebody talks to the bot."""
    return Message(IN_WORDS, (section(IN_WORDS),))


def sentence(text: str) -> Message:
    """An error or a usage line: one sentence."""
    shown = escape.short(text, _SENTENCE) or "That did not work."
    return Message(shown, (section(shown),))


def nothing_found(text: str, nearest: Sequence[str], asked: BriefingAsk | None = None) -> Message:
    """The sentence, which names what may have been meant, a button for each of those, asked within the same bounds."""
    said = sentence(text)
    within = asked or BriefingAsk("")
    meant = [(slug, replace(within, words=slug)) for slug in nearest]
    return Message(said.text, (*said.blocks, *buttons(list(_asking(meant))[:5])))


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
    asking = list(_asking([(summary.topic.title, BriefingAsk(summary.topic.slug)) for summary in found]))
    tail = [
        *buttons(asking[: limits.ACTIONS_ELEMENTS]),
        context("Press a topic, or type `/briefing` and its short name, or any words."),
    ]
    text = "*Topics, newest first*\n" + "\n".join(items)
    if len(text) > limits.TEXT:
        kept = text[: limits.TEXT].count("\n") - 1
        text = "*Topics, newest first*\n" + "\n".join((*items[:kept], f"and {len(items) - kept} more"))
    return Message(text, lay_out(head, [Part("", tuple(map(Item, items)))], tail))


def _topic(summary: TopicSummary) -> str:
    count = f"{summary.articles} article" + ("" if summary.articles == 1 else "s")
    newest = f", newest {spelt(summary.newest)}" if summary.articles else ""
    name = f"*{escape.short(summary.topic.title, 150) or 'Untitled'}*"
    return "• " + lines.dotted((name, escape.short(summary.topic.slug, 80), count + newest))


def _asking(named: Sequence[tuple[str, BriefingAsk]]) -> Iterator[ButtonElement]:
    """A button for each question that can be asked."""
    for place, (label, asked) in enumerate(named):
        if asked.words:
            yield from press(label, Action.ASK, Press(asked.line), place)
