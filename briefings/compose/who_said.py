"""Who said it: the quotes that hold the words, one hit an utterance, and the sentences where only the paper speaks.

Rule: an utterance reported twice is one hit with its other wordings, the exact one first; words that nobody is quoted
with are narration.

Quotes as hits: one an utterance, the best report of it first and the other ones as its variants.

Rule: outlets are counted over all of its reports, copies of one another once.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from briefings.article.citation import build_link
from briefings.model import Article, Hit, Kind, Narration, Quote, Searched, Span, Variant, WhoSaid
from briefings.similarity.quote_matching import get_quote_text, group_by_speaker, group_texts, is_same_utterance
from briefings.similarity.source_independence import IndependentOutlets
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans

ArticlesWithQuotes = Sequence[tuple[Article, Sequence[Quote]]]
ArticleQuote = tuple[Article, Quote]
#: other wordings that a hit carries
MAX_VARIANTS = 50


def group_utterances(article_quotes: Iterable[ArticleQuote]) -> list[list[ArticleQuote]]:
    """The quotes grouped by what was uttered; in each group the fullest first, the groups newest first."""
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
    """`head` first, then the other reports in `read` of what its speaker uttered, fullest first; once each."""
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
    """Sorts the longest first, of equals the newest."""
    article, quote = article_quote
    return (-len(get_quote_text(article, quote).split()), make_date_key(article), article.id, quote.span)


def make_date_key(article: Article) -> int:
    """Sorts the newest first, undated articles last."""
    return -article.published.toordinal() if article.published else 1


def build_hits(groups: Sequence[Sequence[ArticleQuote]]) -> tuple[Hit, ...]:
    """A hit for each group, told by its first quote."""
    outlets = IndependentOutlets(list({article.id: article for group in groups for article, _ in group}.values()))
    return tuple(_build_hit(group, outlets.count(article.id for article, _ in group)) for group in groups)


def build_narration(article: Article, span: Span) -> Narration:
    """The paper's own words at `span`."""
    return Narration(
        span.of(article.text), article.id, span.start, span.end, article.publisher, build_link(article, span)
    )


def build_narration_hit(article: Article, span: Span) -> Hit:
    """The paper's own words at `span`, as a hit that nobody speaks."""
    return Hit(
        speaker=None,
        quote=span.of(article.text),
        kind=Kind.INDIRECT,
        cue=None,
        source=None,
        confidence=0.0,
        reason="the paper's own words",
        article=article.id,
        start=span.start,
        end=span.end,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        link=build_link(article, span),
        outlets=1,
    )


def get_spoken_span(article: Article, quote: Quote) -> Span:
    """The quote's span; a comma before the closing mark is the paper's, not the speaker's."""
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
        variants=tuple(_build_variant(*other) for other in other_quotes),
    )


def _build_variant(article: Article, quote: Quote) -> Variant:
    span = get_spoken_span(article, quote)
    return Variant(
        span.of(article.text), article.id, span.start, span.end, article.publisher, build_link(article, span)
    )


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
