"""Which lines told before their articles no longer bear out.

Rule: a line is taken back only when its words no longer stand in the article, marks and case aside, or the article is
no longer held; another text around the same words takes nothing back.
"""

from collections.abc import Mapping, Sequence

from briefings.model import Article, Evidence
from briefings.news.told import Correction, SentLine
from briefings.text.folding import contains_phrase


def find_corrections(sent_lines: Sequence[SentLine], articles_by_id: Mapping[str, Article]) -> tuple[Correction, ...]:
    """Those of `told` that were taken back, in their order; `held` are their articles as they are now, by id."""
    return tuple(correction for line in sent_lines if (correction := _find_correction(line, articles_by_id)))


def _find_correction(line: SentLine, articles_by_id: Mapping[str, Article]) -> Correction | None:
    articles = [articles_by_id.get(piece.article) for piece in line.evidence]
    if not all(articles):
        return Correction(line, is_article_removed=True)
    is_unchanged = all(
        article and _is_still_printed(piece, article) for piece, article in zip(line.evidence, articles, strict=True)
    )
    return None if is_unchanged else Correction(line, is_article_removed=False)


def _is_still_printed(piece: Evidence, article: Article) -> bool:
    return article.text[piece.start : piece.end] == piece.text or contains_phrase(article.text, piece.text)
