"""Analyse one article before it is stored: its quotes with their speakers, the people it names, and the engine version.

Rule: a quotation in marks ends where the marks end, so the paper's words are never shown as a speaker's. Reported
speech is separate, as indirect. A few words in marks have a speaker only with a verb of saying; otherwise they are
scare quotes and have no speaker.

Rule: the result depends on the article only, so an article can be analysed again at any time, in any order. New
weights or a new release make a new engine version; nothing else does. The same program never analyses an article
twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files

from briefings.article.marked_view import build_marked_view
from briefings.article.metadata import Language, detect_language
from briefings.attribution.attributions import find_attributions
from briefings.attribution.features.quotation_marks import MIN_UNCUED_WORDS, find_passages
from briefings.attribution.models import weights
from briefings.attribution.name_completion import KnownPerson, find_full_names
from briefings.attribution.people.describing import describe_unnamed
from briefings.attribution.people.models import load_people_models
from briefings.distribution import __version__
from briefings.model import Article, Kind, Quote, Span
from briefings.speaker_labels import BY_NAME, NO_SAYING_VERB, NOT_CERTAIN
from briefings.text import lexicon
from briefings.text.folding import contains_phrase, fold
from briefings.text.spans import SpanIndex, find_overlapping, merge_spans, subtract_spans

#: reported speech with a lower confidence is not shown
MIN_UNMARKED_CONFIDENCE = 0.7
#: a description from elsewhere in the article is shown from this confidence on
MIN_DESCRIPTION_CONFIDENCE = 0.7
#: words that deny a verb of saying, and characters before the verb in which they stand
_NEGATIONS, _MAX_NEGATION_CHARS = frozenset(["not", "never", "cannot"]), 40
_CLAUSE_ENDS = re.compile(r"[,.;:!?—–“”\"()]")
#: hex digits of an engine version
_DIGITS = 12


def extract_quotes(article: Article) -> tuple[Quote, ...]:
    """Return the quotations of `article`, in order, with their speakers where known. Boilerplate is left out."""
    all_quotes = find_attributions(article)
    contents = [(span, quote) for quote in all_quotes for span in quote.content]
    index = SpanIndex(span for span, _ in contents)
    passage_quotes = [
        _build_passage_quote(
            article, fragments, [contents[number][1] for number in index.find_overlapping_numbers(fragments[0])]
        )
        for fragments in _find_speeches(article)
    ]
    passage_spans = merge_spans(fragment for quote in passage_quotes for fragment in quote.content)
    turns = [quote for quote in all_quotes if _is_turn(article, quote, passage_spans)]
    turn_spans = merge_spans(fragment for quote in turns for fragment in quote.content)
    passage_quotes = [quote for quote in passage_quotes if not find_overlapping(turn_spans, quote.span)]
    marked_spans = merge_spans(fragment for quote in [*passage_quotes, *turns] for fragment in quote.content)
    reported_quotes = [
        quote for quote in all_quotes if _is_reported(article, quote) and not find_overlapping(marked_spans, quote.span)
    ]
    return tuple(sorted([*passage_quotes, *turns, *reported_quotes], key=lambda quote: quote.span))


@cache
def get_engine_version() -> str:
    """Return the first 12 hex digits of SHA-256 over the release and the weights.

    Takes a few milliseconds, then is cached.
    """
    weight_bytes = (files(weights) / weights.FILE).read_bytes()
    return sha256(__version__.encode() + b"\n" + weight_bytes).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Result of the analysis: quotes in text order, people named in full, and the engine version."""

    quotes: tuple[Quote, ...]
    names: tuple[KnownPerson, ...]
    engine: str


def analyse(article: Article) -> Analysis:
    """Analyse a parsed article. An article in another language has no quotes and no names."""
    if detect_language(article) is Language.OTHER:
        # other languages use other quotation marks: text between two of them can be the paper's own words
        return Analysis((), (), get_engine_version())
    return Analysis(extract_quotes(article), find_full_names(article), get_engine_version())


def _find_speeches(article: Article) -> list[tuple[Span, ...]]:
    """Return the passages in marks, split at boilerplate. A speech of several paragraphs is one passage."""
    boilerplate = merge_spans(article.boilerplate)
    speeches: list[list[Span]] = []
    view = build_marked_view(article)
    for passage in find_passages(view.text):
        if not (passage.is_continuation and speeches):
            speeches.append([])
        words = view.to_article(passage.inner)
        speeches[-1] += [_trim(article.text, fragment) for fragment in subtract_spans(words, boilerplate)]
    nonempty_speeches = (
        [fragment for fragment in fragments if any(map(str.isalnum, fragment.of(article.text)))]
        for fragments in speeches
    )
    return [tuple(fragments) for fragments in nonempty_speeches if fragments]


def _trim(text: str, span: Span) -> Span:
    """Return the span without the spaces that French and tokenised texts put inside the marks."""
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip()) if body.strip() else span.start
    return Span(start, start + len(body.strip()))


def _build_passage_quote(article: Article, fragments: tuple[Span, ...], overlapping_quotes: Sequence[Quote]) -> Quote:
    """Build the quote of a passage from the overlapping attribution that fits its beginning best."""
    words = sum(len(fragment.of(article.text).split()) for fragment in fragments)
    best = max(overlapping_quotes, key=lambda quote: _count_shared_chars(quote, fragments[0]), default=None)
    if best is None or 2 * _count_shared_chars(best, fragments[0]) < len(fragments[0]):
        best = None
    kind = Kind.DIRECT if best is None or best.kind is Kind.DIRECT else Kind.MIXED
    if words < MIN_UNCUED_WORDS and not (best and (kind is Kind.DIRECT or _reports(article, best, fragments[0]))):
        return Quote(fragments, None, None, None, Kind.MIXED, 0.0, NO_SAYING_VERB)
    if best is None:
        return Quote(fragments, None, None, None, kind, 0.0, "the article does not name the speaker")
    quote = Quote(fragments, best.source, best.cue, best.speaker, kind, best.confidence, best.reason, best.relay)
    return _hide_doubtful_name(article, quote)


def _hide_doubtful_name(article: Article, quote: Quote) -> Quote:
    """Return the quote without a name or a description from elsewhere in the article, unless it is certain enough.

    The source's own words remain: "the official", "he".
    """
    speaker = quote.speaker
    models = load_people_models()
    threshold = models.min_named_confidence if quote.reason == BY_NAME else models.min_confidence
    if speaker is None or quote.confidence >= threshold:
        return quote
    words = quote.source.of(article.text) if quote.source else ""
    if speaker.anonymous and (quote.confidence >= MIN_DESCRIPTION_CONFIDENCE or contains_phrase(words, speaker.name)):
        return quote
    return replace(quote, speaker=describe_unnamed(words), confidence=0.0, reason=NOT_CERTAIN)


def _count_shared_chars(quote: Quote, span: Span) -> int:
    return sum(max(0, min(part.end, span.end) - max(part.start, span.start)) for part in quote.content)


def _is_reported(article: Article, quote: Quote) -> bool:
    """Whether it can be shown without marks: it is confident indirect speech."""
    is_confident = quote.speaker is not None and quote.confidence >= MIN_UNMARKED_CONFIDENCE
    return (
        is_confident
        and quote.kind is Kind.INDIRECT
        and _has_saying_verb(article, quote)
        and not _is_negated(article, quote)
    )


def _is_negated(article: Article, quote: Quote) -> bool:
    """Whether the verb of saying is denied: what someone "did not say" or "has never said" is not their words."""
    if quote.cue is None:
        return False
    before = article.text[max(0, quote.cue.start - _MAX_NEGATION_CHARS) : quote.cue.start].lower()
    clause = _CLAUSE_ENDS.split(before)[-1]
    words = clause.replace("’", "'").split()[-3:]
    return any(word in _NEGATIONS or word.endswith("n't") for word in words)


def _is_turn(article: Article, quote: Quote, passage_spans: Sequence[Span]) -> bool:
    """Whether it is the turn of a transcript ("HOLT: We are late", "Q. Why?"): direct speech with words outside marks.

    Its quotation marks belong to the speaker, so that the turn is one quote.
    """
    return quote.kind is Kind.DIRECT and any(
        any(map(str.isalnum, part.of(article.text)))
        for fragment in quote.content
        for part in subtract_spans(fragment, passage_spans)
    )


def _reports(article: Article, quote: Quote, words: Span) -> bool:
    """Whether a verb of saying reports the words, or a colon introduces them: with the caption: “Hear us now.”"""
    before = article.text[max(0, words.start - 4) : words.start].rstrip(" \t“\"‘'„«")
    return before.endswith(":") or _has_saying_verb(article, quote)


def _has_saying_verb(article: Article, quote: Quote) -> bool:
    """Whether the cue is a verb of saying, not of thinking or doing."""
    cue = fold(quote.cue.of(article.text)) if quote.cue else ""
    return cue in lexicon.load_words("cues") or cue == "according to"
