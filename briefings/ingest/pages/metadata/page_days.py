"""Find the day on which a page says that its article was published, in its markup and in the head of the article.

Rule: sources are asked in order of certainty: JSON-LD, meta tags, microdata, time elements, classes, visible lines.
Candidates of one source that state two days cancel each other, and the next source counts.
Rule: a day of a change ("Updated", "Last modified") never counts.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice, pairwise

from lxml.html import HtmlElement

from briefings.ingest.pages.metadata.meta_tags import MetaTags, get_day_lists
from briefings.ingest.pages.metadata.page_article import PageArticle
from briefings.ingest.pages.metadata.page_parts import HeadPart, PageParts, get_text, read_first_lines, read_head
from briefings.ingest.publication_days import parse_day

#: maximum number of elements whose names are compared, and of those whose texts are read, for one source
_MAX_CANDIDATES, _MAX_ELEMENTS = 2_000, 200
_DAY_PROPERTIES = frozenset(
    ["datepublished", "schema:datepublished", "rnews:datepublished", "dc:date", "dc:issued", "dcterms:issued"]
)
_PUBLISHED_WORDS = (
    r"(?:first |originally |date |press release )?(?:published|posted|issued|released)(?: (?:on|at|online))?|"
    r"(?:publication|published|release|posted|issue) date|date(?: (?:of publication|published|posted|issued))?|"
    r"publi[ée]e?(?: le)?|paru le|mis en ligne le|ver[oö]ffentlicht(?: am)?|erschienen(?: am)?|datum|"
    r"publicado(?: (?:el|em))?|fecha|data|pubblicato(?: il)?|gepubliceerd(?: op)?|publicatiedatum"
)
_PUBLISHED_LABEL = re.compile(rf"(?:{_PUBLISHED_WORDS})\s*[:|-]?\s*", re.IGNORECASE)
_CHANGED_LABEL = re.compile(
    r"(?:\b(?:last |page |date )?(?:updated|modified|changed|edited|reviewed|amended|revised|update)\b|mise? [àa] jour|"
    r"modifi[ée]|aktualisiert|zuletzt|actualizado|modificado|atualizado|aggiornato|bijgewerkt|laatst)",
    re.IGNORECASE,
)
_EVENT_LABEL = re.compile(
    r"(?:deadline|closing|when|where|event|starts?|ends?|opens?|closes?|embargo|expires?|valid|due|until|from|born|died|"
    r"hearing|meeting|next|effective|applies|wann|quand|cu[aá]ndo|quando|wanneer)\b",
    re.IGNORECASE,
)
_PUBLISHED_WORD = re.compile(r"publi|posted|issued|ver[oö]ffentlicht|gepubliceerd|pubblicato", re.IGNORECASE)
_CHANGED_CLASS = re.compile(r"updat|modif|revis|edited|expir", re.IGNORECASE)
#: classes, without case and punctuation, that mean the day of publication wherever they are in the article
_DAY_CLASS = re.compile(
    r"(?:published|publish(?:ed)?(?:date|time|on|at)|publication(?:date|time)?|pub(?:date|time)|date(?:time)?published|"
    r"(?:entry|post|posted|article|story|news|release|byline|content)(?:meta)?date|postedon|dtpublished)$"
)
#: classes that mean it in the head of the article
_HEAD_DAY_CLASS = re.compile(r"(?:date|dateline|timestamp|datetime|day|posted|(?:post|article|story|entry)time)$")
_DAY_ELEMENTS = (
    "descendant::*[@class and (contains(@class, 'ubl') or contains(@class, 'ate') or contains(@class, 'DATE') "
    "or contains(@class, 'ost') or contains(@class, 'ubdate'))]"
)
#: attributes in which pages write days for programs
_VALUE_ATTRIBUTES = ("content", "datetime", "title", "data-datetime", "data-timestamp", "data-date", "data-published")
_SEPARATOR = re.compile(r"\s*[|•·]\s*")
_DASH = re.compile(r"\s+[/–—-]\s+")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_BYLINE = re.compile(r"(?:written |posted |published )?by\s", re.IGNORECASE)
_AUTHOR_OR_SECTION = re.compile(r"\s+(?:by|in|under|von|par|por)\s.*")
_PRESS_RELEASE = re.compile(
    r"(?:for immediate release|(?:news|press|media) (?:release|statement|notice)|pressemitteilung|"
    r"communiqu[ée] de presse|comunicado de prensa|comunicato stampa|persbericht)\W*",
    re.IGNORECASE,
)
#: maximum number of words of a line in which a date is searched
_MAX_WORDS = 30


def find_day(article: PageArticle, meta_tags: MetaTags, parts: PageParts) -> date | None:
    """Return the day of publication of a page's article, or None if the page does not state one day."""
    for texts in _list_sources(article, meta_tags, parts):
        days = {day for text in texts if (day := parse_day(_drop_label(text)))}
        if len(days) == 1:
            return days.pop()
    return None


def _list_sources(article: PageArticle, meta_tags: MetaTags, parts: PageParts) -> Iterator[Iterable[str]]:
    """Yield the texts of each source, the most certain first. Later sources are read only if they are needed."""
    yield from article.get_day_lists()
    yield from get_day_lists(meta_tags)
    yield _find_microdata(parts)
    times = [time for time in islice(parts.tree.iter("time"), _MAX_CANDIDATES) if _is_published_time(time)]
    yield [text for time in times if parts.is_own(time) for text in _get_texts(time)]
    head_parts, lines = read_head(parts)
    yield _find_head_times(head_parts)
    candidates = parts.tree.xpath(_DAY_ELEMENTS)[:_MAX_CANDIDATES]
    elements = [element for element in candidates if _has_class(element, _DAY_CLASS)]
    yield [text for element in elements[:_MAX_ELEMENTS] if parts.is_own(element) for text in _get_texts(element)]
    head_elements = [part.element for part in head_parts if _has_class(part.element, _HEAD_DAY_CLASS)]
    yield [text for element in head_elements for text in _get_texts(element)]
    if parts.headline is None:
        lines = _find_release_lines(read_first_lines(parts.tree))
    stated_days, plain_days = _find_line_days(lines)
    yield stated_days
    yield plain_days


def _find_microdata(parts: PageParts) -> list[str]:
    """Return the days of the article's own microdata and RDFa."""
    elements = parts.tree.xpath("descendant::*[@itemprop or @property]")[:_MAX_CANDIDATES]
    names = ((element, f"{element.get('itemprop', '')} {element.get('property', '')}") for element in elements)
    dated_elements = [element for element, name in names if not _DAY_PROPERTIES.isdisjoint(name.lower().split())]
    own_elements = [element for element in dated_elements[:_MAX_ELEMENTS] if parts.is_own(element)]
    return [text for element in own_elements for text in _get_texts(element)]


def _is_published_time(time: HtmlElement) -> bool:
    return time.get("pubdate") is not None or _has_class(time, _DAY_CLASS)


def _find_head_times(head_parts: Iterable[HeadPart]) -> list[str]:
    """Return the days of the time elements in the article's head that neither class nor label calls a change."""
    times = [part for part in head_parts if part.element.tag == "time" and not _is_changed(_get_classes(part.element))]
    return [
        text for part in times if not _ends_in_changed_label(part.words_before) for text in _get_texts(part.element)
    ]


def _ends_in_changed_label(words: str) -> bool:
    """Tell whether the last label in the words before a date means a change."""
    change_starts = [match.start() for match in _CHANGED_LABEL.finditer(words)]
    publication_starts = [match.start() for match in _PUBLISHED_WORD.finditer(words)]
    return max(change_starts, default=-1) > max(publication_starts, default=-1)


def _has_class(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Tell whether a class of an element means the day of publication, and none that of a change alone."""
    classes = _get_classes(element)
    return not _is_changed(classes) and any(
        pattern.search(name) and not _CHANGED_CLASS.search(name) for name in classes
    )


def _get_classes(element: HtmlElement) -> list[str]:
    """Return the classes of an element without case and punctuation."""
    return [re.sub(r"[^a-z]", "", name.lower()) for name in element.get("class", "")[:500].split()]


def _is_changed(classes: list[str]) -> bool:
    """Tell whether classes mean the day of a change; WordPress writes "published updated" for one that is both."""
    change_classes = [name for name in classes if _CHANGED_CLASS.search(name)]
    return bool(change_classes) and not any(_DAY_CLASS.search(name) for name in classes if name not in change_classes)


def _get_texts(element: HtmlElement) -> list[str]:
    """Return the first text of an element that states a day: an attribute for programs, or its words."""
    words = get_text(element)
    if _CHANGED_LABEL.match(words):
        return []
    candidates = [*(element.get(name) for name in _VALUE_ATTRIBUTES), words]
    return next(([text] for text in candidates if text and parse_day(_drop_label(text))), [])


def _drop_label(text: str) -> str:
    """Drop a label such as "Published:" from the beginning of a text."""
    text = text.strip()
    label = _PUBLISHED_LABEL.match(text[:200])
    return text[label.end() :] if label else text


def _find_line_days(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the days of lines that a label, byline or press release introduces, and of lines that are only a day."""
    stated_days: list[str] = []
    plain_days: list[str] = []
    label = ""
    for line in lines:
        for piece in _split_line(line):
            unchanged_piece = _AUTHOR_OR_SECTION.sub("", _CHANGED_LABEL.split(piece)[0].rstrip(" ,;("))
            date_text = _drop_label(unchanged_piece)
            if parse_day(date_text) and not _names_another_day(label):
                is_stated = date_text != unchanged_piece or piece != line or bool(_PUBLISHED_LABEL.fullmatch(label))
                (stated_days if is_stated else plain_days).append(date_text)
            # a label can be a line of its own
            label = "" if any(char.isdigit() for char in piece) else piece
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


def _names_another_day(label: str) -> bool:
    """Tell whether the words before a date say that it is another day than that of publication."""
    is_other_label = label.endswith(":") and not _PUBLISHED_LABEL.fullmatch(label)
    return is_other_label or bool(_CHANGED_LABEL.match(label) or _EVENT_LABEL.match(label))


def _find_last_date(line: str) -> list[str]:
    """Return the date at the end of a byline: "By Jane Roe, 30 June 2016"."""
    words = line.split()[-_MAX_WORDS:]
    for start in range(len(words)):
        if parse_day(" ".join(words[start:])):
            return [] if _ends_in_changed_label(" ".join(words[:start])) else [" ".join(words[start:])]
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
