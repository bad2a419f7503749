"""Which words of a sentence may be left out so that what stays is a sentence that says nothing else.

Rule: only whole insertions and clauses of circumstance go: what stands between two commas, dashes or brackets and tells
more of a noun, a closing clause that opens with "-ing" or "which", an opening "Following ...,". Nothing goes that holds
a negation, an attribution, a condition, or a word that makes something expected, alleged or denied, nothing that holds
a quotation mark, and nothing from a sentence in which a cut would change what is expected. A longer line is better
than a wrong cut.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from briefings.facts import state_of
from briefings.model import ELISION, Span
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.words import count

#: words that a cut must save: the mark that it leaves is one itself
_LEAST = 4
#: cuts tried together in one sentence
_MOST = 3
#: words of an opening clause that may go
_LONGEST_SETTING = 14
#: words between an opening clause and the next comma, so that the comma is not one of a list
_CLEAR = 8
_MARKS = re.compile("[\"“”‘«»]|(?<!\\w)['’]|['’](?!\\w)")
_SACRED = re.compile(
    "|".join(
        rf"\b(?:{lexicon.alternation(name)})\b"
        for name in ("negations", "conditions", "cues", "to_come", "alleged", "denied", "hedging")
    )
)
_INSERTED = re.compile(rf", (?P<inside>(?:{lexicon.alternation('relatives')})\b[^,;:()–—]+),\s+(?P<next>[\w’'-]+)")
_APPOSED = re.compile(r"(?:an?|another|one of the)\b")
#: the end of a list is no insertion: "two officers, an aide and a lobbyist, were hurt"
_LISTED = re.compile(r"\b(?:and|or)\b")
_DASHED = re.compile(r" (?P<dash>[-–—]) (?P<inside>[^,;:()–—]+?) [-–—] ")
_BRACKETED = re.compile(r" \((?P<inside>[^()]+)\)")
_CLOSING = re.compile(r", (?P<inside>(?:[a-z]{2,}ing|which|who|where)\b[^,;:()–—]*)(?=[.!]?$)")
_AFTERMATH = re.compile(rf" (?P<inside>(?:{lexicon.alternation('aftermath')})\b[^,;:()–—]+)(?=,|[.!]?$)")
_SETTING = re.compile(rf"(?P<inside>(?:{lexicon.alternation('settings')})\b[^,;:()–—]+), ")
_DATELINE = re.compile(r"[*•·] +|[A-Z]{4}[A-Z .]*(?:, [A-Z][\w. ]{1,20})?(?: \([^()]{2,30}\))? ?[-–—―]+ ?")
_TURN = re.compile(r"(?:but|and|yet|so),? ")
#: a participle that no verb stands before: "facing", and "including", which opens a list
_NO_CLAUSE = re.compile(
    r"(?:including|excluding|during|according|being|regarding|nothing|something|anything|everything)\b"
)


def without_turn(text: str, sentence: Span) -> Span:
    """`sentence` without its dateline, a bullet, or an opening "But", which turns against what is not shown."""
    dateline = _DATELINE.match(text, sentence.start, sentence.end)
    start = dateline.end() if dateline else sentence.start
    turn = _TURN.match(fold(text[start : sentence.end]))
    return Span(start + turn.end() if turn else start, sentence.end)


@lru_cache(maxsize=2_048)
def variants(text: str, view: str, sentence: Span) -> tuple[tuple[Span, ...], ...]:
    """The sentence whole, then shortened in every way that is safe: pieces in order, as they are to be shown.

    `view` is `text` with quoted words blanked. An opening "But" goes in all of them. Remembered, since a story is asked
    for again and again.
    """
    return tuple(_variants(text, view, sentence))


def _variants(text: str, view: str, sentence: Span) -> Iterator[tuple[Span, ...]]:
    whole = without_turn(view, sentence)
    yield (whole,)
    state = state_of(view, sentence)
    cuts = list(_cuts(text, view, whole))[:_MOST]
    for size in range(1, len(cuts) + 1):
        for chosen in combinations(cuts, size):
            pieces = _left(text, whole, chosen)
            said = ELISION.join(piece.of(view) for piece in pieces)
            if pieces and state_of(said, Span(0, len(said))) is state:
                yield pieces


def _cuts(text: str, view: str, sentence: Span) -> Iterator[Span]:
    """What may go, in order, none overlapping another."""
    folded, end = fold(sentence.of(view)), 0
    for start, stop in sorted({(span.start, span.end) for span in _found(folded)}):
        cut = Span(sentence.start + start, sentence.start + stop)
        if start >= end and _is_free(text, cut, folded[start:stop]):
            yield cut
            end = stop


def _found(folded: str) -> Iterator[Span]:
    """The insertions and clauses of a folded sentence, with the marks that set them off."""
    yield from _insertions(folded)
    closing = _CLOSING.search(folded)
    if (
        closing
        and not _NO_CLAUSE.match(closing["inside"])
        and "," not in folded[max(0, closing.start() - 12) : closing.start()]
    ):
        yield Span(*closing.span())
    for match in _AFTERMATH.finditer(folded):
        yield Span(*match.span())
    setting = _SETTING.match(folded)
    if setting and count(setting["inside"]) <= _LONGEST_SETTING:
        following = folded[setting.end() :].split(",", 1)[0]
        if count(following) >= _CLEAR:
            yield Span(*setting.span())


def _insertions(folded: str) -> Iterator[Span]:
    for match in _INSERTED.finditer(folded):
        resumes = match["next"] in lexicon.words("resumes") or re.fullmatch(r"[\w-]{3,}ed", match["next"])
        if resumes and not (_APPOSED.match(match["inside"]) and _LISTED.search(match["inside"])):
            yield Span(match.start(), match.start("next"))
    for match in _BRACKETED.finditer(folded):
        yield Span(*match.span())
    dashed = list(_DASHED.finditer(folded))
    if len(dashed) == 1 and len(re.findall(r" [-–—] ", folded)) == 2:
        yield Span(dashed[0].start(), dashed[0].end())


def _is_free(text: str, cut: Span, folded: str) -> bool:
    return count(folded) >= _LEAST and not _MARKS.search(cut.of(text)) and not _SACRED.search(folded)


def _left(text: str, whole: Span, cuts: tuple[Span, ...]) -> tuple[Span, ...]:
    """What stays of `whole` without `cuts`: pieces without the commas and blanks at their cut ends."""
    edges = [whole.start, *(edge for cut in cuts for edge in (cut.start, cut.end)), whole.end]
    pieces: list[Span] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        body = text[start:end]
        begin = start + len(body) - len(body.lstrip(" ,"))
        stop = end if end == whole.end else start + len(body.rstrip(" ,"))
        if stop > begin and any(char.isalnum() for char in text[begin:stop]):
            pieces.append(Span(begin, stop))
    return tuple(pieces)
