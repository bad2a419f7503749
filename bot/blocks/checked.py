"""The quotations of a draft, each with its verdict, as a message.

Rule: each verdict is a word; the words in which draft and source part are in bold in both, and named. What a draft or a
source says stands behind the quotation bar; what is cut is said to be.
"""

from collections import Counter
from collections.abc import Sequence

from bot import escape
from bot.blocks import lines
from bot.blocks.message import Item, Message, Part, context, lay_out, section, spoken
from briefings.model import Change, Checked, CheckedQuote, Hit, Kind, Span, Verdict

_HEADINGS = {
    Verdict.EXACT: "Exact",
    Verdict.DIFFERS: "Differs",
    Verdict.MISATTRIBUTED: "Somebody else's words",
    Verdict.NARRATION: "The paper's own words",
    Verdict.NOT_FOUND: "Not found",
}
_COUNTED = {
    Verdict.EXACT: "exact",
    Verdict.DIFFERS: "differing",
    Verdict.MISATTRIBUTED: "somebody else's",
    Verdict.NARRATION: "in the paper's own words",
    Verdict.NOT_FOUND: "not found",
}
#: what stands above the source of each
_SOURCES = {
    Verdict.EXACT: "In the record",
    Verdict.DIFFERS: "The record has",
    Verdict.MISATTRIBUTED: "Said by somebody else",
    Verdict.NARRATION: "The paper writes",
}
#: characters of markup of a quotation, of the one it is compared with, of the words of a change
_WORDS, _SOURCE, _CHANGED = 600, 700, 80
#: characters shown around the words that differ, in a long one
_AROUND = 150
#: where bold begins and ends while a text is escaped: characters that nothing is written with
_BOLD, _PLAIN = "\ue000", "\ue001"
#: changes named, and close quotations shown
_CHANGES, _NEAREST = 5, 2


def answer(found: Checked) -> Message:
    """Every quotation in the order of the draft, as many as one message holds."""
    title = f"*{_summary(found)}*"
    linked, unlinked = (
        [Part("", tuple(Item(_quote(found.draft, quote, linked=flag)) for quote in found.quotes))]
        for flag in (True, False)
    )
    closing = lines.searched(found.searched)
    blocks = lay_out([section(title)], linked, [context(closing)])
    return Message(spoken(title, linked, unlinked, closing), blocks)


def _summary(found: Checked) -> str:
    if not found.quotes:
        return "No quotation to check: only a few words in marks that nobody is said to have spoken."
    count = Counter(quote.verdict for quote in found.quotes)
    told = ", ".join(f"{count[verdict]} {_COUNTED[verdict]}" for verdict in Verdict if count[verdict])
    return f"{len(found.quotes)} quotation{'' if len(found.quotes) == 1 else 's'} checked: {told}"


def _quote(draft: str, quote: CheckedQuote, *, linked: bool) -> str:
    given = f"given to {escape.short(quote.claimed.name, 80)}" if quote.claimed else "given to nobody"
    changed = [change.draft for change in quote.changes]
    own = _marked(quote.quote, quote.start, changed, _WORDS, said=True)
    pieces = [f"*{_HEADINGS[quote.verdict]}*, {given}", own, *_changes(draft, quote)]
    pieces += [f"_{escape.short(quote.note, 300)}_"] if quote.note else []
    if quote.best:
        sources = [change.source for change in quote.changes]
        paper = quote.verdict is Verdict.NARRATION
        best = _hit(quote.best, sources, _SOURCE, linked=linked, paper=paper)
        pieces += [_SOURCES.get(quote.verdict, "In the record"), best]
    elif quote.nearest:
        pieces.append("The closest that somebody did say")
        pieces += [_hit(hit, (), _SOURCE // 2, linked=linked) for hit in quote.nearest[:_NEAREST]]
    elif quote.verdict is Verdict.NOT_FOUND:
        pieces.append("Nobody in the record is quoted with anything like it.")
    return "\n".join(pieces)


def _changes(draft: str, quote: CheckedQuote) -> list[str]:
    told = [_change(draft, quote.best, change) for change in quote.changes[:_CHANGES]]
    left = len(quote.changes) - len(told)
    return [f"• {one}" for one in told] + ([f"• and {left} more difference{'' if left == 1 else 's'}"] if left else [])


def _change(draft: str, best: Hit | None, change: Change) -> str:
    """What the draft would have to change, in words."""
    has = escape.short(change.draft.of(draft), _CHANGED)
    source = change.source
    wants = escape.short(best.quote[source.start - best.start : source.end - best.start], _CHANGED) if best else ""
    if has and wants:
        return f"the draft has “{has}”, the record “{wants}”"
    return f"the draft adds “{has}”" if has else f"the draft leaves out “{wants}”"


def _hit(hit: Hit, changed: Sequence[Span], most: int, *, linked: bool, paper: bool = False) -> str:
    # only what was said stands between quotation marks; narration comes with nobody who said it
    said = hit.kind is not Kind.INDIRECT and not paper
    words = _marked(hit.quote, hit.start, changed, most, said=said)
    who = "" if paper and hit.speaker is None else lines.speaker(hit.speaker)
    who += " (reported, not in quotation marks)" if hit.kind is Kind.INDIRECT else ""
    below = (lines.outlet(hit.publisher, hit.link or hit.url, linked=linked), lines.published(hit.published))
    told = lines.dotted((*below, lines.outlets(hit.outlets) if hit.outlets > 1 else ""))
    return "\n".join(filter(None, (who, words, told)))


def _marked(text: str, start: int, changed: Sequence[Span], most: int, *, said: bool) -> str:
    """`text`, which begins at offset `start`, behind the bar, the words at `changed` in bold.

    Of a long one what stands around those words is shown; one that is still too long is cut, with nothing in bold.
    """
    at, last = _window(text, start, changed, most)
    shown = "… " if at else ""
    for span in changed:
        begin, end = max(span.start - start, at), min(span.end - start, last)
        if begin < end:
            shown += f"{_clean(text[at:begin])}{_BOLD}{_clean(text[begin:end])}{_PLAIN}"
            at = end
    shown += _clean(text[at:last]) + (" …" if last < len(text) else "")
    markup = escape.mrkdwn(shown).replace(_BOLD, "*").replace(_PLAIN, "*")
    if len(markup) > most:
        return "\n".join(filter(None, lines.quoted(text, most, said=said)))
    return f">“{markup}”" if said else f">{markup}"


def _clean(text: str) -> str:
    return text.replace(_BOLD, "").replace(_PLAIN, "")


def _window(text: str, start: int, changed: Sequence[Span], most: int) -> tuple[int, int]:
    """Half-open offsets into `text` of what is shown."""
    if len(text) <= most // 2 or not changed:
        return 0, len(text)
    first = text.rfind(" ", 0, max(0, changed[0].start - start - _AROUND)) + 1
    last = text.find(" ", changed[-1].end - start + _AROUND)
    return first, last if last >= 0 else len(text)
