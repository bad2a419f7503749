"""Renders the check of a draft's quotes as a message, with a verdict for each quote.

Rule: each verdict is written out. Words that differ between draft and source are bold in both and listed. Text from
the draft or a source is behind the quote bar, and shortened text is marked.
"""

from collections import Counter
from collections.abc import Sequence

from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    context,
    describe_omission,
    paginate,
    section,
)
from briefings import Change, CheckedQuote, DraftCheck, Hit, Kind, Span, Verdict, get_source_name
from briefings.text import format_day

_HEADINGS = {
    Verdict.EXACT: "Exact match",
    Verdict.DIFFERS: "Different wording",
    Verdict.MISATTRIBUTED: "Said by someone else",
    Verdict.NARRATION: "The article's own words",
    Verdict.NOT_FOUND: "Not found",
    Verdict.NOT_SURE: "Not sure",
    Verdict.UNCHECKED: "Not checked",
}
_COUNT_LABELS = {
    Verdict.EXACT: "exact",
    Verdict.DIFFERS: "with different wording",
    Verdict.MISATTRIBUTED: "said by someone else",
    Verdict.NARRATION: "in the article's own words",
    Verdict.NOT_FOUND: "not found",
    Verdict.NOT_SURE: "not sure",
    Verdict.UNCHECKED: "not checked",
}
#: the label above the source of each quote
_SOURCE_LABELS = {
    Verdict.DIFFERS: "The article has",
    Verdict.MISATTRIBUTED: "Said by",
    Verdict.NARRATION: "The article says",
}
#: longest markup of a quote, of its source, and of the words of one change, in characters
_MAX_QUOTE_LENGTH, _MAX_SOURCE_LENGTH, _MAX_CHANGE_LENGTH = 600, 700, 80
#: characters shown before and after the changed words of a long quote
_CONTEXT_LENGTH = 150
#: private-use characters that mark bold text during escaping
_BOLD_START, _BOLD_END = "\ue000", "\ue001"
#: most changes and similar quotes shown
_MAX_CHANGES, _MAX_NEAREST = 5, 2


def build_message(result: DraftCheck) -> Message:
    """Return a message with the draft's quotes in order, as many as fit."""
    title = f"*{_summarize(result)}*"
    linked_parts, plain_parts = (
        [Part("", tuple(Item(_format_quote(result.draft, quote, with_links=with_links)) for quote in result.quotes))]
        for with_links in (True, False)
    )
    closing = formatting.format_search_scope(result.totals)
    head, tail = [section(title)], [context(closing)]
    first_page, *other_pages = paginate(head, linked_parts, tail)
    omission = describe_omission(other_pages)
    text = build_screen_reader_text(title, linked_parts, plain_parts, f"{omission} {closing}".strip())
    return Message(text, (*head, *first_page.blocks, *([context(omission)] if omission else []), *tail))


def _summarize(result: DraftCheck) -> str:
    if not result.quotes:
        return "No quotes to check: the text in quotation marks is short and has no speaker."
    counts_by_verdict = Counter(quote.verdict for quote in result.quotes)
    phrases = ", ".join(
        f"{counts_by_verdict[verdict]} {_COUNT_LABELS[verdict]}" for verdict in Verdict if counts_by_verdict[verdict]
    )
    return f"Checked {formatting.format_count(len(result.quotes), 'quote')}: {phrases}"


def _format_quote(draft: str, quote: CheckedQuote, *, with_links: bool) -> str:
    speaker = mrkdwn.shorten(quote.claimed_speaker.name, 80) if quote.claimed_speaker else "no speaker named"
    changed_spans = [change.draft for change in quote.changes]
    draft_markup = _highlight_changes(quote.quote, quote.start, changed_spans, _MAX_QUOTE_LENGTH, with_quote_marks=True)
    pieces = [f"*{_HEADINGS[quote.verdict]}* — {speaker}", draft_markup, *_format_changes(draft, quote)]
    pieces += [f"_{mrkdwn.shorten(quote.note, 300)}_"] if quote.note else []
    if quote.best:
        sources = [change.source for change in quote.changes]
        is_narration = quote.verdict is Verdict.NARRATION
        best = _format_hit(quote.best, sources, _MAX_SOURCE_LENGTH, with_links=with_links, is_narration=is_narration)
        pieces += [_SOURCE_LABELS.get(quote.verdict, "In the article"), best]
    elif quote.nearest:
        pieces.append("Closest quotes")
        pieces += [
            _format_hit(hit, (), _MAX_SOURCE_LENGTH // 2, with_links=with_links) for hit in quote.nearest[:_MAX_NEAREST]
        ]
    elif quote.verdict is Verdict.NOT_FOUND:
        pieces.append("No article has a similar quote.")
    return "\n".join(pieces)


def _format_changes(draft: str, quote: CheckedQuote) -> list[str]:
    descriptions = [_format_change(draft, quote.best, change) for change in quote.changes[:_MAX_CHANGES]]
    omitted_count = len(quote.changes) - len(descriptions)
    return [f"• {description}" for description in descriptions] + (
        [f"• and {omitted_count} more difference{'' if omitted_count == 1 else 's'}"] if omitted_count else []
    )


def _format_change(draft: str, best: Hit | None, change: Change) -> str:
    """Describe one change between draft and source."""
    draft_words = mrkdwn.shorten(change.draft.of(draft), _MAX_CHANGE_LENGTH)
    source = change.source
    source_words = (
        mrkdwn.shorten(best.quote[source.start - best.start : source.end - best.start], _MAX_CHANGE_LENGTH)
        if best
        else ""
    )
    if draft_words and source_words:
        return f"the draft has “{draft_words}”, the article has “{source_words}”"
    return f"the draft adds “{draft_words}”" if draft_words else f"the draft leaves out “{source_words}”"


def _format_hit(
    hit: Hit, changed_spans: Sequence[Span], max_length: int, *, with_links: bool, is_narration: bool = False
) -> str:
    # only direct speech gets quotation marks; narration has no speaker
    with_quote_marks = hit.kind is not Kind.INDIRECT and not is_narration
    words = _highlight_changes(hit.quote, hit.start, changed_spans, max_length, with_quote_marks=with_quote_marks)
    speaker = "" if is_narration and hit.speaker is None else formatting.format_hit_speaker(hit)
    details = (
        formatting.format_outlet(get_source_name(hit), hit.link or hit.url, with_links=with_links),
        format_day(hit.published),
    )
    footer = formatting.join_with_dots((*details, formatting.format_outlet_count(hit.outlets)))
    return "\n".join(filter(None, (speaker, words, footer)))


def _highlight_changes(
    text: str, start: int, changed_spans: Sequence[Span], max_length: int, *, with_quote_marks: bool
) -> str:
    """Return `text`, which begins at offset `start`, behind the quote bar, with the changed spans in bold.

    Of a long text, only the part around these spans is shown. If that is too long, it is shortened without bold.
    """
    position, last = _find_window(text, start, changed_spans, max_length)
    marked_text = "… " if position else ""
    for span in changed_spans:
        begin, end = max(span.start - start, position), min(span.end - start, last)
        if begin < end:
            marked_text += (
                f"{_strip_markers(text[position:begin])}{_BOLD_START}{_strip_markers(text[begin:end])}{_BOLD_END}"
            )
            position = end
    marked_text += _strip_markers(text[position:last]) + (" …" if last < len(text) else "")
    markup = mrkdwn.escape_mrkdwn(marked_text).replace(_BOLD_START, "*").replace(_BOLD_END, "*")
    if len(markup) > max_length:
        return "\n".join(filter(None, formatting.format_quote(text, max_length, with_quote_marks=with_quote_marks)))
    return f">“{markup}”" if with_quote_marks else f">{markup}"


def _strip_markers(text: str) -> str:
    return text.replace(_BOLD_START, "").replace(_BOLD_END, "")


def _find_window(text: str, start: int, changed_spans: Sequence[Span], max_length: int) -> tuple[int, int]:
    """Return the half-open character range of `text` to show."""
    if len(text) <= max_length // 2 or not changed_spans:
        return 0, len(text)
    first = text.rfind(" ", 0, max(0, changed_spans[0].start - start - _CONTEXT_LENGTH)) + 1
    last = text.find(" ", changed_spans[-1].end - start + _CONTEXT_LENGTH)
    return first, last if last >= 0 else len(text)
