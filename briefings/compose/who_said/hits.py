"""Groups reports of one utterance, and builds its hit with the other reports as variants.

Rule: an outlet that is not confirmed never speaks for one that is: the reports of confirmed outlets come first.
"""

from collections.abc import Iterable, Sequence

from briefings.article.citation import build_link
from briefings.article.source_name import name_source
from briefings.model import Article, Hit, Kind, Narration, Provenance, Quote, Span, Variant
from briefings.similarity.quote_matching import get_quote_text, group_by_speaker, group_texts, is_same_utterance
from briefings.similarity.source_independence import IndependentOutlets

ArticlesWithQuotes = Sequence[tuple[Article, Sequence[Quote]]]
ArticleQuote = tuple[Article, Quote]
#: maximum number of variants of a hit
MAX_VARIANTS = 50


def group_utterances(article_quotes: Iterable[ArticleQuote]) -> list[list[ArticleQuote]]:
    """Group quotes by utterance. Each group starts with its best report; the newest groups come first."""
    quotes_by_speaker = group_by_speaker(sorted(article_quotes, key=make_length_key))
    groups = [[quote] for quote in quotes_by_speaker.pop(None, [])]
    for speaker_quotes in quotes_by_speaker.values():
        groups += [
            sorted((speaker_quotes[index] for index in group), key=_is_uncertain)
            for group in group_texts([get_quote_text(*quote) for quote in speaker_quotes])
        ]
    return sorted(
        groups, key=lambda group: (min(make_date_key(article) for article, _ in group), *make_length_key(group[0]))
    )


def add_reports(head: ArticleQuote, articles_with_quotes: ArticlesWithQuotes) -> list[ArticleQuote]:
    """Return `head`, then the other reports of the same utterance by its speaker, best first and each once."""
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
    best_reports = sorted(other_reports, key=lambda report: (_is_uncertain(report), *make_length_key(report)))
    return [head, *best_reports[:MAX_VARIANTS]]


def _is_uncertain(article_quote: ArticleQuote) -> bool:
    return not article_quote[0].provenance.is_certain


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
    return Narration(*_cite(article, span))


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
        provenance=article.provenance,
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
        provenance=article.provenance,
    )


def _build_variant(article: Article, quote: Quote) -> Variant:
    return Variant(*_cite(article, get_spoken_span(article, quote)))


def _cite(article: Article, span: Span) -> tuple[str, str, int, int, str | None, str | None, str, Provenance]:
    """Return the words at `span` and where they are, in the order of the fields of a narration and a variant."""
    return (
        span.of(article.text),
        article.id,
        span.start,
        span.end,
        article.publisher,
        build_link(article, span),
        name_source(article),
        article.provenance,
    )
