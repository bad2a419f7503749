"""Builds the short messages: help, the list of topics, one-sentence errors, and failures with a reference."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    Option,
    PlainTextObject,
    StaticSelectElement,
)

from bot.core import slack_limits
from bot.queries.queries import BriefingQuery, Command
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.menus import MAX_BUTTONS, build_row
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    buttons,
    context,
    header,
    paginate,
    section,
)
from bot.slack.blocks.paging import build_page_choices, describe_page
from briefings import TopicSummary
from briefings.text import format_day

_MAX_SENTENCE_LENGTH = 2000
#: what the buttons for the pages of the list of topics ask for; no command is written like this
TOPICS = "topics"
#: most topics on a page
_MAX_TOPICS = 20
#: most characters of all options of the menu: with the longest page of topics they stay within the limit of a message
_MAX_PICKER_LENGTH = 5000
_TOPICS_HELP = "Choose a topic, or type `/briefing` with its short name or any words."

_HELP_TEXTS = {
    Command.BRIEFING: (
        "*/briefing* summarises a story in its sources' own words, with a link to each original sentence.\n"
        "• `/briefing` lists the topics\n"
        "• `/briefing today`, `/briefing yesterday` and `/briefing this week` show the top stories\n"
        "• `/briefing labour-crisis` briefs you on a topic\n"
        "• `/briefing no-confidence vote` briefs you on anything you type\n"
        "• add days or a source: `/briefing labour-crisis last week in the Guardian`. "
        "`since:`, `until:` and `from:` work too\n"
        "• use the buttons to share an answer with the channel, see the full briefing, read a quote in its article, or "
        "report a mistake\n"
        "• `/briefing follow https://…` adds a site's new articles automatically, and `/briefing unfollow` stops that "
        "(admins only)\n"
        "• `/briefing outlets confirm The Tribune tribune.example` says which site is an outlet's, and "
        "`/briefing waiting` lists suggested links (admins only)"
    ),
    Command.WHOSAID: (
        "*/whosaid* finds who is quoted saying some words, or tells you that no one is.\n"
        '• `/whosaid "lynch-mob"` finds the speaker, the wordings and the outlets\n'
        "• add a person, a subject, a source or days in any order: "
        '`/whosaid "lynch-mob" McDonnell june 2016`, `/whosaid "lynch-mob" about labour-crisis in the Guardian`. '
        "`by:`, `about:`, `since:`, `until:` and `from:` work too\n"
        "• `/whosaid Corbyn` lists a person's quotes, and `/whosaid timeline of Corbyn on the vote` shows them by day\n"
        "• `/whosaid compare Corbyn and McDonnell on the vote` shows two people side by side\n"
        "• quotation marks, capitals and hyphens make no difference"
    ),
    Command.DIGEST: (
        "*/digest* posts the latest on a topic in this channel on a schedule, and never repeats itself.\n"
        "• `/digest labour-crisis weekdays at 8:30` schedules one in your time zone. Other schedules: "
        "`weekdays at 8:30 and weekends at 10`, `every other Monday at 9`, `first Monday of the month at 9 UK time`\n"
        "• `/digest` opens a form, and `/digest edit 1` changes a digest\n"
        "• `/digest list` shows this channel's digests with their numbers\n"
        "• `/digest now 1` posts one now; `/digest preview 1` shows it only to you\n"
        "• `/digest labour-crisis daily at 9 by e-mail to desk@example.com` also sends it by e-mail, and "
        "`/digest email 1` lists its addresses\n"
        "• `/digest details thread`, `channel` or `none` sets where this channel gets the details of its digests\n"
        "• `/digest pause 1`, `/digest resume 1` and `/digest stop 1` (or `/digest stop labour-crisis`) work for "
        "the person who scheduled it and for admins"
    ),
    Command.WATCH: (
        "*/watch* posts in this channel as soon as a new article has what you look for: who said it, "
        "word for word, with a link.\n"
        '• `/watch "lynch-mob"` watches for exact words, `/watch Tooting by-election` for all of these words\n'
        '• `/watch by:"John McDonnell"` watches a speaker, `/watch by:Corbyn about:immigration` a speaker on a '
        'subject, `/watch "lynch-mob" in the Guardian` one outlet\n'
        "• `/watch` opens a form; `/watch list` shows the watches here with their numbers\n"
        "• `/watch pause 1`, `/watch resume 1`, `/watch edit 1` and `/watch stop 1` work for the person who set it up "
        "and for admins; `/watch preview 1` shows what it would have found\n"
        "• `/watch limit 10` sets the most messages an hour here, and `/watch quiet 22:00-07:00` the hours without "
        "messages; a summary follows\n"
        "• further reports of the same words go in the message's thread"
    ),
    Command.TOPIC: (
        "*/topic* keeps the topics of this workspace. A topic has a name, and words that its articles contain.\n"
        "• `/topic` lists the topics; their menus (⋯) change them\n"
        "• `/topic new Easton flood: flood, flooding` makes one, and `/topic new` opens a form\n"
        "• `/topic suggest` suggests topics from the stories of the last days\n"
        "• `/topic rename labour-crisis to Labour leadership`, `/topic words labour-crisis: leadership vote` and "
        "`/topic merge floods into weather` change topics. Digests and links go on\n"
        "• `/topic mute labour-crisis` leaves it out of lists, and `/topic unmute labour-crisis` puts it back\n"
        "• `/topic remove labour-crisis` removes it, and `/topic restore labour-crisis` brings it back"
    ),
    Command.SOURCES: (
        "*/sources* sets what this channel does not want to read. It changes only this channel.\n"
        "• `/sources mute The Tribune` leaves out an outlet\n"
        "• `/sources mute tribune.example/sport` leaves out a section of a site, or a whole site\n"
        "• `/sources` lists what is muted, and `/sources unmute 1` or `/sources unmute The Tribune` brings it back\n"
        "• in the ⋯ menu of a line, *Mute this source here* does the same\n"
        "• what another source reports too stays, and is counted without the muted one\n"
        "• in a message to me, type “mute The Tribune” or “what is muted?”"
    ),
}


#: help for questions without a command
PLAIN_LANGUAGE_HELP = (
    "*Ask me in plain words.* I answer with quotes from news articles, each linked to its original sentence.\n"
    "• “brief me on labour-crisis” summarises a story; “topics” lists all topics\n"
    "• “what's the news today?” shows the top stories\n"
    "• “who said lynch-mob?” finds the speaker, the wordings and the outlets\n"
    "• “what did Corbyn say about the vote?” lists a person's quotes; “since Monday” and “yesterday” "
    "narrow the results\n"
    "• “alert us when Corbyn speaks about immigration” posts new articles as they arrive\n"
    "• “timeline of Corbyn on the vote” shows them by day; “compare Corbyn and McDonnell” shows two people "
    "side by side\n"
    "• on any message, *More actions* (⋮) has _Who said this?_ and _Check the quotes_\n"
    "• “mute The Tribune” leaves out a source in this conversation; “what is muted?” lists them\n"
    "• `/briefing` and `/whosaid` work in any channel, and only you see the answer"
)


def build_help(command: Command) -> Message:
    """Return the help for a command."""
    is_shared = command in (Command.DIGEST, Command.WATCH, Command.TOPIC, Command.SOURCES)
    privacy_note = "" if is_shared else "\nOnly you see the answers, unless you share one."
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
    return Message(notice.text, (*notice.blocks, *buttons(list(_build_query_buttons(suggestions))[:MAX_BUTTONS])))


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


def build_topic_list(summaries: Sequence[TopicSummary], page: int = 1) -> Message:
    """Return one page of the topics, counted from 1, newest first, with a choice of topics."""
    if not summaries:
        return build_notice("No topics yet. Make one with /topic new, or type /briefing and any words.")
    head: list[Block] = [header("Topics, newest first")]
    parts = [Part("", tuple(Item(_format_topic(summary)) for summary in summaries))]
    message_pages = paginate(head, parts, [], max_items=_MAX_TOPICS, gap="\n")
    page_number = min(max(page, 1), len(message_pages))
    shown_page = message_pages[page_number - 1]
    page_choices = build_page_choices(ButtonValue(TOPICS, page_number), message_pages)
    first_shown = sum(message_page.item_count for message_page in message_pages[: page_number - 1])
    closing = " ".join(filter(None, (describe_page(message_pages, page_number, "topic"), _TOPICS_HELP)))
    text = build_screen_reader_text("*Topics, newest first*", parts, parts, closing, shown_page.parts)
    return Message(
        text,
        (
            *head,
            *shown_page.blocks,
            *build_topic_picker(summaries, first_shown),
            *build_row(page_choices),
            context(closing),
        ),
    )


def build_topic_picker(summaries: Sequence[TopicSummary], first_shown: int = 0) -> list[Block]:
    """Return buttons for at most three topics with articles, or a menu of at most 100 that can be searched.

    With more topics, the menu has those from number `first_shown` on.
    """
    available = [summary for summary in summaries if summary.articles and summary.topic.slug.strip()]
    if len(summaries) > slack_limits.OPTIONS:
        available = [summary for summary in summaries[first_shown:] if summary in available]
    queries = [(summary.topic.title, BriefingQuery(summary.topic.slug)) for summary in available]
    if len(queries) <= MAX_BUTTONS:
        return buttons(list(_build_query_buttons(queries)))
    labels = {ButtonValue(query.command_text).value: (title or query.words, query.words) for title, query in queries}
    values = [value for value in labels if len(value) <= slack_limits.OPTION_VALUE][: slack_limits.OPTIONS]
    max_length = min(slack_limits.OPTION_TEXT, _MAX_PICKER_LENGTH // max(len(values), 1))
    titles = {value: mrkdwn.to_plain_text(title, max_length) or "…" for value, (title, _) in labels.items()}
    title_counts = Counter(titles[value] for value in values)
    options = []
    for value in values:
        # topics with the same title are told apart by their short names
        is_clear = title_counts[titles[value]] == 1
        label = titles[value] if is_clear else mrkdwn.to_plain_text(labels[value][1], max_length)
        options.append(Option(value=value, text=PlainTextObject(text=label or "…", emoji=False)))
    menu = StaticSelectElement(action_id=f"{Action.ASK}:topic", placeholder="Choose a topic", options=options)
    return [ActionsBlock(elements=[menu])] if options else []


def _format_topic(summary: TopicSummary) -> str:
    count = formatting.format_count(summary.articles, "article") if summary.articles else "no articles yet"
    newest = f", newest {format_day(summary.newest)}" if summary.articles else ""
    name = f"*{mrkdwn.shorten(summary.topic.title, 150) or 'Untitled'}*"
    return "• " + formatting.join_with_dots((name, mrkdwn.shorten(summary.topic.slug, 80), count + newest))


def _build_query_buttons(labelled_queries: Sequence[tuple[str, BriefingQuery]]) -> Iterator[ButtonElement]:
    """Yield a button for each query that is not empty."""
    for position, (label, query) in enumerate(labelled_queries):
        if query.words:
            yield from build_button(label, Action.ASK, ButtonValue(query.command_text), position)
