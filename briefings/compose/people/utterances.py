"""Separates what one person said at different times: stricter than `who_said`, where one line holds all that is alike.

Rule: a few words are one statement only within days: "No surrender" in June and again in March are two. A few changed
words from a long quotation are no other wording of it. A paraphrase is another wording only of another article's words.
Rule: a quotation comes before a paraphrase, however long that one is.
"""

from collections.abc import Iterable, Iterator, Sequence

from briefings.compose.who_said.hits import ArticleQuote, get_spoken_span, group_utterances
from briefings.model import Kind
from briefings.text.folding import make_search_key

#: fewest words that hardly anyone says twice
_MIN_UNIQUE_WORDS = 8
#: most days between two reports of the same few words
_MAX_DAYS = 7
#: a changed wording has so many words, or this share of the words of the longest report
_MIN_CHANGED_WORDS, _MIN_CHANGED_SHARE = 6, 0.5
#: fewest words of a quotation that is shown instead of a longer paraphrase
_MIN_QUOTED_WORDS = 5


def group_statements(article_quotes: Iterable[ArticleQuote]) -> list[list[ArticleQuote]]:
    """Group the quotations of one person by statement. Each group starts with the report to show."""
    groups: list[list[ArticleQuote]] = []
    for group in group_utterances(article_quotes):
        own_reports, other_reports = _separate(_put_quotation_first(group))
        groups += _split_by_days(own_reports)
        for other_group in group_utterances(other_reports):
            groups += _split_by_days(_put_quotation_first(other_group))
    return groups


def is_part(longest: ArticleQuote, article_quote: ArticleQuote) -> bool:
    """Whether a report has only words of the longest one, in one piece and the same order."""
    return f" {_make_key(article_quote)} " in f" {_make_key(longest)} "


def _put_quotation_first(group: list[ArticleQuote]) -> list[ArticleQuote]:
    """Return the longest quotation first, and the longest report if all quotations are a few words."""
    head = next(
        (
            report
            for report in group
            if report[1].kind is not Kind.INDIRECT
            and len(_make_key(report).split()) >= _MIN_QUOTED_WORDS
            # an outlet that no one confirmed never speaks for one that is
            and report[0].provenance.is_certain == group[0][0].provenance.is_certain
        ),
        group[0],
    )
    return [head, *(report for report in group if report is not head)]


def _separate(group: list[ArticleQuote]) -> tuple[list[ArticleQuote], list[ArticleQuote]]:
    """Return the reports of the statement that the group starts with, and those of others."""
    head, *others = group
    own_reports, other_reports = [head], list[ArticleQuote]()
    for report in others:
        (own_reports if _is_same_statement(head, report) else other_reports).append(report)
    return own_reports, other_reports


def _is_same_statement(head: ArticleQuote, report: ArticleQuote) -> bool:
    length, head_length = len(_make_key(report).split()), len(_make_key(head).split())
    if length < _MIN_UNIQUE_WORDS <= head_length and not _is_near(head, report):
        return False
    if is_part(head, report) or is_part(report, head):
        return True
    if Kind.INDIRECT in (head[1].kind, report[1].kind) and head[0].id == report[0].id:
        return False
    return min(length, head_length) >= min(_MIN_CHANGED_WORDS, _MIN_CHANGED_SHARE * max(length, head_length))


def _is_near(report: ArticleQuote, other: ArticleQuote) -> bool:
    """Whether two reports are at most a few days apart. An undated one may be."""
    day, other_day = report[0].published, other[0].published
    return day is None or other_day is None or abs((day - other_day).days) <= _MAX_DAYS


def _split_by_days(group: Sequence[ArticleQuote]) -> Iterator[list[ArticleQuote]]:
    """Yield the group, or, if it is of a few words, a group for each few days."""
    if len(_make_key(group[0]).split()) >= _MIN_UNIQUE_WORDS:
        yield list(group)
        return
    dated_reports = sorted(
        (report for report in group if report[0].published),
        key=lambda report: report[0].published.toordinal(),  # type: ignore[union-attr]  # all have a day
    )
    runs: list[list[ArticleQuote]] = []
    for report in dated_reports:
        if runs and _is_near(runs[-1][0], report):
            runs[-1].append(report)
        else:
            runs.append([report])
    undated_reports = [report for report in group if report[0].published is None]
    if len(runs) == 1:
        runs[0] += undated_reports
    elif undated_reports:
        runs.append(undated_reports)
    positions = {id(report): position for position, report in enumerate(group)}
    for run in runs:
        yield sorted(run, key=lambda report: positions[id(report)])


def _make_key(article_quote: ArticleQuote) -> str:
    return make_search_key(get_spoken_span(*article_quote).of(article_quote[0].text))
