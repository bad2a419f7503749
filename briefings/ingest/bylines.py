"""Clean bylines that pages, feeds, files and mail state, and join several authors into one byline.

Rule: names stay as written. Labels ("By", "Words:"), addresses, handles, dates and the accounts of content management
systems ("admin") are dropped. What is left without a name is no byline.
"""

import re
from collections.abc import Iterable
from html import unescape

from briefings.ingest.field_validation import drop_control_characters
from briefings.ingest.publication_days import parse_day
from briefings.text.spans import explain_unstorable

#: maximum length of a byline in characters; longer ones are biographies
_MAX_LENGTH = 1_000
#: maximum number of authors of one article that are joined
_MAX_AUTHORS = 50
#: maximum number of words in which a date is searched
_MAX_WORDS = 60
_LABEL = re.compile(
    r"(?:(?:written|words?|story|text|report|reporting|reported|posted|published|submitted|interview|analysis|opinion|exclusive|column|commentary|"
    r"review|compiled|article) ?by\b(?!-) ?:?|by\b(?!-) ?:?|(?:words?|text|texte|authors?|byline|writer|reporter|"
    r"autor|auteur|autore|redaktion|door|von|par|por|di) ?:) ?",
    re.IGNORECASE,
)
#: words for "by" that are also parts of names: "Von Miller", "Di Morris"
_FOREIGN_LABEL = re.compile(r"(?:[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]oor|DOOR|di) (?=[^\W\d_a-z][^ ]*,? [^ ])")
_ADDRESS = re.compile(
    r"(?:mailto:)?<?[^\s<>()\[\],;|]{1,100}@[^\s<>()\[\],;|@]{1,100}\.[^\s<>()\[\],;|@]{1,100}>?"
    r"|https?://[^\s<>()]{1,500}|www\.[^\s<>()]{1,500}|(?<![\w.])@[\w.]{1,50}"
)
_LINK_WORDS = re.compile(
    r"(?:^|[ .|,;•·–—-])(?:follow (?:@|him|her|them|us|on|me)\b|follow$|view (?:all|more)\b|more (?:by|from)\b"
    r"|read more\b|see all\b|(?:e-?mail|contact|bio|twitter|facebook) ?:?$|on twitter\b).*$",
    re.IGNORECASE,
)
_STAMP_LABEL = re.compile(
    r"(?:(?:last|first) )?(?:published|posted|updated|modified|created)(?: (?:on|at))?:?", re.IGNORECASE
)
_STAMP = re.compile(rf"(?:^|[ ,;|/•·(–—-]){_STAMP_LABEL.pattern}(?= ?[^a-z]*\d).*$", re.IGNORECASE)
_READING_TIME = re.compile(r"[|/•·,–—-]? ?\d{1,3} ?-?min(?:ute)?s?(?: read)?\b.*$", re.IGNORECASE)
#: people of other trades, after the authors
_OTHER_CREDIT = re.compile(
    r"(?:^|[ ;,|/•·.–—-])\s*(?:pictures?|photos?|photograph(?:s|y|er)?|images?|illustrations?|video|graphics?|editing)"
    r"(?: by\b| ?:).*$",
    re.IGNORECASE,
)
#: a list as programs print it: "['Jane Roe', 'Sam Poe']"
_PRINTED_LIST = re.compile(r"\[\s*(?:[\"'].*[\"'])?\s*\]")
_LIST_SEPARATOR = re.compile(r"[\"']\s*,\s*[\"']")
_EMPTY_BRACKETS = re.compile(r"[(\[<][\s,;|]*[)\]>]")
_EDGE = ' ,;:|/•·–—-&<>"“”'
_DANGLING_AND = re.compile(r"^(?:and|&)\s|\s(?:and|&)$", re.IGNORECASE)
_TEMPLATE_MARK = re.compile(r"\{\{|\}\}|<%|%>|\[object |\$\{|__")
_ACCOUNT_NAMES = (
    "admin|administrator|adm|root|staff|webmaster|web master|web-master|web editor|webeditor|web team|webteam|web desk|"
    "user|guest|anonymous|unknown|none|null|nil|n/a|na|undefined|test|wordpress|wp|superuser|super user|super-user|"
    "sysadmin|site admin|moderator|system|default|import|imported|importer|contributor|contributors|author|no author|"
    "api|bot|no-reply|noreply|info|drupal|joomla|by|not available"
)
#: names of accounts, not of people or desks
_ACCOUNT = re.compile(
    rf"(?i:{_ACCOUNT_NAMES}|[a-z-]*admin[a-z]*\d*|(?:user|author|editor|guest|staff)[ _-]?\d+)|[a-z.]+[_\d][\w.]*|\W*"
)
_SEPARATOR = re.compile(r"\s*[,;|]\s*")


def clean_byline(text: str) -> str | None:
    """Return the names that a byline states, on one line, or None if it states none."""
    byline = unescape(text[: 4 * _MAX_LENGTH])
    if explain_unstorable(byline):
        return None
    byline = " ".join(drop_control_characters(byline).split())
    if len(byline) > _MAX_LENGTH or _TEMPLATE_MARK.search(byline):
        return None
    if _PRINTED_LIST.fullmatch(byline):
        return join_authors(name.strip(" \"'[]") for name in _LIST_SEPARATOR.split(byline[1:-1]))
    byline = _LINK_WORDS.sub("", _OTHER_CREDIT.sub("", _drop_label(byline)))
    if any(char.isdigit() for char in byline):
        byline = _drop_dates(byline)
    if any(mark in byline for mark in "@:.(<["):
        byline = _EMPTY_BRACKETS.sub("", _ADDRESS.sub("", byline))
    byline = _trim(byline)
    parts = _SEPARATOR.split(byline)
    names = [part for part in parts if not _ACCOUNT.fullmatch(part)]
    if len(names) < len(parts):
        byline = _trim(", ".join(names))
    return byline if any(char.isalpha() for char in byline) else None


def join_authors(names: Iterable[str]) -> str | None:
    """Return one byline for several authors, each once and in order; None if no name is left."""
    bylines: dict[str, str] = {}
    for _, name in zip(range(_MAX_AUTHORS), names, strict=False):
        if byline := clean_byline(name):
            bylines.setdefault(byline.casefold(), byline)
    joined_byline = ", ".join(bylines.values())
    return joined_byline if 0 < len(joined_byline) <= _MAX_LENGTH else None


def _drop_label(byline: str) -> str:
    match = _LABEL.match(byline) or _FOREIGN_LABEL.match(byline)
    return byline[match.end() :] if match else byline


def _drop_dates(byline: str) -> str:
    """Drop the date of publication, with its label, from the end of a byline."""
    byline = _READING_TIME.sub("", _STAMP.sub("", byline))
    starts = [match.start() for match in re.finditer(r"(?<=[ |/•·–—(-])\w", byline)][:_MAX_WORDS]
    return next((byline[:start] for start in [0, *starts] if parse_day(byline[start:].rstrip(_EDGE + ")"))), byline)


def _trim(byline: str) -> str:
    """Drop separators at both ends, a dangling "and", and brackets around the whole byline."""
    byline = " ".join(byline.split()).replace(" ,", ",")
    previous_byline = None
    while byline != previous_byline:
        previous_byline = byline
        byline = _DANGLING_AND.sub("", byline.strip(_EDGE)).strip(_EDGE)
        if byline[:1] == "(" and byline.find(")") == len(byline) - 1:
            byline = byline[1:-1]
        byline = byline.rstrip("(").strip()
    return byline
