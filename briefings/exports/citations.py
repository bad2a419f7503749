"""Citations of a document's articles as BibTeX, RIS and CSL-JSON. Pure.

Rule: a field that is not known is left out. Each entry carries the quotations that the answer has from its article, so
that a reference manager keeps them with the article.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from briefings.exports.model import Author, Document, Reference, Voice
from briefings.exports.wording import add_marks, describe_speaker, make_one_line

_BIBTEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "#$%&_"},
}
_BALANCED_BRACES = {"{": r"\{", "}": r"\}"}
_BIBTEX_SPECIAL = re.compile(r"[\\{}~^#$%&_]")
#: the first of two characters that LaTeX joins to another one: '' -- `` ,, << >> !` ?`
_LIGATURE = re.compile(r"(['`,<>-])(?=\1)|[!?](?=`)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_NO_WORDS = frozenset(["a", "an", "the", "of", "in", "on", "and", "to", "for"])
_MAX_KEY_PART = 24


def render_bibtex(document: Document) -> str:
    """Return one entry for each article: `@article` for one with an outlet, else `@misc`."""
    quotations = _collect_quotations(document)
    keys = _build_keys(document.references)
    entries = []
    for reference, key in zip(document.references, keys, strict=True):
        fields = _list_bibtex_fields(reference, document, quotations.get(reference.id, ()))
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
        entries.append(f"@{'article' if reference.publisher else 'misc'}{{{key},\n{body}}}\n")
    return "\n".join(entries)


def render_ris(document: Document) -> str:
    """Return one record for each article: `NEWS` for one with an outlet, else `ELEC`. Lines end with CR LF."""
    quotations = _collect_quotations(document)
    keys = _build_keys(document.references)
    lines: list[str] = []
    for reference, key in zip(document.references, keys, strict=True):
        fields = _list_ris_fields(reference, key, document, quotations.get(reference.id, ()))
        lines += [f"{tag}  - {_make_plain(value)}" for tag, value in fields if value]
        lines += ["ER  - ", ""]
    return "".join(f"{line}\r\n" for line in lines)


def build_csl_items(document: Document) -> list[dict[str, Any]]:
    """Return one CSL-JSON item for each article."""
    quotations = _collect_quotations(document)
    return [
        _build_csl_item(reference, key, document, quotations.get(reference.id, ()))
        for reference, key in zip(document.references, _build_keys(document.references), strict=True)
    ]


def _collect_quotations(document: Document) -> dict[str, tuple[str, ...]]:
    """Return the quotations and sentences of each article with their speakers, by article id."""
    quotations: dict[str, list[str]] = {}
    for passage in document.passages:
        for cited_passage in (passage, *passage.wordings):
            if cited_passage.voice is Voice.PROGRAM or cited_passage.place is None:
                continue
            speaker = f" — {describe_speaker(cited_passage.speaker)}" if cited_passage.speaker else ""
            entry = f"{add_marks(cited_passage.text, cited_passage.voice)}{speaker}"
            for article in dict.fromkeys(place.article for place in cited_passage.places):
                quotations.setdefault(article, []).append(entry)
    return {article: tuple(dict.fromkeys(entries)) for article, entries in quotations.items()}


def _list_bibtex_fields(
    reference: Reference, document: Document, quotations: Sequence[str]
) -> Iterator[tuple[str, str]]:
    published = reference.published
    url = _encode_url(reference.url)
    yield "title", f"{{{_escape_bibtex(reference.title)}}}" if reference.title else ""
    yield "author", " and ".join(map(_format_bibtex_author, reference.authors))
    yield "journal", _escape_bibtex(reference.publisher or "")
    yield "year", f"{published.year}" if published else ""
    yield "month", f"{published.month}" if published else ""
    yield "day", f"{published.day}" if published else ""
    yield "date", published.isoformat() if published else ""
    yield "url", url
    yield "urldate", document.created.isoformat() if url else ""
    yield "annote", r" \par ".join(map(_escape_bibtex, quotations))


def _list_ris_fields(
    reference: Reference, key: str, document: Document, quotations: Sequence[str]
) -> Iterator[tuple[str, str]]:
    published = reference.published
    yield "TY", "NEWS" if reference.publisher else "ELEC"
    yield "ID", key
    yield "TI", reference.title or ""
    for author in reference.authors:
        yield "AU", f"{author.family_name}, {author.given_name}" if author.family_name else author.name
    yield "T2", reference.publisher or ""
    yield "PY", f"{published.year}" if published else ""
    yield "DA", f"{published:%Y/%m/%d}" if published else ""
    yield "UR", _encode_url(reference.url)
    yield "Y2", f"{document.created:%Y/%m/%d}" if reference.url else ""
    for quotation in quotations:
        yield "N1", quotation


def _build_csl_item(reference: Reference, key: str, document: Document, quotations: Sequence[str]) -> dict[str, Any]:
    published = reference.published
    accessed = document.created
    fields: dict[str, Any] = {
        "id": key,
        "type": "article-newspaper" if reference.publisher else "webpage",
        "title": make_one_line(reference.title or ""),
        "author": [_format_csl_author(author) for author in reference.authors],
        "container-title": make_one_line(reference.publisher or ""),
        "issued": {"date-parts": [[published.year, published.month, published.day]]} if published else None,
        "URL": reference.url,
        "accessed": {"date-parts": [[accessed.year, accessed.month, accessed.day]]} if reference.url else None,
        "annote": "\n".join(quotations),
    }
    return {name: value for name, value in fields.items() if value}


def _format_bibtex_author(author: Author) -> str:
    if author.family_name:
        return f"{_escape_bibtex(author.family_name)}, {_escape_bibtex(author.given_name)}"
    return f"{{{_escape_bibtex(author.name)}}}"


def _format_csl_author(author: Author) -> dict[str, str]:
    return (
        {"family": author.family_name, "given": author.given_name} if author.family_name else {"literal": author.name}
    )


def _escape_bibtex(text: str) -> str:
    """Return text for a field: braces stay balanced, and no character is a command.

    BibTeX counts escaped braces too, so unbalanced ones are named.
    """
    escapes = _BIBTEX_ESCAPES | (_BALANCED_BRACES if _is_balanced(text) else {})
    escaped_text = _BIBTEX_SPECIAL.sub(lambda mark: escapes[mark[0]], _make_plain(text))
    return _LIGATURE.sub("\\g<0>{}", escaped_text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def _make_plain(text: str) -> str:
    """Return text on one line without control characters, so that it can't begin another field or record."""
    return make_one_line(_CONTROL.sub(" ", text))


def _encode_url(url: str | None) -> str:
    """Return a URL without characters that end a field."""
    return re.sub(
        r"[{}\\\s\"]", lambda mark: "".join(f"%{byte:02X}" for byte in mark[0].encode()), _make_plain(url or "")
    )


def _build_keys(references: Sequence[Reference]) -> list[str]:
    """Return a citation key of each reference: author or outlet, year and first word; equal keys get a number."""
    counts: dict[str, int] = {}
    keys = []
    for reference in references:
        first_author = reference.authors[0] if reference.authors else None
        name = (first_author.family_name or first_author.name) if first_author else reference.publisher or ""
        year = str(reference.published.year) if reference.published else ""
        title_words = [word for word in _to_ascii_words(reference.title or "") if word not in _NO_WORDS]
        parts = ["".join(_to_ascii_words(name))[:_MAX_KEY_PART], year, "".join(title_words[:1])[:_MAX_KEY_PART]]
        key = "".join(parts) or "article"
        counts[key] = counts.get(key, 0) + 1
        keys.append(key if counts[key] == 1 else f"{key}-{counts[key]}")
    return keys


def _to_ascii_words(text: str) -> list[str]:
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain_text.lower())
