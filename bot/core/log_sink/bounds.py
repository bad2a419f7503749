"""Bounds of one log line: its length, and no character that a terminal or a log viewer would act on. Pure."""

import re
from collections.abc import MutableMapping

from bot.core.log_sink.redaction import REPLACEMENT

#: characters of one value, and of all values of a line together
_MAX_VALUE, _MAX_LINE = 2_000, 6_000
#: entries of one list or dict
_MAX_ENTRIES = 50
#: control characters, line separators, and marks that change the direction of text
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def bound_event(_logger: object, _method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Return the event with every text escaped and cut, as a structlog processor."""
    budget = _Budget(_MAX_LINE)
    return {budget.cut(key): budget.limit(value) for key, value in list(event.items())[:_MAX_ENTRIES]}


def escape_controls(text: str) -> str:
    r"""Return the text with control characters written as \x1b, \n or \u202e."""
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


class _Budget:
    """The characters that are left for the values of one line."""

    def __init__(self, characters: int) -> None:
        self._remainder = characters

    def cut(self, text: str) -> str:
        """Return the text, escaped and as long as the budget allows."""
        limit = min(_MAX_VALUE, max(self._remainder, 0))
        text = escape_controls(text[: limit + 1])
        result = text if len(text) <= limit else text[:limit] + REPLACEMENT
        self._remainder -= len(result)
        return result

    def limit(self, value: object) -> object:
        """Return a value whose texts are cut."""
        match value:
            case str():
                return self.cut(value)
            case int() if not -(2**63) <= value < 2**63:
                return self.cut(f"{value:e}") if abs(value) < 10**300 else REPLACEMENT
            case dict():
                return {self.cut(str(key)): self.limit(item) for key, item in list(value.items())[:_MAX_ENTRIES]}
            case list():
                return [self.limit(item) for item in value[:_MAX_ENTRIES]]
            case _:
                return value
