"""Parts what a person typed into words and filters: `"lynch-mob" by:Corbyn since:monday`. Pure.

Rule: what stands between double quotation marks, whatever their kind, is words and never a filter; a mark that nobody
closed is none. A filter's value ends at its closing mark; without marks it is one word and the capitalised ones behind
it, and behind the words asked for all up to the next filter.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

_DOUBLE, _SINGLE = '"“”„‟«»', "'‘’‚‛‹›"
_QUOTED = re.compile(f"[{_DOUBLE}][^{_DOUBLE}]*[{_DOUBLE}]")
#: a name and a colon; of a name nobody knows, only with something right behind it that makes it no address
_FILTER = re.compile(r"(?<!\S)(?P<name>[^\W\d_]{2,20}):(?P<gap>\s*)(?!//)")
_FIRST = re.compile(r"\S+(?:\s+(?=[^\W\d_])[A-Z][^\s:]*(?=\s|$))*")


@dataclass(frozen=True, slots=True)
class Typed:
    """The words that are no filter, and the filters by name, as typed, quotation marks aside."""

    words: str
    values: Mapping[str, str]
    #: a name that is no filter, or stands there twice
    unknown: str | None = None
    twice: str | None = None


def parted(typed: str, names: Collection[str], measures: Mapping[str, Callable[[str], int]]) -> Typed:
    """Parts one line. `names` are the filters there are; `measures` tell of some how many characters a value takes."""
    found = list(_filters(typed, names))
    words: list[str] = []
    values: dict[str, str] = {}
    at = 0
    for number, (name, begin, start) in enumerate(found):
        words.append(typed[at:begin].strip())
        end = found[number + 1][1] if number + 1 < len(found) else len(typed)
        value, used = _value(typed[start:end], measures.get(name), greedy=any(words))
        if name not in names:
            return Typed("", {}, unknown=name)
        if name in values:
            return Typed("", {}, twice=name)
        values[name] = value
        at = start + used
    words.append(typed[at:].strip())
    return Typed(" ".join(filter(None, words)), values)


def quoted(value: str) -> str:
    """`value` between marks between which it is read back; those it holds itself become apostrophes."""
    return '"' + re.sub(f"[{_DOUBLE}]", "'", value) + '"'


def _filters(typed: str, names: Collection[str]) -> Iterator[tuple[str, int, int]]:
    """Name, where it begins and where its value does, of each filter outside quotation marks."""
    closed = [match.span() for match in _QUOTED.finditer(typed)]
    for match in _FILTER.finditer(typed):
        name = match["name"].casefold()
        if any(start < match.start() < end for start, end in closed):
            continue
        if name in names or not match["gap"]:
            yield name, match.start(), match.end()


def _value(text: str, measure: Callable[[str], int] | None, *, greedy: bool) -> tuple[str, int]:
    """A filter's value at the start of `text`, and how many characters it takes."""
    if text[:1] in _DOUBLE and text:
        end = re.compile(f"[{_DOUBLE}]").search(text, 1)
        return (text[1 : end.start()].strip(), end.end()) if end else (text[1:].strip(), len(text))
    if text[:1] in _SINGLE and text:
        end = re.compile(rf"[{_SINGLE}](?=\s|$)").search(text, 1)
        return (text[1 : end.start()].strip(), end.end()) if end else (text[1:].strip(), len(text))
    open_at = next((match.start() for match in _QUOTED.finditer(text)), len(text))
    if measure and (used := measure(text[:open_at])):
        return text[:used].strip(), used
    if greedy:
        return text[:open_at].strip(), open_at
    first = _FIRST.match(text[:open_at])
    return (first[0], first.end()) if first else ("", 0)
