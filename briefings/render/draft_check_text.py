"""Render a checked draft as text for a terminal: one verdict per quotation, with the words to change.

Rule: each verdict is a word, not only a colour. Words that differ are in braces in both the draft and the source.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from briefings.draft_report import CheckedQuote, DraftCheck, MarkReason, Verdict
from briefings.model import Hit, Kind, Span
from briefings.render.terminal import (
    Style,
    format_bold,
    format_count,
    format_hit_speaker,
    format_link,
    format_searched,
    make_printable,
    wrap_text,
)
from briefings.source_labels import get_source_name
from briefings.text.dates import format_day
from briefings.wordings import list_other_wordings

_HEADINGS = {
    Verdict.EXACT: "EXACT",
    Verdict.DIFFERS: "DIFFERS",
    Verdict.MISATTRIBUTED: "MISATTRIBUTED",
    Verdict.NARRATION: "THE ARTICLE'S OWN WORDS",
    Verdict.NOT_FOUND: "NOT FOUND",
    Verdict.NOT_SURE: "NOT SURE",
    Verdict.UNCHECKED: "UNCHECKED",
}
_COUNT_LABELS = {
    Verdict.EXACT: "exact",
    Verdict.DIFFERS: "differing",
    Verdict.MISATTRIBUTED: "misattributed",
    Verdict.NARRATION: "in the article's own words",
    Verdict.NOT_FOUND: "not found",
    Verdict.NOT_SURE: "not sure",
    Verdict.UNCHECKED: "not checked",
}
#: headings above the source
_SOURCE_HEADINGS = {
    Verdict.DIFFERS: "The source says",
    Verdict.MISATTRIBUTED: "Said by another speaker",
    Verdict.NARRATION: "The article says",
}
#: characters shown on either side of the differing words in a long quotation
_EXCERPT_CONTEXT_CHARACTERS = 100
#: names within a line are not bold
_PLAIN = Style()
#: phrases named that are not quotes
_MAX_PHRASES = 5
#: maximum number of variants shown in addition to the compared quotation
_MAX_VARIANTS = 2


def render_draft_check(value: DraftCheck, style: Style) -> str:
    """Render the verdict on every quotation in the order of the draft, then the counts and how much was searched."""
    lines: list[str] = []
    for quote in value.quotes:
        lines += [*_render_quote(value.draft, quote, style), ""]
    return "\n".join([*lines, *_render_phrases(value), f"{_summarise(value)} {format_searched(value.totals)}"])


def _render_phrases(value: DraftCheck) -> Iterator[str]:
    """Name the phrases in quotation marks that are not quotes."""
    phrases = [marks.span for marks in value.ignored_marks if marks.reason is MarkReason.PHRASE]
    if value.quotes and phrases:
        examples = [
            f"{make_printable(span.of(value.draft))} (line {_get_line(value.draft, span.start)})"
            for span in phrases[:_MAX_PHRASES]
        ]
        rest = f" and {len(phrases) - _MAX_PHRASES} more" if len(phrases) > _MAX_PHRASES else ""
        yield f"Not quotes, because they are short and have no speaker: {', '.join(examples)}{rest}."


def _get_line(draft: str, offset: int) -> int:
    return draft.count("\n", 0, offset) + 1


def _summarise(value: DraftCheck) -> str:
    if not value.quotes:
        return "No quotes to check: the draft has only short unattributed phrases in quotation marks."
    count_by_verdict = Counter(quote.verdict for quote in value.quotes)
    counts = ", ".join(
        f"{count_by_verdict[verdict]} {_COUNT_LABELS[verdict]}" for verdict in Verdict if count_by_verdict[verdict]
    )
    return f"{format_count(len(value.quotes), 'quote')}: {counts}."


def _render_quote(draft: str, quote: CheckedQuote, style: Style) -> Iterator[str]:
    line = _get_line(draft, quote.start)
    attribution = (
        f", attributed to {make_printable(quote.claimed_speaker.name)}" if quote.claimed_speaker else ", unattributed"
    )
    yield f"{format_bold(_HEADINGS[quote.verdict], style)} (line {line}{attribution})"
    changed_spans = [change.draft for change in quote.changes]
    yield from wrap_text(f"“{_mark_changes(quote.quote, quote.start, changed_spans)}”", style, first_indent="  ")
    for change in quote.changes:
        yield from wrap_text(_describe_change(draft, quote, change.draft, change.source), style, first_indent="  - ")
    if quote.note:
        yield from wrap_text(f"[{make_printable(quote.note)}]", style, first_indent="  ")
    if quote.best is not None:
        yield from _render_best_hit(quote, quote.best, style)
    if quote.nearest:
        yield "  Closest quotes:"
    for hit in quote.nearest:
        yield from _render_hit(hit, (), style)
    if quote.verdict is Verdict.NOT_FOUND and not quote.nearest:
        yield "  No article has a similar quote."


def _render_best_hit(quote: CheckedQuote, best: Hit, style: Style) -> Iterator[str]:
    """Render the source. Its words are included when the draft differs from them."""
    if quote.verdict in (Verdict.EXACT, Verdict.NOT_SURE):
        yield f"  {format_hit_speaker(best, _PLAIN)}: {_format_citation(best, style)}"
    else:
        yield f"  {_SOURCE_HEADINGS[quote.verdict]}:"
        yield from _render_hit(best, [change.source for change in quote.changes], style)
        for variant in list_other_wordings(best)[:_MAX_VARIANTS]:
            yield from wrap_text(f"also reported as “{make_printable(variant.quote)}”", style, first_indent="    ")
            yield f"    {format_link(get_source_name(variant), variant.link, style)}"


def _render_hit(hit: Hit, changed_spans: Sequence[Span], style: Style) -> Iterator[str]:
    span = _select_excerpt(hit, changed_spans)
    words = _mark_changes(hit.quote[span.start - hit.start : span.end - hit.start], span.start, changed_spans)
    words = f"{'… ' if span.start > hit.start else ''}{words}{' …' if span.end < hit.end else ''}"
    if hit.speaker is None and hit.kind is Kind.INDIRECT:
        sentence = words
    elif hit.kind is Kind.INDIRECT:
        sentence = f"{format_hit_speaker(hit, _PLAIN)} [paraphrase] {words}"
    else:
        sentence = f"{format_hit_speaker(hit, _PLAIN)}: “{words}”"
    yield from wrap_text(sentence, style, first_indent="    ")
    yield f"    {_format_citation(hit, style)}"


def _format_citation(hit: Hit, style: Style) -> str:
    outlets = f", {hit.outlets} outlets" if hit.outlets > 1 else ""
    return f"{format_link(get_source_name(hit), hit.link, style)}, {format_day(hit.published)}{outlets}"


def _select_excerpt(hit: Hit, changed_spans: Sequence[Span]) -> Span:
    """Return the whole quotation, or of a long one the part around the differing words, as offsets into the article."""
    if not changed_spans or len(hit.quote) <= 3 * _EXCERPT_CONTEXT_CHARACTERS:
        return Span(hit.start, hit.end)
    first = hit.quote.rfind(" ", 0, max(0, changed_spans[0].start - hit.start - _EXCERPT_CONTEXT_CHARACTERS)) + 1
    last = hit.quote.find(" ", changed_spans[-1].end - hit.start + _EXCERPT_CONTEXT_CHARACTERS)
    return Span(hit.start + first, hit.start + last if last >= 0 else hit.end)


def _mark_changes(text: str, start: int, changed_spans: Sequence[Span]) -> str:
    """Return `text`, which starts at offset `start`, with the changed words in braces."""
    marked_text, offset = "", 0
    for span in changed_spans:
        if len(span):
            marked_text += f"{text[offset : span.start - start]}{{{text[span.start - start : span.end - start]}}}"
            offset = span.end - start
    return make_printable(marked_text + text[offset:])


def _describe_change(draft: str, quote: CheckedQuote, draft_span: Span, source_span: Span) -> str:
    """Describe one difference between draft and source."""
    draft_words = make_printable(draft_span.of(draft))
    best = quote.best
    source_words = (
        make_printable(best.quote[source_span.start - best.start : source_span.end - best.start]) if best else ""
    )
    if draft_words and source_words:
        return f"the draft says “{draft_words}”, the source says “{source_words}”"
    return f"the draft adds “{draft_words}”" if draft_words else f"the draft leaves out “{source_words}”"
