"""Renders the messages of watches: a match, its further reports, and a summary.

Rule: an article's words are behind the quote bar and link to their sentence. What the program adds is outside the bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.citations import make_citation_id
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    context,
    paginate,
    section,
)
from bot.watches.found_passage import FoundPassage, MatchRole
from bot.watches.list_view import build_watch_menu
from bot.watches.model import ChannelWatch
from bot.watches.query_text import describe_query, to_question
from briefings import Article, Hit, Kind, get_source_name
from briefings.text import format_day
from briefings.watches import WatchFinding

#: longest sentence around a quotation, and quotation in a list, in characters of markup
_MAX_SENTENCE, _MAX_LISTED = 800, 240
#: most outlets and other wordings of a gathered message, and most entries of a summary
_MAX_OUTLETS, _MAX_WORDINGS, _MAX_ENTRIES = 20, 5, 20
#: most watches that a message names
_MAX_WATCHES = 3
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class SummaryEntry:
    """One passage of a summary, and the watches that match it."""

    watches: tuple[ChannelWatch, ...]
    passage: FoundPassage


def build_match_message(
    watches: Sequence[ChannelWatch],
    article: Article,
    finding: WatchFinding,
    passage: FoundPassage,
    hit: Hit | None,
) -> Message:
    """Return the message for one passage: who says what, where, and the sentence around it.

    `watches` are those of the place that match it; the buttons belong to the first. Without a `hit`, only the title
    matches.
    """
    paragraphs = _format_match(article, finding, hit) if hit else [_format_title(passage)]
    footer = _format_footer(watches)
    text = "\n\n".join((*paragraphs, footer))
    blocks: list[Block] = [*map(section, paragraphs), *_build_row(watches[0], hit), context(footer)]
    return Message(text, tuple(blocks))


def build_gathered_message(head: FoundPassage, others: Sequence[tuple[FoundPassage, MatchRole]]) -> Message:
    """Return the message below a match that lists the further outlets and wordings."""
    outlets: dict[str, FoundPassage] = {}
    for passage, _ in others:
        outlets.setdefault(passage.outlet, passage)
    outlets.pop(head.outlet, None)
    wordings = _list_wordings(head, others)
    where = _count(len(outlets), "outlet") if outlets else f"another article of {mrkdwn.shorten(head.outlet, 80)}"
    title = f"Also in {where}"
    if wordings:
        title += f", with {_count(1 + len(wordings), 'wording')}"
    shown_passages = list(outlets.values())[:_MAX_OUTLETS] or [passage for passage, _ in others[:1]]
    lines = [f"• {_format_source(passage)}" for passage in shown_passages]
    if len(outlets) > _MAX_OUTLETS:
        lines.append(f"and {len(outlets) - _MAX_OUTLETS} more")
    items = [Item("\n".join(lines))]
    items += [
        Item(f"Also reported as\n{_format_words(passage)}\n{_format_source(passage)}")
        for passage in wordings[:_MAX_WORDINGS]
    ]
    if len(wordings) > _MAX_WORDINGS:
        items.append(Item(f"and {_count(len(wordings) - _MAX_WORDINGS, 'more wording')}"))
    return _build_listing(f"{title}:", items, "")


def build_summary_message(entries: Sequence[SummaryEntry], report_count: int = 0, *, is_quiet: bool) -> Message:
    """Return the message for the matches that got no separate message. `entries` are not empty, oldest first.

    `report_count` is the number of further reports of them.
    """
    why = "during quiet hours" if is_quiet else "over this channel's limit of messages an hour"
    title = f"*{_count(len(entries), 'more match', 'more matches')}* {why}:"
    items = [Item(_format_entry(entry)) for entry in entries[:_MAX_ENTRIES]]
    if len(entries) > _MAX_ENTRIES:
        items.append(Item(f"and {_count(len(entries) - _MAX_ENTRIES, 'more match', 'more matches')}"))
    if report_count:
        items.append(Item(f"and {_count(report_count, 'further report')} of these"))
    closing = "To change this, type `/watch quiet off`." if is_quiet else "To change the limit, type `/watch limit 20`."
    return _build_listing(title, items, closing)


def _build_listing(title: str, items: Sequence[Item], closing: str) -> Message:
    head: list[Block] = [section(title)]
    tail: list[Block] = [context(closing)] if closing else []
    parts = [Part("", tuple(items))]
    page = paginate(head, parts, tail)[0]
    text = build_screen_reader_text(title, page.parts, page.parts, closing)
    return Message(text, (*head, *page.blocks, *tail))


def _format_match(article: Article, finding: WatchFinding, hit: Hit) -> list[str]:
    """Return the paragraphs of a match."""
    outlet = formatting.format_outlet(get_source_name(hit), hit.link or hit.url, with_links=True)
    if finding.quote is None:
        heading = "*In the article's own text*, not in a quote"
        words, cut_note = formatting.format_quote(hit.quote)
    else:
        heading = formatting.format_hit_speaker(hit)
        words, cut_note = formatting.format_quote(hit.quote, with_quote_marks=hit.kind is not Kind.INDIRECT)
    details = formatting.join_with_dots((outlet, format_day(hit.published), cut_note))
    paragraphs = [f"{heading}\n{words}\n{details}"]
    if finding.quote and finding.sentence:
        sentence, _ = formatting.format_quote(finding.sentence.of(article.text), _MAX_SENTENCE)
        paragraphs.append(f"In the article:\n{sentence}")
    return paragraphs


def _format_title(passage: FoundPassage) -> str:
    words, _ = formatting.format_quote(passage.words)
    return f"*In the title*\n{words}\n{_format_source(passage)}"


def _build_row(watch: ChannelWatch, hit: Hit | None) -> list[Block]:
    """Return the row of buttons about the passage, with the menu of the watch."""
    return [ActionsBlock(elements=[*(_build_passage_buttons(watch, hit) if hit else ()), build_watch_menu(watch)])]


def _build_passage_buttons(watch: ChannelWatch, hit: Hit) -> list[ButtonElement]:
    question = replace(to_question(watch.config.query), since=hit.published, until=hit.published)
    value = ButtonValue(question.command_text, citation_id=make_citation_id(hit.article, hit.start, hit.end))
    return [
        *build_button("Read in context", Action.CONTEXT, value),
        *build_button("This looks wrong", Action.WRONG, value),
    ]


def _list_wordings(head: FoundPassage, others: Sequence[tuple[FoundPassage, MatchRole]]) -> list[FoundPassage]:
    """Return the passages with other words than the head, each wording once."""
    wordings = {head.wording_key: head}
    for passage, role in others:
        if role is MatchRole.WORDING:
            wordings.setdefault(passage.wording_key, passage)
    return list(wordings.values())[1:]


def _format_entry(entry: SummaryEntry) -> str:
    passage = entry.passage
    speaker = f"*{mrkdwn.shorten(passage.speaker, 80)}*" if passage.speaker else ""
    if passage.is_quote:
        heading = f"{'Probably ' if passage.is_probable else ''}{speaker}" if speaker else "*Unknown speaker*"
    else:
        heading = "*In the article's own text*"
    numbers = _join([str(watch.number) for watch in entry.watches])
    noun = "watch" if len(entry.watches) == 1 else "watches"
    details = formatting.join_with_dots((_format_source(passage), f"{noun} {numbers}"))
    return f"{heading}\n{_format_words(passage)}\n{details}"


def _format_words(passage: FoundPassage) -> str:
    return formatting.format_quote(passage.words, _MAX_LISTED, with_quote_marks=passage.is_direct)[0]


def _format_source(passage: FoundPassage) -> str:
    outlet = formatting.format_outlet(passage.outlet, passage.link, with_links=True)
    return formatting.join_with_dots((outlet, format_day(passage.day)))


def _format_footer(watches: Sequence[ChannelWatch]) -> str:
    """Return which watches a message is for, and who set them up; the first ones if there are many."""
    labels = [f"Watch {watch.number}: {describe_query(watch.config.query)}" for watch in watches[:_MAX_WATCHES]]
    if len(watches) > _MAX_WATCHES:
        labels.append(f"and {len(watches) - _MAX_WATCHES} more watches")
    owners = list(dict.fromkeys(f"<@{watch.config.owner}>" for watch in watches[:_MAX_WATCHES]))
    return formatting.join_with_dots((*labels, f"set up by {_join(owners)}"))


def _join(texts: Sequence[str]) -> str:
    """Return texts as a list in words, the first ones if there are many."""
    if len(texts) > _MAX_WATCHES:
        texts = [*texts[:_MAX_WATCHES], f"{len(texts) - _MAX_WATCHES} more"]
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))


def _count(number: int, noun: str, plural: str = "") -> str:
    count = _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else f"{number:,}"
    return f"{count} {noun if number == 1 else plural or noun + 's'}"
