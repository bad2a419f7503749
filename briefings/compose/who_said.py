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

from briefings.article.citation import build_link
from briefings.article.metadata import Language, detect_language
from briefings.article.source_name import name_source
from briefings.attribution.name_clustering import is_meant_by
from briefings.compose.marked_words import find_marked_words
from briefings.model import Article, Hit, Kind, Narration, Quote, SearchTotals, Span, Variant, WhoSaid
from briefings.similarity.quote_matching import get_quote_text, group_by_speaker, group_texts, is_same_utterance
from briefings.similarity.source_independence import IndependentOutlets
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans

ArticlesWithQuotes = Sequence[tuple[Article, Sequence[Quote]]]
ArticleQuote = tuple[Article, Quote]
#: maximum number of variants of a hit
MAX_VARIANTS = 50


def group_utterances(article_quotes: Iterable[ArticleQuote]) -> list[list[ArticleQuote]]:
    """Group quotes by utterance. Each group starts with its longest quote; the newest groups come first."""
    quotes_by_speaker = group_by_speaker(sorted(article_quotes, key=make_length_key))
    groups = [[quote] for quote in quotes_by_speaker.pop(None, [])]
    for speaker_quotes in quotes_by_speaker.values():
        groups += [
            [speaker_quotes[index] for index in group]
            for group in group_texts([get_quote_text(*quote) for quote in speaker_quotes])
        ]
    return sorted(
        groups, key=lambda group: (min(make_date_key(article) for article, _ in group), *make_length_key(group[0]))
    )


def add_reports(head: ArticleQuote, articles_with_quotes: ArticlesWithQuotes) -> list[ArticleQuote]:
    """Return `head`, then the other reports of the same utterance by its speaker, longest first and each once."""
    text, speaker = get_quote_text(*head), head[1].speaker
    other_reports = [
        (article, quote)
        for article, quotes in articles_with_quotes
        for quote in quotes
        if not (article.id == head[0].id and quote.span.overlaps(head[1].span))
        and speaker is not None
        and quote.speaker is not None
        and quote.speaker.name == speaker.name
        and is_same_utterance(text, get_quote_text(article, quote))
    ]
    return [head, *sorted(other_reports, key=make_length_key)[:MAX_VARIANTS]]


def make_length_key(article_quote: ArticleQuote) -> tuple[int, int, str, Span]:
    """Return a sort key that puts the longest quotes first, then the newest."""
    article, quote = article_quote
    return (-len(get_quote_text(article, quote).split()), make_date_key(article), article.id, quote.span)


def make_date_key(article: Article) -> int:
    """Return a sort key that puts the newest articles first and undated ones last."""
    return -article.published.toordinal() if article.published else 1


def build_hits(
    groups: Sequence[Sequence[ArticleQuote]], all_groups: Sequence[Sequence[ArticleQuote]] | None = None
) -> tuple[Hit, ...]:
    """Return a hit for each group, built from its first quote.

    `all_groups` is the whole answer if `groups` is a part of it: copies are recognised among all of its articles.
    """
    if all(len({article.id for article, _ in group}) == 1 for group in groups):
        return tuple(_build_hit(group, 1) for group in groups)
    articles = {article.id: article for group in all_groups or groups for article, _ in group}
    outlets = IndependentOutlets(list(articles.values()))
    return tuple(_build_hit(group, outlets.count(article.id for article, _ in group)) for group in groups)


def build_narration(article: Article, span: Span) -> Narration:
    """Return the article's own words at `span` as narration."""
    return Narration(
        span.of(article.text),
        article.id,
        span.start,
        span.end,
        article.publisher,
        build_link(article, span),
        name_source(article),
    )


def build_narration_hit(article: Article, span: Span) -> Hit:
    """Return the article's own words at `span` as a hit without a speaker."""
    return Hit(
        speaker=None,
        quote=span.of(article.text),
        kind=Kind.INDIRECT,
        cue=None,
        source=None,
        confidence=0.0,
        reason="the article's own words",
        article=article.id,
        start=span.start,
        end=span.end,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        link=build_link(article, span),
        outlets=1,
        source_name=name_source(article),
    )


def get_spoken_span(article: Article, quote: Quote) -> Span:
    """Return the quote's span without a comma before the closing mark, which belongs to the article."""
    return Span(quote.span.start, quote.span.start + len(quote.span.of(article.text).rstrip(",")))


def _build_hit(group: Sequence[ArticleQuote], outlets: int) -> Hit:
    (article, quote), other_quotes = group[0], group[1:]
    span = get_spoken_span(article, quote)
    return Hit(
        speaker=quote.speaker,
        quote=span.of(article.text),
        kind=quote.kind,
        cue=quote.cue.of(article.text) if quote.cue else None,
        source=quote.source.of(article.text) if quote.source else None,
        confidence=quote.confidence,
        reason=quote.reason,
        article=article.id,
        start=span.start,
        end=span.end,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        link=build_link(article, span),
        outlets=outlets,
        variants=tuple(_build_variant(*article_quote) for article_quote in other_quotes),
        source_name=name_source(article),
    )


def _build_variant(article: Article, quote: Quote) -> Variant:
    span = get_spoken_span(article, quote)
    return Variant(
        span.of(article.text),
        article.id,
        span.start,
        span.end,
        article.publisher,
        build_link(article, span),
        name_source(article),
    )


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

QuoteFilter = Callable[[Quote], bool]
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
    contains_text: TextMatcher | None = None,
) -> Utterances:
    """Find who said `text`, in articles that contain its words; suggest quotes from `nearest` if nothing matches.

    `quote_filter` tells which quotes may be hits. Other quotes with the words are suggested as nearest. `contains_text`
    is the result of `make_matcher`, if the caller has it already.
    """
    contains_text = contains_text or make_matcher(text)
    articles_with_quotes = [
        (article, [*quotes, *find_marked_words(article, quotes, contains_text)])
        for article, quotes in articles_with_quotes
    ]
    groups = group_matching_quotes(articles_with_quotes, contains_text, quote_filter)
    narration = tuple(_find_narration(contains_text, articles_with_quotes))
    if groups:
        return Utterances(tuple(groups), narration, ())
    other_quotes = _find_matching_quotes(articles_with_quotes, contains_text)
    nearest_quotes: list[ArticleQuote] = []
    if not narration:
        nearest_quotes = _find_nearest(
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
        if quote_filter is None or quote_filter(article_quote[1])
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
        if quote.speaker and is_meant_by(quote.speaker.name, name)
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
    letters = make_search_key(phrase).replace(" ", "")
    if not letters.isalpha() or len(letters) > _MAX_COMPOUND_LETTERS:
        return lambda text: contains_phrase(text, phrase)  # "1 5" is not "15"
    pattern = re.compile(rf"(?<!\S){' ?'.join(letters)}(?!\S)")
    return lambda text: bool(pattern.search(make_search_key(text)))


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


def _find_narration(contains_text: TextMatcher, articles_with_quotes: ArticlesWithQuotes) -> Iterable[Narration]:
    narrations = (
        build_narration(article, span)
        for article, quotes in sorted(articles_with_quotes, key=lambda pair: (make_date_key(pair[0]), pair[0].id))
        # in another language, nothing tells the article's own words from those of a speaker
        if detect_language(article) is not Language.OTHER
        for span in _find_unquoted_sentences(article, quotes, contains_text)
    )
    return islice(narrations, _MAX_NARRATION)


def _find_unquoted_sentences(article: Article, quotes: Sequence[Quote], contains_text: TextMatcher) -> Iterable[Span]:
    """Find the sentences outside boilerplate that contain the words without quoting a speaker."""
    excluded_spans = merge_spans([*article.boilerplate, *(fragment for quote in quotes for fragment in quote.content)])
    if not contains_text(mask_spans(article.text, excluded_spans)):  # much faster than splitting into sentences
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
