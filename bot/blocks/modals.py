"""The modals: some words in their article, the wordings of a quotation side by side, "this looks wrong".

Rule: as in messages, a source's words stand alone behind the quotation bar, and what is cut is said to be.
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

from bot import escape, limits
from bot.blocks import lines
from bot.blocks.cited import Place
from bot.blocks.lines import linked
from bot.blocks.message import Message, rule, section
from bot.blocks.message import context as small
from bot.blocks.press import Press
from briefings.model import Context, Hit
from briefings.text.search_key import search_key

#: the title of an answer
ANSWER = "On the Record"
#: the callback_ids, and the places in the form of a doubt
READING, WORDINGS, DOUBT = "reading", "wordings", "doubt"
PICK, LINE, KIND, COMMENT = "pick", "line", "kind", "comment"
#: what can be wrong with a line
KINDS = {
    "wrong speaker": "Somebody else said it",
    "wrong words": "The words are not what the article says",
    "wrong date": "The day is wrong",
    "out of context": "Misleading without what stands around it",
    "wrong link": "The link opens something else",
    "other": "Something else",
}
#: characters of a comment, and of markup for what stands before or after some words, or for the words
LONGEST_COMMENT, _AROUND, _WORDS = 2000, 2500, 1800
#: differences that are named, and characters of markup for one side of each
_DIFFERENCES, _DIFFERENCE = 4, 80


def waiting(title: str) -> View:
    """Shown at once, because a modal must be opened within three seconds."""
    return _view(title, [section("One moment …")])


def told(title: str, sentence: str) -> View:
    """One sentence."""
    return _view(title, [section(escape.short(sentence, limits.SECTION_TEXT) or "…")])


def answer(message: Message) -> View:
    """An answer: the blocks of a message."""
    return _view(ANSWER, message.blocks or [section(escape.short(message.text, limits.SECTION_TEXT) or "…")])


def reading(found: Context, here: Press, places: Sequence[Place], page: str | None = None) -> View:
    """Words of an article between their neighbours; the menu chooses another line of the answer.

    `page` is where the whole article can be read, for those who may.
    """
    source = found.source
    title = escape.short(source.title, 300) if source.title else ""
    opened = lines.dotted((lines.outlet(source.publisher, found.link, linked=True), lines.published(source.published)))
    blocks: list[Block] = [section("\n".join(filter(None, (f"*{title}*" if title else "", opened))))]
    if len(places) > 1:
        blocks.append(ActionsBlock(block_id=PICK, elements=[_menu(PICK, places, here.line)]))
    words, cut = lines.quoted(found.words, _WORDS)
    marked = "\n".join(f">*{line[1:]}*" if line[1:].strip() else line for line in words.split("\n"))
    blocks += [rule(), *_around(found.before, ends=True), section(marked), *_around(found.after, ends=False), rule()]
    if page and (whole := linked(page, "Read the article")):
        blocks.append(small(f"{whole} in the record, opened at these words"))
    small_print = (
        "The words in bold behind the bar are the line's. Around them stands what the article says next to it."
    )
    blocks.append(small(f"{small_print} {cut}".strip()))
    return _view("Read in context", blocks, callback=READING, kept=here.value)


def wordings(hit: Hit) -> View:
    """The quotation as shown, and below it each other wording with the words that differ in bold and named."""
    said, _ = lines.quoted(hit.quote, _WORDS)
    where = lines.outlet(hit.publisher, hit.link or hit.url, linked=True)
    blocks: list[Block] = [section(f"{lines.speaker(hit.speaker)}\n{said}\n{where}")]
    shown = hit.variants[: limits.VIEW_BLOCKS // 2 - 2]
    for variant in shown:
        marked, differs = _compared(hit.quote, variant.quote)
        outlet = lines.outlet(variant.publisher, variant.link, linked=True)
        blocks += [rule(), section(f">{marked or '…'}\n{lines.dotted((outlet, differs)) or '…'}")]
    left = len(hit.variants) - len(shown)
    more = f" {left} more wordings do not fit here." if left else ""
    blocks.append(small(f"In bold: words that only this wording has.{more}"))
    return _view("The wordings", blocks, callback=WORDINGS)


def doubt(here: Press, places: Sequence[Place], kept: str) -> View:
    """The form. `kept` is its private metadata; `here.line` the line that was chosen already, if any."""
    kinds = [Option(value=kind, text=PlainTextObject(text=label)) for kind, label in KINDS.items()]
    kind = StaticSelectElement(action_id=KIND, options=kinds, placeholder="Choose…")
    comment = PlainTextInputElement(action_id=COMMENT, multiline=True, max_length=LONGEST_COMMENT)
    blocks: list[Block] = [
        InputBlock(block_id=LINE, label="Which line?", element=_menu(LINE, places, here.line)),
        InputBlock(block_id=KIND, label="What is wrong?", element=kind),
        InputBlock(block_id=COMMENT, label="What should it be?", element=comment, optional=True),
        small("Kept for those who look after On the Record here, with your name."),
    ]
    return _view("This looks wrong", blocks, callback=DOUBT, kept=kept, submit="Send")


def _view(title: str, blocks: Sequence[Block], *, callback: str = "", kept: str = "", submit: str = "") -> View:
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        close=PlainTextObject(text="Cancel" if submit else "Close"),
        submit=PlainTextObject(text=submit) if submit else None,
        blocks=list(blocks),
        callback_id=callback or None,
        private_metadata=kept or None,
    )


def _menu(action: str, places: Sequence[Place], chosen: str) -> StaticSelectElement:
    options = [
        Option(value=place.key, text=PlainTextObject(text=escape.plain(place.label, limits.OPTION_TEXT) or "…"))
        for place in places[: limits.OPTIONS]
    ]
    initial = next((option for option in options if option.value == chosen), None)
    return StaticSelectElement(action_id=action, placeholder="Another line", options=options, initial_option=initial)


def _around(text: str, *, ends: bool) -> list[Block]:
    """What stands before (`ends`) or after the words, the nearest of it, paragraph by paragraph."""
    kept: list[str] = []
    room = _AROUND
    paragraphs = [escape.mrkdwn(line) for line in text.split("\n") if search_key(line) or "…" in line]
    for markup in reversed(paragraphs) if ends else paragraphs:
        if len(markup) > room:
            break
        kept.append(markup)
        room -= len(markup)
    if len(kept) < len(paragraphs):
        kept.append("…")
    return [section("\n\n".join(reversed(kept) if ends else kept))] if kept else []


def _compared(shown: str, other: str) -> tuple[str, str]:
    """`other` as markup, in bold what it alone has, and in words how the two differ."""
    mine, theirs = shown.split(), other.split()
    matcher = SequenceMatcher(None, [search_key(w) for w in mine], [search_key(w) for w in theirs], autojunk=False)
    marked, differs, less = [], [], False
    for tag, a, b, c, d in matcher.get_opcodes():
        was, now = (escape.short(" ".join(words), _DIFFERENCE) for words in (mine[a:b], theirs[c:d]))
        if tag == "equal":
            marked.append(escape.mrkdwn(" ".join(theirs[c:d])))
        elif tag == "delete":
            ends = a == 0 or b == len(mine)
            less = less or ends
            differs += [] if ends else [f"without “{was}”"]
        else:
            marked.append(f"*{escape.mrkdwn(' '.join(theirs[c:d]))}*")
            differs.append(f"“{now}” for “{was}”" if tag == "replace" else f"with “{now}”")
    whole = " ".join(marked)
    if len(whole) > _WORDS:  # too long to mark: the words as they are, and the differences named below
        whole, cut = lines.quoted(other, _WORDS)
        whole, differs = whole.removeprefix(">"), [cut, *differs] if cut else differs
    told = differs[:_DIFFERENCES] + ([f"{left} more differences"] if (left := len(differs) - _DIFFERENCES) > 0 else [])
    return whole, "; ".join([*told, *(["quotes less of it"] if less else [])])
