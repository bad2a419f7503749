"""Remove running heads, feet and page numbers from the pages of a document.

Rule: a line goes if it is near the top or the bottom of its page, apart from the text, and repeats there on other
pages, except for its numbers. A page number goes if it is the first or last line. A browser's print-out has an address
and a day of printing there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import islice

from briefings.ingest.documents.pdf.fragments import Fragment, PageText

#: shares of the page's height that are its top and bottom, and number of lines there that can be furniture
_MARGIN, _MAX_LINES = 0.15, 4
#: from this number of pages, a line must repeat on three: the head of a chapter does
_MANY_PAGES = 5
_MAX_LENGTH = 200
#: distance of a running head from the text in sizes, or the relative difference of their sizes
_MIN_GAP, _SIZE_STEP = 1.4, 0.1
#: baselines of one running head, in points
_Y_STEP = 6.0
_NUMBER = re.compile(r"[0-9]{1,5}")
_MAX_NUMBERS = 4
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|\[(]\s*)?(?:(?:page|p\.?|pg\.?|seite|página|pagina)\s*)?(?:\d{1,3}|[ivxl]{1,6})"
    r"(?:\s*(?:of|/|von|de|sur)\s*\d{1,4})?(?:\s*[-–—|\])])?",
    re.IGNORECASE,
)
_PRINTED_ADDRESS = re.compile(
    r"(?:https?://|about:|file:/|www\.)\S*\s+(?:page\s+)?\d{1,4}\s*(?:/|of)\s*\d{1,4}", re.IGNORECASE
)
_PRINTED_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+\d{1,2}[:.]\d{2}.*")


_Row = Sequence[Fragment]


def remove_furniture(pages: Sequence[PageText]) -> list[list[Fragment]]:
    """Return the fragments of each page, in their order, without its furniture."""
    rows_by_page = [_find_rows(page) for page in pages]
    page_counts: Counter[tuple[str, int]] = Counter()
    for number, rows in enumerate(rows_by_page):
        page_counts.update({key for row in rows for key in _get_keys(row, number)})
    min_pages = 2 if len(pages) < _MANY_PAGES else 3
    inner_counts = Counter(
        text for page, rows in zip(pages, rows_by_page, strict=True) for text in _find_inner_texts(page, rows)
    )
    repeated_keys = {
        (text, step)
        for (text, step), count in page_counts.items()
        if count >= min_pages and inner_counts[text] < max(2, count / 4)
    }
    result = []
    for number, (page, rows) in enumerate(zip(pages, rows_by_page, strict=True)):
        furniture = {id(fragment) for row in _find_furniture(page, number, rows, repeated_keys) for fragment in row}
        result.append([fragment for fragment in page.fragments if id(fragment) not in furniture])
    return result


def _find_furniture(
    page: PageText, number: int, rows: Sequence[_Row], repeated_keys: Set[tuple[str, int]]
) -> Iterator[_Row]:
    is_print_out = any(_PRINTED_ADDRESS.fullmatch(_join_texts(row)) for row in (*rows[:2], *rows[-2:]))
    height = max(page.height, rows[0][0].y if rows else 0.0)

    def is_repeated(row: _Row) -> bool:
        return any(key in repeated_keys for key in _get_keys(row, number))

    # pages that are the same as a whole are no furniture
    are_equal = len(rows) > 2 and all(is_repeated(row) for row in rows)
    for side in (rows, rows[::-1]):
        if are_equal or (len(side) > _MAX_LINES and all(is_repeated(row) for row in side[: _MAX_LINES + 1])):
            continue
        for index, row in enumerate(side[:_MAX_LINES]):
            text = _join_texts(row)
            is_at_edge = not height * _MARGIN < row[0].y < height * (1 - _MARGIN)
            is_apart = index + 1 >= len(side) or _is_apart(row, side[index + 1])
            is_printed = is_print_out and (_PRINTED_ADDRESS.fullmatch(text) or _PRINTED_DAY.fullmatch(text))
            is_next_furniture = index + 1 < len(side) and is_repeated(side[index + 1])
            if (
                not is_at_edge
                or not (is_apart or is_next_furniture)
                or not (is_repeated(row) or _PAGE_NUMBER.fullmatch(text) or is_printed)
            ):
                break
            yield row


def _is_apart(row: _Row, inner_row: _Row) -> bool:
    """Tell whether a line at an edge is no part of the paragraph next to it."""
    size, inner_size = row[0].size, inner_row[0].size
    return abs(row[0].y - inner_row[0].y) > _MIN_GAP * inner_size or abs(size - inner_size) > _SIZE_STEP * inner_size


def _find_inner_texts(page: PageText, rows: Sequence[_Row]) -> Iterator[str]:
    """Yield the lines of a page that are far from its edges: a text that is often there is no running head."""
    for row in rows:
        if page.height * _MARGIN < row[0].y < page.height * (1 - _MARGIN):
            yield _join_texts(row).lower()


def _find_rows(page: PageText) -> list[_Row]:
    """Return the lines of a page from top to bottom, each with its fragments from left to right."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(page.fragments, key=lambda fragment: -fragment.y):
        if rows and rows[-1][0].y - fragment.y < fragment.size / 2:
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return [sorted(row, key=lambda fragment: fragment.start) for row in rows]


def _get_keys(row: _Row, number: int) -> Iterator[tuple[str, int]]:
    """Yield what is equal for the same running head on two pages: its place, and its text with the page's number.

    There are several keys, because places can differ a little, and any number can be that of the page.
    """
    step = row[0].y / _Y_STEP
    for text in _list_texts(_join_texts(row).lower(), number):
        yield text, int(step)
        yield text, int(step + 0.5) + 1_000_000


def _list_texts(text: str, number: int) -> Iterator[str]:
    """Yield a text, and it with each of its numbers as the difference to the number of the page."""
    if len(text) <= _MAX_LENGTH:
        yield text
        for match in islice(_NUMBER.finditer(text), _MAX_NUMBERS):
            yield f"{text[: match.start()]}#{int(match[0]) - number}{text[match.end() :]}"


def _join_texts(line: _Row) -> str:
    return " ".join(fragment.text for fragment in line)
