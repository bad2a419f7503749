"""Reads a page's citation by the rules of Zotero's "Embedded Metadata" and "RDF" translators.

Only the rules for the fields of an article are here: Highwire tags win over RDF statements (Dublin Core, PRISM, Open
Graph), the type comes from `z:itemType`, then `DC.type`, and without these Highwire tags make a journal article.
"""

import re
from typing import Any

from lxml import html

_HIGHWIRE_FIELDS = {
    "citation_title": "title",
    "citation_publication_date": "date",
    "citation_date": "date",
    "citation_journal_title": "publicationTitle",
    "citation_public_url": "url",
}
_RDF_FIELDS = {
    "title": ("dc:title", "og:title"),
    "publicationTitle": ("prism:publicationName", "og:site_name"),
    "date": ("dc:date", "prism:publicationDate", "article:published_time"),
    "url": ("og:url",),
}
_PREFIXES = ("dc", "dcterms", "prism", "og", "article", "z")
_ITEM_TYPES = ("newspaperArticle", "magazineArticle", "journalArticle", "webpage", "blogPost")


def read_as_zotero(page: str) -> dict[str, Any]:
    """Return the fields of the item that Zotero would save."""
    head = html.fromstring(page).find("head")
    assert head is not None
    highwire: list[tuple[str, str]] = []
    statements: dict[str, list[str]] = {}
    for tag in head.iter("meta"):
        names, content = tag.get("name") or tag.get("property"), tag.get("content")
        for name in (names or "").split() if content else []:
            prefix, _, rest = re.sub("[.:_]", ":", name, count=1).partition(":")
            if prefix.lower() in _PREFIXES:
                statements.setdefault(f"{prefix.lower()}:{rest[:1].lower()}{rest[1:]}", []).append(content or "")
            else:
                highwire.append((name, content or ""))
    item = _read_fields(statements)
    item |= {field: content for name, content in highwire if (field := _HIGHWIRE_FIELDS.get(name))}
    authors = [content for name, content in highwire if name == "citation_author"] or statements.get("dc:creator", [])
    types = [*statements.get("z:itemType", []), *statements.get("dc:type", [])]
    known_types = [name for name in types if name in _ITEM_TYPES]
    default = "journalArticle" if any(name == "citation_title" for name, _ in highwire) else "webpage"
    return {"itemType": (known_types or [default])[0], **item, "creators": [_split_name(name) for name in authors]}


def _read_fields(statements: dict[str, list[str]]) -> dict[str, Any]:
    return {
        field: next(statements[name][0] for name in names if name in statements)
        for field, names in _RDF_FIELDS.items()
        if any(name in statements for name in names)
    }


def _split_name(name: str) -> tuple[str, str]:
    """Return the family name and the given name: around a comma, or at the last blank."""
    parts = re.split(r"\s*,\s*", name)
    assert not (len(parts) > 1 and " " in parts[0] and " " in parts[1]), "Zotero would read two authors"
    if len(parts) > 1:
        return parts[0], parts[1]
    given, _, family = name.rpartition(" ")
    return family, given
