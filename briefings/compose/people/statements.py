"""Builds the statements of one person from quotations, and compares the wordings of each.

Rule: reports of one utterance are one statement, at the day of its earliest report. Wordings are compared word by word
with the report that is shown; a report of a part of it is not another wording.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings.article.source_name import describe_source, name_outlet
from briefings.compose.draft_check.wording_changes import find_changes
from briefings.compose.people.utterances import group_statements, is_part
from briefings.compose.who_said.hits import ArticleQuote, build_hits, get_spoken_span
from briefings.model import Article, Hit, Quote, Span
from briefings.person_report import PersonStatement, StatementReport
from briefings.report import DayCount
from briefings.similarity.source_independence import IndependentOutlets
from briefings.text.folding import make_search_key
from briefings.text.sentences import split_sentences

#: fewest words of a quotation that is shown without its sentence, and longest sentence in characters
_MIN_WORDS, _MAX_SENTENCE_CHARACTERS = 5, 600
#: longest run of missing words, in characters
_MAX_MISSING_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class StatementGroups:
    """Statements in the order of a timeline, with counts over all of them."""

    statements: tuple[PersonStatement, ...]
    day_counts: tuple[DayCount, ...]
    outlets: int


def build_statements(article_quotes: Sequence[ArticleQuote]) -> StatementGroups:
    """Return the statements in these quotations of one person, the oldest first and undated ones last."""
    groups = group_statements(article_quotes)
    statements = [
        PersonStatement(hit, _build_reports(group, hit), _find_sentence(group[0][0], Span(hit.start, hit.end)))
        for group, hit in zip(groups, build_hits(groups), strict=True)
    ]
    statements.sort(key=_make_day_key)
    articles = {article.id: article for article, _ in article_quotes}
    outlet_count = IndependentOutlets(list(articles.values())).count(articles) if articles else 0
    return StatementGroups(tuple(statements), _count_days(article_quotes), outlet_count)


def _find_sentence(article: Article, span: Span) -> str:
    """Return the sentence around a fragment, or "" if the span is not a fragment or fills its sentence."""
    if len(span.of(article.text).split()) >= _MIN_WORDS:
        return ""
    # a window, so that a long article is not split for each of its fragments
    start = max(0, span.start - _MAX_SENTENCE_CHARACTERS)
    window = article.text[start : span.end + _MAX_SENTENCE_CHARACTERS]
    fragment = Span(span.start - start, span.end - start)
    sentence = next((s for s in split_sentences(window) if s.start <= fragment.start and fragment.end <= s.end), None)
    is_cut = sentence is None or (sentence.start == 0 and start > 0) or sentence.end == len(window) < len(article.text)
    if sentence is None or is_cut or len(sentence.of(window).split()) < _MIN_WORDS:
        return ""
    return sentence.of(window)


def _make_day_key(statement: PersonStatement) -> tuple[bool, date, str, int]:
    day, first_report = statement.first_day, statement.reports[0]
    return day is None, day or date.max, first_report.source.id, first_report.start


def _build_reports(group: Sequence[ArticleQuote], hit: Hit) -> tuple[StatementReport, ...]:
    """Return the reports of one statement, the oldest first. The first of `group` is shown, and `hit` has it."""
    head = group[0]
    links = [hit.link, *(variant.link for variant in hit.variants)]
    reports = [_build_report(head, *report) for report in zip(group, links, strict=True)]
    return tuple(
        sorted(
            reports,
            key=lambda report: (
                report.source.published is None,
                report.source.published or date.max,
                report.source.id,
                report.start,
            ),
        )
    )


def _build_report(head: ArticleQuote, article_quote: ArticleQuote, link: str | None) -> StatementReport:
    article, quote = article_quote
    span = get_spoken_span(article, quote)
    text, source = span.of(article.text), describe_source(article)
    report = StatementReport(text, source, span.start, span.end, link, kind=quote.kind)
    if article_quote is head or is_part(head, article_quote):
        return report
    head_article = head[0]
    changes = find_changes(head_article, get_spoken_span(*head), article, span)
    own_spans = tuple(
        Span(change.source.start - span.start, change.source.end - span.start)
        for change in changes
        if change.source.of(article.text).strip()
    )
    missing = [" ".join(change.draft.of(head_article.text).split()) for change in changes]
    missing_words = tuple(words[:_MAX_MISSING_CHARACTERS] for words in missing if make_search_key(words))
    return replace(report, changes=own_spans, missing=missing_words)


def _count_days(article_quotes: Iterable[tuple[Article, Quote]]) -> tuple[DayCount, ...]:
    """Count quotations and their articles by day and outlet, undated ones last."""
    quotes, articles = Counter[tuple[date | None, str | None]](), dict[tuple[date | None, str | None], set[str]]()
    for article, _ in article_quotes:
        key = article.published, name_outlet(article)
        quotes[key] += 1
        articles.setdefault(key, set()).add(article.id)
    sorted_keys = sorted(quotes, key=lambda key: (key[0] is None, key[0] or date.max, key[1] is None, key[1] or ""))
    return tuple(DayCount(*key, len(articles[key]), quotes[key]) for key in sorted_keys)
