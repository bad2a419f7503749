"""Limit usage: the sizes of a payload's parts next to Slack's limits for them.

Rule: every payload can be measured, refused ones too, without an error. Of several texts of a kind, the longest counts.
The limits are in `bot.core.slack_limits`; `validation` decides what is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core import slack_limits
from bot.simulator.state.validation import Json, count_characters

Sizes = Iterator[tuple[str, int]]

_BLOCKS_LIMIT, _TEXT_LIMIT = "blocks", "characters of text"
_ALL_TEXT_LIMIT = "characters in all blocks (not documented)"
_SECTION_LIMIT, _FIELD_LIMIT, _VALUE_LIMIT = (
    "characters in a section",
    "characters in a field",
    "characters in a button's value",
)
_LIMITS = {
    _TEXT_LIMIT: slack_limits.TEXT,
    _BLOCKS_LIMIT: slack_limits.MESSAGE_BLOCKS,
    _ALL_TEXT_LIMIT: slack_limits.REFUSED_MESSAGE_BLOCK_TEXT,
    _SECTION_LIMIT: slack_limits.SECTION_TEXT,
    "fields of a section": slack_limits.FIELDS,
    _FIELD_LIMIT: slack_limits.FIELD_TEXT,
    "characters in a header": slack_limits.HEADER_TEXT,
    "elements of a context": slack_limits.CONTEXT_ELEMENTS,
    "characters in a context": slack_limits.SECTION_TEXT,
    "elements of an actions block": slack_limits.ACTIONS_ELEMENTS,
    "characters on a button": slack_limits.BUTTON_TEXT,
    _VALUE_LIMIT: slack_limits.BUTTON_VALUE,
    "characters in a URL": slack_limits.ADDRESS,
    "options of a menu": slack_limits.OPTIONS,
    "characters in an option": slack_limits.OPTION_TEXT,
    "characters in an option's value": slack_limits.OPTION_VALUE,
    "characters in a label": slack_limits.INPUT_LABEL,
    "characters in an id": slack_limits.ID,
    "characters in a title": slack_limits.VIEW_TITLE,
    "characters of private_metadata": slack_limits.PRIVATE_METADATA,
}


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """The size of one kind of part, and Slack's limit for it."""

    name: str
    size: int
    limit: int

    @property
    def is_over_limit(self) -> bool:
        """Whether the size exceeds the limit."""
        return self.size > self.limit


def measure_message(payload: Json) -> tuple[LimitUsage, ...]:
    """Measure the `text` and `blocks` of a message."""
    blocks = _as_list(payload.get("blocks"))
    sizes = [
        (_TEXT_LIMIT, _count_characters(payload.get("text"))),
        (_BLOCKS_LIMIT, len(blocks)),
        *_measure_blocks(blocks),
    ]
    return _build_usages(sizes, {})


def measure_view(body: Json) -> tuple[LimitUsage, ...]:
    """Measure a modal or an App Home."""
    blocks = _as_list(body.get("blocks"))
    sizes = [
        (_BLOCKS_LIMIT, len(blocks)),
        *_measure_blocks(blocks),
        *_measure_text("characters in a title", body.get("title")),
    ]
    sizes.append(("characters of private_metadata", _count_characters(body.get("private_metadata"))))
    return _build_usages(sizes, {_BLOCKS_LIMIT: slack_limits.VIEW_BLOCKS})


def summarize_usages(usages: tuple[LimitUsage, ...]) -> str:
    """Summarize the usage of the block limit and of the limit that is closest to being reached."""
    block_usages = [usage for usage in usages if usage.name == _BLOCKS_LIMIT and usage.size]
    other_usages = [usage for usage in usages if usage not in block_usages]
    nearest_usage = max(other_usages, key=lambda usage: usage.size / usage.limit, default=None)
    return ", ".join(
        f"{usage.size:,} of {usage.limit:,} {usage.name}"
        for usage in [*block_usages, *([nearest_usage] if nearest_usage else [])]
    )


def _build_usages(sizes: list[tuple[str, int]], special_limits: dict[str, int]) -> tuple[LimitUsage, ...]:
    largest_sizes: dict[str, int] = {}
    for name, size in sizes:
        largest_sizes[name] = max(size, largest_sizes.get(name, 0))
    limit_by_name = _LIMITS | special_limits
    return tuple(
        LimitUsage(name, largest_sizes[name], limit_by_name[name]) for name in limit_by_name if largest_sizes.get(name)
    )


def _measure_blocks(blocks: list[object]) -> Sizes:
    if blocks:
        yield _ALL_TEXT_LIMIT, count_characters(blocks)
    for block in blocks:
        if isinstance(block, dict):
            yield from _measure_block(block)


def _measure_block(block: Json) -> Sizes:
    yield "characters in an id", _count_characters(block.get("block_id"))
    elements, kind = _as_list(block.get("elements")), block.get("type")
    match kind:
        case "section":
            yield from _measure_text(_SECTION_LIMIT, block.get("text"))
            yield "fields of a section", len(_as_list(block.get("fields")))
            for field in _as_list(block.get("fields")):
                yield from _measure_text(_FIELD_LIMIT, field)
        case "header":
            yield from _measure_text("characters in a header", block.get("text"))
        case "context":
            yield "elements of a context", len(elements)
            for element in elements:
                yield from _measure_text("characters in a context", element)
        case "actions":
            yield "elements of an actions block", len(elements)
        case "input":
            yield from _measure_text("characters in a label", block.get("label"))
    for element in [*elements, block.get("accessory"), block.get("element")]:
        if isinstance(element, dict):
            yield from _measure_element(element)


def _measure_element(element: Json) -> Sizes:
    yield "characters in an id", _count_characters(element.get("action_id"))
    yield "characters in a URL", _count_characters(element.get("url"))
    if element.get("type") == "button":
        yield from _measure_text("characters on a button", element.get("text"))
        yield _VALUE_LIMIT, _count_characters(element.get("value"))
    options = _as_list(element.get("options"))
    yield "options of a menu", len(options)
    for option in options:
        if isinstance(option, dict):
            yield from _measure_text("characters in an option", option.get("text"))
            yield "characters in an option's value", _count_characters(option.get("value"))


def _measure_text(name: str, text: object) -> Sizes:
    yield name, _count_characters(text.get("text")) if isinstance(text, dict) else 0


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _count_characters(value: object) -> int:
    return len(value) if isinstance(value, str) else 0
