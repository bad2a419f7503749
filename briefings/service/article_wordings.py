"""Compare the wordings in which several articles report one utterance."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein, Opcode

from briefings.article.source_name import describe_source
from briefings.compose.draft_check.word_alignment import split_compounds, split_words
from briefings.compose.who_said import ArticleQuote, get_spoken_span, make_length_key
from briefings.model import Article, Change, Quote, Source, Span

#: maximum number of other wordings of a quote
MAX_WORDINGS = 6
#: words compared of each wording, and extra words at one end up to which the difference counts as a change
_MAX_COMPARED_WORDS, _MAX_EXTRA_WORDS = 400, 6


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
        _find_changes(article, quote.span, other_article, span),
    )


def _find_changes(article: Article, span: Span, other_article: Article, other_span: Span) -> tuple[Change, ...]:
    """Compare two wordings word by word. A report that only begins earlier or ends much later is not a change."""
    words, other_words = split_words(article.text, span), split_words(other_article.text, other_span)
    words, other_words = split_compounds(words, other_words.compounds), split_compounds(other_words, words.compounds)
    keys, other_keys = words.keys[:_MAX_COMPARED_WORDS], other_words.keys[:_MAX_COMPARED_WORDS]
    return tuple(
        Change(
            words.get_span(opcode.src_start, opcode.src_end), other_words.get_span(opcode.dest_start, opcode.dest_end)
        )
        for opcode in Levenshtein.opcodes(keys, other_keys)
        if opcode.tag != "equal" and not _is_longer_report(opcode, len(keys), len(other_keys))
    )


def _is_longer_report(opcode: Opcode, length: int, other_length: int) -> bool:
    """Whether a difference between texts of these lengths, in words, is that one is much longer at one end."""
    is_at_end = 0 == opcode.src_start == opcode.dest_start or (opcode.src_end, opcode.dest_end) == (
        length,
        other_length,
    )
    longer_size, shorter_size = sorted(
        (opcode.src_end - opcode.src_start, opcode.dest_end - opcode.dest_start), reverse=True
    )
    return is_at_end and not shorter_size and longer_size > _MAX_EXTRA_WORDS
