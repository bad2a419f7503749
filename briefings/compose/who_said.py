"""Who said it: the quotes that hold the words, one hit an utterance, and the sentences where only the paper speaks.

Rule: an utterance reported twice is one hit with its other wordings; words that nobody is quoted with are narration.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from briefings.article.link import link_to
from briefings.corroboration import Outlets
from briefings.model import Article, Hit, Narration, Quote, Searched, Span, Variant, WhoSaid
from briefings.text.search_key import holds, search_key
from briefings.text.sentences import sentences
from briefings.text.spans import merged, touching
from briefings.utterances import by_speaker, grouped, words_of

_Read = Sequence[tuple[Article, Sequence[Quote]]]
_Said = tuple[Article, Quote]
#: sentences of narration and nearest quotes that are shown at most
_MOST_NARRATION = 5
_MOST_NEAREST = 3
#: likeness, 0 to 100, from which a quote is worth offering when nothing matches
_NEAR = 70


def who_said(query: str, read: _Read, searched: Searched, *, nearest: _Read = ()) -> WhoSaid:
    """The answer to `query` from the articles in `read` that hold its words; `nearest` is looked at when none does."""
    matching = [(a, q) for a, quotes in read for q in quotes if holds(words_of(a, q), query)]
    hits = _hits(_utterances(matching))
    narration = tuple(_narration(query, read))
    closest = () if hits or narration else _hits([[said] for said in _closest(query, nearest)])
    return WhoSaid(query, searched, hits, narration, closest)


def spoken_by(name: str, query: str, read: _Read, searched: Searched) -> WhoSaid:
    """Everything that somebody of that name is quoted with, newest first."""
    said = [(a, q) for a, quotes in read for q in quotes if q.speaker and holds(q.speaker.name, name)]
    return WhoSaid(query, searched, _hits(_utterances(said)))


def _utterances(said: Iterable[_Said]) -> list[list[_Said]]:
    """The quotes grouped by what was uttered; in each group, and among them, the fullest and newest first."""
    spoken = by_speaker(sorted(said, key=_fullest))
    groups = [[quote] for quote in spoken.pop(None, [])]
    for heard in spoken.values():
        groups += [[heard[at] for at in group] for group in grouped([words_of(*quote) for quote in heard])]
    return sorted(groups, key=lambda group: (_newest(group[0][0]), *_fullest(group[0])))


def _fullest(said: _Said) -> tuple[int, int, str, Span]:
    article, quote = said
    return (-len(words_of(article, quote).split()), _newest(article), article.id, quote.span)


def _newest(article: Article) -> int:
    return -article.published.toordinal() if article.published else 1


def _hits(groups: Sequence[Sequence[_Said]]) -> tuple[Hit, ...]:
    outlets = Outlets(list({article.id: article for group in groups for article, _ in group}.values()))
    return tuple(_hit(group, outlets.count(article.id for article, _ in group)) for group in groups)


def _hit(group: Sequence[_Said], outlets: int) -> Hit:
    (article, quote), others = group[0], group[1:]
    said = _said(article, quote)
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


def _said(article: Article, quote: Quote) -> Span:
    """The quote's span; a comma before the closing mark is the paper's, not the speaker's."""
    return Span(quote.span.start, quote.span.start + len(quote.span.of(article.text).rstrip(",")))


def _variant(article: Article, quote: Quote) -> Variant:
    span = _said(article, quote)
    return Variant(span.of(article.text), article.id, span.start, span.end, article.publisher, link_to(article, span))


def _narration(query: str, read: _Read) -> Iterable[Narration]:
    found = (
        Narration(span.of(a.text), a.id, span.start, span.end, a.publisher, link_to(a, span))
        for a, quotes in sorted(read, key=lambda pair: (_newest(pair[0]), pair[0].id))
        for span in _own_sentences(a, quotes)
        if holds(span.of(a.text), query)
    )
    return [narration for narration, _ in zip(found, range(_MOST_NARRATION), strict=False)]


def _own_sentences(article: Article, quotes: Sequence[Quote]) -> Iterable[Span]:
    """The sentences in which nobody is quoted, boilerplate aside."""
    taken = merged([*article.boilerplate, *(fragment for quote in quotes for fragment in quote.content)])
    return (span for span in sentences(article.text) if not touching(taken, span))


def _closest(query: str, read: _Read) -> list[_Said]:
    key = search_key(query)
    rated = [
        (fuzz.partial_ratio(key, search_key(words_of(a, q))), a, q) for a, quotes in read for q in quotes if q.speaker
    ]
    near = sorted((item for item in rated if item[0] >= _NEAR), key=lambda item: (-item[0], item[1].id, item[2].span))
    return [(article, quote) for _, article, quote in near[:_MOST_NEAREST]]
