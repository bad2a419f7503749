"""Verify that every line of an answer matches its source, character for character.

Rule: a line with evidence equals its evidence, piece by piece, and contains no boilerplate. Other lines are dropped.
"""

from collections.abc import Iterable, Mapping

from briefings.model import ELISION, Article, Evidence, Line, Span


def is_verbatim(line: Line, articles: Mapping[str, Article]) -> bool:
    """Tell whether `line` matches its evidence in `articles` (by id). A line without evidence is always accepted."""
    if not line.evidence:
        return True
    evidence_text = ELISION.join(evidence.text for evidence in line.evidence)
    return line.text == evidence_text and all(_is_in_article(evidence, articles) for evidence in line.evidence)


def keep_verbatim(lines: Iterable[Line], articles: Mapping[str, Article]) -> tuple[tuple[Line, ...], int]:
    """Return the verbatim lines in order, and how many others were dropped."""
    all_lines = list(lines)
    verbatim_lines = tuple(line for line in all_lines if is_verbatim(line, articles))
    return verbatim_lines, len(all_lines) - len(verbatim_lines)


def _is_in_article(evidence: Evidence, articles: Mapping[str, Article]) -> bool:
    article = articles.get(evidence.article)
    if article is None or not 0 <= evidence.start < evidence.end <= len(article.text):
        return False
    span = Span(evidence.start, evidence.end)
    return span.of(article.text) == evidence.text and not any(
        span.overlaps(boilerplate_span) for boilerplate_span in article.boilerplate
    )
