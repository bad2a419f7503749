"""The quotations of one article as values: spans, kinds, speakers, confidence, reasons.

Rule: boilerplate is blanked before anything is read, so that nothing of it can be quoted; whoever cannot be told with
enough confidence is not named, and the quote says why.
"""

import numpy as np

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.quotes.engine import Analysis, Models, analyse
from briefings.quotes.merge import Found, merge
from briefings.quotes.parse import Parsed
from briefings.quotes.speakers import Cast, cast
from briefings.quotes.weights import models
from briefings.text.arrays import Ints

#: speakers less likely than this are not named
LEAST_QUOTED, LEAST_REPORTED = 0.45, 0.2
#: what a fragment does not begin or end with
_EDGES = " \t\r\n\u00a0“”\"„‟«»`,;:"
_MARKS = "“”\"„‟«»`‘"


def extract(article: Article) -> tuple[Quote, ...]:
    """The quotes of `article` in order, with the speakers as far as it names them itself."""
    return tuple(quote for quote, _ in located(article))


def located(article: Article) -> list[tuple[Quote, str]]:
    """The quotes, each with the words of its source mention as they stand ("" without one)."""
    text = blanked(article.text, article.boilerplate)
    learnt = models()
    analysis = analyse(text, learnt)
    if analysis is None:
        return []
    people = cast(analysis.signals)
    quotes = (_quote(analysis, people, one, learnt, article.byline) for one in merge(analysis))
    kept = [quote for quote in quotes if quote is not None]
    return [(quote, quote.source.of(text) if quote.source else "") for quote in kept]


def blanked(text: str, parts: tuple[Span, ...]) -> str:
    """`text` with the characters of `parts` turned to blanks, line ends kept; the same length."""
    pieces, at = [], 0
    for part in sorted(parts):
        if part.end > at:
            start = max(part.start, at)
            hidden = "".join("\n" if sign == "\n" else " " for sign in text[start : part.end])
            pieces += [text[at:start], hidden]
            at = start + len(hidden)
    return "".join([*pieces, text[at:]])


def _quote(analysis: Analysis, people: Cast, one: Found, learnt: Models, byline: str | None) -> Quote | None:
    parsed = analysis.parsed
    content = fragments(parsed, one.tokens)
    if not content:
        return None
    kind, cue = _kind(parsed, one.tokens), _cue(parsed, one.cue)
    if one.source < 0:
        return Quote(content, None, cue, None, kind, 0.0, "the article does not say who")
    confidence = (learnt.quoted if one.passages else learnt.reported)(one.score)
    if confidence < (LEAST_QUOTED if one.passages else LEAST_REPORTED):
        return Quote(content, None, cue, None, kind, 0.0, "no speaker is likely enough")
    speaker, reason = people.speaker(one.source, byline)
    return Quote(content, _mention(parsed, one.source), cue, speaker, kind, round(confidence, 4) if speaker else 0.0, reason)


def fragments(parsed: Parsed, tokens: Ints) -> tuple[Span, ...]:
    """The character spans of a content: runs of its tokens, cut at quotation marks' edges; marks stay outside."""
    spans = []
    for run in np.split(tokens, np.flatnonzero(np.diff(tokens) > 1) + 1):
        start, end = int(parsed.tokens.starts[run[0]]), int(parsed.tokens.ends[run[-1]])
        body = parsed.text[start:end]
        left = body.lstrip(_EDGES)
        start += len(body) - len(left)
        trimmed = left.rstrip(_MARKS + " \t\r\n\u00a0")
        if any(sign.isalnum() for sign in trimmed):
            spans.append(Span(start, start + len(trimmed)))
    return tuple(spans)


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


def _kind(parsed: Parsed, tokens: Ints) -> Kind:
    inside = parsed.inside[tokens] > 0
    words = np.array([any(sign.isalnum() for sign in parsed.tokens.words[at]) for at in tokens.tolist()])
    if not (inside & words).any():
        return Kind.INDIRECT
    return Kind.DIRECT if inside[words].all() else Kind.MIXED
