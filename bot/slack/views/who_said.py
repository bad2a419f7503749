"""Renders the answer to /whosaid as a message.

Rule: a speaker is shown only if an article names one; otherwise the reason is shown. Words from an article's own text
are kept separate from quotes.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.core import slack_limits
from bot.links.urls import PageLinks
from bot.queries.queries import Query
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.citations import make_citation_id
from bot.slack.blocks.formatting import format_link
from bot.slack.blocks.menus import COPY_LABEL, SAVE_LABEL, Choice, Menu, build_menu, build_row
from bot.slack.blocks.message import Item, Message, Part, build_screen_reader_text, context, paginate, section
from bot.slack.blocks.paging import build_page_choices, describe_page
from bot.slack.views import question_line
from bot.slack.views.quote_ranking import rank_quotes
from briefings import (
    Hit,
    Kind,
    Narration,
    SpeakerStatus,
    WhoSaid,
    get_source_name,
    label_hit,
    list_other_wordings,
    list_same_wordings,
)
from briefings.text import format_day, make_search_key

#: speakers that the article identifies by a name or a description
_IDENTIFIED = (SpeakerStatus.CERTAIN, SpeakerStatus.PROBABLE, SpeakerStatus.UNNAMED)
#: most other wordings, and sources with the same words, shown for a quote; the rest are counted
_MAX_WORDINGS = 3
#: most quotes and sentences on a page, so that its buttons are not far below on a phone
_MAX_ITEMS = 6


def build_message(
    result: WhoSaid,
    command_text: str,
    page: int = 1,
    *,
    sharable: bool = True,
    page_links: PageLinks | None = None,
    wider_queries: Sequence[tuple[str, Query]] = (),
    has_timeline: bool = False,
) -> Message:
    """Return one page, counted from 1: hits, then narration; without either, the most similar quotes.

    All quotes of a person, asked for without words, are ranked. The buttons repeat `command_text`. `page_links` links
    to the pages, or is absent (None) for readers without access. `wider_queries` are the questions without one filter,
    with the labels of their buttons. With `has_timeline`, the quotes are of one person, whose timeline is offered.
    """
    if not result.query.strip():
        result = replace(result, hits=rank_quotes(result.hits))
    title = _format_title(result)
    linked_parts, plain_parts = (
        _build_parts(result, command_text, page_links, with_links=with_links) for with_links in (True, False)
    )
    search_scope = _format_closing(result)
    head, tail = [section(title)], [context(search_scope)]
    message_pages = paginate(head, linked_parts, tail, max_items=_MAX_ITEMS)
    page_number = min(max(page, 1), len(message_pages))
    shown_page = message_pages[page_number - 1]
    page_note = describe_page(message_pages, page_number, "result" if result.narration else "quote")
    value = ButtonValue(command_text, page_number)
    choices = build_page_choices(value, message_pages)
    choices += (Choice("Share to the channel", Action.SHARE, value),) if sharable and _has_content(result) else ()
    if has_timeline and result.hits and not result.dropped:
        question = ButtonValue(command_text)
        choices += (Choice("Timeline", Action.TIMELINE, question), Choice("Compare…", Action.COMPARE, question))
    choices += _build_long_question_choices(result, command_text)
    choices += (Choice(SAVE_LABEL, Action.SAVE, value),) if _has_content(result) else ()
    choices += (Choice("Watch this" if result.hits else "Watch for this", Action.WATCH, value),)
    closing = f"{page_note} {search_scope}".strip()
    return Message(
        build_screen_reader_text(title, linked_parts, plain_parts, closing, shown_page.parts),
        (
            *head,
            *shown_page.blocks,
            *build_row(choices, question_line.build_wider_choices(wider_queries)),
            context(closing),
        ),
    )


def _build_long_question_choices(result: WhoSaid, command_text: str) -> tuple[Choice, ...]:
    """Return the choices of the menus for a question that is too long for a menu."""
    if not _has_content(result) or _build_menu(command_text, "", 0):
        return ()
    value = ButtonValue(command_text)
    return (
        Choice("Read in context", Action.CONTEXT, value),
        Choice("This looks wrong", Action.WRONG, value),
        Choice(COPY_LABEL, Action.COPY, value),
    )


def _has_content(result: WhoSaid) -> bool:
    return bool(result.hits or result.narration or result.nearest)


def _format_closing(result: WhoSaid) -> str:
    """Return the scope of the search, and how to get older quotes."""
    more_note = " Only the newest 100 quotes were used. For older ones, add since: and until:."
    return formatting.format_search_scope(result.totals) + (more_note if result.more else "")


def _format_title(result: WhoSaid) -> str:
    filters = mrkdwn.shorten(", ".join(result.bounds), 300)
    count = formatting.format_count(len(result.hits), "quote")
    if result.dropped or (result.hits and result.description):
        line = question_line.format_who_said(result)
        return line if result.dropped else f"{line} ({len(result.hits)}):"
    if not result.query.strip():
        next_step = "try fewer filters" if len(result.bounds) > 1 else "try only the last name"
        return (
            f"{count} {filters}:" if result.hits else f"I have no quotes {filters}. Check the spelling, or {next_step}."
        )
    words = f"“{mrkdwn.shorten(result.query, 300)}”"
    query = f"{words} ({filters})" if filters else words
    if result.hits:
        return f"{count} found for {query}:"
    if result.narration:
        return f"No one is quoted saying {query}. It appears in the articles' own text:"
    if result.nearest:
        # the closest quotes can contain the exact words, said by another speaker
        no_match = f"No quote {filters} matches {words}" if filters else f"No exact match for {words}"
        return f"{no_match}. Closest quotes:"
    subject = "quote matches" if filters else "article contains"
    return f"No {subject} {query}. Try fewer words or a single distinctive one."


def _build_parts(result: WhoSaid, command_text: str, page_links: PageLinks | None, *, with_links: bool) -> list[Part]:
    is_short = not result.query.strip()
    hit_items = _build_hit_items(result.hits, command_text, page_links, with_links=with_links, is_short=is_short)
    narration_heading = "*In the articles' own text, not in a quote*" if result.hits else ""
    narration_items = []
    for number, sentence in enumerate(result.narration):
        citation_id = make_citation_id(sentence.article, sentence.start, sentence.end)
        menu = _build_menu(command_text, citation_id, f"n{number}")
        narration_items.append(_build_item(_format_narration(sentence, page_links, with_links=with_links), menu))
    nearest_items = (
        _build_hit_items(result.nearest, command_text, page_links, with_links=with_links)
        if not (hit_items or narration_items)
        else []
    )
    return [Part("", tuple(hit_items)), Part(narration_heading, tuple(narration_items)), Part("", tuple(nearest_items))]


def _build_hit_items(
    hits: Sequence[Hit],
    command_text: str,
    page_links: PageLinks | None,
    *,
    with_links: bool,
    is_short: bool = False,
) -> list[Item]:
    """Return the paragraphs of each hit, with its menu at the first one."""
    items = []
    for number, hit in enumerate(hits):
        first_paragraph, *paragraphs = _format_hit(hit, page_links, with_links=with_links, is_short=is_short)
        citation_id = make_citation_id(hit.article, hit.start, hit.end)
        menu = _build_menu(command_text, citation_id, number, wording_count=len(list_other_wordings(hit)))
        items += [
            _build_item(first_paragraph, menu),
            *(Item(paragraph, continues=True) for paragraph in paragraphs),
        ]
    return items


def _build_item(markup: str, menu: Menu | None) -> Item:
    return Item(markup, accessory=menu.element, block_id=menu.block_id) if menu else Item(markup)


def _build_menu(command_text: str, citation_id: str, suffix: int | str, wording_count: int = 0) -> Menu | None:
    value = ButtonValue(command_text, citation_id=citation_id)
    label = "Compare the wordings" if wording_count == 1 else f"Compare {wording_count + 1} wordings"
    wordings = [Choice(label, Action.WORDINGS, value)] if wording_count else []
    return build_menu(
        suffix,
        [
            Choice("Read in context", Action.CONTEXT, value),
            *wordings,
            Choice(COPY_LABEL, Action.COPY, value),
            Choice("This looks wrong", Action.WRONG, value),
            Choice("Mute this source here", Action.MUTE, value),
        ],
    )


def _format_hit(hit: Hit, page_links: PageLinks | None, *, with_links: bool, is_short: bool) -> list[str]:
    """Return the paragraphs of a hit. One that `is_short` has neither other wordings nor how the speaker is named."""
    with_quote_marks = hit.kind is not Kind.INDIRECT
    words, cut_note = formatting.format_quote(hit.quote, with_quote_marks=with_quote_marks)
    outlet_link = formatting.format_outlet(get_source_name(hit), hit.link or hit.url, with_links=with_links)
    details = formatting.join_with_dots(
        (
            outlet_link,
            format_day(hit.published),
            formatting.format_outlet_count(hit.outlets),
            "" if is_short else _format_cue(hit),
            cut_note,
        )
    )
    paragraph = f"{formatting.format_hit_speaker(hit)}\n{words}\n{details}"
    return [
        _add_page_link(paragraph, hit, page_links, with_links=with_links),
        *([] if is_short else _format_other_reports(hit, with_quote_marks=with_quote_marks, with_links=with_links)),
    ]


def _add_page_link(paragraph: str, passage: Hit | Narration, page_links: PageLinks | None, *, with_links: bool) -> str:
    """Append the link to the words on the article's page, if it fits into the section; without links, its label."""
    article_link = (
        format_link(page_links.build_article_link(passage.article, passage.start, passage.end), "full article")
        if page_links
        else ""
    )
    paragraph_with_link = formatting.join_with_dots((paragraph, article_link))
    if len(paragraph_with_link) > slack_limits.SECTION_TEXT:
        return paragraph
    return paragraph_with_link if with_links or not article_link else f"{paragraph} · full article"


def _format_cue(hit: Hit) -> str:
    """Return the article's words for a speaker whom it does not name there ("identified from “He said”"), or ""."""
    status = label_hit(hit).status
    cue = hit.cue if hit.cue and status is not SpeakerStatus.NOT_SPEECH else ""
    if not hit.source or status not in _IDENTIFIED:
        return f"introduced by “{mrkdwn.shorten(cue, 80)}”" if cue else ""
    speaker_words = make_search_key(hit.speaker.name if hit.speaker else "").split()
    if speaker_words and speaker_words[-1] in make_search_key(hit.source).split():
        return ""  # the article names the speaker
    return f"identified from “{mrkdwn.shorten(f'{hit.source} {cue}'.strip(), 100)}” in the article"


def _format_other_reports(hit: Hit, *, with_quote_marks: bool, with_links: bool) -> list[str]:
    """Return the sources that have the same words, and the other wordings."""
    sources = [
        formatting.format_outlet(get_source_name(variant), variant.link, with_links=with_links)
        for variant in list_same_wordings(hit)
    ]
    omitted = f" and {omitted_count} more" if (omitted_count := len(sources) - _MAX_WORDINGS) > 0 else ""
    paragraphs = [f"Also in {', '.join(sources[:_MAX_WORDINGS])}{omitted}"] if sources else []
    variants = list_other_wordings(hit)
    for variant in variants[:_MAX_WORDINGS]:
        words, cut_note = formatting.format_quote(variant.quote, with_quote_marks=with_quote_marks)
        outlet_link = formatting.format_outlet(get_source_name(variant), variant.link, with_links=with_links)
        paragraphs.append(f"Also reported as\n{words}\n" + formatting.join_with_dots((outlet_link, cut_note)))
    if omitted_count := len(variants) - _MAX_WORDINGS:
        paragraphs += (
            [f"and {omitted_count} more wording{'' if omitted_count == 1 else 's'}"] if omitted_count > 0 else []
        )
    return paragraphs


def _format_narration(sentence: Narration, page_links: PageLinks | None, *, with_links: bool) -> str:
    words, cut_note = formatting.format_quote(sentence.text)
    paragraph = f"{words}\n" + formatting.join_with_dots(
        (formatting.format_outlet(get_source_name(sentence), sentence.link, with_links=with_links), cut_note)
    )
    return _add_page_link(paragraph, sentence, page_links, with_links=with_links)
