"""The quotations of a draft, each with its verdict, as a message.

Rule: each verdict is a word; the words in which draft and source part are in bold in both, and named. What a draft or a
source says stands behind the quotation bar; what is cut is said to be.
"""

from collections import Counter
from collections.abc import Sequence

from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.message import Item, Message, Part, build_screen_reader_text, context, lay_out_page, section
from briefings import Change, Checked, CheckedQuote, Hit, Kind, Span, Verdict

_HEADINGS = {
    Verdict.EXACT: "Exact",
    Verdict.DIFFERS: "Differs",
    Verdict.MISATTRIBUTED: "Somebody else's words",
    Verdict.NARRATION: "The paper's own words",
    Verdict.NOT_FOUND: "Not found",
}
_COUNT_LABELS = {
    Verdict.EXACT: "exact",
    Verdict.DIFFERS: "differing",
    Verdict.MISATTRIBUTED: "somebody else's",
    Verdict.NARRATION: "in the paper's own words",
    Verdict.NOT_FOUND: "not found",
}
#: what stands above the source of each
_SOURCE_LABELS = {
    Verdict.EXACT: "In the record",
    Verdict.DIFFERS: "The record has",
    Verdict.MISATTRIBUTED: "Said by somebody else",
    Verdict.NARRATION: "The paper writes",
}
#: characters of markup of a quotation, of the one it is compared with, of the words of a change
_MAX_QUOTE_LENGTH, _MAX_SOURCE_LENGTH, _MAX_CHANGE_LENGTH = 600, 700, 80
#: characters shown around the words that differ, in a long one
_CONTEXT_LENGTH = 150
#: where bold begins and ends while a text is escaped: characters that nothing is written with
_BOLD_START, _BOLD_END = "\ue000", "\ue001"
#: changes named, and close quotations shown
_MAX_CHANGES, _MAX_NEAREST = 5, 2


def build_message(result: Checked) -> Message:
    """Every quotation in the order of the draft, as many as one message holds."""
    title = f"*{_summarize(result)}*"
    linked_parts, plain_parts = (
        [Part("", tuple(Item(_format_quote(result.draft, quote, with_links=with_links)) for quote in result.quotes))]
        for with_links in (True, False)
    )
    closing = formatting.format_search_scope(result.totals)
    blocks = lay_out_page([section(title)], linked_parts, [context(closing)])
    return Message(build_screen_reader_text(title, linked_parts, plain_parts, closing), blocks)


def _summarize(result: Checked) -> str:
    if not result.quotes:
        return "No quotation to check: only a few words in marks that nobody is said to have spoken."
    counts_by_verdict = Counter(quote.verdict for quote in result.quotes)
    phrases = ", ".join(
        f"{counts_by_verdict[verdict]} {_COUNT_LABELS[verdict]}" for verdict in Verdict if counts_by_verdict[verdict]
    )
    return f"{len(result.quotes)} quotation{'' if len(result.quotes) == 1 else 's'} checked: {phrases}"


def _format_quote(draft: str, quote: CheckedQuote, *, with_links: bool) -> str:
    claimed_speaker = (
        f"given to {mrkdwn.shorten(quote.claimed_speaker.name, 80)}" if quote.claimed_speaker else "given to nobody"
    )
    changed_spans = [change.draft for change in quote.changes]
    draft_markup = _highlight_changes(quote.quote, quote.start, changed_spans, _MAX_QUOTE_LENGTH, with_quote_marks=True)
    pieces = [f"*{_HEADINGS[quote.verdict]}*, {claimed_speaker}", draft_markup, *_format_changes(draft, quote)]
    pieces += [f"_{mrkdwn.shorten(quote.note, 300)}_"] if quote.note else []
    if quote.best:
        sources = [change.source for change in quote.changes]
        is_narration = quote.verdict is Verdict.NARRATION
        best = _format_hit(quote.best, sources, _MAX_SOURCE_LENGTH, with_links=with_links, is_narration=is_narration)
        pieces += [_SOURCE_LABELS.get(quote.verdict, "In the record"), best]
    elif quote.nearest:
        pieces.append("The closest that somebody did say")
        pieces += [
            _format_hit(hit, (), _MAX_SOURCE_LENGTH // 2, with_links=with_links) for hit in quote.nearest[:_MAX_NEAREST]
        ]
    elif quote.verdict is Verdict.NOT_FOUND:
        pieces.append("Nobody in the record is quoted with anything like it.")
    return "\n".join(pieces)


def _format_changes(draft: str, quote: CheckedQuote) -> list[str]:
    descriptions = [_format_change(draft, quote.best, change) for change in quote.changes[:_MAX_CHANGES]]
    omitted_count = len(quote.changes) - len(descriptions)
    return [f"• {description}" for description in descriptions] + (
        [f"• and {omitted_count} more difference{'' if omitted_count == 1 else 's'}"] if omitted_count else []
    )


def _format_change(draft: str, best: Hit | None, change: Change) -> str:
    """What the draft would have to change, in words."""
    draft_words = mrkdwn.shorten(change.draft.of(draft), _MAX_CHANGE_LENGTH)
    source = change.source
    source_words = (
        mrkdwn.shorten(best.quote[source.start - best.start : source.end - best.start], _MAX_CHANGE_LENGTH)
        if best
        else ""
    )
    if draft_words and source_words:
        return f"the draft has “{draft_words}”, the record “{source_words}”"
    return f"the draft adds “{draft_words}”" if draft_words else f"the draft leaves out “{source_words}”"


def _format_hit(
    hit: Hit, changed_spans: Sequence[Span], max_length: int, *, with_links: bool, is_narration: bool = False
) -> str:
    # only what was said stands between quotation marks; narration comes with nobody who said it
    with_quote_marks = hit.kind is not Kind.INDIRECT and not is_narration
    words = _highlight_changes(hit.quote, hit.start, changed_spans, max_length, with_quote_marks=with_quote_marks)
    speaker = "" if is_narration and hit.speaker is None else formatting.format_speaker(hit.speaker)
    speaker += " (reported, not in quotation marks)" if hit.kind is Kind.INDIRECT else ""
    details = (
        formatting.format_outlet(hit.publisher, hit.link or hit.url, with_links=with_links),
        formatting.format_publication_date(hit.published),
    )
    footer = formatting.join_with_dots(
        (*details, formatting.format_outlet_count(hit.outlets) if hit.outlets > 1 else "")
    )
    return "\n".join(filter(None, (speaker, words, footer)))


def _highlight_changes(
    text: str, start: int, changed_spans: Sequence[Span], max_length: int, *, with_quote_marks: bool
) -> str:
    """`text`, which begins at offset `start`, behind the bar, the words at `changed` in bold.

    Of a long one what stands around those words is shown; one that is still too long is cut, with nothing in bold.
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
    """Half-open offsets into `text` of what is shown."""
    if len(text) <= max_length // 2 or not changed_spans:
        return 0, len(text)
    first = text.rfind(" ", 0, max(0, changed_spans[0].start - start - _CONTEXT_LENGTH)) + 1
    last = text.find(" ", changed_spans[-1].end - start + _CONTEXT_LENGTH)
    return first, last if last >= 0 else len(text)
