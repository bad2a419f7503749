"""Find statements that a person did something only one person can have done: was first, tabled a motion, led a party.

Rule: only sentence shapes that make clear who did what count, at the start of the sentence. Acts that many people can
do ("resigned", "voted against") do not count. Expected, alleged and denied acts do not count either.
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

_OPENING = r"(?:(?:On|In|At|Last|Earlier|Late|Early)\b[^,;:]{0,40}, )?"
_ACTOR = r"(?P<actor>[^;:]{2,90}?),?"
_RANK = r"(?P<rank>first|last|only|sole|lone)"
_REST = r"(?P<rest>[^,;:.!?]*)"
_BE = r"(?:was|were|is|became|had been|has been)"
_EVENT_VERB = rf"(?P<act>{lexicon.build_alternation('unique_deeds')})"
_OBJECT = r"(?P<object>(?:[Tt]he|[Tt]his|[A-Z]\w+['’]s) [^,;:.!?]{2,60}?)"
_TIME_PHRASE = r"(?:on|in|at|last|late|earlier) [^,;:.!?]{1,30}"
_ADDRESSEE = r"(?P<addressee>him|her|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})"
_CONTINUATION = r"(?:on|in|at|after|before|against|that|which|to)"
#: sentences without any of these words are skipped
_HINT = re.compile(
    rf"\b(?:first|last|only|sole|lone|told|ordered|is|remains|{lexicon.build_alternation('unique_deeds')})\b"
)
#: where the actors of a passive end: "by Jane Roe on Monday"
_ACTOR_END = re.compile(
    r",? (?:on|in|at|after|before|during|with|to|for|over|from|as|who|which|last|this|when|where)\b|, (?!and\b)[a-z]"
)
#: the actors are in another clause, are named together with others, or include unnamed people
_UNCLEAR = re.compile(
    rf"\b(?:{'|'.join(map(lexicon.build_alternation, ('go_betweens', 'cues', 'past')))}"
    r"|\w+ed|who|that|which|if|not|nor|or|but|than)\b"
)
#: text that can come between the last name and the verb
_ASIDE = re.compile(r"[\s.)]*(?:[,(]|$)")
#: "called the bill a disgrace" does not call an event
_CALLED_OCCASION = re.compile(rf"called\b.*\b(?:{lexicon.build_alternation('occasions')})(?: of .*)?$")
_PREPOSITION_BEFORE = re.compile(r"\b(?:of|for|to|from|with|against|under|after|by|at|in|on) (?:the |[a-z]+ )?$")
_POSSESSIVE = re.compile(r"['’]s?(?=\s)")
#: an office that is changing hands has two holders
_CHANGING = re.compile(r"\b(?:new|former|next|acting|interim|outgoing|incoming|deputy|co-\w+)\b")
_MAX_ACTOR_WORDS = 14


class Uniqueness(StrEnum):
    """Why only one person can have done it."""

    RANK = "rank"  # the first, the last, the only one
    OFFICE = "office"  # the leader of a named body
    EVENT = "event"  # the motion, the rally: but two people can have done it together
    ORDER = "order"  # ordered him to go: but another person can have ordered it too


@dataclass(frozen=True, slots=True)
class UniqueEvent:
    """One statement of who did what.

    `actors` are the spans of the names, `actor_span` covers all words about the actors.
    """

    sentence: Span
    uniqueness: Uniqueness
    actors: tuple[Span, ...]
    actor_span: Span
    #: "first", "tabled", "told him"
    verb: str
    #: the act or its object: "to resign from the shadow cabinet", "the motion"
    object_text: str


_SHAPES = (
    # "Jane Roe was the first minister to resign", "Jane Roe was first to go"
    (Uniqueness.RANK, rf"{_ACTOR} {_BE} (?:the )?{_RANK}(?P<kind>(?: [A-Za-z-]+){{0,4}}) to (?P<verb>[a-z]+){_REST}"),
    # "The first minister to resign was Jane Roe"
    (
        Uniqueness.RANK,
        rf"The {_RANK}(?P<kind>(?: [A-Za-z-]+){{0,4}}) to (?P<verb>[a-z]+)(?P<rest>[^,;:.!?]*?),? (?:was|is)"
        r" (?P<actor>[^;:.!?]+)",
    ),
    # "Jane Roe resigned first"
    (
        Uniqueness.RANK,
        rf"{_ACTOR} (?P<verb>[a-z]{{3,}}) (?P<rank>first|last)(?=[.,;!?]| (?:on|from|over|in|at)\b|$){_REST}",
    ),
    # "The motion was tabled by Jane Roe", "The rally, organised by the Example Union"
    (Uniqueness.EVENT, rf"{_OBJECT}(?:,| {_BE}) (?:\w+ly )?{_EVENT_VERB}(?: {_TIME_PHRASE})? by (?P<actor>[^;:.!?]+)"),
    # "Jane Roe tabled the motion"
    (Uniqueness.EVENT, rf"{_ACTOR} (?:has |had )?{_EVENT_VERB} {_OBJECT}(?=[,;:.!?]| {_CONTINUATION}\b|$)"),
    # "Jane Roe is the leader of the Example party"
    (Uniqueness.OFFICE, rf"{_ACTOR} (?:is|remains) (?P<object>the [a-z][^,;:.!?]{{2,60}})"),
    # "Jane Roe told him to go on Monday"
    (Uniqueness.ORDER, rf"{_ACTOR} (?P<act>told|ordered) {_ADDRESSEE} to (?P<verb>[a-z]+){_REST}"),
)
_PATTERNS = [(uniqueness, re.compile(_OPENING + shape)) for uniqueness, shape in _SHAPES]


def find_unique_events(view: str, sentence: Span) -> Iterator[UniqueEvent]:
    """Yield the unique event at the start of `sentence`, if any. `view` is the text with quoted words blanked."""
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
    """Return the span of the actors, or None if others can be included or it is not clear who acted."""
    start, end = match.span("actor")
    start, end = sentence.start + start, sentence.start + end
    if _is_passive(match) and (end_match := _ACTOR_END.search(view, start, end)):
        end = end_match.start()
    region = fold(view[start:end])
    if _UNCLEAR.search(region) or len(region.split()) > _MAX_ACTOR_WORDS:
        return None
    actor_names = _find_actor_names(view, Span(start, end))
    return Span(start, end) if actor_names and _ASIDE.match(view, actor_names[-1].end, end) else None


def _find_actors(view: str, actor_span: Span) -> tuple[Span, ...]:
    """Return the names of the actors, without names that only describe them ("Jane Roe of Leeds")."""
    return tuple(
        name
        for name in _find_actor_names(view, actor_span)
        if not _PREPOSITION_BEFORE.search(view[actor_span.start : name.start])
        and not _POSSESSIVE.match(view, name.end, actor_span.end)
    )


def _find_actor_names(view: str, actor_span: Span) -> list[Span]:
    # a one-word name that opens the sentence counts here
    return list(find_names(view, Span(max(0, actor_span.start - 1), actor_span.end)))


def _is_passive(match: re.Match[str]) -> bool:
    return match.end("actor") == match.end()


def _build_verb(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return " ".join(filter(None, (groups.get("rank"), groups.get("act"), groups.get("addressee")))) or "is"


def _build_object_text(uniqueness: Uniqueness, match: re.Match[str]) -> str | None:
    """Return what was done, or None if the words are too vague for only one person to have done it."""
    groups = match.groupdict()
    if (
        groups.get("act") == "called"
        and not _is_passive(match)
        and not _CALLED_OCCASION.search(f"called {groups['object']}")
    ):
        return None
    if uniqueness is Uniqueness.OFFICE:
        _, separator, body = (groups["object"] or "").partition(" of ")
        is_complete = separator and re.search("[A-Z]", body) and not _CHANGING.search(groups["object"] or "")
        return groups["object"] if is_complete else None
    return " ".join(
        filter(None, (groups.get("kind"), groups.get("verb"), groups.get("rest"), groups.get("object")))
    ).strip()
