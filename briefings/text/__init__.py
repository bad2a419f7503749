"""Text as characters, words, sentences and dates, always by offsets into the original text."""

from briefings.text.dates import find_day_expressions, format_day, resolve_day
from briefings.text.folding import make_search_key
from briefings.text.periods import Period, find_period_expressions, resolve_period
from briefings.text.sentences import split_paragraphs, split_sentences
from briefings.text.spans import SpanIndex, find_overlapping, merge_spans, subtract_spans

__all__ = [
    "Period",
    "SpanIndex",
    "find_day_expressions",
    "find_overlapping",
    "find_period_expressions",
    "format_day",
    "make_search_key",
    "merge_spans",
    "resolve_day",
    "resolve_period",
    "split_paragraphs",
    "split_sentences",
    "subtract_spans",
]
