"""Build the text fragment of a link: the words by which a browser finds and marks a passage of a page.

Rule (https://wicg.github.io/scroll-to-text-fragment/): the fragment is "start" or "start,end", with "before-," and
",-after" for the words around the passage. No part crosses a line, because browsers match words within one block of a
page. Rule: the words occur once in the article. They come with words around the passage even if the article does not
need it: a page repeats passages in captions and pull quotes, which the article's text mostly lacks. Rule: if no words
are unique and none come first, there is no fragment. A plain link is better than the wrong place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from string import ascii_letters, digits, punctuation
from urllib.parse import quote

from briefings.article.page_words import Page, has_words, is_unspaced, is_word_edge, open_page, read_words
from briefings.article.word_context import Context, find_contexts, split_first_units, split_last_units, split_lines
from briefings.model import Span

#: characters of a fragment. Browsers and Slack accept far longer URLs.
MAX_LENGTH = 1_000
#: words; a passage up to this length is in the link as a whole, a longer one by its two ends
MAX_WHOLE_WORDS = 12
#: characters of such a passage, percent-encoded
_MAX_WHOLE_LENGTH = 400
#: characters of a longer passage, if only all of it is certain
_MAX_EXACT_LENGTH = 300
#: characters that a headline may be longer in the text than by itself: blanks
_HEADLINE_MARGIN = 20
#: characters that a directive has as they are, and the one that begins an encoded character
_SAFE_CHARACTERS = frozenset(f"{ascii_letters}{digits}_.~%")
#: numbers of words of the two ends, in the order in which they are tried
_END_SIZES = ((8, 4), (8, 6), (8, 8), (8, 12), (12, 12))
#: the same for a script without spaces, in which a "word" is everything up to the next mark
_UNSPACED_END_SIZES = ((1, 1), (1, 2), (2, 2), (2, 3))
#: words that are read at each end of a passage: more than a link has of it
_READ_WORDS = max(MAX_WHOLE_WORDS, *(size for sizes in (*_END_SIZES, *_UNSPACED_END_SIZES) for size in sizes)) + 1


#: a passage by its two ends (where the first one ends and the last one starts), or None for all of it
_Part = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Selector:
    """Parts of a fragment, as spans of the text. A passage without an `end` is in `start` as a whole."""

    start: Span
    end: Span | None
    before: Span | None
    after: Span | None
    crosses_lines: bool

    @property
    def head(self) -> Span:
        """Return what a browser finds first: the words before and the start, or all of a selector without an end."""
        last = self.start if self.end else self.after or self.start
        return Span((self.before or self.start).start, last.end)

    @property
    def tail(self) -> Span | None:
        """Return what a browser finds next: the end and the words after."""
        return Span(self.end.start, (self.after or self.end).end) if self.end else None


def build_text_fragment(text: str, span: Span, title: str | None = None) -> str:
    """Return the percent-encoded `text=` directive that marks `span`, or "" if no words mark only this passage.

    `title` is the headline that the page shows above the text.
    """
    passage = _strip(text, span)
    if not has_words(passage.of(text)):
        return ""
    page = open_page(text, "" if _is_headline(text, passage, title) else title or "")
    proposals = _Proposals(_propose_selectors(text, passage))
    for selector in _choose_selectors(text, page, proposals):
        fragment = _encode(text, selector)
        if len(fragment) <= MAX_LENGTH:
            other_fragment = _find_other_fragment(text, page, proposals, selector)
            is_short = len(fragment) + len(other_fragment) <= MAX_LENGTH
            return f"{fragment}&text={other_fragment}" if other_fragment and is_short else fragment
    return ""


class _Proposals:
    """The selectors of a passage, each built once and only if an earlier one does not serve."""

    def __init__(self, selectors: Iterator[_Selector]) -> None:
        self._selectors, self._known_selectors = selectors, list[_Selector]()

    def __iter__(self) -> Iterator[_Selector]:
        yield from self._known_selectors
        for selector in self._selectors:
            self._known_selectors.append(selector)
            yield selector


def _choose_selectors(text: str, page: Page, proposals: _Proposals) -> Iterator[_Selector]:
    """Yield the selectors whose words are on the page only once, and then those whose first place is the passage.

    Many selectors share a head, which is looked up once. On a page that repeats its words, most heads fail.
    """
    uniqueness: dict[Span, bool] = {}
    others: list[_Selector] = []
    for selector in proposals:
        head = selector.head
        if head not in uniqueness:
            uniqueness[head] = _is_unique(text, page, head)
        if not uniqueness[head]:
            others.append(selector)
        elif _is_valid(text, selector):
            yield selector
    is_first = cache(partial(_is_first, text, page))
    yield from (selector for selector in others if is_first(selector.head) and _is_valid(text, selector))


def _find_other_fragment(text: str, page: Page, proposals: _Proposals, selector: _Selector) -> str:
    """Return a second directive, "start,-after" for "before-,start", if these words are on other lines; else "".

    A page may have an advertisement or a picture between the passage and the paragraph before or the one after. Then
    the browser still finds the passage by the other one.
    """
    if not selector.crosses_lines or selector.end or selector.after:
        return ""
    others = (other for other in proposals if other.crosses_lines and not other.before)
    unique_selector = next((other for other in others if not other.end and _is_unique(text, page, other.head)), None)
    return _encode(text, unique_selector) if unique_selector else ""


def _is_headline(text: str, passage: Span, title: str | None) -> bool:
    """Whether the passage is in the headline, as the first line of the text."""
    if title is None or passage.start > len(title) + _HEADLINE_MARGIN:
        return False
    headline = split_lines(text, Span(0, min(len(text), len(title) + _HEADLINE_MARGIN)))[0]
    return headline.overlaps(passage) and read_words(headline.of(text)) == read_words(title)


def _strip(text: str, span: Span) -> Span:
    """Return `span` without white space at its ends."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _propose_selectors(text: str, passage: Span) -> Iterator[_Selector]:
    """Yield selectors of the passage, those first that a browser more probably finds."""
    parts = list(_find_parts(text, passage))
    whole_first = sorted(parts, key=lambda part: part is not None)
    last_resorts = []
    for context in find_contexts(text, passage):
        for part in whole_first if context.crosses_lines or context.after else parts:
            selector = _select(context, part)
            if part and context.after:
                # the words after do not tell the start from a caption's, and would stretch the mark from there
                last_resorts.append(selector)
            else:
                yield selector
    yield from last_resorts


def _select(context: Context, part: _Part) -> _Selector:
    """Return the selector of this part, with the marks at the ends of the passage that the context includes."""
    start, end = context.passage, None
    if part:
        start, end = Span(context.passage.start, part[0]), Span(part[1], context.passage.end)
    return _Selector(start, end, context.before, context.after, context.crosses_lines)


def _find_parts(text: str, passage: Span) -> Iterator[_Part]:
    """Yield the passage as a whole or as its two ends, shorter ones first."""
    lines = split_lines(text, passage)
    first_units = split_first_units(text, lines[0], _READ_WORDS)
    last_units = split_last_units(text, lines[-1], _READ_WORDS)
    is_short = len(lines) == 1 and len(first_units) <= MAX_WHOLE_WORDS
    if len(first_units) == len(lines) == 1 or (is_short and len(_encode_words(text, passage)) <= _MAX_WHOLE_LENGTH):
        yield None
        return
    for start_size, end_size in _UNSPACED_END_SIZES if is_unspaced(passage.of(text)) else _END_SIZES:
        start_end, end_start = first_units[:start_size][-1][1], last_units[-end_size:][0][0]
        # browsers search for the end after the start
        if start_end <= end_start:
            yield start_end, end_start
    if len(lines) == 1 and len(passage) <= _MAX_EXACT_LENGTH:
        yield None


def _is_valid(text: str, selector: _Selector) -> bool:
    """Whether a browser can find the parts, and finds the passage by them."""
    return _has_word_edges(text, selector) and _ends_first(text, selector)


def _has_word_edges(text: str, selector: _Selector) -> bool:
    """Whether the parts begin and end where words do, which browsers require."""
    spans = (selector.head, *([selector.tail] if selector.tail else []))
    return all(is_word_edge(text, index) for span in spans for index in (span.start, span.end))


def _ends_first(text: str, selector: _Selector) -> bool:
    """Whether the first place of the tail after the start is the passage's end."""
    if selector.tail is None:
        return True
    rest = read_words(text[selector.start.end : selector.tail.end])
    tail_words = read_words(selector.tail.of(text))
    return bool(tail_words) and rest.find(tail_words) == len(rest) - len(tail_words)


def _is_unique(text: str, page: Page, head: Span) -> bool:
    head_words = read_words(head.of(text))
    return bool(head_words) and page.has_once(head, head_words)


def _is_first(text: str, page: Page, head: Span) -> bool:
    head_words = read_words(head.of(text))
    return bool(head_words) and page.has_first_at(head, head_words)


def _encode(text: str, selector: _Selector) -> str:
    """Return the directive of the selector: "before-,start,end,-after", with the parts that it has."""
    return ",".join(
        [
            *([f"{_encode_words(text, selector.before)}-"] if selector.before else []),
            _encode_words(text, selector.start),
            *([_encode_words(text, selector.end)] if selector.end else []),
            *([f"-{_encode_words(text, selector.after)}"] if selector.after else []),
        ]
    )


def _encode_words(text: str, span: Span) -> str:
    words = " ".join(span.of(text).split())
    # one replacement for each kind of mark is faster than quote(), which encodes byte by byte. "%" comes first, because
    # what replaces the others has it
    if "%" in words:
        words = words.replace("%", "%25")
    for char in set(words) - _SAFE_CHARACTERS:
        words = words.replace(char, _ENCODED_MARKS.get(char) or _encode_character(char))
    return words


def _encode_character(char: str) -> str:
    # "-" and "," have a meaning in the directive, and quote() does not encode "-"
    return quote(char, safe="", errors="replace").replace("-", "%2D")


#: the marks of nearly every passage, encoded
_ENCODED_MARKS = {mark: _encode_character(mark) for mark in f"{punctuation} “”‘’–—…"}
