"""Builds the modals: quoted words in context, the wordings of a quote side by side, and "This looks wrong".

Rule: as in messages, a source's words are separate, behind the quote bar, and shortened text is marked.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import ButtonValue
from bot.slack.blocks.citations import Citation
from bot.slack.blocks.formatting import format_link
from bot.slack.blocks.message import Message, context, divider, section
from briefings import Context, Hit, get_source_name, list_other_wordings
from briefings.text import make_search_key

#: title of a modal with an answer
ANSWER_TITLE = "On the Record"
#: callback_ids, and the block ids and action ids of the form
CONTEXT_CALLBACK, WORDINGS_CALLBACK, FEEDBACK_CALLBACK = "reading", "wordings", "doubt"
LINE_PICKER, LINE_FIELD, KIND_FIELD, COMMENT_FIELD = "pick", "line", "kind", "comment"
#: kinds of report: the stored value and the label
FEEDBACK_KINDS = {
    "wrong speaker": "Someone else said it",
    "wrong words": "The words differ from the article",
    "wrong date": "The date is wrong",
    "out of context": "Misleading out of context",
    "wrong link": "The link goes to the wrong place",
    "other": "Something else",
}
#: longest comment, and longest markup of the context on each side and of the quote, in characters
MAX_COMMENT_LENGTH, _MAX_CONTEXT_LENGTH, _MAX_QUOTE_LENGTH = 2000, 2500, 1800
#: most citations that the form of a mistake shows in full
_MAX_SHOWN_CITATIONS = 4
#: most differences listed, and longest markup of one side of each, in characters
_MAX_DIFFERENCES, _MAX_DIFFERENCE_LENGTH = 4, 80


def build_loading_view(title: str) -> View:
    """Return a placeholder to open at once: Slack gives three seconds to open a modal."""
    return _build_view(title, [section("Loading…")])


def build_notice_view(title: str, sentence: str) -> View:
    """Return a modal with one sentence."""
    return _build_view(title, [section(mrkdwn.shorten(sentence, slack_limits.SECTION_TEXT) or "…")])


def build_answer_view(message: Message) -> View:
    """Return a modal with the blocks of an answer."""
    return _build_view(
        ANSWER_TITLE, message.blocks or [section(mrkdwn.shorten(message.text, slack_limits.SECTION_TEXT) or "…")]
    )


def build_context_view(
    excerpt: Context, button_value: ButtonValue, citations: Sequence[Citation], page_url: str | None = None
) -> View:
    """Return a modal with the cited words and their context. A menu selects another citation of the answer.

    `page_url` is the article's page, or absent (None) for readers without access.
    """
    source = excerpt.source
    title = mrkdwn.shorten(source.title, 300) if source.title else ""
    byline = formatting.join_with_dots(
        (
            formatting.format_outlet(get_source_name(source), excerpt.link, with_links=True),
            formatting.format_publication_date(source.published),
        )
    )
    blocks: list[Block] = [section("\n".join(filter(None, (f"*{title}*" if title else "", byline))))]
    if len(citations) > 1:
        blocks.append(
            ActionsBlock(
                block_id=LINE_PICKER, elements=[_build_line_menu(LINE_PICKER, citations, button_value.citation_id)]
            )
        )
    words, cut_note = formatting.format_quote(excerpt.words, _MAX_QUOTE_LENGTH)
    marked_quote = "\n".join(f">*{line[1:]}*" if line[1:].strip() else line for line in words.split("\n"))
    blocks += [
        divider(),
        *_build_context_blocks(excerpt.before, is_before=True),
        section(marked_quote),
        *_build_context_blocks(excerpt.after, is_before=False),
        divider(),
    ]
    if page_url and (page_link := format_link(page_url, "Read the article")):
        blocks.append(context(f"{page_link}, opened at these words"))
    small_print = "The words in bold are the cited ones. The text around them is from the same article."
    blocks.append(context(f"{small_print} {cut_note}".strip()))
    return _build_view("Read in context", blocks, callback=CONTEXT_CALLBACK, private_metadata=button_value.value)


def build_wordings_view(hit: Hit) -> View:
    """Return a modal with the quote, and below it each other wording with its differences in bold and listed."""
    quote, _ = formatting.format_quote(hit.quote, _MAX_QUOTE_LENGTH)
    outlet_link = formatting.format_outlet(get_source_name(hit), hit.link or hit.url, with_links=True)
    blocks: list[Block] = [section(f"{formatting.format_hit_speaker(hit)}\n{quote}\n{outlet_link}")]
    wordings = list_other_wordings(hit)
    shown_variants = wordings[: slack_limits.VIEW_BLOCKS // 2 - 2]
    for variant in shown_variants:
        marked_quote, difference_text = _compare_wordings(hit.quote, variant.quote)
        variant_outlet = formatting.format_outlet(get_source_name(variant), variant.link, with_links=True)
        blocks += [
            divider(),
            section(f">{marked_quote or '…'}\n{formatting.join_with_dots((variant_outlet, difference_text)) or '…'}"),
        ]
    omitted_count = len(wordings) - len(shown_variants)
    remainder = f" {omitted_count} more wordings don't fit here." if omitted_count else ""
    blocks.append(context(f"Bold: words that appear only in this wording.{remainder}"))
    return _build_view("Wordings", blocks, callback=WORDINGS_CALLBACK)


def build_feedback_view(citations: Sequence[Citation], private_metadata: str) -> View:
    """Return the form to report a mistake. It shows the citation, or lets users choose one of several.

    A few are shown in full, because the menu cuts them.
    """
    kind_options = [
        Option(value=kind_select, text=PlainTextObject(text=label)) for kind_select, label in FEEDBACK_KINDS.items()
    ]
    kind_select = StaticSelectElement(action_id=KIND_FIELD, options=kind_options, placeholder="Choose…")
    comment_input = PlainTextInputElement(action_id=COMMENT_FIELD, multiline=True, max_length=MAX_COMMENT_LENGTH)
    blocks: list[Block] = []
    if len(citations) <= _MAX_SHOWN_CITATIONS:
        blocks += [_build_reported_words(citation) for citation in citations]
    if len(citations) > 1:
        line_menu = _build_line_menu(LINE_FIELD, citations, "")
        blocks.append(InputBlock(block_id=LINE_FIELD, label="Which passage?", element=line_menu))
    blocks += [
        InputBlock(block_id=KIND_FIELD, label="What is wrong?", element=kind_select),
        InputBlock(block_id=COMMENT_FIELD, label="What should it be?", element=comment_input, optional=True),
        context("Your name and note go to this workspace's admins."),
    ]
    return _build_view(
        "This looks wrong", blocks, callback=FEEDBACK_CALLBACK, private_metadata=private_metadata, submit="Send"
    )


def _build_reported_words(citation: Citation) -> Block:
    words, cut_note = formatting.format_quote(citation.words, _MAX_QUOTE_LENGTH)
    label = f"*{mrkdwn.escape_mrkdwn(citation.label)}*" if citation.label else ""
    return section("\n".join(filter(None, (label, words, cut_note))))


def _build_view(
    title: str, blocks: Sequence[Block], *, callback: str = "", private_metadata: str = "", submit: str = ""
) -> View:
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        close=PlainTextObject(text="Cancel" if submit else "Close"),
        submit=PlainTextObject(text=submit) if submit else None,
        blocks=list(blocks),
        callback_id=callback or None,
        private_metadata=private_metadata or None,
    )


def _build_line_menu(action: str, citations: Sequence[Citation], selected_id: str) -> StaticSelectElement:
    options = [
        Option(
            value=citation.id,
            text=PlainTextObject(text=mrkdwn.to_plain_text(citation.option_text, slack_limits.OPTION_TEXT) or "…"),
        )
        for citation in citations[: slack_limits.OPTIONS]
    ]
    selected_option = next((option for option in options if option.value == selected_id), None)
    return StaticSelectElement(
        action_id=action, placeholder="Choose a passage", options=options, initial_option=selected_option
    )


def _build_context_blocks(text: str, *, is_before: bool) -> list[Block]:
    """Return the paragraphs before or after the words, starting with the nearest, as far as they fit."""
    context_paragraphs: list[str] = []
    room = _MAX_CONTEXT_LENGTH
    paragraphs = [mrkdwn.escape_mrkdwn(line) for line in text.split("\n") if make_search_key(line) or "…" in line]
    for markup in reversed(paragraphs) if is_before else paragraphs:
        if len(markup) > room:
            break
        context_paragraphs.append(markup)
        room -= len(markup)
    if len(context_paragraphs) < len(paragraphs):
        context_paragraphs.append("…")
    return (
        [section("\n\n".join(reversed(context_paragraphs) if is_before else context_paragraphs))]
        if context_paragraphs
        else []
    )


def _compare_wordings(quote: str, variant: str) -> tuple[str, str]:
    """Return `variant` as markup with its own words in bold, and a description of the differences from `quote`."""
    quote_words, variant_words = quote.split(), variant.split()
    matcher = SequenceMatcher(
        None,
        [make_search_key(word) for word in quote_words],
        [make_search_key(word) for word in variant_words],
        autojunk=False,
    )
    marked_words, differences, is_shorter = [], [], False
    for tag, quote_start, quote_end, variant_start, variant_end in matcher.get_opcodes():
        old_words, new_words = (
            mrkdwn.shorten(" ".join(words), _MAX_DIFFERENCE_LENGTH)
            for words in (quote_words[quote_start:quote_end], variant_words[variant_start:variant_end])
        )
        if tag == "equal":
            marked_words.append(mrkdwn.escape_mrkdwn(" ".join(variant_words[variant_start:variant_end])))
        elif tag == "delete":
            is_at_edge = quote_start == 0 or quote_end == len(quote_words)
            is_shorter = is_shorter or is_at_edge
            differences += [] if is_at_edge else [f"without “{old_words}”"]
        else:
            marked_words.append(f"*{mrkdwn.escape_mrkdwn(' '.join(variant_words[variant_start:variant_end]))}*")
            differences.append(f"“{new_words}” instead of “{old_words}”" if tag == "replace" else f"with “{new_words}”")
    markup = " ".join(marked_words)
    if len(markup) > _MAX_QUOTE_LENGTH:  # too long for bold, so the differences are only listed
        markup, cut_note = formatting.format_quote(variant, _MAX_QUOTE_LENGTH)
        markup, differences = markup.removeprefix(">"), [cut_note, *differences] if cut_note else differences
    descriptions = differences[:_MAX_DIFFERENCES] + (
        [f"{omitted_count} more differences"] if (omitted_count := len(differences) - _MAX_DIFFERENCES) > 0 else []
    )
    return markup, "; ".join([*descriptions, *(["shorter quote"] if is_shorter else [])])
