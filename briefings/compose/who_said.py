"""Who said it: the quotes that hold the words, one hit an utterance, and the sentences where only the paper speaks.

Rule: an utterance reported twice is one hit with its other wordings, the exact one first; words that nobody is quoted
with are narration.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from briefings.compose.hits import (
    ArticleQuote,
    ArticlesWithQuotes,
    add_reports,
    build_hits,
    build_narration,
    group_utterances,
    make_date_key,
)
from briefings.model import Article, Hit, Narration, Quote, Searched, Span, WhoSaid
from briefings.similarity.quote_matching import get_quote_text
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans

#: hits, sentences of narration and nearest quotes that are shown at most
MAX_HITS = 100
_MAX_NARRATION = 5
_MAX_NEAREST = 3
#: likeness, 0 to 100, from which a quote is worth offering when nothing matches
_MIN_NEAREST_SCORE = 70
#: utterances, up to which their reports in other words are looked for
_MAX_REPORTED_UTTERANCES = 20
#: letters of words that may be one compound
_MAX_COMPOUND_LETTERS = 200

QuoteFilter = Callable[[Quote], bool]


def answer_who_said(
    text: str,
    articles_with_quotes: ArticlesWithQuotes,
    totals: Searched,
    *,
    nearest: ArticlesWithQuotes = (),
    quote_filter: QuoteFilter | None = None,
    contains_text: Callable[[str], bool] | None = None,
) -> WhoSaid:
    """The answer to `query` from the articles in `read` that hold its words; `nearest` is looked at when none does.

    `wanted` tells which quotes may answer; whoever else is quoted with the words is among the nearest. `stands` is what
    `holding` gives, from somebody who has it already.
    """
    contains_text = contains_text or make_matcher(text)
    matching_quotes = [
        (article, quote)
        for article, quotes in articles_with_quotes
        for quote in quotes
        if contains_text(get_quote_text(article, quote))
    ]
    allowed_quotes = [
        article_quote for article_quote in matching_quotes if quote_filter is None or quote_filter(article_quote[1])
    ]
    groups = group_utterances(allowed_quotes)[:MAX_HITS]
    hits_found = build_hits(
        [_add_similar_reports(group, articles_with_quotes) for group in groups]
        if len(groups) <= _MAX_REPORTED_UTTERANCES
        else groups
    )
    narration = tuple(_find_narration(contains_text, articles_with_quotes))
    nearest_quotes: tuple[ArticleQuote, ...] = ()
    if not hits_found and not narration:
        nearest_quotes = tuple(
            _find_nearest(text, [(article, quote) for article, quotes in nearest for quote in quotes if quote.speaker])
        )
    other_quotes = [
        article_quote for article_quote in matching_quotes if not hits_found and article_quote not in allowed_quotes
    ]
    return WhoSaid(
        text,
        totals,
        hits_found,
        narration,
        build_hits([[article_quote] for article_quote in [*other_quotes, *nearest_quotes][:_MAX_NEAREST]]),
    )


def list_quotes_by(name: str, text: str, articles_with_quotes: ArticlesWithQuotes, totals: Searched) -> WhoSaid:
    """Everything that somebody of that name is quoted with, newest first."""
    article_quotes = [
        (article, quote)
        for article, quotes in articles_with_quotes
        for quote in quotes
        if quote.speaker and contains_phrase(quote.speaker.name, name)
    ]
    return WhoSaid(text, totals, build_hits(group_utterances(article_quotes)[:MAX_HITS]))


def group_into_hits(article_quotes: Sequence[ArticleQuote]) -> tuple[Hit, ...]:
    """These quotes and no other as hits, newest first; what is one utterance is one hit."""
    return build_hits(group_utterances(article_quotes))


def find_narration(text: str, articles_with_quotes: ArticlesWithQuotes) -> tuple[Narration, ...]:
    """The sentences of the articles' own that hold the words of `query`, newest first, a few of them."""
    return tuple(_find_narration(make_matcher(text), articles_with_quotes))


def make_matcher(phrase: str) -> Callable[[str], bool]:
    """Tells of a text whether the words of `query` stand in it, whole and in order.

    Compounds are the same in one word, with a hyphen or in two: "lynchmob" stands in "a lynch-mob".
    """
    letters = make_search_key(phrase).replace(" ", "")
    if not letters.isalpha() or len(letters) > _MAX_COMPOUND_LETTERS:
        return lambda text: contains_phrase(text, phrase)  # "1 5" is not "15"
    pattern = re.compile(rf"(?<!\S){' ?'.join(letters)}(?!\S)")
    return lambda text: bool(pattern.search(make_search_key(text)))


def _add_similar_reports(group: Sequence[ArticleQuote], articles_with_quotes: ArticlesWithQuotes) -> list[ArticleQuote]:
    """A group of quotes that hold the words, and behind them the reports of the same utterance in other words."""
    group_keys = {(article.id, quote.span) for article, quote in group}
    similar_reports = [
        report
        for report in add_reports(group[0], articles_with_quotes)[1:]
        if (report[0].id, report[1].span) not in group_keys
    ]
    return [*group, *similar_reports]


def _find_narration(
    contains_text: Callable[[str], bool], articles_with_quotes: ArticlesWithQuotes
) -> Iterable[Narration]:
    narrations = (
        build_narration(article, span)
        for article, quotes in sorted(articles_with_quotes, key=lambda pair: (make_date_key(pair[0]), pair[0].id))
        for span in _find_unquoted_sentences(article, quotes, contains_text)
    )
    return [narration_found for narration_found, _ in zip(narrations, range(_MAX_NARRATION), strict=False)]


def _find_unquoted_sentences(
    article: Article, quotes: Sequence[Quote], contains_text: Callable[[str], bool]
) -> Iterable[Span]:
    """The sentences in which nobody is quoted, boilerplate aside, and the words stand."""
    excluded_spans = merge_spans([*article.boilerplate, *(fragment for quote in quotes for fragment in quote.content)])
    if not contains_text(mask_spans(article.text, excluded_spans)):  # told far sooner than what its sentences are
        return ()
    unquoted_sentences = (span for span in split_sentences(article.text) if not find_overlapping(excluded_spans, span))
    return (span for span in unquoted_sentences if contains_text(span.of(article.text)))


def _find_nearest(text: str, article_quotes: Sequence[ArticleQuote]) -> list[ArticleQuote]:
    key = make_search_key(text)
    rated_quotes = [
        (fuzz.partial_ratio(key, make_search_key(get_quote_text(*article_quote))), article_quote)
        for article_quote in article_quotes
    ]
    near_quotes = [rated_quote for rated_quote in rated_quotes if rated_quote[0] >= _MIN_NEAREST_SCORE]
    near_quotes.sort(key=lambda rated_quote: (-rated_quote[0], rated_quote[1][0].id, rated_quote[1][1].span))
    return [article_quote for _, article_quote in near_quotes[:_MAX_NEAREST]]
