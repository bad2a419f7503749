"""Find words that stand between marks or under a label, and that no quote of the article contains as a whole.

Rule: such words are someone's, even if no one is named. They are shown as not attributed, never as the article's own.
Marks are all kinds of quotation marks, and block quotations. A label opens a line: "Dana Holt:", "[Holt]", "Q.".
Rule: words that are only partly in marks, or in several pieces, are shown with their sentence. Pieces of one speaker
are that speaker's.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from briefings.article.metadata import Language, detect_language
from briefings.attribution.features.quotation_marks import find_passages
from briefings.attribution.features.turn_labels import LabelledLine, read_lines
from briefings.model import Article, Kind, Quote, Span
from briefings.similarity.quote_matching import get_quote_text
from briefings.text import lexicon
from briefings.text.folding import fold_quotation_marks, make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans
from briefings.text.wrapped_lines import unwrap_lines

NOT_ATTRIBUTED = "in quotation marks or after a label; not attributed to anyone"
PARTLY_MARKED = "only partly in quotation marks, or in several pieces; not attributed as a whole"
NOT_READ = "the article is in another language, so its speakers are not read"
#: passages shown of one article
_MAX_PASSAGES = 20
#: texts whose marked spans are kept in memory: many searches look at one article, one after the other
_MAX_CACHED_TEXTS = 8
#: marks that prose seldom has
_RARE_MARKS = re.compile(
    r"‹([^‹›\n]+)›|›([^‹›\n]+)‹|「([^「」\n]+)」|『([^『』\n]+)』|‚([^‚‘’\n]+)[‘’]|‟([^‟”“\n]+)[”“]|<<([^<>\n]+)>>"
    r"|&(?:quot|ldquo|laquo);((?:(?!&(?:quot|[lr]dquo|[lr]aquo);).){1,2000})&(?:quot|rdquo|raquo);"
)
#: a block quotation: lines that begin with ">"
_BLOCK = re.compile(r"(?:^[ \t]*(?:>|&gt;)[^\n]*(?:\n|\Z))+", re.MULTILINE)
#: a line after a line that ends in a colon
_AFTER_COLON = re.compile(r"(?<=:)[ \t]*\n\s*([^\n]+)")
#: a bullet or brackets before or around a label
_BULLET = re.compile(r"^[ \t]*(?:[*•▪‣·–—-]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_BRACKETS = re.compile(r"^[ \t]*\[[A-Z][\w.’' -]{0,40}\][ \t]+([^\n]+)", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]»*_]*\s*$")

TextMatcher = Callable[[str], bool]


def find_marked_words(
    article: Article, quotes: Sequence[Quote], contains_text: TextMatcher, key: str = ""
) -> tuple[Quote, ...]:
    """Return the marked passages, labelled lines and sentences that contain the words, where no quote contains them.

    With the words' search `key`, an article that lacks one of them is skipped at once.
    """
    quoted_spans = merge_spans(fragment for quote in quotes for fragment in quote.content)
    marked_quotes: list[Quote] = []
    if contains_text(mask_spans(article.text, quoted_spans)):
        marked_quotes = _find_outside_quotes(article, quoted_spans, contains_text)
    if not marked_quotes and not _has_letters(article, key):
        return ()
    if not (marked_quotes or any(contains_text(get_quote_text(article, quote)) for quote in quotes)):
        marked_quotes = _find_in_pieces(article, quotes, contains_text)
    return tuple(sorted(marked_quotes, key=lambda quote: quote.span))


def _has_letters(article: Article, key: str) -> bool:
    """Whether an article has every word of a search key, as a word, or as a part or parts of words."""
    if not key:
        return True
    letters = make_search_key(article.text).replace(" ", "")
    return all(word in letters for word in key.split())


def _find_outside_quotes(article: Article, quoted_spans: Sequence[Span], contains_text: TextMatcher) -> list[Quote]:
    spans: list[Span] = []
    for span in find_marked_spans(article.text):
        is_known = find_overlapping(quoted_spans, span) or any(span.overlaps(other) for other in spans)
        if not is_known and contains_text(span.of(article.text)):
            spans.append(span)
            if len(spans) == _MAX_PASSAGES:
                break
    return [_build_quote(article, (span,), NOT_ATTRIBUTED) for span in spans]


def _find_in_pieces(article: Article, quotes: Sequence[Quote], contains_text: TextMatcher) -> list[Quote]:
    """Return the words that are partly in marks, with their sentence, or in several marks of one paragraph."""
    quoted_spans = (piece for quote in quotes for piece in quote.content)
    marked_spans = merge_spans([*find_marked_spans(article.text), *quoted_spans])
    pieces = " ".join(span.of(article.text) for span in marked_spans)
    if not (marked_spans and (contains_text(article.text) or contains_text(pieces))):
        return []
    found_quotes: list[Quote] = []
    for paragraph in re.finditer(r"[^\n]+", unwrap_lines(article.text)):
        line = Span(*paragraph.span())
        fragments = tuple(span for span in find_overlapping(marked_spans, line) if line.covers(span))
        if not fragments:
            continue
        if contains_text(line.of(article.text)):
            found_quotes += _find_sentences(article, line, fragments, contains_text)
        elif contains_text(" ".join(span.of(article.text) for span in fragments)):
            found_quotes.append(_join_pieces(article, quotes, fragments))
    return found_quotes[:_MAX_PASSAGES]


def _find_sentences(
    article: Article, line: Span, fragments: Sequence[Span], contains_text: TextMatcher
) -> Iterator[Quote]:
    """Yield the sentences with the words, if some of these are in marks, or else the paragraph."""
    sentences = [
        Span(line.start + sentence.start, line.start + sentence.end)
        for sentence in split_sentences(line.of(article.text))
    ]
    matches = [sentence for sentence in sentences if contains_text(sentence.of(article.text))]
    unmarked_text = mask_spans(article.text, fragments)
    for span in matches or [line]:
        if find_overlapping(fragments, span) and not contains_text(span.of(unmarked_text)):
            yield _build_quote(article, (span,), PARTLY_MARKED, Kind.INDIRECT)


def _join_pieces(article: Article, quotes: Sequence[Quote], fragments: tuple[Span, ...]) -> Quote:
    """Return the pieces as one quote: by their speaker, if they have only one."""
    owners = [quote for quote in quotes if find_overlapping(fragments, quote.span)]
    if owners and len({quote.speaker for quote in owners}) == 1 and owners[0].speaker is not None:
        least_certain = min(owners, key=lambda quote: quote.confidence)
        return Quote(
            fragments,
            least_certain.source,
            least_certain.cue,
            least_certain.speaker,
            Kind.MIXED,
            least_certain.confidence,
            least_certain.reason,
        )
    return _build_quote(article, fragments, PARTLY_MARKED)


def _build_quote(article: Article, fragments: tuple[Span, ...], reason: str, kind: Kind = Kind.MIXED) -> Quote:
    is_foreign = detect_language(article) is Language.OTHER
    return Quote(fragments, None, None, None, kind, 0.0, NOT_READ if is_foreign else reason)


@lru_cache(maxsize=_MAX_CACHED_TEXTS)
def find_marked_spans(article_text: str) -> tuple[Span, ...]:
    """Return the spans between marks, in block quotations and after labels."""
    return tuple(_iterate_spans(article_text))


def _iterate_spans(article_text: str) -> Iterator[Span]:
    text = fold_quotation_marks(unwrap_lines(article_text))
    yield from (passage.inner for passage in find_passages(text, max_marks=None))
    for pattern in (_RARE_MARKS, _BLOCK, _BRACKETS, _AFTER_COLON):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            yield _trim(text, Span(match.start(group), match.end(group)))
    yield from _find_turns(text)


def _find_turns(text: str) -> Iterator[Span]:
    """Yield the words after each label, to the end of the turn: its next lines follow while a sentence is open."""
    lines = read_lines(_BULLET.sub(lambda match: " " * len(match.group()), text))
    for number, line in enumerate(lines):
        if not _is_speaker_label(line):
            continue
        end = number
        while (
            end + 1 < len(lines)
            and not lines[end + 1].label
            and text.count("\n", lines[end].line.end, lines[end + 1].line.start) == 1
            and not _SENTENCE_END.search(lines[end].words.of(text))
        ):
            end += 1
        yield _trim(text, Span(line.words.start, max(line.words.start, lines[end].words.end)))


def _is_speaker_label(line: LabelledLine) -> bool:
    """Whether a label can be a speaker's, and not the heading of a note: "Update:"."""
    words = line.label.lower().split()
    return bool(words) and (line.is_capitals or not lexicon.load_words("heading_labels").intersection(words))


def _trim(text: str, span: Span) -> Span:
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip())
    return Span(start, max(start, span.start + len(body.rstrip())))
