"""Splits a line into the tokens of the grammar: phrases in quotation marks, filters, and words. Pure.

Rule: words in quotation marks are one phrase token, whatever is in them. A single mark counts only around whole words,
because it can be an apostrophe; a mark without its partner is ignored.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.queries.slack_text import DOUBLE_MARKS, SINGLE_MARKS

_DOUBLE, _SINGLE = re.escape(DOUBLE_MARKS), re.escape(SINGLE_MARKS)
_OPENING_MARK = re.compile(rf"[{_DOUBLE}]|(?<![\w{_SINGLE}])[{_SINGLE}](?=\S)")
_CLOSING_SINGLE_MARK = re.compile(rf"(?<=\S)[{_SINGLE}](?!\w)|[{_DOUBLE}]")
#: a filter as a flag or with a colon, but no URL: "--by Roe", "by: Roe", "by=Roe"
_FILTER = re.compile(
    r"(?<![\w:])(?:(?P<dash>--|—|–|-)(?P<flag>[^\W\d_]{2,10})(?:\s*[:=]\s*|(?=\s|$))"
    r"|(?P<name>[^\W\d_]{2,20})(?:(?P<gap>\s?)[:=](?!//)))"
)
_MARK_CHARACTERS = re.compile(f"[{_DOUBLE}]")
_EDGE = " \t.,;:!?…()[]{}<>—–*_~/|" + DOUBLE_MARKS


class FilterName(StrEnum):
    """The filters, by what they select."""

    BY = "by"
    ABOUT = "about"
    FROM = "from"
    SINCE = "since"
    UNTIL = "until"
    AFTER = "after"
    BEFORE = "before"
    ON = "on"


_FILTER_NAMES: dict[str, FilterName] = {
    **{name.value: name for name in FilterName if name is not FilterName.ON},
    **dict.fromkeys(("speaker", "person", "who"), FilterName.BY),
    **dict.fromkeys(("topic", "subject"), FilterName.ABOUT),
    **dict.fromkeys(("in", "outlet", "source", "paper", "publisher", "publication"), FilterName.FROM),
    **dict.fromkeys(("during", "date", "day", "when", "period"), FilterName.ON),
}
#: filters that may have a space after the colon; other names are common in sentences: "The day after: what now?"
_MAIN_NAMES = ("by", "about", "from", "since", "until")
_CORRECTED_NAMES = (*_MAIN_NAMES, "after", "before")
#: shortest filter name in which a slip of the finger is corrected
_MIN_CORRECTED_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Token:
    """A word, phrase or filter, and where it is in the text. `text` has no quotation marks."""

    text: str
    start: int
    end: int
    is_phrase: bool = False
    #: the filter that the token names
    filter_name: FilterName | None = None
    #: the name of a filter that is unknown
    unknown_filter: str = ""

    @property
    def word(self) -> str:
        """The text without punctuation around it, or "" if it has neither letters nor digits."""
        if not re.search(r"\w", self.text):
            return ""
        return self.text.strip(_EDGE).lstrip("#@-'‘’").rstrip("-")

    @property
    def key(self) -> str:
        """The word in lower case."""
        return self.word.casefold()


def split_tokens(text: str, is_name: Callable[[str], bool]) -> list[Token]:
    """Return the tokens of a line. `is_name` says whether a word before a colon is a name, and not a filter."""
    tokens: list[Token] = []
    position = 0
    for start, end in _find_phrases(text):
        tokens += _split_words(text, position, start, is_name)
        tokens.append(Token(text[start + 1 : end - 1].strip(), start, end, is_phrase=True))
        position = end
    return [*tokens, *_split_words(text, position, len(text), is_name)]


def join_words(tokens: Sequence[Token]) -> str:
    """Return the words of some tokens, without punctuation around each of them."""
    return " ".join(filter(None, (token.word for token in tokens)))


def has_phrase(text: str) -> bool:
    """Whether the text has words in quotation marks."""
    return any(True for _ in _find_phrases(text))


def strip_marks(text: str) -> str:
    """Return text without double quotation marks, and without punctuation at its ends."""
    return " ".join(_MARK_CHARACTERS.sub(" ", text).split()).strip(" ,:!?…—–" + SINGLE_MARKS + "`´")


def find_filter_name(name: str) -> FilterName | None:
    """Return the filter with this name, also if one letter is wrong or two are swapped."""
    key = name.casefold()
    if key in _FILTER_NAMES:
        return _FILTER_NAMES[key]
    matches = {
        _FILTER_NAMES[known_name]
        for known_name in _CORRECTED_NAMES
        if min(len(key), len(known_name)) >= _MIN_CORRECTED_LETTERS and is_slip(key, known_name)
    }
    return matches.pop() if len(matches) == 1 else None


def is_slip(word: str, known_word: str) -> bool:
    """Whether `word` is `known_word` with one letter more, less or different, or with two neighbours swapped."""
    if word == known_word or abs(len(word) - len(known_word)) > 1:
        return False
    start = next((i for i, pair in enumerate(zip(word, known_word, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    rest, known_rest = word[start:], known_word[start:]
    return (
        rest[1:] == known_rest[1:]
        or rest[1:] == known_rest
        or rest == known_rest[1:]
        or (rest[:2] == known_rest[1::-1] and rest[2:] == known_rest[2:])
    )


def _find_phrases(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each phrase, with its marks."""
    opening_mark = _OPENING_MARK.search(text)
    while opening_mark:
        start = opening_mark.start()
        is_double = opening_mark[0] in DOUBLE_MARKS
        closing_mark = (_MARK_CHARACTERS if is_double else _CLOSING_SINGLE_MARK).search(text, start + 1)
        is_closed = closing_mark is not None and (closing_mark[0] in DOUBLE_MARKS) is is_double
        if closing_mark and is_closed and re.search(r"\w", text[start + 1 : closing_mark.start()]):
            yield start, closing_mark.end()
            start = closing_mark.end() - 1
        opening_mark = _OPENING_MARK.search(text, start + 1)


def _split_words(text: str, start: int, end: int, is_name: Callable[[str], bool]) -> Iterator[Token]:
    """Yield the filters and words from `start` to `end`, none of them in marks."""
    position = start
    for match in _FILTER.finditer(text, start, end):
        name = match["flag"] or match["name"]
        filter_name = find_filter_name(name)
        is_explicit = match["dash"] is None and not text[match.end() : match.end() + 1].isspace()
        if filter_name is None:
            # `Roe:"…"` is a speaker, and "update: the vote" is text
            if not is_explicit or match["gap"] or match.end() == end or is_name(name):
                continue
        elif _is_in_sentence(match, is_explicit=is_explicit):
            continue
        yield from _iterate_words(text, position, match.start())
        unknown_filter = name.casefold() if filter_name is None else ""
        yield Token(match[0], match.start(), match.end(), filter_name=filter_name, unknown_filter=unknown_filter)
        position = match.end()
    yield from _iterate_words(text, position, end)


def _is_in_sentence(match: re.Match[str], *, is_explicit: bool) -> bool:
    """Whether a filter's name is only a word of a sentence: "The day after: what now?", "a run -of the mill"."""
    if match["dash"]:
        return match["dash"] == "-" and match["flag"].casefold() not in _FILTER_NAMES
    return not is_explicit and bool(match["gap"] or match["name"].casefold() not in _MAIN_NAMES)


def _iterate_words(text: str, start: int, end: int) -> Iterator[Token]:
    for match in re.compile(r"\S+").finditer(text, start, end):
        yield Token(match[0], match.start(), match.end())


def compile_patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns, in which any white space matches a space. Case makes no difference."""
    return tuple(re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE) for pattern in patterns)
