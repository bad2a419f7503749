"""Which lines told before their articles no longer bear out.

Rule: a line is taken back only when its words no longer stand in the article, marks and case aside, or the article is
no longer held; another text around the same words takes nothing back.
"""

from collections.abc import Mapping, Sequence

from briefings.model import Article, Evidence
from briefings.news.told import Correction, Told
from briefings.text.search_key import holds


def corrections(told: Sequence[Told], held: Mapping[str, Article]) -> tuple[Correction, ...]:
    """Those of `told` that were taken back, in their order; `held` are their articles as they are now, by id."""
    return tuple(found for line in told if (found := _correction(line, held)))


def _correction(line: Told, held: Mapping[str, Article]) -> Correction | None:
    articles = [held.get(piece.article) for piece in line.evidence]
    if not all(articles):
        return Correction(line, gone=True)
    stands = all(article and _stands(piece, article) for piece, article in zip(line.evidence, articles, strict=True))
    return None if stands else Correction(line, gone=False)


def _stands(piece: Evidence, article: Article) -> bool:
    return article.text[piece.start : piece.end] == piece.text or holds(article.text, piece.text)
