"""Quotes as hits: one an utterance, the best report of it first and the other ones as its variants.

Rule: outlets are counted over all of its reports, copies of one another once.
"""

from collections.abc import Iterable, Sequence

from briefings.article.citation import build_link
from briefings.model import Article, Hit, Kind, Narration, Quote, Span, Variant
from briefings.similarity.quote_matching import get_quote_text, group_by_speaker, group_texts, is_same_utterance
from briefings.similarity.source_independence import IndependentOutlets

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
