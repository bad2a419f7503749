"""The quotations that may be shown: every passage in quotation marks, and reported speech that is sure enough.

Rule: words in marks are a quotation exactly as far as the marks reach, so that no word of the paper's ever passes for
somebody's; reported speech is kept apart as indirect. A few words in marks are somebody's only where a verb of saying
says so: the others are held at arm's length, and nobody said them.
"""

from collections.abc import Sequence

from briefings.model import Article, Kind, Quote, Span
from briefings.quotes.attributions import attributions
from briefings.quotes.marks import passages
from briefings.text import lexicon
from briefings.text.blank import blanked
from briefings.text.fold import fold
from briefings.text.spans import Overlapping, merged, touching, without

#: speech without marks less likely than this to be attributed rightly is not shown
LEAST_UNMARKED = 0.7
#: words; a shorter passage needs a verb of saying
SHORTEST_UNCUED = 4


def extract(article: Article) -> tuple[Quote, ...]:
    """The quotations of `article` in order, with the speakers as far as it names them; boilerplate is left out."""
    found = attributions(article)
    contents = [(span, quote) for quote in found for span in quote.content]
    index = Overlapping(span for span, _ in contents)
    spoken = [
        _quoted(article, fragments, [contents[at][1] for at in index.numbers(fragments[0])])
        for fragments in _speeches(article)
    ]
    marked = merged(fragment for quote in spoken for fragment in quote.content)
    reported = [quote for quote in found if _is_reported(article, quote) and not touching(marked, quote.span)]
    return tuple(sorted([*spoken, *reported], key=lambda quote: quote.span))


def _speeches(article: Article) -> list[tuple[Span, ...]]:
    """The passages in marks, those of several paragraphs as one, each cut where boilerplate stands in it."""
    boilerplate = merged(article.boilerplate)
    speeches: list[list[Span]] = []
    for passage in passages(blanked(article.text, article.boilerplate)):
        if not (passage.continues and speeches):
            speeches.append([])
        speeches[-1] += without(passage.inner, boilerplate)
    worded = ([f for f in fragments if any(map(str.isalnum, f.of(article.text)))] for fragments in speeches)
    return [tuple(fragments) for fragments in worded if fragments]


def _quoted(article: Article, fragments: tuple[Span, ...], found: Sequence[Quote]) -> Quote:
    """The passage with what the best of the attributions that overlap its beginning says of it."""
    words = sum(len(fragment.of(article.text).split()) for fragment in fragments)
    best = max(found, key=lambda quote: _shared(quote, fragments[0]), default=None)
    if best is None or 2 * _shared(best, fragments[0]) < len(fragments[0]):
        best = None
    kind = Kind.DIRECT if best is None or best.kind is Kind.DIRECT else Kind.MIXED
    if words < SHORTEST_UNCUED and not (best and (kind is Kind.DIRECT or _is_said(article, best))):
        return Quote(
            fragments, None, None, None, Kind.MIXED, 0.0, "a few words in marks that nobody is reported to say"
        )
    if best is None:
        return Quote(fragments, None, None, None, kind, 0.0, "the article does not say whose words these are")
    return Quote(fragments, best.source, best.cue, best.speaker, kind, best.confidence, best.reason)


def _shared(quote: Quote, span: Span) -> int:
    return sum(max(0, min(c.end, span.end) - max(c.start, span.start)) for c in quote.content)


def _is_reported(article: Article, quote: Quote) -> bool:
    """Whether it may be shown without marks: said in other words, or a turn of a transcript ("HOLT: We are late")."""
    sure = quote.speaker is not None and quote.confidence >= LEAST_UNMARKED
    return sure and (quote.kind is Kind.DIRECT or (quote.kind is Kind.INDIRECT and _is_said(article, quote)))


def _is_said(article: Article, quote: Quote) -> bool:
    """Whether its cue is a verb of saying, rather than one of thinking or doing."""
    cue = fold(quote.cue.of(article.text)) if quote.cue else ""
    return cue in lexicon.words("cues") or cue == "according to"
