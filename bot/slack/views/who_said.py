"""Who said it, as a message.

Rule: a speaker is shown only where the record names one; otherwise the reason is. Words that merely stand in an article
are told apart from words that somebody is quoted with.
"""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from bot.core import slack_limits
from bot.links.urls import PageLinks
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button, build_page_buttons, describe_page
from bot.slack.blocks.citations import make_citation_id
from bot.slack.blocks.formatting import format_link as page_link
from bot.slack.blocks.message import Item, Message, Part, build_screen_reader_text, buttons, context, section
from bot.slack.blocks.message import paginate as paged
from briefings import MIN_CERTAIN_CONFIDENCE, Hit, Kind, Narration, Variant, WhoSaid

#: wordings shown beside a hit; the others are counted
_MAX_WORDINGS = 3


def build_message(
    result: WhoSaid, command_text: str, page: int = 1, *, sharable: bool = True, page_links: PageLinks | None = None
) -> Message:
    """One page: hits first, then narration; the nearest real quotations when there is neither.

    `asked` is the command's line that asks it; `pages` is where its articles can be read, for those who may.
    """
    title = _format_title(result)
    linked_parts, plain_parts = (
        _build_parts(result, command_text, page_links, with_links=True),
        _build_parts(result, command_text, None, with_links=False),
    )
    closing = _format_closing(result)
    head, tail = [section(title)], [context(closing)]
    message_pages = paged(head, linked_parts, tail)
    page_number = min(max(page, 1), len(message_pages))
    share_buttons = (
        build_button("Share to the channel", Action.SHARE, ButtonValue(command_text, page_number))
        if sharable and _has_content(result)
        else ()
    )
    row = buttons([*share_buttons, *build_page_buttons(command_text, page_number, len(message_pages))])
    page_note = [context(describe_page(message_pages, page_number, "paragraph"))] if len(message_pages) > 1 else []
    return Message(
        build_screen_reader_text(title, linked_parts, plain_parts, closing),
        (*head, *message_pages[page_number - 1].blocks, *row, *page_note, *tail),
    )


def _has_content(result: WhoSaid) -> bool:
    return bool(result.hits or result.narration or result.nearest)


def _format_closing(result: WhoSaid) -> str:
    """What was searched, and what is left out."""
    more_note = " These are of the newest 100 quotations; there are older ones: ask with since: and until:."
    return formatting.format_search_scope(result.totals) + (more_note if result.more else "")


def _format_title(result: WhoSaid) -> str:
    filters = mrkdwn.shorten(", ".join(result.bounds), 300)
    count = f"{len(result.hits)} quotation{'' if len(result.hits) == 1 else 's'}"
    if not result.query.strip():
        return f"{count} {filters}:" if result.hits else f"The record holds no quotation {filters}."
    query = f"“{mrkdwn.shorten(result.query, 300)}”" + (f" ({filters})" if filters else "")
    if result.hits:
        return f"{count} found for {query}:"
    if result.narration:
        return f"Nobody is quoted as saying {query}. It stands in the articles' own text:"
    if result.nearest:
        return f"{query} stands nowhere in the record. The closest quotations:"
    return f"{query} stands nowhere in the record. Try fewer words, or only the most telling one."


def _build_parts(result: WhoSaid, command_text: str, page_links: PageLinks | None, *, with_links: bool) -> list[Part]:
    hit_items = _build_hit_items(result.hits, command_text, page_links, with_links=with_links)
    narration_heading = "*In the articles' own text, with nobody quoted*" if result.hits else ""
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
    """Each hit in its paragraphs, the buttons below the last one."""
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
    paragraph = f"{formatting.format_speaker(hit.speaker)}{_format_certainty(hit)}\n{words}\n{details}"
    return [
        _add_page_link(paragraph, hit, page_links),
        *_format_variants(hit.variants, with_quote_marks=with_quote_marks, with_links=with_links),
    ]


def _add_page_link(paragraph: str, passage: Hit | Narration, page_links: PageLinks | None) -> str:
    """`whole` with the link to where the words stand in the record, as its last piece, where there is room for it."""
    record_link = (
        page_link(page_links.build_article_link(passage.article, passage.start, passage.end), "in the record")
        if page_links
        else ""
    )
    paragraph_with_link = formatting.join_with_dots((paragraph, record_link))
    return paragraph_with_link if len(paragraph_with_link) <= slack_limits.SECTION_TEXT else paragraph


def _format_certainty(hit: Hit) -> str:
    reason = mrkdwn.shorten(hit.reason, 200)
    if hit.speaker is None:
        return f": {reason}" if reason else ": the article does not tell"
    kind_note = (
        "" if hit.kind is Kind.DIRECT else " (reported, not in quotation marks)" if hit.kind is Kind.INDIRECT else ""
    )
    if hit.confidence < MIN_CERTAIN_CONFIDENCE:
        return f"{kind_note}, probably" + (f": {reason}" if reason else "")
    return kind_note


def _format_cue(hit: Hit) -> str:
    """The article's own words that attribute it: the mention of the speaker, the verb."""
    quoted_cue = f"“{mrkdwn.shorten(hit.cue, 80)}”" if hit.cue else ""
    if not hit.source:
        return f"introduced by {quoted_cue}" if quoted_cue else ""
    return f"named there as “{mrkdwn.shorten(hit.source, 80)}”" + (f" ({quoted_cue})" if quoted_cue else "")


def _format_variants(variants: Sequence[Variant], *, with_quote_marks: bool, with_links: bool) -> list[str]:
    paragraphs = []
    for variant in variants[:_MAX_WORDINGS]:
        words, cut_note = formatting.format_quote(variant.quote, with_quote_marks=with_quote_marks)
        outlet_link = formatting.format_outlet(variant.publisher, variant.link, with_links=with_links)
        paragraphs.append(f"Also reported as\n{words}\n" + formatting.join_with_dots((outlet_link, cut_note)))
    if omitted_count := len(variants) - _MAX_WORDINGS:
        paragraphs += (
            [f"and in {omitted_count} more wording{'' if omitted_count == 1 else 's'}"] if omitted_count > 0 else []
        )
    return paragraphs


def _format_narration(sentence: Narration, page_links: PageLinks | None, *, with_links: bool) -> str:
    words, cut_note = formatting.format_quote(sentence.text)
    paragraph = f"{words}\n" + formatting.join_with_dots(
        (formatting.format_outlet(sentence.publisher, sentence.link, with_links=with_links), cut_note)
    )
    return _add_page_link(paragraph, sentence, page_links)
