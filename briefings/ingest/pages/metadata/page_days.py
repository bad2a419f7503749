"""Find the day on which a page says that its article was published, in its markup and in the head of the article.

Rule: sources are asked in order of certainty: JSON-LD, meta tags, microdata, time elements, classes, visible lines.
Candidates of one source that state two days cancel each other, and the next source counts.
Rule: a day of a change ("Updated", "Last modified") never counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice, pairwise

from lxml.html import HtmlElement

from briefings.ingest.pages.metadata.day_marks import (
    CHANGED_LABEL,
    DAY_CLASS,
    HEAD_DAY_CLASS,
    PUBLISHED_LABEL,
    drop_label,
    ends_in_changed_label,
    has_class,
    names_another_day,
    split_at_change,
    states_change,
)
from briefings.ingest.pages.metadata.meta_tags import MetaTags, get_day_lists
from briefings.ingest.pages.metadata.page_article import PageArticle
from briefings.ingest.pages.metadata.page_head import ArticleHead, HeadPart, read_first_lines
from briefings.ingest.pages.metadata.page_parts import PageParts, get_text
from briefings.ingest.pages.repairs.times import is_in_sentence
from briefings.ingest.publication_days import parse_day

#: maximum number of elements whose names are compared, and of those whose texts are read, for one source
_MAX_CANDIDATES, _MAX_ELEMENTS = 2_000, 200
_DAY_PROPERTIES = frozenset(
    ["datepublished", "schema:datepublished", "rnews:datepublished", "dc:date", "dc:issued", "dcterms:issued"]
)
_DAY_ELEMENTS = (
    "descendant::*[@class and (contains(@class, 'ubl') or contains(@class, 'ate') or contains(@class, 'DATE') "
    "or contains(@class, 'ost') or contains(@class, 'ubdate'))]"
)
#: attributes in which pages write days for programs
_VALUE_ATTRIBUTES = ("content", "datetime", "title", "data-datetime", "data-timestamp", "data-date", "data-published")
_DIGIT = re.compile(r"\d")
_SEPARATOR = re.compile(r"\s*[|•·]\s*")
_DASH = re.compile(r"\s+[/–—-]\s+")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
#: end of a date in the words before another
_STAMP_END = re.compile(r"[|•·]|\d{4}")
_BYLINE = re.compile(r"(?:written |posted |published )?by\s", re.IGNORECASE)
_AUTHOR_OR_SECTION = re.compile(r"\s+(?:by|in|under|von|par|por)\s.*")
_PRESS_RELEASE = re.compile(
    r"(?:for immediate release|(?:news|press|media) (?:release|statement|notice)|pressemitteilung|"
    r"communiqu[ée] de presse|comunicado de prensa|comunicato stampa|persbericht)\W*",
    re.IGNORECASE,
)
#: end of a line that goes on in the next one: "An inquiry into the events of"
_OPEN_END = re.compile(
    r"(?<!published )(?<!posted )(?<!issued )(?<!released )"
    r"\b(?:of|on|from|until|since|to|in|at|for|before|after|and|the)$",
    re.IGNORECASE,
)
#: maximum number of words of a line in which a date is searched
_MAX_WORDS = 30


def find_day(
    article: PageArticle, meta_tags: MetaTags, parts: PageParts, get_head: Callable[[], ArticleHead]
) -> date | None:
    """Return the day of publication of a page's article, or None if the page does not state one day."""
    for texts in _list_sources(article, meta_tags, parts, get_head):
        days = {day for text in texts if (day := parse_day(drop_label(text)))}
        if len(days) == 1:
            return days.pop()
    return None


def _list_sources(
    article: PageArticle, meta_tags: MetaTags, parts: PageParts, get_head: Callable[[], ArticleHead]
) -> Iterator[Iterable[str]]:
    """Yield the texts of each source, the most certain first. Later sources are read only if they are needed."""
    yield from article.get_day_lists()
    yield from get_day_lists(meta_tags)
    yield _find_microdata(parts)
    head_parts, lines = get_head()
    labelled = {part.element for part in head_parts if _follows_other_label(part)}
    times = [time for time in islice(parts.tree.iter("time"), _MAX_CANDIDATES) if _is_published_time(time)]
    yield [text for time in times if time not in labelled and parts.is_own(time) for text in _get_texts(time)]
    head_elements = [part.element for part in head_parts if part.element not in labelled]
    head_times = [
        element
        for element in head_elements
        if element.tag == "time" and not states_change(element) and not is_in_sentence(element)
    ]
    yield [text for time in head_times for text in _get_texts(time)]
    candidates = parts.tree.xpath(_DAY_ELEMENTS)[:_MAX_CANDIDATES]
    elements = [element for element in candidates if element not in labelled and has_class(element, DAY_CLASS)]
    yield [text for element in elements[:_MAX_ELEMENTS] if parts.is_own(element) for text in _get_texts(element)]
    yield [text for element in head_elements if has_class(element, HEAD_DAY_CLASS) for text in _get_texts(element)]
    if parts.headline is None:
        lines = _find_release_lines(read_first_lines(parts.tree))
    stated_days, plain_days = _find_line_days(lines)
    yield stated_days
    yield plain_days


def _find_microdata(parts: PageParts) -> list[str]:
    """Return the days of the article's own microdata and RDFa."""
    names = (
        (element, f"{element.get('itemprop', '')} {element.get('property', '')}") for element in parts.marked_elements
    )
    dated_elements = [element for element, name in names if not _DAY_PROPERTIES.isdisjoint(name.lower().split())]
    own_elements = [element for element in dated_elements[:_MAX_ELEMENTS] if parts.is_own(element)]
    return [text for element in own_elements for text in _get_texts(element)]


def _is_published_time(time: HtmlElement) -> bool:
    return time.get("pubdate") is not None or has_class(time, DAY_CLASS)


def _follows_other_label(part: HeadPart) -> bool:
    """Tell whether the words before an element say that its day is not that of publication."""
    label = _STAMP_END.split(part.words_before)[-1].strip()
    return names_another_day(label)


def _get_texts(element: HtmlElement) -> list[str]:
    """Return the first text of an element that states a day: an attribute for programs, or its words."""
    words = get_text(element)
    if CHANGED_LABEL.match(words):
        return []
    candidates = [*(element.get(name) for name in _VALUE_ATTRIBUTES), words]
    return next(([text] for text in candidates if text and parse_day(drop_label(text))), [])


def _find_line_days(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the days of lines that a label, byline or press release introduces, and of lines that are only a day."""
    stated_days: list[str] = []
    plain_days: list[str] = []
    label = ""
    for line in lines:
        if not _DIGIT.search(line):
            # a label can be a line of its own
            label = line
            continue
        for piece in _split_line(line):
            unchanged_piece = _AUTHOR_OR_SECTION.sub("", split_at_change(piece))
            date_text = drop_label(unchanged_piece)
            if parse_day(date_text) and not names_another_day(label) and not _OPEN_END.search(label):
                is_stated = date_text != unchanged_piece or piece != line or bool(PUBLISHED_LABEL.fullmatch(label))
                (stated_days if is_stated else plain_days).append(date_text)
            label = "" if _DIGIT.search(piece) else piece
        if _BYLINE.match(line):
            stated_days.extend(_find_last_date(line))
    return stated_days, plain_days


def _split_line(line: str) -> list[str]:
    """Split a line at its separators. A dash between two dates makes a range, which is not split."""
    pieces = []
    for piece in _SEPARATOR.split(line):
        parts = _DASH.split(piece)
        has_range = sum(1 for part in parts if re.search(r"\d", _CLOCK.sub("", part))) > 1
        pieces.extend([piece] if has_range or parse_day(piece) else parts)
    return [piece.strip() for piece in pieces]


def _find_last_date(line: str) -> list[str]:
    """Return the date at the end of a byline: "By Jane Roe, 30 June 2016"."""
    words = line.split()[-_MAX_WORDS:]
    for start in range(len(words)):
        if parse_day(" ".join(words[start:])):
            return [] if ends_in_changed_label(" ".join(words[:start])) else [" ".join(words[start:])]
    return []


def _find_release_lines(lines: list[str]) -> list[str]:
    """Return the line below a press release's heading, as a labelled date; none for other pages."""
    return next(
        (
            [f"Published: {line}"]
            for heading, line in pairwise(lines)
            if _PRESS_RELEASE.fullmatch(heading) and parse_day(line)
        ),
        [],
    )
