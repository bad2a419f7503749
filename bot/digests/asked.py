"""What a person typed after `/digest`, as a value. Pure.

Rule: the first word decides: `list`, `now`, `pause` and their like manage what there is; anything else names what a
digest is to be about, and when. A topic that begins so is typed between quotation marks.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.ask import MOST_CHARACTERS, HelpAsk, Usage, cleaned
from bot.digests import words
from bot.digests.model import Digest
from briefings.errors import BadQuestion
from briefings.text.search_key import search_key

_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "
#: an asker's own clock, which nobody has looked up yet
OWN = ""


class Verb(StrEnum):
    """What can be done to a digest."""

    NOW = "now"
    PREVIEW = "preview"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class AddAsk:
    """A new digest; `typed.zone` is OWN when none was named."""

    typed: words.Typed


@dataclass(frozen=True, slots=True)
class FormAsk:
    """The form, for what was typed without a time ("" for nothing)."""

    ask: str


@dataclass(frozen=True, slots=True)
class ListAsk:
    """The digests of the channel."""


@dataclass(frozen=True, slots=True)
class ManageAsk:
    """Something to do to the digest that `which` names: its number, its topic, or "" for the only one."""

    verb: Verb
    which: str


Asked = AddAsk | FormAsk | ListAsk | ManageAsk | HelpAsk | Usage


def read(typed: str) -> Asked:
    """What follows `/digest`. Never raises."""
    text = cleaned(typed)
    if len(text) > MOST_CHARACTERS:
        return Usage(f"That is {len(text):,} characters: type for example /digest labour-crisis {words.EXAMPLE}")
    first, _, rest = text.partition(" ")
    name = first.casefold()
    if name in set(Verb):
        return ManageAsk(Verb(name), rest.strip(_QUOTES).removeprefix("#"))
    if not rest and name in ("help", "list"):
        return HelpAsk() if name == "help" else ListAsk()
    try:
        found = words.split(text, OWN)
    except BadQuestion as error:
        return Usage(str(error))
    if found is None:
        return FormAsk(text.strip(_QUOTES))
    return AddAsk(words.Typed(found.ask.strip(_QUOTES), found.schedule, found.zone))


def chosen(which: str, digests: tuple[Digest, ...]) -> Digest:
    """The one of a channel's digests that `which` names. Raises BadQuestion with what to type."""
    if not digests:
        raise BadQuestion(f"This channel has no digest: schedule one with /digest labour-crisis {words.EXAMPLE}")
    if not which:
        found = list(digests)
    elif which.isdecimal():
        found = [digest for digest in digests if digest.number == int(which)]
    else:
        found = [digest for digest in digests if search_key(digest.wish.ask) == search_key(which)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{digest.number} ({digest.wish.ask})" for digest in found or digests)
    lacks = "Which one" if found else "There is no such digest in this channel; which one"
    example = (found or digests)[0].number
    raise BadQuestion(f"{lacks}? Here are: {there}. Name its number, for example: /digest preview {example}")
