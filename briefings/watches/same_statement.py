"""Tells whether two findings of one watch are one statement, so that further reports join the first notice.

Rule: quotations are one statement if `/whosaid` would show them as one hit: the same speaker, and one text contains the
other apart from about a word. Copies of an article are one statement. In doubt they are two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from briefings.attribution.name_clustering import is_meant_by
from briefings.compose.draft_check.wording_changes import find_changes
from briefings.compose.who_said.hits import get_spoken_span
from briefings.model import Article, Quote, Span
from briefings.similarity.quote_matching import get_quote_text, is_same_utterance
from briefings.similarity.source_independence import IndependentOutlets
from briefings.text.folding import make_search_key
from briefings.watches.model import WatchFinding

#: an article, and what a watch found in it
Report = tuple[Article, WatchFinding]
#: fewest words by which quotations without a speaker, or sentences, are one statement
_MIN_QUOTED_WORDS, _MIN_SENTENCE_WORDS = 6, 8


class Sameness(StrEnum):
    """How two findings are related."""

    SAME = "same"
    OTHER_WORDING = "same with another wording"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many independent outlets report one statement, and in how many wordings."""

    outlets: int
    wordings: int


def compare_reports(first: Report, second: Report, copies: Iterable[tuple[str, str]] = ()) -> Sameness:
    """Return whether two findings of one watch are the same statement. The order makes no difference.

    `copies` are pairs of ids of articles with nearly the same text.
    """
    (article, finding), (other_article, other_finding) = first, second
    ids = {article.id, other_article.id}
    are_copies = len(ids) == 1 or any(set(pair) == ids for pair in copies)
    if finding.quote and other_finding.quote:
        is_same = _is_same_quote((article, finding.quote), (other_article, other_finding.quote))
        if is_same or are_copies:
            spans = get_spoken_span(article, finding.quote), get_spoken_span(other_article, other_finding.quote)
            has_changes = _differ((article, spans[0]), (other_article, spans[1]))
            return Sameness.OTHER_WORDING if has_changes else Sameness.SAME
        return Sameness.OTHER
    if are_copies:
        return Sameness.SAME
    if finding.quote or other_finding.quote or not (finding.sentence and other_finding.sentence):
        return Sameness.OTHER
    return _compare_sentences((article, finding.sentence), (other_article, other_finding.sentence))


def summarise_coverage(reports: Sequence[Report], copies: Iterable[tuple[str, str]] = ()) -> Coverage:
    """Return the coverage of one statement. Outlets are counted as everywhere: copies and agencies count once."""
    articles = list({article.id: article for article, _ in reports}.values())
    outlets = IndependentOutlets(articles, copies).count(article.id for article in articles)
    wordings: list[Report] = []
    for report in reports:
        if not any(_has_same_wording(report, other_report) for other_report in wordings):
            wordings.append(report)
    return Coverage(outlets, len(wordings))


def _has_same_wording(first: Report, second: Report) -> bool:
    return not _differ(*((article, _get_words_span(article, finding)) for article, finding in (first, second)))


def _get_words_span(article: Article, finding: WatchFinding) -> Span:
    """Return the quotation, the sentence, or nothing for words of a title."""
    return get_spoken_span(article, finding.quote) if finding.quote else finding.sentence or Span(0, 0)


def _is_same_quote(first: tuple[Article, Quote], second: tuple[Article, Quote]) -> bool:
    """Whether two quotations are one: by their words and speakers. A speaker who is not known can be anyone."""
    texts = get_quote_text(*first), get_quote_text(*second)
    if not is_same_utterance(*texts):
        return False
    speakers = [quote.speaker for _, quote in (first, second) if quote.speaker]
    if len(speakers) < 2:
        return min(len(make_search_key(text).split()) for text in texts) >= _MIN_QUOTED_WORDS
    names = speakers[0].name, speakers[1].name
    return names[0] == names[1] or is_meant_by(*names) or is_meant_by(names[1], names[0])


def _compare_sentences(first: tuple[Article, Span], second: tuple[Article, Span]) -> Sameness:
    texts = [span.of(article.text) for article, span in (first, second)]
    if min(len(make_search_key(text).split()) for text in texts) < _MIN_SENTENCE_WORDS or not is_same_utterance(*texts):
        return Sameness.OTHER
    return Sameness.OTHER_WORDING if _differ(first, second) else Sameness.SAME


def _differ(first: tuple[Article, Span], second: tuple[Article, Span]) -> bool:
    return bool(find_changes(*first, *second))
