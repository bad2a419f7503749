"""Marks of days: classes and labels that mean publication, a change, or another day such as that of an event."""

import re

from lxml.html import HtmlElement

_PUBLISHED_WORDS = (
    r"(?:first |originally |date |press release )?(?:published|posted|issued|released)(?: (?:on|at|online))?|"
    r"(?:publication|published|release|posted|issue) date|date(?: (?:of publication|published|posted|issued))?|"
    r"publi[ée]e?(?: le)?|paru le|mis en ligne le|ver[oö]ffentlicht(?: am)?|erschienen(?: am)?|datum|"
    r"publicado(?: (?:el|em))?|fecha|data|pubblicato(?: il)?|gepubliceerd(?: op)?|publicatiedatum"
)
PUBLISHED_LABEL = re.compile(rf"(?:{_PUBLISHED_WORDS})\s*[:|-]?\s*", re.IGNORECASE)
CHANGED_LABEL = re.compile(
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
#: classes, without case and punctuation, of the day of something else
_OTHER_CLASS = re.compile(r"event|deadline|closing|^(?:start|end|from|to|due|birth|death|hearing|meeting|show|valid)")
_CHANGED_CLASS = re.compile(r"updat|modif|revis|edited|expir", re.IGNORECASE)
#: classes, without case and punctuation, that mean the day of publication wherever they are in the article
DAY_CLASS = re.compile(
    r"(?:published|publish(?:ed)?(?:date|time|on|at)|publication(?:date|time)?|pub(?:date|time)|date(?:time)?published|"
    r"(?:entry|post|posted|article|story|news|release|byline|content)(?:meta)?date|postedon|dtpublished)$"
)
#: classes that mean it in the head of the article
HEAD_DAY_CLASS = re.compile(r"(?:date|dateline|timestamp|datetime|day|posted|(?:post|article|story|entry)time)$")


def has_class(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Tell whether a class of an element means the day of publication, and none that of a change alone."""
    return (
        not states_change(element)
        and not states_other_day(element)
        and any(pattern.search(name) and not _CHANGED_CLASS.search(name) for name in _get_classes(element))
    )


def states_other_day(element: HtmlElement) -> bool:
    """Tell whether a class of an element means the day of something else, such as an event."""
    return any(_OTHER_CLASS.search(name) for name in _get_classes(element))


def states_change(element: HtmlElement) -> bool:
    """Tell whether the classes or properties of an element mean a change.

    WordPress writes "published updated" for a day that is both; such a day is that of publication.
    """
    classes = _get_classes(element)
    change_classes = [name for name in classes if _CHANGED_CLASS.search(name)]
    return bool(change_classes) and not any(DAY_CLASS.search(name) for name in classes if name not in change_classes)


def drop_label(text: str) -> str:
    """Drop a label such as "Published:" from the beginning of a text."""
    text = text.strip()
    label = PUBLISHED_LABEL.match(text[:200])
    return text[label.end() :] if label else text


def names_another_day(label: str) -> bool:
    """Tell whether the words before a date say that it is another day than that of publication."""
    is_other_label = label.endswith(":") and not PUBLISHED_LABEL.fullmatch(label)
    return is_other_label or ends_in_changed_label(label) or _EVENT_LABEL.match(label) is not None


def ends_in_changed_label(words: str) -> bool:
    """Tell whether the last label in the words before a date means a change."""
    change_starts = [match.start() for match in CHANGED_LABEL.finditer(words)]
    publication_starts = [match.start() for match in _PUBLISHED_WORD.finditer(words)]
    return max(change_starts, default=-1) > max(publication_starts, default=-1)


def split_at_change(text: str) -> str:
    """Return the part of a text before the label of a change."""
    return CHANGED_LABEL.split(text)[0].rstrip(" ,;(")


def _get_classes(element: HtmlElement) -> list[str]:
    """Return the classes and properties of an element without case and punctuation."""
    names = " ".join(element.get(attribute) or "" for attribute in ("class", "itemprop", "property"))
    return [re.sub(r"[^a-z]", "", name.lower()) for name in names[:500].split()]
