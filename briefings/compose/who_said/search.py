"""Answer who said some words: one hit per utterance, and the sentences in which only the article uses them.

Rule: several reports of one utterance are one hit with variants, the exact wording first. A hit's outlets are counted
over all its reports, and copies of one article count once. Words that no speaker is quoted with are narration, unless
they stand between marks or under a label: then they are a hit without a speaker.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import fuzz

from briefings.article.metadata import Language, detect_language
from briefings.attribution.name_clustering import is_speaker_meant
from briefings.compose.marked_words import find_marked_words
from briefings.compose.who_said.hits import (
    ArticleQuote,
    ArticlesWithQuotes,
    add_reports,
    build_hits,
    build_narration,
    group_utterances,
    make_date_key,
)
from briefings.model import Article, Hit, Narration, Quote, SearchTotals, Span, WhoSaid
from briefings.similarity.quote_matching import get_quote_text
from briefings.text.folding import make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans

#: maximum numbers of hits, narration sentences and nearest quotes
MAX_HITS = 100
_MAX_NARRATION = 5
_MAX_NEAREST = 3
#: minimum similarity, 0 to 100, of a quote that is suggested when nothing matches
_MIN_NEAREST_SCORE = 70
#: other wordings are searched only for up to this many utterances
_MAX_REPORTED_UTTERANCES = 20
#: longest phrase, in letters, that is also matched as one compound
_MAX_COMPOUND_LETTERS = 200

QuoteFilter = Callable[[Article, Quote], bool]
#: tells whether a sentence of an article counts
SentenceFilter = Callable[[Article, Span], bool]
TextMatcher = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Utterances:
    """The utterances that contain some words, newest first, with narration, and nearest quotes if there are neither."""

    groups: tuple[list[ArticleQuote], ...]
    narration: tuple[Narration, ...]
    nearest: tuple[Hit, ...]


def find_utterances(
    text: str,
    articles_with_quotes: ArticlesWithQuotes,
    *,
    nearest: ArticlesWithQuotes = (),
    quote_filter: QuoteFilter | None = None,
    sentence_filter: SentenceFilter | None = None,
    contains_text: TextMatcher | None = None,
) -> Utterances:
    """Find who said `text`, in articles that contain its words; suggest quotes from `nearest` if nothing matches.

    `quote_filter` tells which quotes may be hits. Other quotes with the words are suggested as nearest.
    `sentence_filter` tells which sentences may be narration. `contains_text` is the result of `make_matcher`, if the
    caller has it already.
    """
    contains_text = contains_text or make_matcher(text)
    key = make_search_key(text)
    articles_with_quotes = [
        (article, [*quotes, *find_marked_words(article, quotes, contains_text, key)])
        for article, quotes in articles_with_quotes
    ]
    groups = group_matching_quotes(articles_with_quotes, contains_text, quote_filter)
    narration = tuple(islice(_find_narration(contains_text, articles_with_quotes, sentence_filter), _MAX_NARRATION))
    if groups:
        return Utterances(tuple(groups), narration, ())
    other_quotes = _find_matching_quotes(articles_with_quotes, contains_text)
    nearest_quotes: list[ArticleQuote] = []
    if not narration:
        nearest_quotes = find_nearest(
            text, [(article, quote) for article, quotes in nearest for quote in quotes if quote.speaker]
        )
    nearest_groups = [[article_quote] for article_quote in [*other_quotes, *nearest_quotes][:_MAX_NEAREST]]
    return Utterances((), narration, build_hits(nearest_groups))


def group_matching_quotes(
    articles_with_quotes: ArticlesWithQuotes, contains_text: TextMatcher, quote_filter: QuoteFilter | None = None
) -> list[list[ArticleQuote]]:
    """Group the quotes that contain the words by utterance, newest first.

    Up to 20 groups also get the reports of the same utterance in other words.
    """
    groups = group_utterances(
        article_quote
        for article_quote in _find_matching_quotes(articles_with_quotes, contains_text)
        if quote_filter is None or quote_filter(*article_quote)
    )
    if len(groups) > _MAX_REPORTED_UTTERANCES:
        return groups
    return [_add_similar_reports(group, articles_with_quotes) for group in groups]


def group_quotes_by(name: str, articles_with_quotes: ArticlesWithQuotes) -> list[list[ArticleQuote]]:
    """Group everything that speakers with this name are quoted with by utterance, newest first."""
    return group_utterances(
        (article, quote)
        for article, quotes in articles_with_quotes
        for quote in quotes
        if quote.speaker and is_speaker_meant(quote.speaker, name)
    )


def answer_who_said(
    text: str, articles_with_quotes: ArticlesWithQuotes, totals: SearchTotals, *, nearest: ArticlesWithQuotes = ()
) -> WhoSaid:
    """Answer who said `text` with at most 100 hits; the arguments are those of `find_utterances`."""
    utterances = find_utterances(text, articles_with_quotes, nearest=nearest)
    hits = build_hits(utterances.groups[:MAX_HITS])
    return WhoSaid(text, totals, hits, utterances.narration, utterances.nearest)


def group_into_hits(article_quotes: Sequence[ArticleQuote]) -> tuple[Hit, ...]:
    """Return exactly these quotes as hits, newest first; quotes of one utterance are one hit."""
    return build_hits(group_utterances(article_quotes))


def make_matcher(phrase: str) -> TextMatcher:
    """Return a function that tells whether a text contains the words of `phrase`, whole and in order.

    Compounds match in one word, with a hyphen or in two: "lynchmob" matches "a lynch-mob".
    """
    contains_key = make_key_matcher(phrase)
    return lambda text: contains_key(make_search_key(text))


def may_be_compound(phrase_key: str) -> bool:
    """Whether the words of a search key can be in one word or in two: only letters can, and "1 5" is not "15"."""
    letters = phrase_key.replace(" ", "")
    return letters.isalpha() and len(letters) <= _MAX_COMPOUND_LETTERS


def make_key_matcher(phrase: str) -> TextMatcher:
    """Return the function of `make_matcher` for texts that are search keys already."""
    phrase_key = make_search_key(phrase)
    if not may_be_compound(phrase_key):
        return lambda key: bool(phrase_key) and f" {phrase_key} " in f" {key} "
    pattern = re.compile(
        f" {' ?'.join(phrase_key.replace(' ', ''))} "
    )  # begins with a literal, so that a search is fast
    return lambda key: bool(pattern.search(f" {key} "))


def _add_similar_reports(group: Sequence[ArticleQuote], articles_with_quotes: ArticlesWithQuotes) -> list[ArticleQuote]:
    """Return a group of matching quotes, followed by reports of the same utterance in other words."""
    group_keys = {(article.id, quote.span) for article, quote in group}
    similar_reports = [
        report
        for report in add_reports(group[0], articles_with_quotes)[1:]
        if (report[0].id, report[1].span) not in group_keys
    ]
    return [*group, *similar_reports]


def _find_matching_quotes(articles_with_quotes: ArticlesWithQuotes, contains_text: TextMatcher) -> list[ArticleQuote]:
    return [
        (article, quote)
        for article, quotes in articles_with_quotes
        for quote in quotes
        if contains_text(get_quote_text(article, quote))
    ]


def _find_narration(
    contains_text: TextMatcher, articles_with_quotes: ArticlesWithQuotes, sentence_filter: SentenceFilter | None
) -> Iterable[Narration]:
    return (
        build_narration(article, span)
        for article, quotes in sorted(articles_with_quotes, key=lambda pair: (make_date_key(pair[0]), pair[0].id))
        for span in find_unquoted_sentences(article, quotes, contains_text)
        # in another language, nothing tells the article's own words from those of a speaker
        if detect_language(article) is not Language.OTHER
        if sentence_filter is None or sentence_filter(article, span)
    )


def find_unquoted_sentences(
    article: Article,
    quotes: Sequence[Quote],
    contains_text: TextMatcher,
    split: Callable[[str], Iterable[Span]] = split_sentences,
) -> Iterable[Span]:
    """Find the sentences outside boilerplate that contain the words without quoting a speaker.

    `split` splits the article's text into sentences.
    """
    excluded_spans = merge_spans([*article.boilerplate, *(fragment for quote in quotes for fragment in quote.content)])
    if not contains_text(mask_spans(article.text, excluded_spans)):  # much faster than splitting into sentences
        return ()
    unquoted_sentences = (span for span in split(article.text) if not find_overlapping(excluded_spans, span))
    return (span for span in unquoted_sentences if contains_text(span.of(article.text)))


def find_nearest(text: str, article_quotes: Sequence[ArticleQuote]) -> list[ArticleQuote]:
    """Return the quotes most similar to `text`, at most three."""
    key = make_search_key(text)
    rated_quotes = [
        (fuzz.partial_ratio(key, make_search_key(get_quote_text(*article_quote))), article_quote)
        for article_quote in article_quotes
    ]
    near_quotes = [rated_quote for rated_quote in rated_quotes if rated_quote[0] >= _MIN_NEAREST_SCORE]
    near_quotes.sort(key=lambda rated_quote: (-rated_quote[0], rated_quote[1][0].id, rated_quote[1][1].span))
    return [article_quote for _, article_quote in near_quotes[:_MAX_NEAREST]]
