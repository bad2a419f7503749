"""Find words that stand between quotation marks or under a speaker's label, and that no quote of the article contains.

Rule: such words are somebody's, even if nobody is named. They are shown as not attributed, never as the article's own.
"""

from collections.abc import Callable, Iterator, Sequence

from briefings.article.metadata import Language, detect_language
from briefings.attribution.features.quotation_marks import find_passages
from briefings.attribution.features.turn_labels import read_lines
from briefings.model import Article, Kind, Quote, Span
from briefings.text.mark_folding import fold_quotation_marks
from briefings.text.spans import find_overlapping, mask_spans, merge_spans
from briefings.text.wrapped_lines import unwrap_lines

NOT_ATTRIBUTED = "in quotation marks or after a label; not attributed to anyone"
#: passages shown of one article
_MAX_PASSAGES = 20
NOT_READ = "the article is in another language, so its speakers are not read"


def find_marked_words(
    article: Article, quotes: Sequence[Quote], contains_text: Callable[[str], bool]
) -> tuple[Quote, ...]:
    """Return the marked passages and labelled lines that contain the words, as quotes without a speaker."""
    quoted_spans = merge_spans(fragment for quote in quotes for fragment in quote.content)
    if not contains_text(mask_spans(article.text, quoted_spans)):
        return ()
    text = fold_quotation_marks(unwrap_lines(article.text))
    spans: list[Span] = []
    for span in _find_spans(text):
        is_known = find_overlapping(quoted_spans, span) or any(span.overlaps(other) for other in spans)
        if not is_known and contains_text(span.of(article.text)):
            spans.append(span)
            if len(spans) == _MAX_PASSAGES:
                break
    reason = NOT_READ if detect_language(article) is Language.OTHER else NOT_ATTRIBUTED
    return tuple(Quote((span,), None, None, None, Kind.MIXED, 0.0, reason) for span in sorted(spans))


def _find_spans(text: str) -> Iterator[Span]:
    yield from (passage.inner for passage in find_passages(text, max_marks=None))
    for line in read_lines(text):
        if line.label and line.is_capitals:
            start, body = line.words.start, line.words.of(text)
            yield Span(start + len(body) - len(body.lstrip()), start + len(body.rstrip()))
