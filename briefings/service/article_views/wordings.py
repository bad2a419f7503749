"""Compare the wordings in which several articles report one utterance."""

from collections.abc import Iterable
from dataclasses import dataclass

from briefings.article.source_name import describe_source
from briefings.compose.draft_check.wording_changes import find_changes
from briefings.compose.who_said.hits import ArticleQuote, get_spoken_span, make_length_key
from briefings.draft_report import Change
from briefings.model import Article, Quote, Source, Span

#: maximum number of other wordings of a quote
MAX_WORDINGS = 6


@dataclass(frozen=True, slots=True)
class Wording:
    """A report of an utterance in another article, and how its words differ.

    `changes` have offsets into the viewed article (`draft`) and into the other article (`source`).
    """

    source: Source
    span: Span
    text: str
    changes: tuple[Change, ...]


def find_wordings(
    article: Article, quote: Quote, reports: Iterable[ArticleQuote], excluded_ids: set[str]
) -> tuple[Wording, ...]:
    """Return the other wordings of a quote, at most six: the longest report of each article, the longest first."""
    best_reports: dict[str, ArticleQuote] = {}
    for report in sorted(reports, key=make_length_key):
        best_reports.setdefault(report[0].id, report)
    other_reports = [report for article_id, report in best_reports.items() if article_id not in excluded_ids][
        :MAX_WORDINGS
    ]
    return tuple(_make_wording(article, quote, *other_report) for other_report in other_reports)


def _make_wording(article: Article, quote: Quote, other_article: Article, report: Quote) -> Wording:
    span = get_spoken_span(other_article, report)
    return Wording(
        describe_source(other_article),
        span,
        span.of(other_article.text),
        find_changes(article, quote.span, other_article, span),
    )
