"""Checksums of rows: written with each row, and compared whenever a row is read.

Rule: `content_hash` covers an article's text, and the checksum of its row covers everything else that is shown of it.
A checksum notices accidents. Whoever can write to the database can also write checksums.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b, sha256

from briefings.model import Span

#: bytes of a checksum: they fit into a BIGINT column
_SIZE = 8
#: lists of roles that are kept
_CACHE_SIZE = 4_096


def hash_text(text: object) -> str:
    """Return the content hash of an article's text: hexadecimal SHA-256 of its UTF-8. Any value has one."""
    return sha256(str(text).encode("utf-8", "surrogatepass")).hexdigest()


def compute_article_checksum(
    article_id: object,
    outlet: object,
    published: object,
    url: object,
    title: object,
    byline: object,
    content_hash: object,
    provenance: object,
    claimed_outlet: object,
    boilerplate: Sequence[Span],
    quotation_elements: Sequence[Span],
) -> int:
    """Return the checksum of a row of `articles` or `article_versions`; days are dates or ISO strings."""
    values = (article_id, outlet, published, url, title, byline, content_hash, provenance, claimed_outlet)
    return _compute((*values, _join_spans(boilerplate), _join_spans(quotation_elements)))


def compute_quote_checksum(
    quote_id: object,
    article_id: object,
    content: Sequence[Span],
    places: Iterable[object],
    speaker: object,
    role: object,
    anonymous: object,
    kind: object,
    confidence: object,
    reason: object,
) -> int:
    """Return the checksum of a row of `quotes`; `places` are the starts and ends of the source and the cue."""
    number = float(confidence) if isinstance(confidence, int | float) else confidence
    values = (quote_id, article_id, _join_spans(content), *places, speaker, role)
    return _compute((*values, int(bool(anonymous)), kind, number, reason))


def compute_name_checksum(article_id: object, position: object, person: object, roles_json: object) -> int:
    """Return the checksum of a row of `names`; the roles are JSON, which databases write in different ways."""
    return _compute((article_id, position, person, _normalise_json(str(roles_json))))


@lru_cache(maxsize=_CACHE_SIZE)
def _normalise_json(text: str) -> str:
    """Return JSON as Python writes it. Cached: most lists of roles are empty or repeat."""
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        return text  # damaged, and so without the right checksum


def _join_spans(spans: Sequence[Span]) -> str:
    return ";".join([f"{span.start}-{span.end}" for span in spans])


def _compute(values: Iterable[object]) -> int:
    # no stored text has a NUL character
    line = "\0".join(["-" if value is None else f"={value}" for value in values])
    return int.from_bytes(blake2b(line.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest(), signed=True)
