"""Who is told to have done something that only one can have done: been the first, tabled the motion, led the party.

Rule: only the shapes of sentence that leave no doubt who did what are read, from the sentence's opening; what one can
do as well as another ("resigned", "voted against") is no deed here, nor is what is expected, alleged or denied.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from briefings.facts.extraction import find_names
from briefings.facts.factuality import Factuality, classify_factuality
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold


class Uniqueness(StrEnum):
    """Why only one can have done it."""

    RANK = "rank"  # the first, the last, the only one
    OFFICE = "office"  # the leader of a named body
    EVENT = "event"  # the motion, the rally: but two may have done it together
    ORDER = "order"  # told him to go: but another may have told him too


@dataclass(frozen=True, slots=True)
class UniqueEvent:
    """One sentence's telling of who did what; `doers` are the names of those who did it, `by` all words on them."""

    sentence: Span
    uniqueness: Uniqueness
    actors: tuple[Span, ...]
    actor_span: Span
    #: "first", "tabled", "told him"
    verb: str
    #: what was done, or to what: "to resign from the shadow cabinet", "the motion"
    object_text: str


_OPENING = r"(?:(?:On|In|At|Last|Earlier|Late|Early)\b[^,;:]{0,40}, )?"
_ACTOR = r"(?P<doer>[^;:]{2,90}?),?"
_RANK = r"(?P<rank>first|last|only|sole|lone)"
_REST = r"(?P<rest>[^,;:.!?]*)"
_BE = r"(?:was|were|is|became|had been|has been)"
_EVENT_VERB = rf"(?P<done>{lexicon.build_alternation('unique_deeds')})"
_OBJECT = r"(?P<thing>(?:[Tt]he|[Tt]his|[A-Z]\w+['’]s) [^,;:.!?]{2,60}?)"
_TIME_PHRASE = r"(?:on|in|at|last|late|earlier) [^,;:.!?]{1,30}"
_WHOM = r"(?P<whom>him|her|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})"
_CONTINUATION = r"(?:on|in|at|after|before|against|that|which|to)"
_SHAPES = (
    # "Jane Roe was the first minister to resign", "Jane Roe was first to go"
    (Uniqueness.RANK, rf"{_ACTOR} {_BE} (?:the )?{_RANK}(?P<kind>(?: [A-Za-z-]+){{0,4}}) to (?P<verb>[a-z]+){_REST}"),
    # "The first minister to resign was Jane Roe"
    (
        Uniqueness.RANK,
        rf"The {_RANK}(?P<kind>(?: [A-Za-z-]+){{0,4}}) to (?P<verb>[a-z]+)(?P<rest>[^,;:.!?]*?),? (?:was|is)"
        r" (?P<doer>[^;:.!?]+)",
    ),
    # "Jane Roe resigned first"
    (
        Uniqueness.RANK,
        rf"{_ACTOR} (?P<verb>[a-z]{{3,}}) (?P<rank>first|last)(?=[.,;!?]| (?:on|from|over|in|at)\b|$){_REST}",
    ),
    # "The motion was tabled by Jane Roe", "The rally, organised by the Example Union"
    (Uniqueness.EVENT, rf"{_OBJECT}(?:,| {_BE}) (?:\w+ly )?{_EVENT_VERB}(?: {_TIME_PHRASE})? by (?P<doer>[^;:.!?]+)"),
    # "Jane Roe tabled the motion"
    (Uniqueness.EVENT, rf"{_ACTOR} (?:has |had )?{_EVENT_VERB} {_OBJECT}(?=[,;:.!?]| {_CONTINUATION}\b|$)"),
    # "Jane Roe is the leader of the Example party"
    (Uniqueness.OFFICE, rf"{_ACTOR} (?:is|remains) (?P<thing>the [a-z][^,;:.!?]{{2,60}})"),
    # "Jane Roe told him to go on Monday"
    (Uniqueness.ORDER, rf"{_ACTOR} (?P<done>told|ordered) {_WHOM} to (?P<verb>[a-z]+){_REST}"),
)
_PATTERNS = [(uniqueness, re.compile(_OPENING + shape)) for uniqueness, shape in _SHAPES]
#: a sentence without any of these is not looked at
_HINT = re.compile(
    rf"\b(?:first|last|only|sole|lone|told|ordered|is|remains|{lexicon.build_alternation('unique_deeds')})\b"
)
#: where the doers of a passive end: "by Jane Roe on Monday"
_ACTOR_END = re.compile(
    r",? (?:on|in|at|after|before|during|with|to|for|over|from|as|who|which|last|this|when|where)\b|, (?!and\b)[a-z]"
)
#: the doers stand in a clause of their own, are named only beside somebody else, or are more than those named
_UNCLEAR = re.compile(
    rf"\b(?:{'|'.join(map(lexicon.build_alternation, ('go_betweens', 'cues', 'past')))}"
    r"|\w+ed|who|that|which|if|not|nor|or|but|than)\b"
)
#: what may stand between the last name and what was done
_ASIDE = re.compile(r"[\s.)]*(?:[,(]|$)")
#: "called the bill a disgrace" is no calling
_CALLED_OCCASION = re.compile(rf"called\b.*\b(?:{lexicon.build_alternation('occasions')})(?: of .*)?$")
_PREPOSITION_BEFORE = re.compile(r"\b(?:of|for|to|from|with|against|under|after|by|at|in|on) (?:the |[a-z]+ )?$")
_POSSESSIVE = re.compile(r"['’]s?(?=\s)")
#: an office that is changing hands is two people's
_CHANGING = re.compile(r"\b(?:new|former|next|acting|interim|outgoing|incoming|deputy|co-\w+)\b")
_MAX_ACTOR_WORDS = 14


def find_unique_events(view: str, sentence: Span) -> Iterator[UniqueEvent]:
    """The deed that `sentence` opens with, if any; `view` is the text with quoted words blanked."""
    words = sentence.of(view)
    if not _HINT.search(words) or classify_factuality(view, sentence) is not Factuality.HAPPENED:
        return
    for uniqueness, pattern in _PATTERNS:
        match = pattern.match(words)
        if (
            match
            and (actor_span := _find_actor_span(view, sentence, match))
            and (object_text := _build_object_text(uniqueness, match)) is not None
        ):
            yield UniqueEvent(
                sentence, uniqueness, _find_actors(view, actor_span), actor_span, _build_verb(match), object_text
            )
            return


def _find_actor_span(view: str, sentence: Span, match: re.Match[str]) -> Span | None:
    """Where those who did it stand; None where others may have done it, or it is not clear who."""
    start, end = match.span("doer")
    start, end = sentence.start + start, sentence.start + end
    if _is_passive(match) and (end_match := _ACTOR_END.search(view, start, end)):
        end = end_match.start()
    region = fold(view[start:end])
    if _UNCLEAR.search(region) or len(region.split()) > _MAX_ACTOR_WORDS:
        return None
    actor_names = _find_actor_names(view, Span(start, end))
    return Span(start, end) if actor_names and _ASIDE.match(view, actor_names[-1].end, end) else None


def _find_actors(view: str, actor_span: Span) -> tuple[Span, ...]:
    """The names of those who did it, of whom others are told ("Jane Roe of Leeds") aside."""
    return tuple(
        name
        for name in _find_actor_names(view, actor_span)
        if not _PREPOSITION_BEFORE.search(view[actor_span.start : name.start])
        and not _POSSESSIVE.match(view, name.end, actor_span.end)
    )


def _find_actor_names(view: str, actor_span: Span) -> list[Span]:
    # a name of one word that opens the sentence counts here
    return list(find_names(view, Span(max(0, actor_span.start - 1), actor_span.end)))


def _is_passive(match: re.Match[str]) -> bool:
    return match.end("doer") == match.end()


def _build_verb(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return " ".join(filter(None, (groups.get("rank"), groups.get("done"), groups.get("whom")))) or "is"


def _build_object_text(uniqueness: Uniqueness, match: re.Match[str]) -> str | None:
    """What was done; None where that is not said closely enough for only one to have done it."""
    groups = match.groupdict()
    if (
        groups.get("done") == "called"
        and not _is_passive(match)
        and not _CALLED_OCCASION.search(f"called {groups['thing']}")
    ):
        return None
    if uniqueness is Uniqueness.OFFICE:
        _, separator, body = (groups["thing"] or "").partition(" of ")
        is_complete = separator and re.search("[A-Z]", body) and not _CHANGING.search(groups["thing"] or "")
        return groups["thing"] if is_complete else None
    return " ".join(
        filter(None, (groups.get("kind"), groups.get("verb"), groups.get("rest"), groups.get("thing")))
    ).strip()
