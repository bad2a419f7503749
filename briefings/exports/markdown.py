"""Render a document as Markdown (CommonMark, and what Slack's canvases accept). Pure.

Rule: articles and users write plain text, so every character that Markdown reads as markup is escaped. Words of a
source are in block quotes. Headings have at most three levels, which is what a canvas has.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from briefings.exports.model import Author, Document, Passage, Place, Reference
from briefings.exports.wording import (
    add_marks,
    describe_details,
    describe_reference,
    describe_speaker,
    make_one_line,
)
from briefings.text.dates import format_day

#: markup anywhere in a line: emphasis, code, links, HTML, tables, strikethrough
_MARKS = re.compile(r"[\\`*_\[\]<>~|]")
#: what begins an entity, a URL or an emoji, and a formula
_BEGINNINGS = re.compile(r"&(?=#?\w+;)|:(?=//|[\w+'-]+:)|\$(?=\S)")
#: markup at the beginning of a line: headings, lists, rules, underlined headings, fences
_LINE_START = re.compile(r"^(?:#{1,6}(?=\s|$)|[-+=](?=\s|[-+=]|$))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
#: control characters that are not white space
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
_URL_SAFE = "%/:?#@!$&'*+,;=~-._[]"


def render_markdown(document: Document, *, with_title: bool = True) -> str:
    """Return the document as Markdown that ends with a line break; a canvas shows the title itself."""
    title = [f"# {escape(document.title)}"] if with_title else []
    blocks = [*title, *map(escape, document.notes)]
    for section in document.sections:
        blocks.append(f"## {escape(section.heading)}")
        group = ""
        for passage in section.passages:
            if passage.group and passage.group != group:
                blocks.append(f"### {escape(passage.group[:1].upper() + passage.group[1:])}")
            group = passage.group
            blocks += _render_passage(passage)
    if document.references:
        blocks += ["## Sources", "\n".join(map(_render_reference, document.references))]
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Return one line of text that Markdown shows literally."""
    line = make_one_line(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
    line = _MARKS.sub(lambda mark: "\\" + mark[0], line)
    line = _BEGINNINGS.sub(lambda mark: "\\" + mark[0], line)
    line = _NUMBERED.sub(r"\1\\\2", line)
    return _LINE_START.sub(lambda mark: "\\" + mark[0], line)


def format_link(label: str, url: str | None) -> str:
    """Return a link, or only its escaped label without a URL."""
    if not url:
        return escape(label)
    return f"[{escape(label) or 'link'}]({quote(url, safe=_URL_SAFE, errors='replace')})"


def _render_passage(passage: Passage) -> Iterator[str]:
    """Yield the words as a block quote, and below it who says them, where and what else is known."""
    if passage.place is None:
        note = f" ({escape(passage.note)})" if passage.note else ""
        yield f"- {escape(passage.text)}{note}"
        return
    yield _render_quote(passage)
    yield _render_attribution(passage)
    for wording in passage.wordings:
        yield "Also reported as:"
        yield _render_quote(wording)
        yield _render_attribution(wording, with_speaker=False)


def _render_quote(passage: Passage) -> str:
    text = add_marks(passage.text, passage.voice)
    lines = [escape(line) for line in re.split(r"\r\n|[\n\r]", text)]
    # two blanks keep a line break of the article
    return "  \n".join(f"> {line}" for line in lines)


def _render_attribution(passage: Passage, *, with_speaker: bool = True) -> str:
    speaker = f"{escape(describe_speaker(passage.speaker))}, " if passage.speaker and with_speaker else ""
    place = passage.places[0]
    where = format_link(place.source_name, place.link) + f", {format_day(place.published)}" * bool(place.published)
    others = _list_other_places(passage.places)
    details = "; ".join(map(escape, describe_details(passage)))
    return f"— {speaker}{where}{others}{f' ({details})' if details else ''}"


def _list_other_places(places: tuple[Place, ...]) -> str:
    """Return the other articles that a line's pieces come from."""
    others: dict[str, Place] = {}
    for place in places[1:]:
        if place.article != places[0].article:
            others.setdefault(place.article, place)
    links = [
        f"{format_link(place.source_name, place.link)}, {format_day(place.published)}" for place in others.values()
    ]
    return "".join(f"; {link}" for link in links)


def _render_reference(reference: Reference) -> str:
    label, details = describe_reference(reference)
    authors = f"{escape(_join_authors(reference.authors))}, " if reference.authors else ""
    return f"- {authors}{format_link(label, reference.url)}, {escape(details)}"


def _join_authors(authors: tuple[Author, ...]) -> str:
    names = [author.name for author in authors]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
