"""Renders the answer to /whosaid as a message.

Rule: a speaker is shown only if an article names one; otherwise the reason is shown. Words from an article's own text
are kept separate from quotes.
"""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from bot.core import slack_limits
from bot.links.urls import PageLinks
from bot.queries.queries import Query
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button, build_page_buttons, describe_page
from bot.slack.blocks.citations import make_citation_id
from bot.slack.blocks.formatting import format_link
from bot.slack.blocks.message import Item, Message, Part, build_screen_reader_text, buttons, context, paginate, section
from bot.slack.views import question_line
from briefings import Hit, Kind, Narration, SpeakerStatus, Variant, WhoSaid, label_hit

#: speakers that the article identifies by a name or a description
_IDENTIFIED = (SpeakerStatus.CERTAIN, SpeakerStatus.PROBABLE, SpeakerStatus.UNNAMED)
#: most other wordings shown for a quote; the rest are counted
_MAX_WORDINGS = 3


def build_message(
    result: WhoSaid,
    command_text: str,
    page: int = 1,
    *,
    sharable: bool = True,
    page_links: PageLinks | None = None,
    wider_queries: Sequence[tuple[str, Query]] = (),
) -> Message:
    """Return one page, counted from 1: hits, then narration; without either, the most similar quotes.

    The buttons repeat `command_text`. `page_links` links to the pages, or is absent (None) for readers without access.
    `wider_queries` are the questions without one filter, with the labels of their buttons.
    """
    title = _format_title(result)
    linked_parts, plain_parts = (
        _build_parts(result, command_text, page_links, with_links=True),
        _build_parts(result, command_text, None, with_links=False),
    )
    closing = _format_closing(result)
    head, tail = [section(title)], [*question_line.build_wider_buttons(wider_queries), context(closing)]
    message_pages = paginate(head, linked_parts, tail)
    page_number = min(max(page, 1), len(message_pages))
    share_buttons = (
        build_button("Share to the channel", Action.SHARE, ButtonValue(command_text, page_number))
        if sharable and _has_content(result)
        else ()
    )
    row = buttons([*share_buttons, *build_page_buttons(ButtonValue(command_text, page_number), len(message_pages))])
    page_note = [context(describe_page(message_pages, page_number, "paragraph"))] if len(message_pages) > 1 else []
    return Message(
        build_screen_reader_text(title, linked_parts, plain_parts, closing),
        (*head, *message_pages[page_number - 1].blocks, *row, *page_note, *tail),
    )


def _has_content(result: WhoSaid) -> bool:
    return bool(result.hits or result.narration or result.nearest)


def _format_closing(result: WhoSaid) -> str:
    """Return the scope of the search, and how to get older quotes."""
    more_note = " Only the newest 100 quotes were used. For older ones, add since: and until:."
    return formatting.format_search_scope(result.totals) + (more_note if result.more else "")


def _format_title(result: WhoSaid) -> str:
    filters = mrkdwn.shorten(", ".join(result.bounds), 300)
    if result.dropped or (result.hits and result.description):
        line = question_line.format_who_said(result)
        return line if result.dropped else f"{line} ({len(result.hits)})"
    if not result.query.strip():
        count = formatting.format_count(len(result.hits), "quote")
        next_step = "try fewer filters" if len(result.bounds) > 1 else "try only the last name"
        return (
            f"{count} {filters}:" if result.hits else f"I have no quotes {filters}. Check the spelling, or {next_step}."
        )
    words = f"“{mrkdwn.shorten(result.query, 300)}”"
    query = f"{words} ({filters})" if filters else words
    if result.hits:
        return f"{formatting.format_count(len(result.hits), 'quote')} found for {query}:"
    if result.narration:
        return f"No one is quoted saying {query}. It appears in the articles' own text:"
    if result.nearest:
        # the closest quotes can contain the exact words, said by another speaker
        no_match = f"No quote {filters} matches {words}" if filters else f"No exact match for {words}"
        return f"{no_match}. Closest quotes:"
    subject = "quote matches" if filters else "article contains"
    return f"No {subject} {query}. Try fewer words or a single distinctive one."


def _build_parts(result: WhoSaid, command_text: str, page_links: PageLinks | None, *, with_links: bool) -> list[Part]:
    hit_items = _build_hit_items(result.hits, command_text, page_links, with_links=with_links)
    narration_heading = "*In the articles' own text, not in a quote*" if result.hits else ""
    narration_items = []
    for number, sentence in enumerate(result.narration):
        citation_id = make_citation_id(sentence.article, sentence.start, sentence.end)
        narration_items.append(
            Item(
                _format_narration(sentence, page_links, with_links=with_links),
                _build_buttons(command_text, citation_id, f"n{number}"),
            )
        )
    nearest_items = (
        _build_hit_items(result.nearest, command_text, page_links, with_links=with_links)
        if not (hit_items or narration_items)
        else []
    )
    return [Part("", tuple(hit_items)), Part(narration_heading, tuple(narration_items)), Part("", tuple(nearest_items))]


def _build_hit_items(
    hits: Sequence[Hit], command_text: str, page_links: PageLinks | None, *, with_links: bool
) -> list[Item]:
    """Return the paragraphs of each hit, with the buttons below the last one."""
    items = []
    for number, hit in enumerate(hits):
        *paragraphs, last_paragraph = _format_hit(hit, page_links, with_links=with_links)
        citation_id = make_citation_id(hit.article, hit.start, hit.end)
        hit_buttons = _build_buttons(command_text, citation_id, number, wording_count=len(hit.variants))
        items += [*map(Item, paragraphs), Item(last_paragraph, hit_buttons)]
    return items


def _build_buttons(
    command_text: str, citation_id: str, suffix: int | str, wording_count: int = 0
) -> tuple[ButtonElement, ...]:
    button_value = ButtonValue(command_text, citation_id=citation_id)
    label = "Compare the wordings" if wording_count == 1 else f"Compare {wording_count + 1} wordings"
    return (
        *build_button("Read in context", Action.CONTEXT, button_value, suffix),
        *(build_button(label, Action.WORDINGS, button_value, suffix) if wording_count else ()),
        *build_button("This looks wrong", Action.WRONG, button_value, suffix),
    )


def _format_hit(hit: Hit, page_links: PageLinks | None, *, with_links: bool) -> list[str]:
    with_quote_marks = hit.kind is not Kind.INDIRECT
    words, cut_note = formatting.format_quote(hit.quote, with_quote_marks=with_quote_marks)
    outlet_link = formatting.format_outlet(hit.publisher, hit.link or hit.url, with_links=with_links)
    details = formatting.join_with_dots(
        (
            outlet_link,
            formatting.format_publication_date(hit.published),
            formatting.format_outlet_count(hit.outlets),
            _format_cue(hit),
            cut_note,
        )
    )
    paragraph = f"{formatting.format_hit_speaker(hit)}\n{words}\n{details}"
    return [
        _add_page_link(paragraph, hit, page_links),
        *_format_variants(hit.variants, with_quote_marks=with_quote_marks, with_links=with_links),
    ]


def _add_page_link(paragraph: str, passage: Hit | Narration, page_links: PageLinks | None) -> str:
    """Append the link to the words on the article's page, if it fits into the section."""
    article_link = (
        format_link(page_links.build_article_link(passage.article, passage.start, passage.end), "full article")
        if page_links
        else ""
    )
    paragraph_with_link = formatting.join_with_dots((paragraph, article_link))
    return paragraph_with_link if len(paragraph_with_link) <= slack_limits.SECTION_TEXT else paragraph


def _format_cue(hit: Hit) -> str:
    """Return the article's words that identify the speaker, the mention and the verb; or the verb without them."""
    status = label_hit(hit).status
    quoted_cue = f"“{mrkdwn.shorten(hit.cue, 80)}”" if hit.cue and status is not SpeakerStatus.NOT_SPEECH else ""
    if not hit.source or status not in _IDENTIFIED:
        return f"introduced by {quoted_cue}" if quoted_cue else ""
    return (
        f"identified from “{mrkdwn.shorten(hit.source, 80)}”"
        + (f" ({quoted_cue})" if quoted_cue else "")
        + " in the article"
    )


def _format_variants(variants: Sequence[Variant], *, with_quote_marks: bool, with_links: bool) -> list[str]:
    paragraphs = []
    for variant in variants[:_MAX_WORDINGS]:
        words, cut_note = formatting.format_quote(variant.quote, with_quote_marks=with_quote_marks)
        outlet_link = formatting.format_outlet(variant.publisher, variant.link, with_links=with_links)
        paragraphs.append(f"Also reported as\n{words}\n" + formatting.join_with_dots((outlet_link, cut_note)))
    if omitted_count := len(variants) - _MAX_WORDINGS:
        paragraphs += (
            [f"and {omitted_count} more wording{'' if omitted_count == 1 else 's'}"] if omitted_count > 0 else []
        )
    return paragraphs


def _format_narration(sentence: Narration, page_links: PageLinks | None, *, with_links: bool) -> str:
    words, cut_note = formatting.format_quote(sentence.text)
    paragraph = f"{words}\n" + formatting.join_with_dots(
        (formatting.format_outlet(sentence.publisher, sentence.link, with_links=with_links), cut_note)
    )
    return _add_page_link(paragraph, sentence, page_links)
