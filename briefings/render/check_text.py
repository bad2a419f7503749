"""A checked draft as text for a terminal: a verdict a quotation, and what would have to be changed.

Rule: each verdict is a word and never a colour alone; the words in which draft and source part stand in braces in both.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from briefings.model import Checked, CheckedQuote, Hit, Kind, Span, Verdict
from briefings.render.plain import Style, bold, counted, link, printable, speaker, wrapped
from briefings.render.terminal import searched
from briefings.text.days import spelt
from briefings.text.search_key import search_key

_HEADINGS = {
    Verdict.EXACT: "EXACT",
    Verdict.DIFFERS: "DIFFERS",
    Verdict.MISATTRIBUTED: "MISATTRIBUTED",
    Verdict.NARRATION: "THE PAPER'S OWN WORDS",
    Verdict.NOT_FOUND: "NOT FOUND",
}
_COUNTED = {
    Verdict.EXACT: "exact",
    Verdict.DIFFERS: "differing",
    Verdict.MISATTRIBUTED: "misattributed",
    Verdict.NARRATION: "in the paper's own words",
    Verdict.NOT_FOUND: "not found",
}
#: what stands above the source of each, where it is shown
_SOURCES = {
    Verdict.DIFFERS: "The record has",
    Verdict.MISATTRIBUTED: "Said by somebody else",
    Verdict.NARRATION: "The paper writes",
}
#: characters of a long quotation that are shown around the words that differ
_AROUND = 100
#: other wordings shown beside the one that the draft is compared with
_WORDINGS = 2


def checked(value: Checked, style: Style) -> str:
    """The verdict on every quotation in the order of the draft, their number, and how much was searched."""
    out: list[str] = []
    for quote in value.quotes:
        out += [*_quote(value.draft, quote, style), ""]
    return "\n".join([*out, f"{_summary(value)} {searched(value.searched)}"])


def _summary(value: Checked) -> str:
    if not value.quotes:
        return "No quotation to check: only a few words in marks that nobody is said to have spoken."
    found = Counter(quote.verdict for quote in value.quotes)
    told = ", ".join(f"{found[verdict]} {_COUNTED[verdict]}" for verdict in Verdict if found[verdict])
    return f"{counted(len(value.quotes), 'quotation')}: {told}."


def _quote(draft: str, quote: CheckedQuote, style: Style) -> Iterator[str]:
    line = draft.count("\n", 0, quote.start) + 1
    whose = f", given to {printable(quote.claimed.name)}" if quote.claimed else ", given to nobody"
    yield f"{bold(_HEADINGS[quote.verdict], style)} (line {line}{whose})"
    changed = [change.draft for change in quote.changes]
    yield from wrapped(f"“{_marked(quote.quote, quote.start, changed)}”", style, first="  ")
    for change in quote.changes:
        yield from wrapped(_change(draft, quote, change.draft, change.source), style, first="  - ")
    if quote.note:
        yield from wrapped(f"[{printable(quote.note)}]", style, first="  ")
    if quote.best is not None:
        yield from _best(quote, quote.best, style)
    if quote.nearest:
        yield "  The closest that somebody did say:"
    for hit in quote.nearest:
        yield from _hit(hit, (), style)
    if quote.verdict is Verdict.NOT_FOUND and not quote.nearest:
        yield "  Nobody in the record is quoted with anything like it."


def _best(quote: CheckedQuote, best: Hit, style: Style) -> Iterator[str]:
    """Where the words are from; the words themselves where the draft has not got them right."""
    if quote.verdict is Verdict.EXACT:
        yield f"  {speaker(best.speaker)}: {_place(best, style)}"
    else:
        yield f"  {_SOURCES[quote.verdict]}:"
        yield from _hit(best, [change.source for change in quote.changes], style)
        said = search_key(best.quote)
        for variant in [v for v in best.variants if search_key(v.quote) != said][:_WORDINGS]:
            yield from wrapped(f"also reported as “{printable(variant.quote)}”", style, first="    ")
            yield f"    {link(variant.publisher or variant.article, variant.link, style)}"


def _hit(hit: Hit, changed: Sequence[Span], style: Style) -> Iterator[str]:
    span = _excerpt(hit, changed)
    words = _marked(hit.quote[span.start - hit.start : span.end - hit.start], span.start, changed)
    words = f"{'… ' if span.start > hit.start else ''}{words}{' …' if span.end < hit.end else ''}"
    if hit.speaker is None and hit.kind is Kind.INDIRECT:
        told = words
    elif hit.kind is Kind.INDIRECT:
        told = f"{speaker(hit.speaker)} [in the paper's words] {words}"
    else:
        told = f"{speaker(hit.speaker)}: “{words}”"
    yield from wrapped(told, style, first="    ")
    yield f"    {_place(hit, style)}"


def _place(hit: Hit, style: Style) -> str:
    outlets = f", {hit.outlets} outlets" if hit.outlets > 1 else ""
    return f"{link(hit.publisher or hit.article, hit.link, style)}, {spelt(hit.published)}{outlets}"


def _excerpt(hit: Hit, changed: Sequence[Span]) -> Span:
    """The whole quotation, or of a long one what stands around the words that differ: offsets into its article."""
    if not changed or len(hit.quote) <= 3 * _AROUND:
        return Span(hit.start, hit.end)
    first = hit.quote.rfind(" ", 0, max(0, changed[0].start - hit.start - _AROUND)) + 1
    last = hit.quote.find(" ", changed[-1].end - hit.start + _AROUND)
    return Span(hit.start + first, hit.start + last if last >= 0 else hit.end)


def _marked(text: str, start: int, changed: Sequence[Span]) -> str:
    """`text`, which begins at offset `start`, with the words at `changed` in braces."""
    out, at = "", 0
    for span in changed:
        if len(span):
            out += f"{text[at : span.start - start]}{{{text[span.start - start : span.end - start]}}}"
            at = span.end - start
    return printable(out + text[at:])


def _change(draft: str, quote: CheckedQuote, mine: Span, theirs: Span) -> str:
    """What the draft would have to change, in words."""
    has = printable(mine.of(draft))
    best = quote.best
    wants = printable(best.quote[theirs.start - best.start : theirs.end - best.start]) if best else ""
    if has and wants:
        return f"the draft has “{has}”, the record “{wants}”"
    return f"the draft adds “{has}”" if has else f"the draft leaves out “{wants}”"
