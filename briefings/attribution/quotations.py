"""The quotations that may be shown: every passage in quotation marks, and reported speech that is sure enough.

Rule: words in marks are a quotation exactly as far as the marks reach, so that no word of the paper's ever passes for
somebody's; reported speech is kept apart as indirect. A few words in marks are somebody's only where a verb of saying
says so: the others are held at arm's length, and nobody said them.
"""

from collections.abc import Sequence

from briefings.attribution.attributions import find_attributions
from briefings.attribution.features.quotation_marks import find_passages
from briefings.model import Article, Kind, Quote, Span
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.spans import SpanIndex, find_overlapping, mask_spans, merge_spans, subtract_spans

#: speech without marks less likely than this to be attributed rightly is not shown
MIN_UNMARKED_CONFIDENCE = 0.7
#: words; a shorter passage needs a verb of saying
MIN_UNCUED_WORDS = 4


def extract_quotes(article: Article) -> tuple[Quote, ...]:
    """The quotations of `article` in order, with the speakers as far as it names them; boilerplate is left out."""
    all_quotes = find_attributions(article)
    contents = [(span, quote) for quote in all_quotes for span in quote.content]
    index = SpanIndex(span for span, _ in contents)
    passage_quotes = [
        _build_passage_quote(
            article, fragments, [contents[number][1] for number in index.find_overlapping_numbers(fragments[0])]
        )
        for fragments in _find_speeches(article)
    ]
    marked_spans = merge_spans(fragment for quote in passage_quotes for fragment in quote.content)
    reported_quotes = [
        quote for quote in all_quotes if _is_reported(article, quote) and not find_overlapping(marked_spans, quote.span)
    ]
    return tuple(sorted([*passage_quotes, *reported_quotes], key=lambda quote: quote.span))


def _find_speeches(article: Article) -> list[tuple[Span, ...]]:
    """The passages in marks, those of several paragraphs as one, each cut where boilerplate stands in it."""
    boilerplate = merge_spans(article.boilerplate)
    speeches: list[list[Span]] = []
    for passage in find_passages(mask_spans(article.text, article.boilerplate)):
        if not (passage.is_continuation and speeches):
            speeches.append([])
        speeches[-1] += subtract_spans(passage.inner, boilerplate)
    nonempty_speeches = (
        [fragment for fragment in fragments if any(map(str.isalnum, fragment.of(article.text)))]
        for fragments in speeches
    )
    return [tuple(fragments) for fragments in nonempty_speeches if fragments]


def _build_passage_quote(article: Article, fragments: tuple[Span, ...], overlapping_quotes: Sequence[Quote]) -> Quote:
    """The passage with what the best of the attributions that overlap its beginning says of it."""
    words = sum(len(fragment.of(article.text).split()) for fragment in fragments)
    best = max(overlapping_quotes, key=lambda quote: _count_shared_chars(quote, fragments[0]), default=None)
    if best is None or 2 * _count_shared_chars(best, fragments[0]) < len(fragments[0]):
        best = None
    kind = Kind.DIRECT if best is None or best.kind is Kind.DIRECT else Kind.MIXED
    if words < MIN_UNCUED_WORDS and not (best and (kind is Kind.DIRECT or _has_saying_verb(article, best))):
        return Quote(
            fragments, None, None, None, Kind.MIXED, 0.0, "a few words in marks that nobody is reported to say"
        )
    if best is None:
        return Quote(fragments, None, None, None, kind, 0.0, "the article does not say whose words these are")
    return Quote(fragments, best.source, best.cue, best.speaker, kind, best.confidence, best.reason)


def _count_shared_chars(quote: Quote, span: Span) -> int:
    return sum(max(0, min(part.end, span.end) - max(part.start, span.start)) for part in quote.content)


def _is_reported(article: Article, quote: Quote) -> bool:
    """Whether it may be shown without marks: said in other words, or a turn of a transcript ("HOLT: We are late")."""
    is_confident = quote.speaker is not None and quote.confidence >= MIN_UNMARKED_CONFIDENCE
    return is_confident and (
        quote.kind is Kind.DIRECT or (quote.kind is Kind.INDIRECT and _has_saying_verb(article, quote))
    )


def _has_saying_verb(article: Article, quote: Quote) -> bool:
    """Whether its cue is a verb of saying, rather than one of thinking or doing."""
    cue = fold(quote.cue.of(article.text)) if quote.cue else ""
    return cue in lexicon.load_words("cues") or cue == "according to"
