"""Builds the short messages: help, the list of topics, one-sentence errors, and failures with a reference."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block, ButtonElement

from bot.core import slack_limits
from bot.queries.queries import BriefingQuery, Command
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.message import Item, Message, Part, buttons, context, header, lay_out_page, section
from briefings import TopicSummary
from briefings.text import format_day

_MAX_SENTENCE_LENGTH = 2000


_HELP_TEXTS = {
    Command.BRIEFING: (
        "*/briefing* summarises a story in its sources' own words, with a link to each original sentence.\n"
        "• `/briefing` lists the topics\n"
        "• `/briefing labour-crisis` briefs you on a topic\n"
        "• `/briefing no-confidence vote` briefs you on anything you type\n"
        "• `since:`, `until:` and `from:` narrow the results: "
        "`/briefing labour-crisis since:2016-06-24 until:yesterday from:Guardian`\n"
        "• use the buttons to share an answer with the channel, see the full briefing, read a quote in its article, or "
        "report a mistake\n"
        "• `/briefing follow https://…` adds a site's new articles automatically, and `/briefing unfollow` stops that "
        "(admins only)"
    ),
    Command.WHOSAID: (
        "*/whosaid* finds who is quoted saying some words, or tells you that no one is.\n"
        '• `/whosaid "lynch-mob"` finds the speaker, the wordings and the outlets\n'
        "• `by:`, `about:`, `since:`, `until:` and `from:` narrow the results: "
        '`/whosaid "lynch-mob" by:"John McDonnell" about:labour-crisis since:2016-06-24 from:"International Business '
        'Times UK"`\n'
        "• `/whosaid by:Corbyn` lists a person's quotes\n"
        "• quotation marks, capitals and hyphens make no difference"
    ),
    Command.DIGEST: (
        "*/digest* posts the latest on a topic in this channel on a schedule, and never repeats itself.\n"
        "• `/digest labour-crisis weekdays at 8:30` schedules one in your time zone. Other schedules: "
        "`weekdays at 8:30 and weekends at 10`, `every other Monday at 9`, `first Monday of the month at 9 UK time`\n"
        "• `/digest` opens a form, and `/digest edit 1` changes a digest\n"
        "• `/digest list` shows this channel's digests with their numbers\n"
        "• `/digest now 1` posts one now; `/digest preview 1` shows it only to you\n"
        "• `/digest pause 1`, `/digest resume 1` and `/digest stop 1` (or `/digest stop labour-crisis`) work for "
        "the person who scheduled it and for admins"
    ),
}


#: help for questions without a command
PLAIN_LANGUAGE_HELP = (
    "*Ask me in plain words.* I answer with quotes from news articles, each linked to its original sentence.\n"
    "• “brief me on labour-crisis” summarises a story; “topics” lists all topics\n"
    "• “who said lynch-mob?” finds the speaker, the wordings and the outlets\n"
    "• “what did Corbyn say about the vote?” lists a person's quotes; “since Monday” and “yesterday” "
    "narrow the results\n"
    "• on any message, *More actions* (⋮) has _Who said this?_ and _Check the quotes_\n"
    "• `/briefing` and `/whosaid` work in any channel, and only you see the answer"
)


def build_help(command: Command) -> Message:
    """Return the help for a command."""
    privacy_note = "" if command is Command.DIGEST else "\nOnly you see the answers, unless you share one."
    text = _HELP_TEXTS[command] + privacy_note
    return Message(text, (section(text),))


def build_plain_language_help() -> Message:
    """Return the help for questions in plain words."""
    return Message(PLAIN_LANGUAGE_HELP, (section(PLAIN_LANGUAGE_HELP),))


def build_notice(text: str) -> Message:
    """Return a message with one sentence, such as an error."""
    markup = mrkdwn.shorten(text, _MAX_SENTENCE_LENGTH) or "That didn't work. Please try again."
    return Message(markup, (section(markup),))


def build_not_found(text: str, nearest_slugs: Sequence[str], query: BriefingQuery | None = None) -> Message:
    """Return a sentence with a button for each similar topic. The buttons keep the filters of `query`."""
    notice = build_notice(text)
    base_query = query or BriefingQuery("")
    suggestions = [(slug, replace(base_query, words=slug)) for slug in nearest_slugs]
    return Message(notice.text, (*notice.blocks, *buttons(list(_build_query_buttons(suggestions))[:5])))


def build_failure(reference: str) -> Message:
    """Return the message for an internal error: a reference to report, and no details."""
    return build_notice(
        f"Something went wrong on our side. Please try again. If it happens again, send this reference to the person "
        f"who runs On the Record: {reference}"
    )


def build_rate_limit_notice(seconds: int) -> Message:
    """Return the message for a user over the rate limit, with the seconds to wait."""
    wait_phrase = "in a second" if seconds == 1 else f"in {seconds} seconds"
    return Message(f"That's a lot of questions at once. Please try again {wait_phrase}.")


def build_topic_list(summaries: Sequence[TopicSummary]) -> Message:
    """Return the list of topics, newest first, with a button for each."""
    if not summaries:
        return build_notice("No topics yet. Add some to topics.toml, or type /briefing and any words.")
    items = tuple(_format_topic(summary) for summary in summaries)
    head: list[Block] = [header("Topics, newest first")]
    query_buttons = list(
        _build_query_buttons([(summary.topic.title, BriefingQuery(summary.topic.slug)) for summary in summaries])
    )
    tail = [
        *buttons(query_buttons[: slack_limits.ACTIONS_ELEMENTS]),
        context("Choose a topic, or type `/briefing` with its short name or any words."),
    ]
    text = "*Topics, newest first*\n" + "\n".join(items)
    if len(text) > slack_limits.TEXT:
        kept_count = text[: slack_limits.TEXT].count("\n") - 1
        text = "*Topics, newest first*\n" + "\n".join((*items[:kept_count], f"and {len(items) - kept_count} more"))
    return Message(text, lay_out_page(head, [Part("", tuple(map(Item, items)))], tail))


def _format_topic(summary: TopicSummary) -> str:
    count = formatting.format_count(summary.articles, "article")
    newest = f", newest {format_day(summary.newest)}" if summary.articles else ""
    name = f"*{mrkdwn.shorten(summary.topic.title, 150) or 'Untitled'}*"
    return "• " + formatting.join_with_dots((name, mrkdwn.shorten(summary.topic.slug, 80), count + newest))


def _build_query_buttons(labelled_queries: Sequence[tuple[str, BriefingQuery]]) -> Iterator[ButtonElement]:
    """Yield a button for each query that is not empty."""
    for position, (label, query) in enumerate(labelled_queries):
        if query.words:
            yield from build_button(label, Action.ASK, ButtonValue(query.command_text), position)
