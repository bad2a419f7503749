r"""Render a document as a table in CSV (RFC 4180): one row for each passage and each other wording. Pure.

Rule: no cell becomes a formula in a spreadsheet. A cell that begins like one gets an apostrophe in front, and so does
one that begins with apostrophes before such a character. To read a cell back, drop one apostrophe from a cell that
begins with one and whose rest `protect_cell` would protect.
"""

import csv
import io
import re
from collections.abc import Iterator

from briefings.exports.model import Document, Passage, Reference
from briefings.speaker_labels import SpeakerLabel, SpeakerStatus

COLUMNS = (
    "section",
    "text",
    "words of",
    "speaker",
    "role",
    "speaker certainty",
    "speaker note",
    "outlet",
    "published",
    "title",
    "authors",
    "link",
    "day",
    "day in words",
    "expected",
    "independent outlets",
    "note",
    "article",
    "start",
    "end",
)
#: what spreadsheets read as the beginning of a formula or skip before it, with the full-width forms
_FORMULA = re.compile(r"^'*(?:[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|\s+[=+\-@\uff1d\uff0b\uff0d\uff20])")
_CONTROL = re.compile("[\x00\ud800-\udfff]")
_IDENTIFIED = (SpeakerStatus.CERTAIN, SpeakerStatus.PROBABLE, SpeakerStatus.UNNAMED)


def render_csv(document: Document) -> str:
    """Return the document as CSV with a header and lines that end with CR LF."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    references = {reference.id: reference for reference in document.references}
    for section in document.sections:
        for passage in section.passages:
            writer.writerow(map(protect_cell, _build_row(section.heading, passage, references)))
            for wording in passage.wordings:
                row = _build_row(f"{section.heading}: other wording", wording, references)
                writer.writerow(map(protect_cell, row))
    return output.getvalue()


def protect_cell(text: str) -> str:
    """Return a cell that spreadsheets show as text."""
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if _FORMULA.match(text) else text


def _build_row(heading: str, passage: Passage, references: dict[str, Reference]) -> Iterator[str]:
    place = passage.place
    reference = references.get(place.article) if place else None
    published = place.published or (reference.published if reference else None) if place else None
    yield heading
    yield passage.text
    yield passage.voice.value
    yield from _describe_speaker(passage.speaker)
    yield (place.publisher or "") if place else ""
    yield published.isoformat() if published else ""
    yield (reference.title or "") if reference else ""
    yield "; ".join(author.name for author in reference.authors) if reference else ""
    yield (place.link or "") if place else ""
    yield passage.day.isoformat() if passage.day else ""
    yield passage.date_words
    yield "yes" if passage.expected else ""
    yield str(passage.outlets) if passage.outlets else ""
    yield "; ".join(filter(None, (passage.group, passage.note)))
    yield "; ".join(dict.fromkeys(place.article for place in passage.places))
    # several if words were left out between the pieces of a line
    ranges = [place for place in passage.places if place.start < place.end]
    yield "; ".join(str(place.start) for place in ranges)
    yield "; ".join(str(place.end) for place in ranges)


def _describe_speaker(label: SpeakerLabel | None) -> tuple[str, str, str, str]:
    """Return the name, the role, how certain they are, and the note. A speaker who is not sure has no name."""
    if label is None:
        return "", "", "", ""
    name = label.name if label.status in _IDENTIFIED else ""
    note = label.note if name else "; ".join(filter(None, (label.name, label.note)))
    return name, label.role or "", label.status.value, note
