"""Renders the answer to /whosaid as a message.

Rule: a speaker is shown only if an article names one; otherwise the reason is shown. Words from an article's own text
are kept separate from quotes.
"""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import InteractiveElement

from bot.core import slack_limits
from bot.links.urls import PageLinks
from bot.queries.queries import Query
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.citations import make_citation_id
from bot.slack.blocks.formatting import Markups, format_link
from bot.slack.blocks.menus import (
    COPY_LABEL,
    SAVE_LABEL,
    Choice,
    build_fitting_menu,
    build_row,
    count_label_characters,
    has_menu,
)
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    PlannedAccessory,
    build_screen_reader_text,
    context,
    paginate,
    section,
)
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
#: an item with links, and the same without
_Items = tuple[Item, Item]
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
    linked_parts, plain_parts = _build_parts(result, command_text, page_links)
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
    if not _has_content(result) or has_menu(command_text):
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


def _build_parts(
    result: WhoSaid, command_text: str, page_links: PageLinks | None
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the parts of the answer with links, and without."""
    item_builder = _ItemBuilder(command_text, page_links)
    hits = item_builder.build_hits(result.hits, is_short=not result.query.strip())
    narration = [item_builder.build_narration(sentence, number) for number, sentence in enumerate(result.narration)]
    nearest = [] if hits or narration else item_builder.build_hits(result.nearest)
    narration_heading = "*In the articles' own text, not in a quote*" if result.hits else ""
    sections = (("", hits), (narration_heading, narration), ("", nearest))
    return (
        tuple(Part(heading, tuple(linked for linked, _ in items)) for heading, items in sections),
        tuple(Part(heading, tuple(plain for _, plain in items)) for heading, items in sections),
    )


class _ItemBuilder:
    """Builds the items of an answer, each with links and without. Menus are built when their page is shown."""

    def __init__(self, command_text: str, page_links: PageLinks | None) -> None:
        self._command_text, self._page_links = command_text, page_links
        self._has_menus = has_menu(command_text)
        self._menu_lengths: dict[int, int] = {}

    def build_hits(self, hits: Sequence[Hit], *, is_short: bool = False) -> list[_Items]:
        """Return the paragraphs of each hit, with its menu at the first one."""
        items: list[_Items] = []
        for number, hit in enumerate(hits):
            first_markups, *other_markups = _format_hit(hit, self._page_links, is_short=is_short)
            items.append(self._build_first(first_markups, hit, number, len(list_other_wordings(hit))))
            items += [(Item(linked, continues=True), Item(plain, continues=True)) for linked, plain in other_markups]
        return items

    def build_narration(self, sentence: Narration, number: int) -> _Items:
        """Return the paragraph of a sentence, with its menu."""
        return self._build_first(_format_narration(sentence, self._page_links), sentence, f"n{number}", 0)

    def _build_first(self, markups: Markups, passage: Hit | Narration, suffix: int | str, wording_count: int) -> _Items:
        linked, plain = markups
        if not self._has_menus:
            return Item(linked), Item(plain)
        if wording_count not in self._menu_lengths:
            labels = (choice.label for choice in _list_choices(ButtonValue(""), wording_count))
            self._menu_lengths[wording_count] = count_label_characters(labels)

        def build() -> tuple[InteractiveElement, str]:
            citation_id = make_citation_id(passage.article, passage.start, passage.end)
            value = ButtonValue(self._command_text, citation_id=citation_id)
            menu = build_fitting_menu(suffix, _list_choices(value, wording_count))
            return menu.element, menu.block_id

        return Item(linked, accessory=PlannedAccessory(self._menu_lengths[wording_count], build)), Item(plain)


def _list_choices(value: ButtonValue, wording_count: int) -> list[Choice]:
    """Return the choices of a menu about a passage."""
    label = "Compare the wordings" if wording_count == 1 else f"Compare {wording_count + 1} wordings"
    return [
        Choice("Read in context", Action.CONTEXT, value),
        *([Choice(label, Action.WORDINGS, value)] if wording_count else []),
        Choice(COPY_LABEL, Action.COPY, value),
        Choice("This looks wrong", Action.WRONG, value),
        Choice("Mute this source here", Action.MUTE, value),
    ]


def _format_hit(hit: Hit, page_links: PageLinks | None, *, is_short: bool) -> list[Markups]:
    """Return the paragraphs of a hit. One that `is_short` has neither other wordings nor how the speaker is named."""
    with_quote_marks = hit.kind is not Kind.INDIRECT
    words, cut_note = formatting.format_quote(hit.quote, with_quote_marks=with_quote_marks)
    details = (
        format_day(hit.published),
        formatting.format_outlet_count(hit.outlets),
        "" if is_short else _format_cue(hit),
        cut_note,
    )
    opening = f"{formatting.format_hit_speaker(hit)}\n{words}\n"
    linked, plain = (
        opening + formatting.join_with_dots((outlet, *details))
        for outlet in formatting.format_outlet_twice(get_source_name(hit), hit.link or hit.url)
    )
    return [
        _add_page_link((linked, plain), hit, page_links),
        *([] if is_short or not hit.variants else _format_other_reports(hit, with_quote_marks=with_quote_marks)),
    ]


def _add_page_link(markups: Markups, passage: Hit | Narration, page_links: PageLinks | None) -> Markups:
    """Append the link to the words on the article's page, if it fits into the section; without links, its label."""
    if not page_links:
        return markups
    url = page_links.build_article_link(passage.article, passage.start, passage.end)
    article_link = format_link(url, "full article")
    if not article_link:
        return markups
    linked, plain = markups
    linked_pair, plain_pair = (formatting.join_with_dots((markup, article_link)) for markup in markups)
    return (
        linked if len(linked_pair) > slack_limits.SECTION_TEXT else linked_pair,
        plain if len(plain_pair) > slack_limits.SECTION_TEXT else f"{plain} · full article",
    )


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


def _format_other_reports(hit: Hit, *, with_quote_marks: bool) -> list[Markups]:
    """Return the sources that have the same words, and the other wordings."""
    same_reports = list_same_wordings(hit)
    paragraphs: list[Markups] = []
    if same_reports:
        sources = [
            formatting.format_outlet_twice(get_source_name(variant), variant.link)
            for variant in same_reports[:_MAX_WORDINGS]
        ]
        omitted_count = len(same_reports) - _MAX_WORDINGS
        omitted = f" and {omitted_count} more" if omitted_count > 0 else ""
        linked, plain = (f"Also in {', '.join(names)}{omitted}" for names in zip(*sources, strict=True))
        paragraphs.append((linked, plain))
    variants = list_other_wordings(hit)
    for variant in variants[:_MAX_WORDINGS]:
        words, cut_note = formatting.format_quote(variant.quote, with_quote_marks=with_quote_marks)
        linked, plain = (
            f"Also reported as\n{words}\n" + formatting.join_with_dots((outlet, cut_note))
            for outlet in formatting.format_outlet_twice(get_source_name(variant), variant.link)
        )
        paragraphs.append((linked, plain))
    if (omitted_count := len(variants) - _MAX_WORDINGS) > 0:
        omitted = f"and {omitted_count} more wording{'' if omitted_count == 1 else 's'}"
        paragraphs.append((omitted, omitted))
    return paragraphs


def _format_narration(sentence: Narration, page_links: PageLinks | None) -> Markups:
    words, cut_note = formatting.format_quote(sentence.text)
    linked, plain = (
        f"{words}\n" + formatting.join_with_dots((outlet, cut_note))
        for outlet in formatting.format_outlet_twice(get_source_name(sentence), sentence.link)
    )
    return _add_page_link((linked, plain), sentence, page_links)
