"""Who is told to have done something that only one can have done: been the first, tabled the motion, led the party.

Rule: only the shapes of sentence that leave no doubt who did what are read, from the sentence's opening; what one can
do as well as another ("resigned", "voted against") is no deed here, nor is what is expected, alleged or denied.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from briefings.facts.names import names
from briefings.facts.state import State, state_of
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold


class Only(StrEnum):
    """Why only one can have done it."""

    RANK = "rank"  # the first, the last, the only one
    OFFICE = "office"  # the leader of a named body
    EVENT = "event"  # the motion, the rally: but two may have done it together
    ORDER = "order"  # told him to go: but another may have told him too


@dataclass(frozen=True, slots=True)
class Deed:
    """One sentence's telling of who did what; `doers` are the names of those who did it, `by` all words on them."""

    sentence: Span
    only: Only
    doers: tuple[Span, ...]
    by: Span
    #: "first", "tabled", "told him"
    verb: str
    #: what was done, or to what: "to resign from the shadow cabinet", "the motion"
    thing: str


_OPENING = r"(?:(?:On|In|At|Last|Earlier|Late|Early)\b[^,;:]{0,40}, )?"
_DOER = r"(?P<doer>[^;:]{2,90}?),?"
_RANK = r"(?P<rank>first|last|only|sole|lone)"
_REST = r"(?P<rest>[^,;:.!?]*)"
_BE = r"(?:was|were|is|became|had been|has been)"
_DONE = rf"(?P<done>{lexicon.alternation('unique_deeds')})"
_THE = r"(?P<thing>(?:[Tt]he|[Tt]his|[A-Z]\w+['’]s) [^,;:.!?]{2,60}?)"
_WHEN = r"(?:on|in|at|last|late|earlier) [^,;:.!?]{1,30}"
_WHOM = r"(?P<whom>him|her|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})"
_GOES_ON = r"(?:on|in|at|after|before|against|that|which|to)"
_SHAPES = (
    # "Jane Roe was the first minister to resign", "Jane Roe was first to go"
    (Only.RANK, rf"{_DOER} {_BE} (?:the )?{_RANK}(?P<kind>(?: [A-Za-z-]+){{0,4}}) to (?P<verb>[a-z]+){_REST}"),
    # "The first minister to resign was Jane Roe"
    (
        Only.RANK,
        rf"The {_RANK}(?P<kind>(?: [A-Za-z-]+){{0,4}}) to (?P<verb>[a-z]+)(?P<rest>[^,;:.!?]*?),? (?:was|is)"
        r" (?P<doer>[^;:.!?]+)",
    ),
    # "Jane Roe resigned first"
    (Only.RANK, rf"{_DOER} (?P<verb>[a-z]{{3,}}) (?P<rank>first|last)(?=[.,;!?]| (?:on|from|over|in|at)\b|$){_REST}"),
    # "The motion was tabled by Jane Roe", "The rally, organised by the Example Union"
    (Only.EVENT, rf"{_THE}(?:,| {_BE}) (?:\w+ly )?{_DONE}(?: {_WHEN})? by (?P<doer>[^;:.!?]+)"),
    # "Jane Roe tabled the motion"
    (Only.EVENT, rf"{_DOER} (?:has |had )?{_DONE} {_THE}(?=[,;:.!?]| {_GOES_ON}\b|$)"),
    # "Jane Roe is the leader of the Example party"
    (Only.OFFICE, rf"{_DOER} (?:is|remains) (?P<thing>the [a-z][^,;:.!?]{{2,60}})"),
    # "Jane Roe told him to go on Monday"
    (Only.ORDER, rf"{_DOER} (?P<done>told|ordered) {_WHOM} to (?P<verb>[a-z]+){_REST}"),
)
_PATTERNS = [(only, re.compile(_OPENING + shape)) for only, shape in _SHAPES]
#: a sentence without any of these is not looked at
_HINT = re.compile(rf"\b(?:first|last|only|sole|lone|told|ordered|is|remains|{lexicon.alternation('unique_deeds')})\b")
#: where the doers of a passive end: "by Jane Roe on Monday"
_AFTER = re.compile(
    r",? (?:on|in|at|after|before|during|with|to|for|over|from|as|who|which|last|this|when|where)\b|, (?!and\b)[a-z]"
)
#: the doers stand in a clause of their own, are named only beside somebody else, or are more than those named
_UNCLEAR = re.compile(
    rf"\b(?:{'|'.join(map(lexicon.alternation, ('go_betweens', 'cues', 'past')))}"
    r"|\w+ed|who|that|which|if|not|nor|or|but|than)\b"
)
#: what may stand between the last name and what was done
_ASIDE = re.compile(r"[\s.)]*(?:[,(]|$)")
#: "called the bill a disgrace" is no calling
_CALLED = re.compile(rf"called\b.*\b(?:{lexicon.alternation('occasions')})(?: of .*)?$")
_BESIDE = re.compile(r"\b(?:of|for|to|from|with|against|under|after|by|at|in|on) (?:the |[a-z]+ )?$")
_OTHERS = re.compile(r"['’]s?(?=\s)")
#: an office that is changing hands is two people's
_CHANGING = re.compile(r"\b(?:new|former|next|acting|interim|outgoing|incoming|deputy|co-\w+)\b")
_LONGEST_DOERS = 14


def deeds(view: str, sentence: Span) -> Iterator[Deed]:
    """The deed that `sentence` opens with, if any; `view` is the text with quoted words blanked."""
    words = sentence.of(view)
    if not _HINT.search(words) or state_of(view, sentence) is not State.HAPPENED:
        return
    for only, pattern in _PATTERNS:
        match = pattern.match(words)
        if match and (by := _by(view, sentence, match)) and (thing := _thing(only, match)) is not None:
            yield Deed(sentence, only, _doers(view, by), by, _verb(match), thing)
            return


def _by(view: str, sentence: Span, match: re.Match[str]) -> Span | None:
    """Where those who did it stand; None where others may have done it, or it is not clear who."""
    start, end = match.span("doer")
    start, end = sentence.start + start, sentence.start + end
    if _is_passive(match) and (after := _AFTER.search(view, start, end)):
        end = after.start()
    region = fold(view[start:end])
    if _UNCLEAR.search(region) or len(region.split()) > _LONGEST_DOERS:
        return None
    named = _names(view, Span(start, end))
    return Span(start, end) if named and _ASIDE.match(view, named[-1].end, end) else None


def _doers(view: str, by: Span) -> tuple[Span, ...]:
    """The names of those who did it, of whom others are told ("Jane Roe of Leeds") aside."""
    return tuple(
        name
        for name in _names(view, by)
        if not _BESIDE.search(view[by.start : name.start]) and not _OTHERS.match(view, name.end, by.end)
    )


def _names(view: str, by: Span) -> list[Span]:
    # a name of one word that opens the sentence counts here
    return list(names(view, Span(max(0, by.start - 1), by.end)))


def _is_passive(match: re.Match[str]) -> bool:
    return match.end("doer") == match.end()


def _verb(match: re.Match[str]) -> str:
    found = match.groupdict()
    return " ".join(filter(None, (found.get("rank"), found.get("done"), found.get("whom")))) or "is"


def _thing(only: Only, match: re.Match[str]) -> str | None:
    """What was done; None where that is not said closely enough for only one to have done it."""
    found = match.groupdict()
    if found.get("done") == "called" and not _is_passive(match) and not _CALLED.search(f"called {found['thing']}"):
        return None
    if only is Only.OFFICE:
        _, of, body = (found["thing"] or "").partition(" of ")
        whole = of and re.search("[A-Z]", body) and not _CHANGING.search(found["thing"] or "")
        return found["thing"] if whole else None
    return " ".join(filter(None, (found.get("kind"), found.get("verb"), found.get("rest"), found.get("thing")))).strip()
