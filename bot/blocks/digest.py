"""A digest as messages: what is new in short, and the details for its thread.

Rule: as in answers, a source's words stand alone behind the quotation bar, linked to their sentence, and what is ours
stands outside it. `text` of the message in the channel carries all of it, because screen readers read nothing else.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block

from bot import escape
from bot.ask import BriefingAsk
from bot.blocks import lines
from bot.blocks.message import Item, Message, Part, buttons, context, header, pages, section, spoken
from bot.blocks.press import Action, Press, press
from briefings import news
from briefings.model import Slot, Source
from briefings.news import Correction, Kind, News, Told
from briefings.text.days import spelt

#: lines, and corrections, of the message in the channel
_SHOWN, _CORRECTED = 4, 2
#: messages in the thread; more would be a wall, and the whole story is a press away
_MOST_PAGES = 5
_COUNTED = {
    Kind.STATE: ("development", "developments"),
    Kind.FIGURE: ("changed figure", "changed figures"),
    Kind.FACT: ("new fact", "new facts"),
    Kind.QUOTE: ("new quote", "new quotes"),
}
_NAMED = {Kind.STATE: "Moved on", Kind.FIGURE: "Changed figure"}
#: characters of markup of a line told before
_BEFORE = 600


def messages(found: News, ask: str) -> tuple[Message, tuple[Message, ...]]:
    """The message for the channel, and those for its thread. `ask` is what a briefing would be asked for."""
    sources = {source.id: source for source in found.sources}
    top = _top(found.items)
    rest = tuple(item for item in found.items if not any(item is one for one in top))
    details = _details(found, rest, sources)
    whole = buttons(list(press("Whole briefing", Action.ASK, Press(BriefingAsk(ask).line))))
    title = escape.short(found.title, 150)
    told = f"*{title}*\n{summary(found)}"
    linked, unlinked = (_short(found, top, sources, linked=flag) for flag in (True, False))
    plain = _details(found, rest, sources, linked=False)
    tail: list[Block] = [*whole, context(_small_print(found, threaded=bool(details)))]
    head: list[Block] = [header(found.title), section(summary(found))]
    (first, *_) = pages(head, linked, tail)
    text = spoken(told, [*linked, *details], [*unlinked, *plain], _small_print(found, threaded=False))
    return Message(text, (*head, *first.blocks, *tail)), _thread(details, title)


def nothing(title: str) -> Message:
    """The line for a channel that wants to hear that there is none."""
    text = f"*{escape.short(title, 150) or '…'}*: nothing new since the last digest."
    return Message(text, (section(text),))


def summary(found: News) -> str:
    """How much is new, "2 new facts, 1 new quote, 1 correction"."""
    counts = Counter(item.kind for item in found.items)
    told = [_number(counts[kind], *names) for kind, names in _COUNTED.items() if counts[kind]]
    told += [_number(len(found.corrections), "correction", "corrections")] if found.corrections else []
    return ("Where it stands: " if found.first else "") + ", ".join(told)


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _top(items: Sequence[news.Item]) -> list[news.Item]:
    """The lines for the channel, in the order of the digest: what moved first, one voice among them."""
    moved = [item for item in items if item.before]
    voices = [item for item in items if item.line.slot is Slot.QUOTES]
    others = [item for item in items if not item.before and item.line.slot is not Slot.QUOTES]
    chosen = [*moved, *others][: _SHOWN - bool(voices)] + voices[:1]
    chosen += voices[1:][: _SHOWN - len(chosen)]
    return [item for item in items if any(item is one for one in chosen)]


def _short(found: News, top: Sequence[news.Item], sources: Mapping[str, Source], *, linked: bool) -> list[Part]:
    corrected = [Item(correction_line(each, linked=linked)) for each in found.corrections[:_CORRECTED]]
    shown = [Item(each) for item in top for each in _paragraphs(item, sources, linked=linked)]
    return [Part("", tuple(corrected)), Part("", tuple(shown))]


def _details(
    found: News, rest: Sequence[news.Item], sources: Mapping[str, Source], *, linked: bool = True
) -> list[Part]:
    """What the message in the channel has no room for: the others, and what was told before of those that moved."""
    corrected = [Item(correction_line(each, linked=linked)) for each in found.corrections[_CORRECTED:]]
    pairs = [Item(_pair(item, sources, linked=linked)) for item in found.items if item.before]
    others = [item for item in rest if not item.before]
    facts, voices = ([i for i in others if (i.line.slot is Slot.QUOTES) is said] for said in (False, True))
    parts = [Part("*Also corrected*", tuple(corrected)), Part("*Told before, and now*", tuple(pairs))]
    for heading, items in (("*Also new*", facts), ("*Also said*", voices)):
        shown = [Item(each) for item in items for each in _paragraphs(item, sources, linked=linked)]
        parts.append(Part(heading, tuple(shown)))
    return [part for part in parts if part.items]


def _paragraphs(item: news.Item, sources: Mapping[str, Source], *, linked: bool) -> list[str]:
    first, *others = lines.paragraphs(item.line, sources, linked=linked)
    named = _NAMED.get(item.kind)
    return [f"*{named}*\n{first}" if named else first, *others]


def _pair(item: news.Item, sources: Mapping[str, Source], *, linked: bool) -> str:
    """Both sentences, each with its link."""
    before = _before(item.before, linked=linked) if item.before else ""
    now = lines.paragraphs(item.line, sources, linked=linked)[0]
    return f"*{_NAMED.get(item.kind, '')}*\n{before}\nNow\n{now}"


def correction_line(found: Correction, *, linked: bool) -> str:
    """Which line told before is taken back, and why."""
    told = found.told
    link = told.evidence[0].link
    # not to the sentence, which does not stand there any more
    address = link.partition("#")[0] if link and not found.gone else None
    outlet = lines.outlet(told.outlet, address, linked=linked)
    why = f"{outlet}: the article is no longer in the record" if found.gone else f"{outlet} has since changed it"
    return f"*{'Withdrawn' if found.gone else 'Corrected'}*\n{_words(told)}\n{why}"


def _before(told: Told, *, linked: bool) -> str:
    return f"{_words(told)}\n{lines.outlet(told.outlet, told.evidence[0].link, linked=linked)}"


def _words(told: Told) -> str:
    words, _ = lines.quoted(told.text, _BEFORE, said=told.slot is Slot.QUOTES)
    speaker = f"{lines.speaker(told.speaker)}\n" if told.speaker else ""
    return f"Told here on {spelt(told.on)}\n{speaker}{words}"


def _thread(details: Sequence[Part], title: str) -> tuple[Message, ...]:
    laid = pages([], details, []) if details else []
    shown = laid[:_MOST_PAGES]
    found = []
    for number, page in enumerate(shown, 1):
        left = sum(one.items for one in laid[_MOST_PAGES:]) if number == len(shown) else 0
        more = [context(f"{left} more lines do not fit here: the whole briefing has them.")] if left else []
        counted = f"*{title}*, details" + (f" {number} of {len(shown)}" if len(shown) > 1 else "")
        found.append(Message(_spoken(counted, page.blocks), (*page.blocks, *more)))
    return tuple(found)


def _spoken(title: str, blocks: Sequence[Block]) -> str:
    sections = [block.to_dict() for block in blocks]
    return "\n\n".join([title, *(block["text"]["text"] for block in sections if block["type"] == "section")])


def _small_print(found: News, *, threaded: bool) -> str:
    articles = f"From {_number(len(found.read), 'article', 'articles')} not read for this channel before."
    shown = " Details are in the thread." if threaded else ""
    return f"Quoted lines are word for word. {articles}{shown}"
