"""Name the source of an article for readers: its outlet, or what else tells it apart from other articles.

Rule: an article without an outlet is named by its title, then by its file name, then by its first words. A number or a
hash is not a name. Titles and first words are in quotation marks, so that no one takes them for an outlet. An outlet
that only its page names is marked.
"""

import re

from briefings.model import Article, Provenance, Source
from briefings.text.spans import mask_spans

_MAX_WORDS, _MAX_CHARACTERS = 6, 80
#: longest shown name that a page gives itself, in characters
_MAX_CLAIM = 60
#: characters of a text in which its first words are searched
_OPENING_LENGTH = 2_000
_UNNAMED = "untitled article"
#: what is appended to the id of a further article: "nexis/2", "notes~2"
_NUMBER_SUFFIX = re.compile(r"[/~](\d{1,7})$")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
#: long, and digits between letters: "494a08902a45e5b0", "x7Fq92LmZ01a"
_HASH = re.compile(r"(?=.*\d)(?:[0-9a-f]{8,}|(?=(?:[^\W\d_]*\d+){3})[^\W_]{12,})", re.IGNORECASE)
_OUTER_MARKS = "\"'“”„‟«»‹›‘’‚ "


def name_source(article: Article) -> str:
    """Return the name of an article's source, on one line."""
    return build_name(article.id, name_outlet(article), article.title, mask_markup(article))


def name_outlet(article: Article) -> str | None:
    """Return the name of an article's outlet for readers, marked if it is not certain."""
    return label_outlet(article.publisher, article.provenance, article.claimed_outlet)


def label_outlet(outlet: str | None, provenance: Provenance, claimed_outlet: str | None) -> str | None:
    """Return an outlet's name with what readers must know about it: "The Tribune (unconfirmed)"."""
    if outlet is None or not outlet.strip() or provenance.is_certain:
        return outlet
    if provenance is Provenance.CONTRADICTED and claimed_outlet:
        claim = claimed_outlet if len(claimed_outlet) <= _MAX_CLAIM else f"{claimed_outlet[:_MAX_CLAIM]}…"
        return f"{outlet} (calls itself {claim})"
    return f"{outlet} (unconfirmed)"


def describe_source(article: Article) -> Source:
    """Return the metadata by which answers and pages refer to an article."""
    return Source(
        article.id,
        article.publisher,
        article.published,
        article.url,
        article.title,
        source_name=name_source(article),
        provenance=article.provenance,
    )


def build_name(article_id: str, publisher: str | None, title: str | None, text: str) -> str:
    """Return the name of a source from the fields of its article; only the beginning of `text` is used."""
    if publisher and publisher.strip():
        return " ".join(publisher.split())
    if title and title.strip():
        return f"“{' '.join(title.split())}”"
    return _find_file_name(article_id) or find_opening(text) or _UNNAMED


def find_opening(text: str) -> str | None:
    """Return the first words of a text in quotation marks, or None for an empty text."""
    words = text[:_OPENING_LENGTH].split()
    opening = " ".join(words[:_MAX_WORDS])
    is_cut = len(words) > _MAX_WORDS or len(opening) > _MAX_CHARACTERS
    opening = opening[:_MAX_CHARACTERS].strip(_OUTER_MARKS)
    return f"“{opening.rstrip(',;:')}{'…' if is_cut else ''}”" if opening else None


def mask_markup(article: Article) -> str:
    """Return the beginning of an article's text without boilerplate; all of it if nothing else is left."""
    opening = article.text[: 2 * _OPENING_LENGTH]
    prose = mask_spans(opening, [span for span in article.boilerplate if span.start < len(opening)])
    return prose if prose.strip() else opening


def _find_file_name(article_id: str) -> str | None:
    """Return the file name in an id, or None if the id is a URL, an address, a number or a hash."""
    if "://" in article_id or "@" in article_id or ":" in article_id:
        return None
    suffix = _NUMBER_SUFFIX.search(article_id)
    name = (article_id[: suffix.start()] if suffix else article_id).rpartition("/")[2].strip()
    is_name = any(_LETTERS.fullmatch(word) or _has_words(word) for word in _WORD.findall(name))
    if not is_name or len(name) > _MAX_CHARACTERS or _is_hash("".join(_WORD.findall(name))):
        return None
    return f"{name} ({suffix[1]})" if suffix else name


def _has_words(word: str) -> bool:
    """Tell whether letters and digits in one word look like a name ("memo2") rather than a number ("n1") or a hash."""
    return any(len(letters) >= 3 for letters in _LETTERS.findall(word)) and not _is_hash(word)


def _is_hash(word: str) -> bool:
    return _HASH.fullmatch(word) is not None
