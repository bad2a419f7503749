"""The last step before anything is shown: every line is compared with the articles, and dropped when it differs.

Rule: a line with evidence is its evidence, slice by slice, and no slice touches boilerplate.
"""

from collections.abc import Iterable, Mapping

from briefings.model import ELISION, Article, Evidence, Line, Span


def is_verbatim(line: Line, articles: Mapping[str, Article]) -> bool:
    """Whether `line` says only what `articles` (by id) say. A line without evidence is the program's own words."""
    if not line.evidence:
        return True
    evidence_text = ELISION.join(evidence.text for evidence in line.evidence)
    return line.text == evidence_text and all(_is_in_article(evidence, articles) for evidence in line.evidence)


def keep_verbatim(lines: Iterable[Line], articles: Mapping[str, Article]) -> tuple[tuple[Line, ...], int]:
    """The lines that are verbatim, in order, and how many were not."""
    checked_lines = [(line, is_verbatim(line, articles)) for line in lines]
    return tuple(line for line, is_good in checked_lines if is_good), sum(not is_good for _, is_good in checked_lines)


def _is_in_article(evidence: Evidence, articles: Mapping[str, Article]) -> bool:
    article = articles.get(evidence.article)
    if article is None or not 0 <= evidence.start < evidence.end <= len(article.text):
        return False
    span = Span(evidence.start, evidence.end)
    return span.of(article.text) == evidence.text and not any(
        span.overlaps(boilerplate_span) for boilerplate_span in article.boilerplate
    )
