"""A briefing as a message: short first, whole on the press of a button.

Rule: `text` always holds the whole briefing, because screen readers read nothing else.
"""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot import escape, limits
from bot.blocks import lines, short
from bot.blocks.message import Message, Part, button, buttons, context, header, lay_out, rule, section, spoken
from briefings.model import Briefing, Line, Slot, Source

WHOLE_ACTION = "briefing_whole"

_HEADINGS = {
    Slot.STATUS: "*Where it stands*",
    Slot.TIMELINE: "*Day by day*",
    Slot.QUOTES: "*Who said what*",
    Slot.DIFFERENCES: "*Where the sources differ*",
    Slot.MISSING: "*Not in these articles*",
}
#: characters of markup for the list of sources in the blocks
_SOURCES_TEXT = limits.SECTION_TEXT


def first_answer(briefing: Briefing, ask: str) -> Message:
    """The short answer, with a button for the rest. `ask` is what was asked; the button asks it again."""
    chosen = short.lines(briefing)
    left = sum(line.slot is not Slot.SOURCES for line in briefing.lines) - len(chosen)
    if not left:
        return whole_answer(briefing)
    tail: list[Block] = [rule(), section(_sources(briefing.sources, linked=True))]
    tail += buttons([button(f"Whole briefing ({left} more line{'' if left == 1 else 's'})", WHOLE_ACTION, ask)])
    tail.append(context(_small_print(briefing)))
    return Message(_text(briefing), lay_out([header(briefing.title)], _parts(briefing, chosen, linked=True), tail))


def whole_answer(briefing: Briefing) -> Message:
    """Every line that fits into one message; how many do not is said."""
    tail = [rule(), section(_sources(briefing.sources, linked=True)), context(_small_print(briefing))]
    parts = _parts(briefing, briefing.lines, linked=True)
    return Message(_text(briefing), lay_out([header(briefing.title)], parts, tail))


def _parts(briefing: Briefing, chosen: Sequence[Line], *, linked: bool) -> list[Part]:
    known = {source.id: source for source in briefing.sources}
    return [
        Part(heading, tuple(_items([line for line in chosen if line.slot is slot], known, linked=linked)))
        for slot, heading in _HEADINGS.items()
    ]


def _items(chosen: Sequence[Line], known: dict[str, Source], *, linked: bool) -> list[str]:
    return [paragraph for line in chosen for paragraph in lines.paragraphs(line, known, linked=linked)]


def _sources(sources: Sequence[Source], *, linked: bool) -> str:
    """As many sources as one section holds, and how many it does not."""
    text = "*Sources*"
    for place, source in enumerate(sources):
        more = f"\nand {len(sources) - place} more"
        line = "\n" + lines.source(source, linked=linked)
        if len(text) + len(line) + len(more) > _SOURCES_TEXT:
            return text + more
        text += line
    return text if sources else "*Sources*\nnone"


def _small_print(briefing: Briefing) -> str:
    count = len(briefing.sources)
    articles = f"{count} article{'' if count == 1 else 's'}"
    print_ = f"Quoted lines are word for word. The whole briefing: {briefing.words} words from {articles}."
    if briefing.dropped:
        lines_were = "1 line was" if briefing.dropped == 1 else f"{briefing.dropped} lines were"
        print_ += f" {lines_were} left out for not matching the source."
    return print_


def _text(briefing: Briefing) -> str:
    linked, unlinked = (_parts(briefing, briefing.lines, linked=flag) for flag in (True, False))
    closing = f"{_sources(briefing.sources, linked=False)}\n\n{_small_print(briefing)}"
    return spoken(f"*{escape.short(briefing.title, 150)}*", linked, unlinked, closing)
