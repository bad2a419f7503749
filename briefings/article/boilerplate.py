"""Mark boilerplate in an article's text, and parse an article: boilerplate, title, byline and publication date.

Rule: boilerplate is marked, never deleted. A line is judged by how it opens, by being markup, or by being a caption:
a short line above prose that does not end like a sentence and does not quote. A line too long to be a notice is prose
with something pasted into it, so its sentences are judged one by one. Crossheads and the last line are never captions.
Rule: metadata that the caller gives is kept; only missing metadata is read from the text, and nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from briefings.article import metadata
from briefings.article.element_signatures import find_signature
from briefings.article.furniture import is_furniture
from briefings.article.markup import find_markup
from briefings.article.metadata import ends_as_prose, find_headline
from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.sentences import split_paragraphs, split_sentences
from briefings.text.spans import find_overlapping, merge_spans

#: words in a caption; shorter lines are crossheads, longer ones prose that lost its full stop
MIN_CAPTION_WORDS, MAX_CAPTION_WORDS = 5, 20
#: words; a longer line is not a notice as a whole
MAX_NOTICE_WORDS = 60
_NOTICE_SIGN = re.compile(
    r"©|\(c\) ?(?:19|20)\d\d|\bcopyright (?:19|20)\d\d|\ball rights reserved\b|\barticle was written by\b"
)
#: a notice has one of these: they are found faster than the sign
_NOTICE_WORDS = ("©", "(c)", "copyright", "all rights reserved", "article was written by")
#: a post or motto that is only a quotation and its signature: “...” pic.example/a - Jane Roe (@roe) July 3, 2018
SIGNED_QUOTATION = re.compile(
    r"\W{0,4}[\"“„«][^\n]{1,1000}[\"”“»]\s{0,3}(?:(?:https?://|pic\.)\S{1,99}\s{1,3}){0,2}[—–-]{1,2}\s?(?P<name>@?[A-Z][^\n]{1,80})$"
)
#: a line that quotes: after a bullet, a mark; or a bullet, a label and a mark
_QUOTATION = re.compile(r"(?:[*•▪-] )?[\"']\w|[*•▪-] [^\"\n]{2,60}: \"\w")
_OPENING = re.compile(rf"(?:{lexicon.build_alternation('boilerplate_openings')})(?!\w)")
_LABEL = re.compile(rf"(?:{lexicon.build_alternation('boilerplate_labels')})(?!\w)")


def find_boilerplate(text: str, headline: Span | None) -> tuple[Span, ...]:
    """Return the spans of `text` that must never be quoted, in order and without overlaps; never the `headline`."""
    lines = [line for line in split_paragraphs(text) if line != headline]
    prose = [line.start for line in lines if ends_as_prose(line.of(text))]
    last_prose = prose[-1] if prose else -1
    notices = (span for line in lines for span in _find_in_line(text, line, above_prose=line.start < last_prose))
    return merge_spans([*notices, *find_markup(text)])


def parse_article(raw: Article) -> Article:
    """Return `raw` with boilerplate marked and missing title, byline and date filled in. The text is unchanged."""
    headline_span = find_headline(raw)
    signatures = [find_signature(raw.text, element.end) for element in raw.quotation_elements]
    quoted_lines = merge_spans([*raw.quotation_elements, *(line for line in signatures if line is not None)])
    boilerplate_spans = tuple(
        span for span in find_boilerplate(raw.text, headline_span) if not find_overlapping(quoted_lines, span)
    )
    credit_lines = [span.of(raw.text) for span in boilerplate_spans]
    return replace(
        raw,
        title=raw.title or (headline_span.of(raw.text) if headline_span else None),
        byline=raw.byline or next(filter(None, map(metadata.parse_byline, credit_lines)), None),
        published=raw.published or next(filter(None, map(metadata.parse_publication_date, credit_lines)), None),
        boilerplate=boilerplate_spans,
    )


def _find_in_line(text: str, line: Span, *, above_prose: bool) -> Iterator[Span]:
    body = line.of(text)
    is_long = len(body.split(None, MAX_NOTICE_WORDS)) > MAX_NOTICE_WORDS
    if not is_long and (_is_notice(body) or (above_prose and _is_caption(body))):
        yield line
    elif not SIGNED_QUOTATION.match(body):
        yield from (
            _shift_span(line, span)
            for span in split_sentences(body)
            if is_furniture(span.of(body)) or (is_long and _is_notice(span.of(body)))
        )


def _is_notice(words: str) -> bool:
    folded_words = fold(words)
    return (
        _OPENING.match(folded_words) is not None
        or (any(word in folded_words for word in _NOTICE_WORDS) and _NOTICE_SIGN.search(folded_words) is not None)
        or (_LABEL.match(folded_words) is not None and not ends_as_prose(words))
    )


def _is_caption(line: str) -> bool:
    is_short = MIN_CAPTION_WORDS <= len(line.split()) < MAX_CAPTION_WORDS
    return is_short and not ends_as_prose(line) and not line.startswith("<") and not _QUOTATION.match(fold(line))


def _shift_span(line: Span, span: Span) -> Span:
    return Span(line.start + span.start, line.start + span.end)
