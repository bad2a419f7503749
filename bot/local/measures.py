"""How much of Slack's limits a payload uses: for each limit that it comes near to, what it has and what it may have.

Rule: it measures whatever came, refused payloads too, and raises on none. Of many texts of a kind the longest counts.
The numbers are those of `bot.limits`; what is refused, `faults` says.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot import limits
from bot.local.faults import Json, characters

Found = Iterator[tuple[str, int]]

_BLOCKS, _TEXT = "blocks", "characters of text"
_ALL = "characters in all blocks (not documented)"
_SECTION, _FIELD, _VALUE = "characters in a section", "characters in a field", "characters in a button's value"
_ALLOWED = {
    _TEXT: limits.TEXT,
    _BLOCKS: limits.MESSAGE_BLOCKS,
    _ALL: limits.MESSAGE_BLOCK_TEXT_REFUSED,
    _SECTION: limits.SECTION_TEXT,
    "fields of a section": limits.FIELDS,
    _FIELD: limits.FIELD_TEXT,
    "characters in a header": limits.HEADER_TEXT,
    "elements of a context": limits.CONTEXT_ELEMENTS,
    "characters in a context": limits.SECTION_TEXT,
    "elements of an actions block": limits.ACTIONS_ELEMENTS,
    "characters on a button": limits.BUTTON_TEXT,
    _VALUE: limits.BUTTON_VALUE,
    "characters in an address": limits.ADDRESS,
    "options of a menu": limits.OPTIONS,
    "characters in an option": limits.OPTION_TEXT,
    "characters in an option's value": limits.OPTION_VALUE,
    "characters in a label": limits.INPUT_LABEL,
    "characters in an id": limits.ID,
    "characters in a title": limits.VIEW_TITLE,
    "characters of private_metadata": limits.PRIVATE_METADATA,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured, how much there is, and how much Slack takes."""

    what: str
    used: int
    allowed: int

    @property
    def over(self) -> bool:
        """Whether it is more than Slack takes."""
        return self.used > self.allowed


def of_message(payload: Json) -> tuple[Measure, ...]:
    """The measures of a message's `text` and `blocks`."""
    blocks = _list(payload.get("blocks"))
    found = [(_TEXT, _length(payload.get("text"))), (_BLOCKS, len(blocks)), *_in(blocks)]
    return _measured(found, {})


def of_view(body: Json) -> tuple[Measure, ...]:
    """The measures of a modal, or of an App Home."""
    blocks = _list(body.get("blocks"))
    found = [(_BLOCKS, len(blocks)), *_in(blocks), *_text("characters in a title", body.get("title"))]
    found.append(("characters of private_metadata", _length(body.get("private_metadata"))))
    return _measured(found, {_BLOCKS: limits.VIEW_BLOCKS})


def brief(measures: tuple[Measure, ...]) -> str:
    """The two that matter most, in a line: the blocks, and whatever else is nearest to its limit."""
    shown = [one for one in measures if one.what == _BLOCKS and one.used]
    rest = [one for one in measures if one not in shown]
    nearest = max(rest, key=lambda one: one.used / one.allowed, default=None)
    return ", ".join(f"{one.used:,} of {one.allowed:,} {one.what}" for one in [*shown, *([nearest] if nearest else [])])


def _measured(found: list[tuple[str, int]], other: dict[str, int]) -> tuple[Measure, ...]:
    most: dict[str, int] = {}
    for what, used in found:
        most[what] = max(used, most.get(what, 0))
    allowed = _ALLOWED | other
    return tuple(Measure(what, most[what], allowed[what]) for what in allowed if most.get(what))


def _in(blocks: list[object]) -> Found:
    if blocks:
        yield _ALL, characters(blocks)
    for block in blocks:
        if isinstance(block, dict):
            yield from _block(block)


def _block(block: Json) -> Found:
    yield "characters in an id", _length(block.get("block_id"))
    elements, kind = _list(block.get("elements")), block.get("type")
    match kind:
        case "section":
            yield from _text(_SECTION, block.get("text"))
            yield "fields of a section", len(_list(block.get("fields")))
            for field in _list(block.get("fields")):
                yield from _text(_FIELD, field)
        case "header":
            yield from _text("characters in a header", block.get("text"))
        case "context":
            yield "elements of a context", len(elements)
            for element in elements:
                yield from _text("characters in a context", element)
        case "actions":
            yield "elements of an actions block", len(elements)
        case "input":
            yield from _text("characters in a label", block.get("label"))
    for element in [*elements, block.get("accessory"), block.get("element")]:
        if isinstance(element, dict):
            yield from _element(element)


def _element(element: Json) -> Found:
    yield "characters in an id", _length(element.get("action_id"))
    yield "characters in an address", _length(element.get("url"))
    if element.get("type") == "button":
        yield from _text("characters on a button", element.get("text"))
        yield _VALUE, _length(element.get("value"))
    options = _list(element.get("options"))
    yield "options of a menu", len(options)
    for option in options:
        if isinstance(option, dict):
            yield from _text("characters in an option", option.get("text"))
            yield "characters in an option's value", _length(option.get("value"))


def _text(what: str, text: object) -> Found:
    yield what, _length(text.get("text")) if isinstance(text, dict) else 0


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _length(value: object) -> int:
    return len(value) if isinstance(value, str) else 0
