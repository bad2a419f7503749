"""Labels, dates and furniture of Nexis documents, and the article built from the parts of one.

Rule: the day of publication is the line under the outlet; LOAD-DATE is the day on which Nexis received the text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from briefings.ingest.documents.article_fields import build_document_article
from briefings.ingest.publication_days import parse_day
from briefings.model import Article

#: labels above the text, in upper case
HEAD_LABELS = frozenset(
    [
        "BYLINE",
        "SECTION",
        "LENGTH",
        "DATELINE",
        "HIGHLIGHT",
        "HEADLINE",
        "BODY",
        "SOURCE",
        "SERIES",
        "COLUMN",
        "DISTRIBUTION",
        "TYPE",
        "EDITION",
        "AUTHOR",
        "AUTOR",
        "AUTEUR",
        "RUBRIK",
        "RUBRIQUE",
        "LÄNGE",
        "LONGUEUR",
        "TEXT",
        "SUBHEAD",
        "DECK",
        "KICKER",
        "HIGHLIGHTS",
        "SUMMARY",
        "ABSTRACT",
        "SLUG",
    ]
)
#: labels below the text; "NOTES" and "CORRECTION" are not the article's words either
TAIL_LABELS = frozenset(
    [
        *[
            "LOAD-DATE",
            "LANGUAGE",
            "GRAPHIC",
            "PUBLICATION-TYPE",
            "PUB-TYPE",
            "DOCUMENT-TYPE",
            "JOURNAL-CODE",
            "ACC-NO",
            "ISSN",
            "SUBJECT",
            "COMPANY",
        ],
        *[
            "ORGANIZATION",
            "TICKER",
            "INDUSTRY",
            "PERSON",
            "GEOGRAPHIC",
            "COUNTRY",
            "STATE",
            "CITY",
            "NOTES",
            "CORRECTION",
            "CORRECTION-DATE",
        ],
        *[
            "UPDATE",
            "SPRACHE",
            "LANGUE",
            "TYPE-PUBLICATION",
            "DATE-CHARGEMENT",
            "GRAFIK",
            "CLASSIFICATION",
            "URL",
            "PHOTO",
            "PHOTOS",
            "IMAGE",
        ],
        *["TRANSMISSION-DATE", "GRAPHICS", "TERMS", "ENHANCEMENT"],
    ]
)
#: labels after which nothing of the article follows, even if other lines do
END_LABELS = frozenset(
    [
        "LOAD-DATE",
        "GRAPHIC",
        "LANGUAGE",
        "PUBLICATION-TYPE",
        "PUB-TYPE",
        "DOCUMENT-TYPE",
        "JOURNAL-CODE",
        "ACC-NO",
        "UPDATE",
        "SPRACHE",
        "LANGUE",
        "DATE-CHARGEMENT",
        "TYPE-PUBLICATION",
        "GRAFIK",
        "GRAPHICS",
        "CORRECTION-DATE",
        "CLASSIFICATION",
    ]
)
_LABEL = re.compile(r"[ \t]*([A-Za-zÄÖÜäöü]+(?:[- ][A-Za-z]+)?):(?:[ \t]+(.*))?")
COPYRIGHT = re.compile(
    r"[ \t]*(?:(?:\(?c\)?|©)?\s*Copyright\b|(?:©|\(c\))\s*\d{4}|All Rights? Reserved|Alle Rechte vorbehalten"
    r"|Tous droits réservés).*",
    re.IGNORECASE,
)
PAGE_LINE = re.compile(r"[ \t]*(?:Page|Seite) \d{1,5} (?:of|von) \d{1,5}[ \t]*", re.IGNORECASE)
_WEEKDAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|Sonnabend"
    r"|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)"
)
_DATE = (
    r"(?:[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th|\.|er)? [^\W\d_]{3,12}\.?,? \d{4}"
    r"|\d{4}-\d\d-\d\d)"
)
_TIME = r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s*[AaPp]\.?[Mm]\.?)?(?:\s+[A-Z]{2,5})?)"
#: a line with a day: "June 29, 2016 Wednesday 10:15 AM GMT", "Wednesday, June 29, 2016", with the edition after it
DATE_LINE = re.compile(
    rf"[ \t]*(?:{_WEEKDAY},? )?(?P<date>{_DATE}),?(?:\s+{_WEEKDAY},?)?{_TIME}?(?:\s+{_WEEKDAY})?"
    r"(?P<edition>(?:,|\s)\s*(?:[\w&.'’/()-]+ ){0,5}(?:Edition|Ed|Final|cycle)\b.{0,40})?[ \t]*",
    re.IGNORECASE,
)
#: a month or a quarter: a line with a time of publication that is not a day
VAGUE_DATE_LINE = re.compile(
    r"[ \t]*(?:(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer"
    r"|Autumn|Fall|Winter)(?:[ /-]\w{3,9})?,? \d{4})[ \t]*",
    re.IGNORECASE,
)
EDITION_LINE = re.compile(
    r"[ \t]*(?:(?:[\w&.'’-]+ ){0,6}Edition(?: \d)?;?(?: [-–] \w+.{0,20})?|Correction Appended|(?:\w+ )?FINAL)[ \t]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NexisDocument:
    """Parts of one document. The body is a slice of the download without blank lines around it."""

    title: str | None
    outlet: str | None
    day: date | None
    byline: str | None
    body: str


def match_label(line: str, *, is_capital: bool = False) -> tuple[str, str] | None:
    """Return the label of a line in upper case and the value after it, or None for a line without a known label.

    With `is_capital` the line must write it in capitals, as the classic layout does.
    """
    match = _LABEL.fullmatch(line[:2_000]) if ":" in line[:40] else None
    if match is None or (is_capital and not match[1].isupper()):
        return None
    label = match[1].upper().replace(" ", "-")
    is_known = label in HEAD_LABELS or label in TAIL_LABELS
    return (label, (match[2] or "").strip()) if is_known else None


def parse_date_line(line: str) -> date | None:
    """Return the day of a line such as "June 29, 2016 Wednesday"; None if it is something else or not a full day."""
    match = DATE_LINE.fullmatch(line[:200])
    return parse_day(match["date"]) if match else None


def build_article(document: NexisDocument, article_id: str, name: str) -> Article:
    """Build the article of a document. Raises BadInput if it has no text."""
    return build_document_article(
        article_id,
        document.body,
        name,
        title=document.title,
        byline=document.byline,
        publisher=document.outlet,
        published=document.day,
    )


def get_byline(fields: Mapping[str, str]) -> str | None:
    """Return the author among the labelled fields."""
    return fields.get("BYLINE") or fields.get("AUTHOR") or fields.get("AUTOR") or fields.get("AUTEUR") or None


def strip_blank_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines without blank ones at both ends, and without the numbers of printed pages."""
    lines = [line.rstrip() for line in lines if not PAGE_LINE.fullmatch(line)]
    numbers = [number for number, line in enumerate(lines) if line]
    return lines[numbers[0] : numbers[-1] + 1] if numbers else []
