"""The attributions of one article as values: spans, kinds, speakers, confidence, reasons.

Rule: boilerplate is blanked before anything is read, so that nothing of it can be quoted; whoever cannot be told with
enough confidence is not named, and the quote says why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from briefings.model import Article, Kind, Quote, Span
from briefings.quotes.engine import Analysis, Models, analyse
from briefings.quotes.found import Found
from briefings.quotes.hearsay import first_told, relayed
from briefings.quotes.merge import merge
from briefings.quotes.parse import Parsed
from briefings.quotes.speakers import Cast, cast
from briefings.quotes.speeches import MOST_NOBODY_SHORT, SHORT
from briefings.quotes.weights import models
from briefings.text.arrays import Ints
from briefings.text.blank import blanked
from briefings.text.spans import merged, touching, without

#: characters that are read at once; longer articles are read in pieces
LONGEST = 60_000
#: speakers less likely than this are not named
LEAST_QUOTED, LEAST_REPORTED = 0.45, 0.2
#: what a fragment does not begin or end with
_EDGES = ' \t\r\n\u00a0“”"„‟«»`,;:'
_MARKS = '“”"„‟«»`‘'


def attributions(article: Article) -> tuple[Quote, ...]:
    """Everything that `article` attributes to somebody, in order: speech in marks or reported, stances and plans too.

    A content is what is attributed as a whole: in mixed speech it holds the paper's words and the quoted ones.
    """
    hidden = merged(article.boilerplate)
    text = blanked(article.text, hidden)
    found = [quote for start, part in parts(text) for quote in _extract(part, article.byline, start)]
    return tuple(shown for quote in found if (shown := _uncovered(quote, hidden)))


def parts(text: str) -> Iterator[tuple[int, str]]:
    """`text` in pieces of LONGEST characters at most, cut at line ends, or at blanks where a line is too long."""
    start = 0
    while len(text) - start > LONGEST:
        stop = start + LONGEST
        cut = max(text.rfind("\n", start + LONGEST // 2, stop), -1)
        cut = cut if cut >= 0 else text.rfind(" ", start + LONGEST // 2, stop)
        stop = cut + 1 if cut >= 0 else stop
        yield start, text[start:stop]
        start = stop
    yield start, text[start:]


def _extract(text: str, byline: str | None, start: int) -> list[Quote]:
    """The quotes of one piece of an article, which begins at character `start`."""
    learnt = models()
    analysis = analyse(text, learnt)
    if analysis is None:
        return []
    found = merge(analysis)
    people, relays = cast(analysis.signals, found), relayed(analysis.parsed)
    quotes = [quote for one in found if (quote := _quote(analysis, people, one, relays, learnt, byline))]
    return [_moved(quote, start) for quote in quotes] if start else quotes


def _moved(quote: Quote, by: int) -> Quote:
    def move(span: Span | None) -> Span | None:
        return Span(span.start + by, span.end + by) if span else None

    content = tuple(Span(span.start + by, span.end + by) for span in quote.content)
    return replace(quote, content=content, source=move(quote.source), cue=move(quote.cue), through=move(quote.through))


def _uncovered(quote: Quote, hidden: Sequence[Span]) -> Quote | None:
    """The quote without what of it reaches over boilerplate; None when nothing is left."""
    if not touching(hidden, quote.span):
        return quote
    content = tuple(part for span in quote.content for part in without(span, hidden))
    return replace(quote, content=content) if content else None


def _quote(
    analysis: Analysis, people: Cast, one: Found, relays: Mapping[int, int], learnt: Models, byline: str | None
) -> Quote | None:
    parsed = analysis.parsed
    content = fragments(parsed, one.tokens)
    if not content:
        return None
    kind, cue = _kind(analysis, one), _cue(parsed, one.cue)
    if one.source < 0:
        return Quote(content, None, cue, None, kind, 0.0, "the article does not say who")
    confidence = (learnt.quoted if one.passages else learnt.reported)(one.score)
    if confidence < (LEAST_QUOTED if one.passages else LEAST_REPORTED):
        return Quote(content, None, cue, None, kind, 0.0, "no speaker is likely enough")
    through = next((relays[number] for number in one.passages if number in relays), -1)
    source, head = first_told(analysis, one, through) if through >= 0 else (one.source, one.cue)
    speaker, reason = people.speaker(source, byline)
    confidence = round(confidence, 4) if speaker else 0.0
    mentions = _mention(parsed, source), _cue(parsed, head)
    return Quote(content, *mentions, speaker, kind, confidence, reason, _mention(parsed, through))


def fragments(parsed: Parsed, tokens: Ints) -> tuple[Span, ...]:
    """The character spans of a content: runs of its tokens, without the marks and blanks at their edges."""
    spans = []
    for run in np.split(tokens, np.flatnonzero(np.diff(tokens) > 1) + 1):
        whole = Span(int(parsed.tokens.starts[run[0]]), int(parsed.tokens.ends[run[-1]]))
        if bare := _bare(parsed.text, whole):
            spans.append(bare)
    return tuple(spans)


def _bare(text: str, part: Span) -> Span | None:
    """`part` without marks and blanks at its edges; None when no word is left."""
    body = part.of(text)
    left = body.lstrip(_EDGES)
    kept = left.rstrip(_MARKS + " \t\r\n\u00a0")
    start = part.end - len(left)
    return Span(start, start + len(kept)) if any(sign.isalnum() for sign in kept) else None


def _mention(parsed: Parsed, number: int) -> Span | None:
    if number < 0:
        return None
    mentions, tokens = parsed.mentions, parsed.tokens
    return Span(int(tokens.starts[mentions.first[number]]), int(tokens.ends[mentions.last[number] - 1]))


def _cue(parsed: Parsed, head: int) -> Span | None:
    """The cue's head, with "to" where it is "according to"."""
    if head < 0:
        return None
    tokens = parsed.tokens
    last = head
    if tokens.words[head].lower() == "according" and head + 1 < len(tokens) and tokens.words[head + 1].lower() == "to":
        last += 1
    return Span(int(tokens.starts[head]), int(tokens.ends[last]))


def _kind(analysis: Analysis, one: Found) -> Kind:
    """Direct, mixed or indirect by how much stands inside marks; a term in marks ("no confidence") is no speech."""
    parsed, tokens = analysis.parsed, one.tokens
    if one.turn:
        return Kind.DIRECT
    terms = [number for number in np.unique(parsed.inside[tokens]).tolist() if number and _term(analysis, number - 1)]
    inside = (parsed.inside[tokens] > 0) & ~np.isin(parsed.inside[tokens], terms)
    words = np.array([any(sign.isalnum() for sign in parsed.tokens.words[at]) for at in tokens.tolist()])
    if not (inside & words).any():
        return Kind.INDIRECT
    return Kind.DIRECT if inside[words].all() else Kind.MIXED


def _term(analysis: Analysis, number: int) -> bool:
    """Whether a short passage is more likely nobody's: a scare quote, a title, a sign."""
    return len(analysis.parsed.passages[number].inner.of(analysis.parsed.text).split()) < SHORT and bool(
        analysis.spoken.nobody[number] > MOST_NOBODY_SHORT
    )
