"""A briefing as a message: short first, whole on the press of a button, on as many pages as it takes.

Rule: `text` always holds the whole briefing, because screen readers read nothing else.
"""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot import escape, limits
from bot.blocks import lines, short
from bot.blocks.lines import linked as page_link
from bot.blocks.message import Item, Message, Part, buttons, context, header, rule, section, spoken
from bot.blocks.message import pages as paged
from bot.blocks.pages import Pages
from bot.blocks.press import Action, Press, press
from bot.blocks.turning import page_told, turning
from briefings.model import Briefing, Line, Slot, Source

_HEADINGS = {
    Slot.STATUS: "*Where it stands*",
    Slot.TIMELINE: "*Day by day*",
    Slot.QUOTES: "*Who said what*",
    Slot.DIFFERENCES: "*Where the sources differ*",
    Slot.MISSING: "*Not in these articles*",
}
#: characters of markup for the list of sources in the blocks
_SOURCES_TEXT = limits.SECTION_TEXT


def answer(
    briefing: Briefing, asked: str, page: int = 0, *, sharable: bool = True, pages: Pages | None = None
) -> Message:
    """One page: 0 is the short answer, the others hold every line. `asked` is the command's line that asks it.

    `pages` is where the story has a page of its own, for those who may see it.
    """
    chosen = short.lines(briefing)
    left = sum(line.slot is not Slot.SOURCES for line in briefing.lines) - len(chosen)
    head: list[Block] = [header(briefing.title)]
    tail = [rule(), section(_sources(briefing.sources, linked=True)), context(_small_print(briefing, pages))]
    text = _text(briefing, pages)
    if page <= 0 and left:
        (first, *_) = paged(head, _parts(briefing, chosen, linked=True), tail)
        more = press(f"Whole briefing ({left} more line{'' if left == 1 else 's'})", Action.PAGE, Press(asked, 1), "+")
        return Message(text, (*head, *first.blocks, *_closed(tail, _row(asked, 0, more, briefing, sharable=sharable))))
    laid = paged(head, _parts(briefing, briefing.lines, linked=True), tail)
    number = min(max(page, 1), len(laid))
    turn = turning(asked, number, len(laid), first=0 if left else 1)
    shown = laid[number - 1]
    counted = [context(page_told(laid, number, "line"))] if len(laid) > 1 else []
    row = _row(asked, number, turn, briefing, sharable=sharable)
    return Message(text, (*head, *shown.blocks, *_closed(tail, [*row, *counted])))


def _closed(tail: Sequence[Block], row: Sequence[Block]) -> list[Block]:
    """The sources, the buttons, the small print."""
    return [*tail[:-1], *row, tail[-1]]


def _row(asked: str, page: int, turn: Sequence[ButtonElement], briefing: Briefing, *, sharable: bool) -> list[Block]:
    here = Press(asked, page)
    share = press("Share to the channel", Action.SHARE, here) if sharable else ()
    if not any(line.evidence for line in briefing.lines):
        return buttons([*share, *turn])
    doubt = press("This looks wrong", Action.WRONG, here)
    return buttons([*share, *turn, *press("Read in context", Action.CONTEXT, here), *doubt])


def _parts(briefing: Briefing, chosen: Sequence[Line], *, linked: bool) -> list[Part]:
    known = {source.id: source for source in briefing.sources}
    return [
        Part(heading, tuple(_items([line for line in chosen if line.slot is slot], known, linked=linked)))
        for slot, heading in _HEADINGS.items()
    ]


def _items(chosen: Sequence[Line], known: dict[str, Source], *, linked: bool) -> list[Item]:
    return [Item(paragraph) for line in chosen for paragraph in lines.paragraphs(line, known, linked=linked)]


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


def _small_print(briefing: Briefing, pages: Pages | None) -> str:
    count = len(briefing.sources)
    articles = f"{count} article{'' if count == 1 else 's'}"
    print_ = f"Quoted lines are word for word. The whole briefing: {briefing.words} words from {articles}."
    if briefing.dropped:
        lines_were = "1 line was" if briefing.dropped == 1 else f"{briefing.dropped} lines were"
        print_ += f" {lines_were} left out for not matching the source."
    story = page_link(pages.story(briefing.topic), "The story's page") if pages else ""
    return f"{print_} {story}".rstrip()


def _text(briefing: Briefing, pages: Pages | None) -> str:
    linked, unlinked = (_parts(briefing, briefing.lines, linked=flag) for flag in (True, False))
    closing = f"{_sources(briefing.sources, linked=False)}\n\n{_small_print(briefing, pages)}"
    return spoken(f"*{escape.short(briefing.title, 150)}*", linked, unlinked, closing)
