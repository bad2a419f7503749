"""Parses `/digest details …`: where a channel gets the details of its digests. Pure.

Rule: one word that is not a place is quoted back. More of them are a topic, as in "details of the budget".
"""

import re
from dataclasses import dataclass

from bot.digests.model import DetailsPlace
from bot.queries.queries import UsageMessage

_DETAILS = r"(?:(?:the|my|our|all|any) )*(?:digest )?(?:details?|follow[- ]?ups?)\b"
_COMMAND = re.compile(
    rf"(?:(?:set|post|put|send|show|keep|move|leave|have) )?{_DETAILS}(?P<rest>.*)"
    r"|(?:no|without|hide|skip|drop|remove|stop|omit|disable|leave out|(?:don['’]?t|do not|never) \w+) "
    rf"{_DETAILS}(?P<left_out>.*)",
    re.IGNORECASE,
)
_QUESTION = re.compile(rf"where (?:do|does|are|will|should|can) {_DETAILS}(?: \w+)?", re.IGNORECASE)
#: a channel, as Slack writes it
_CHANNEL = re.compile(r"<#\w*(?:\|([^<>]*))?>")
_TOPIC_START = re.compile(r"(?:of|about|from|on)\b", re.IGNORECASE)
_MARKS = " .!?:;=,<>-–—\"'“”‘’`*_"
#: words around the place that carry no meaning
_FILLER_WORDS = (
    "a an as at below come directly for get go goes here i in inside into it its just me message messages of on only "
    "please post posted put send show shown straight that the their them they this to under us want we"
)
_FILLERS = frozenset(_FILLER_WORDS.split())
_PLACES = {
    DetailsPlace.THREAD: "thread threads threaded reply replies default reset",
    DetailsPlace.CHANNEL: "channel channels main conversation room",
    DetailsPlace.NONE: "none no nowhere off never hide hidden skip drop nothing out leave left away remove neither",
}
_PLACE_BY_WORD = {word: place for place, words in _PLACES.items() for word in words.split()}
_PHRASES = {
    DetailsPlace.THREAD: "go in each digest's thread",
    DetailsPlace.CHANNEL: "go in the channel, right after each digest",
    DetailsPlace.NONE: "are left out",
}
_EXAMPLES = "`/digest details thread`, `/digest details channel` or `/digest details none`"


@dataclass(frozen=True, slots=True)
class DetailsCommand:
    """Set the place of the details, or show it if `place` is None."""

    place: DetailsPlace | None


def parse_details_command(text: str) -> DetailsCommand | UsageMessage | None:
    """Parse the text after `/digest`, one line. Return None if it is a different command."""
    text = _CHANNEL.sub(r"#\1", text).strip(_MARKS)
    if _QUESTION.fullmatch(text):
        return DetailsCommand(None)
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    rest = (match["rest"] or match["left_out"] or "").strip(_MARKS)
    words = [word for word in re.findall(r"[^\W_]+", rest.lower()) if word not in _FILLERS]
    unknown_words = [word for word in words if word not in _PLACE_BY_WORD]
    places = {_PLACE_BY_WORD[word] for word in words if word in _PLACE_BY_WORD}
    places |= {DetailsPlace.NONE} if match["left_out"] is not None else set()
    if len(unknown_words) > 1 or (unknown_words and _TOPIC_START.match(rest)):
        return None
    if unknown_words or len(places) > 1:
        return UsageMessage(
            f"I don't understand “{rest}”. Try /digest details thread, /digest details channel or /digest details none."
        )
    return DetailsCommand(next(iter(places), None))


def describe_place(place: DetailsPlace) -> str:
    """Return a sentence that says where the details go, as markup."""
    return f"Details of this channel's digests {_PHRASES[place]}."


def describe_change(place: DetailsPlace) -> str:
    """Return the confirmation of a change, as markup."""
    return f"From the next digest on, details of this channel's digests {_PHRASES[place]}."


def describe_setting(place: DetailsPlace) -> str:
    """Return the current setting and how to change it, as markup."""
    return f"{describe_place(place)} To change that, type {_EXAMPLES}."
