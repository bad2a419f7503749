"""Find texts that can mend a damaged article: its older versions, a backup, and its page.

Rule: a text mends an article only if its hash is the stored one, if it equals the stored text, or if nearly all words
agree. Any other text is another version.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Connection, Row, select

from briefings.errors import BriefingsError
from briefings.model import Article, Provenance
from briefings.storage.db.row_mapping import has_checksum, to_versions
from briefings.storage.db.schema import article_versions
from briefings.storage.integrity.checksums import hash_text
from briefings.storage.repository import Repository

#: share of words that two texts have in common, in order, if they are one text with a few damaged words
_MIN_AGREEMENT = 0.97
#: words that are compared
_MAX_WORDS = 20_000
_Row = Row[*tuple[Any, ...]]

#: fetches the article at a URL; None if there is none
FetchArticle = Callable[[str], Article | None]


@dataclass(frozen=True, slots=True)
class RepairSources:
    """Where texts come from, besides the database: an opened backup, and the web."""

    backup: Repository | None = None
    fetch: FetchArticle | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """An article to store instead of a damaged one. `is_same_text` says that it is the text that was damaged."""

    article: Article
    origin: str
    is_same_text: bool


def find_replacement(db: Connection, row: _Row, sources: RepairSources) -> Replacement | None:
    """Return the best replacement of a damaged row of `articles`, or None. The web is asked last."""
    other_texts: list[Replacement] = []
    for article, origin in _list_candidates(db, row, sources):
        mended_article = replace(article, id=row.id)
        if _is_same_text(row, article):
            if has_checksum(row.id, row):  # only the text is damaged
                mended_article = _take_metadata(mended_article, row)
            return Replacement(mended_article, origin, is_same_text=True)
        other_texts.append(Replacement(mended_article, origin, is_same_text=False))
    return other_texts[-1] if other_texts else None


def _list_candidates(db: Connection, row: _Row, sources: RepairSources) -> Iterator[tuple[Article, str]]:
    versions = select(article_versions).where(article_versions.c.article == row.id)
    # the newest one last: without a text that is the same, the last candidate is stored
    for version in to_versions(db.execute(versions.order_by(article_versions.c.replaced_at, article_versions.c.id))):
        yield version.article, f"its older version of {version.replaced_at:%Y-%m-%d}"
    if sources.backup is not None:
        for article in sources.backup.get_articles([row.id]):
            yield article, "the backup"
    if sources.fetch is not None and isinstance(row.url, str) and row.url.startswith(("http://", "https://")):
        try:
            fetched_article = sources.fetch(row.url)
        except BriefingsError:
            return
        if fetched_article is not None and fetched_article.text.strip():
            yield fetched_article, "its page"


def _is_same_text(row: _Row, article: Article) -> bool:
    if hash_text(article.text) == row.content_hash or article.text == row.text:
        return True
    words, other_words = str(row.text).split()[:_MAX_WORDS], article.text.split()[:_MAX_WORDS]
    matcher = SequenceMatcher(None, words, other_words, autojunk=False)
    return matcher.real_quick_ratio() >= _MIN_AGREEMENT <= matcher.quick_ratio() and matcher.ratio() >= _MIN_AGREEMENT


def _take_metadata(article: Article, row: _Row) -> Article:
    return replace(
        article,
        publisher=row.outlet,
        published=row.published,
        url=row.url,
        title=row.title,
        byline=row.byline,
        provenance=Provenance(row.provenance),
        claimed_outlet=row.claimed_outlet,
    )
