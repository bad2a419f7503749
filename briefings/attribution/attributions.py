"""Find the attributions of one article: content spans, kind, speaker, confidence and reason.

Rule: boilerplate is blanked first, so it is never quoted. A speaker below the confidence threshold is not named, and
the quote says why.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from briefings.article.marked_view import MarkedView, build_marked_view
from briefings.attribution.assembly.assembly import assemble_quotations
from briefings.attribution.assembly.passage_speakers import (
    MAX_NO_SPEAKER_SHORT,
    MIN_RANKED_WORDS,
    apply_signatures,
)
from briefings.attribution.assembly.quoted_sayings import find_quoted_sayings
from briefings.attribution.assembly.relayed_quotes import find_original_speaker, find_relays
from briefings.attribution.features.document import Document
from briefings.attribution.features.draft_quotation import DraftQuotation, get_passage_tokens
from briefings.attribution.models.pipeline import Analysis, Models, analyse
from briefings.attribution.models.weights import load_models
from briefings.attribution.people.models import PeopleModels, load_people_models
from briefings.attribution.people.resolver import Resolution, Resolver
from briefings.model import Article, Kind, Quote, Span
from briefings.speaker_labels import NOT_CERTAIN, NOT_SPEECH
from briefings.text.learned_models import IntArray
from briefings.text.spans import find_overlapping, merge_spans, subtract_spans

#: maximum length of text analysed at once, in characters; longer articles are split
MAX_PART_CHARS = 60_000
#: source mentions with a lower confidence are not named
MIN_QUOTED_CONFIDENCE, MIN_REPORTED_CONFIDENCE = 0.45, 0.2
#: a passage that seems to have no speaker by its mentions is a quotation from this probability of a speaker on
MIN_DOUBTFUL_CONFIDENCE = 0.35
#: characters that are trimmed from the edges of a content
_EDGE_CHARS = ' \t\r\n\u00a0“”"„‟«»`,;:'
_MARK_CHARS = '“”"„‟«»`‘'


def find_attributions(article: Article, people_models: PeopleModels | None = None) -> tuple[Quote, ...]:
    """Return all attributions in `article`, in order: direct and reported speech, opinions and plans.

    A content is everything that is attributed as a whole. In mixed speech it includes the paper's words and the
    quoted ones. Training passes models that did not see the article.
    """
    boilerplate = merge_spans(article.boilerplate)
    models = people_models or load_people_models()
    view = build_marked_view(article)
    quotes = [
        _to_article(view, quote)
        for start, part in split_into_parts(view.text)
        for quote in _extract_from_part(part, article.byline, start, models)
    ]
    return tuple(visible_quote for quote in quotes if (visible_quote := _remove_boilerplate(quote, boilerplate)))


def split_into_parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield parts of at most MAX_PART_CHARS characters, each with its start offset.

    Cuts are at line ends, or at spaces if a line is too long.
    """
    start = 0
    while len(text) - start > MAX_PART_CHARS:
        stop = start + MAX_PART_CHARS
        break_at = max(text.rfind("\n", start + MAX_PART_CHARS // 2, stop), -1)
        break_at = break_at if break_at >= 0 else text.rfind(" ", start + MAX_PART_CHARS // 2, stop)
        stop = break_at + 1 if break_at >= 0 else stop
        yield start, text[start:stop]
        start = stop
    yield start, text[start:]


def build_fragments(document: Document, tokens: IntArray) -> tuple[Span, ...]:
    """Return the character spans of a content: runs of its tokens, without marks and spaces at their edges."""
    spans = []
    cuts = (np.flatnonzero(tokens[1:] - tokens[:-1] > 1) + 1).tolist()
    for first, after in pairwise([0, *cuts, len(tokens)] if len(tokens) else []):
        span = Span(int(document.tokens.starts[tokens[first]]), int(document.tokens.ends[tokens[after - 1]]))
        if trimmed_span := _trim_marks(document.text, span):
            spans.append(trimmed_span)
    return tuple(spans)


def find_drafts(analysis: Analysis) -> tuple[list[DraftQuotation], list[int]]:
    """Return the quotations of one text with their original speakers, and the mention that relays each (-1: none)."""
    drafts = assemble_quotations(analysis, max_no_speaker=1.0)
    relay_by_passage = find_relays(analysis.document)
    original_by_passage = find_quoted_sayings(analysis.document)
    relays = []
    for draft in drafts:
        relay = next((relay_by_passage[number] for number in draft.passages if number in relay_by_passage), -1)
        if relay >= 0 and draft.source >= 0:
            draft.source, draft.cue = find_original_speaker(analysis, draft, relay)
        original = next(
            (original_by_passage[number] for number in draft.passages if number in original_by_passage), None
        )
        if original is not None:
            draft.source, draft.cue = original
        relays.append(relay)
    return drafts, relays


def _extract_from_part(text: str, byline: str | None, start: int, people_models: PeopleModels) -> list[Quote]:
    """Return the quotes of one part of an article. `start` is the part's offset in the article."""
    loaded_models = load_models()
    analysis = analyse(text, loaded_models)
    if analysis is None:
        return []
    analysis = replace(analysis, speaker_ranking=apply_signatures(analysis))
    drafts, relays = find_drafts(analysis)
    resolutions = Resolver(analysis, people_models).resolve(drafts, byline)
    quotes = [
        quote
        for draft, relay, resolution in zip(drafts, relays, resolutions, strict=True)
        for quote in _build_quotes(analysis, draft, relay, resolution, loaded_models)
    ]
    return [_shift_quote(quote, start) for quote in quotes] if start else quotes


def _shift_quote(quote: Quote, offset: int) -> Quote:
    return _convert_spans(quote, lambda span: Span(span.start + offset, span.end + offset))


def _to_article(view: MarkedView, quote: Quote) -> Quote:
    return _convert_spans(quote, view.to_article) if view.marks else quote


def _convert_spans(quote: Quote, convert: Callable[[Span], Span]) -> Quote:
    return replace(
        quote,
        content=tuple(map(convert, quote.content)),
        source=quote.source and convert(quote.source),
        cue=quote.cue and convert(quote.cue),
        relay=quote.relay and convert(quote.relay),
    )


def _remove_boilerplate(quote: Quote, boilerplate: Sequence[Span]) -> Quote | None:
    """Return the quote without boilerplate, or None if nothing remains."""
    if not find_overlapping(boilerplate, quote.span):
        return quote
    content = tuple(part for span in quote.content for part in subtract_spans(span, boilerplate))
    return replace(quote, content=content) if content else None


def _build_quotes(
    analysis: Analysis, draft: DraftQuotation, relay: int, resolution: Resolution, loaded_models: Models
) -> Iterator[Quote]:
    """Yield a draft's quote, and apart from it each passage that no one says."""
    document = analysis.document
    for number in resolution.terms:
        tokens = get_passage_tokens(document, number)
        draft.tokens = draft.tokens[~np.isin(draft.tokens, tokens)]
        yield Quote(build_fragments(document, tokens), None, None, None, Kind.MIXED, 0.0, NOT_SPEECH)
    if quote := _build_quote(analysis, draft, relay, resolution, loaded_models):
        yield quote


def _build_quote(
    analysis: Analysis, draft: DraftQuotation, relay: int, resolution: Resolution, loaded_models: Models
) -> Quote | None:
    document = analysis.document
    content = build_fragments(document, draft.tokens)
    is_unlikely = resolution.speaker is None or resolution.confidence < MIN_DOUBTFUL_CONFIDENCE
    if not content or (draft.is_doubtful and is_unlikely):
        return None
    kind, cue = _classify_kind(analysis, draft), _get_cue_span(document, draft.cue)
    if draft.source < 0:
        return Quote(content, None, cue, None, kind, 0.0, resolution.reason)
    confidence, is_passage = resolution.confidence, bool(draft.passages)
    mention_confidence = (loaded_models.quoted_curve if is_passage else loaded_models.reported_curve)(draft.score)
    is_weak = mention_confidence < (MIN_QUOTED_CONFIDENCE if is_passage else MIN_REPORTED_CONFIDENCE)
    if is_weak and (resolution.speaker is None or not is_passage):
        return Quote(content, None, cue, None, kind, 0.0, NOT_CERTAIN)
    if not is_passage:
        confidence = min(confidence, mention_confidence)
    mention = _get_mention_span(document, draft.source)
    confidence = round(confidence, 4) if resolution.speaker else 0.0
    relay_span = _get_mention_span(document, relay)
    return Quote(content, mention, cue, resolution.speaker, kind, confidence, resolution.reason, relay_span)


def _trim_marks(text: str, span: Span) -> Span | None:
    """Trim marks and spaces from the edges of `span`. Returns None if no word remains."""
    body = span.of(text)
    rest = body.lstrip(_EDGE_CHARS)
    core = rest.rstrip(_MARK_CHARS + " \t\r\n\u00a0")
    start = span.end - len(rest)
    return Span(start, start + len(core)) if any(char.isalnum() for char in core) else None


def _get_mention_span(document: Document, number: int) -> Span | None:
    if number < 0:
        return None
    mentions, tokens = document.mentions, document.tokens
    return Span(int(tokens.starts[mentions.first[number]]), int(tokens.ends[mentions.last[number] - 1]))


def _get_cue_span(document: Document, head: int) -> Span | None:
    """Return the span of the cue's head, including "to" in "according to"."""
    if head < 0:
        return None
    tokens = document.tokens
    last = head
    if tokens.words[head].lower() == "according" and head + 1 < len(tokens) and tokens.words[head + 1].lower() == "to":
        last += 1
    return Span(int(tokens.starts[head]), int(tokens.ends[last]))


def _classify_kind(analysis: Analysis, draft: DraftQuotation) -> Kind:
    """Return direct, mixed or indirect, by how much is inside marks. A quoted term ("no confidence") is not speech."""
    document, tokens = analysis.document, draft.tokens
    if draft.is_turn:
        return Kind.DIRECT
    passage_ids, words = document.passage_ids[tokens].tolist(), document.tokens.words
    speech = {number for number in set(passage_ids) if number and not _is_term(analysis, number - 1)}
    if not speech:
        return Kind.INDIRECT
    is_inside = [
        number in speech
        for number, index in zip(passage_ids, tokens.tolist(), strict=True)
        if any(map(str.isalnum, words[index]))
    ]
    if not any(is_inside):
        return Kind.INDIRECT
    return Kind.DIRECT if all(is_inside) else Kind.MIXED


def _is_term(analysis: Analysis, number: int) -> bool:
    """Whether a short passage probably has no speaker: a scare quote, a title or a sign."""
    return len(analysis.document.passages[number].inner.of(analysis.document.text).split()) < MIN_RANKED_WORDS and bool(
        analysis.speaker_ranking.no_speaker_probabilities[number] > MAX_NO_SPEAKER_SHORT
    )
