"""The short messages: help, topics, one-sentence errors, the apology with its reference."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block, ButtonElement

from bot.core import slack_limits
from bot.queries.queries import BriefingQuery
from bot.queries.queries import Command as Command
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.message import Item, Message, Part, buttons, context, header, lay_out_page, section
from briefings import TopicSummary
from briefings.text import format_day

_MAX_SENTENCE_LENGTH = 2000


_HELP_TEXTS = {
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
PLAIN_LANGUAGE_HELP = (
    "*Ask me in plain words.* I answer with what the articles say, each line linked to the sentence it comes from.\n"
    "• “brief me on labour-crisis” tells where a story stands; “topics” lists those there are\n"
    "• “who said lynch-mob?” finds the speaker, the wordings and the outlets\n"
    "• “what did Corbyn say about the vote?” lists what somebody said; “since Monday” and “yesterday” narrow it\n"
    "• on any message, *More actions* (⋮) has _Who said this?_ and _Check the quotes_\n"
    "• `/briefing` and `/whosaid` ask the same in any channel, for your eyes alone"
)


def build_help(command: Command) -> Message:
    """How a command is used. Only you see it, and the answers too."""
    privacy_note = "" if command is Command.DIGEST else "\nOnly you see the answers, unless you share one."
    text = _HELP_TEXTS[command] + privacy_note
    return Message(text, (section(text),))


def build_plain_language_help() -> Message:
    """What can be asked in plain words, where somebody talks to the bot."""
    return Message(PLAIN_LANGUAGE_HELP, (section(PLAIN_LANGUAGE_HELP),))


def build_notice(text: str) -> Message:
    """An error or a usage line: one sentence."""
    markup = mrkdwn.shorten(text, _MAX_SENTENCE_LENGTH) or "That did not work."
    return Message(markup, (section(markup),))


def build_not_found(text: str, nearest_slugs: Sequence[str], query: BriefingQuery | None = None) -> Message:
    """The sentence, which names what may have been meant, a button for each of those, asked within the same bounds."""
    notice = build_notice(text)
    base_query = query or BriefingQuery("")
    suggestions = [(slug, replace(base_query, words=slug)) for slug in nearest_slugs]
    return Message(notice.text, (*notice.blocks, *buttons(list(_build_query_buttons(suggestions))[:5])))


def build_failure(reference: str) -> Message:
    """Something broke: what to tell whoever runs the bot, and nothing of how."""
    return build_notice(
        f"Something went wrong on our side and was logged. Please try again; if it happens again, give whoever runs "
        f"On the Record this reference: {reference}"
    )


def build_rate_limit_notice(seconds: int) -> Message:
    """Somebody asks more than the rate allows."""
    wait_phrase = "in a second" if seconds == 1 else f"in {seconds} seconds"
    return Message(
        f"That is a lot of questions at once, and others want to ask too: please ask this again {wait_phrase}."
    )


def build_topic_list(summaries: Sequence[TopicSummary]) -> Message:
    """The topics, newest first, each a button."""
    if not summaries:
        return build_notice(
            "The record holds no topics yet: add some to topics.toml, or ask /briefing with words of your own."
        )
    items = tuple(_format_topic(summary) for summary in summaries)
    head: list[Block] = [header("Topics, newest first")]
    query_buttons = list(
        _build_query_buttons([(summary.topic.title, BriefingQuery(summary.topic.slug)) for summary in summaries])
    )
    tail = [
        *buttons(query_buttons[: slack_limits.ACTIONS_ELEMENTS]),
        context("Press a topic, or type `/briefing` and its short name, or any words."),
    ]
    text = "*Topics, newest first*\n" + "\n".join(items)
    if len(text) > slack_limits.TEXT:
        kept_count = text[: slack_limits.TEXT].count("\n") - 1
        text = "*Topics, newest first*\n" + "\n".join((*items[:kept_count], f"and {len(items) - kept_count} more"))
    return Message(text, lay_out_page(head, [Part("", tuple(map(Item, items)))], tail))


def _format_topic(summary: TopicSummary) -> str:
    count = f"{summary.articles} article" + ("" if summary.articles == 1 else "s")
    newest = f", newest {format_day(summary.newest)}" if summary.articles else ""
    name = f"*{mrkdwn.shorten(summary.topic.title, 150) or 'Untitled'}*"
    return "• " + formatting.join_with_dots((name, mrkdwn.shorten(summary.topic.slug, 80), count + newest))


def _build_query_buttons(labelled_queries: Sequence[tuple[str, BriefingQuery]]) -> Iterator[ButtonElement]:
    """A button for each question that can be asked."""
    for position, (label, query) in enumerate(labelled_queries):
        if query.words:
            yield from build_button(label, Action.ASK, ButtonValue(query.command_text), position)
