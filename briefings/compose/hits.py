"""Quotes as hits: one an utterance, the best report of it first and the other ones as its variants.

Rule: outlets are counted over all of its reports, copies of one another once.
"""

from collections.abc import Iterable, Sequence

from briefings.article.link import link_to
from briefings.corroboration import Outlets
from briefings.model import Article, Hit, Kind, Narration, Quote, Span, Variant
from briefings.utterances import by_speaker, grouped, same_utterance, words_of

Read = Sequence[tuple[Article, Sequence[Quote]]]
Said = tuple[Article, Quote]
#: other wordings that a hit carries
MOST_VARIANTS = 50


def utterances(said: Iterable[Said]) -> list[list[Said]]:
    """The quotes grouped by what was uttered; in each group the fullest first, the groups newest first."""
    spoken = by_speaker(sorted(said, key=fullest))
    groups = [[quote] for quote in spoken.pop(None, [])]
    for heard in spoken.values():
        groups += [[heard[at] for at in group] for group in grouped([words_of(*quote) for quote in heard])]
    return sorted(groups, key=lambda group: (min(newest(a) for a, _ in group), *fullest(group[0])))


def with_reports(head: Said, read: Read) -> list[Said]:
    """`head` first, then the other reports in `read` of what its speaker uttered, fullest first; once each."""
    words, speaker = words_of(*head), head[1].speaker
    others = [
        (article, quote)
        for article, quotes in read
        for quote in quotes
        if not (article.id == head[0].id and quote.span.overlaps(head[1].span))
        and speaker is not None
        and quote.speaker is not None
        and quote.speaker.name == speaker.name
        and same_utterance(words, words_of(article, quote))
    ]
    return [head, *sorted(others, key=fullest)[:MOST_VARIANTS]]


def fullest(said: Said) -> tuple[int, int, str, Span]:
    """Sorts the longest first, of equals the newest."""
    article, quote = said
    return (-len(words_of(article, quote).split()), newest(article), article.id, quote.span)


def newest(article: Article) -> int:
    """Sorts the newest first, undated articles last."""
    return -article.published.toordinal() if article.published else 1


def hits(groups: Sequence[Sequence[Said]]) -> tuple[Hit, ...]:
    """A hit for each group, told by its first quote."""
    outlets = Outlets(list({article.id: article for group in groups for article, _ in group}.values()))
    return tuple(_hit(group, outlets.count(article.id for article, _ in group)) for group in groups)


def narration(article: Article, span: Span) -> Narration:
    """The paper's own words at `span`."""
    return Narration(span.of(article.text), article.id, span.start, span.end, article.publisher, link_to(article, span))


def own_words(article: Article, span: Span) -> Hit:
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
        link=link_to(article, span),
        outlets=1,
    )


def said_span(article: Article, quote: Quote) -> Span:
    """The quote's span; a comma before the closing mark is the paper's, not the speaker's."""
    return Span(quote.span.start, quote.span.start + len(quote.span.of(article.text).rstrip(",")))


def _hit(group: Sequence[Said], outlets: int) -> Hit:
    (article, quote), others = group[0], group[1:]
    said = said_span(article, quote)
    return Hit(
        speaker=quote.speaker,
        quote=said.of(article.text),
        kind=quote.kind,
        cue=quote.cue.of(article.text) if quote.cue else None,
        source=quote.source.of(article.text) if quote.source else None,
        confidence=quote.confidence,
        reason=quote.reason,
        article=article.id,
        start=said.start,
        end=said.end,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        link=link_to(article, said),
        outlets=outlets,
        variants=tuple(_variant(*other) for other in others),
    )


def _variant(article: Article, quote: Quote) -> Variant:
    span = said_span(article, quote)
    return Variant(span.of(article.text), article.id, span.start, span.end, article.publisher, link_to(article, span))
