"""What a person typed after `/digest`, as a value. Pure.

Rule: the first word decides: `list`, `now`, `pause` and their like manage what there is; anything else names what a
digest is to be about, and when. A topic that begins so is typed between quotation marks.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.digests import schedule_parser
from bot.digests.model import Digest
from bot.queries.queries import MAX_CHARACTERS, HelpCommand, UsageMessage, clean_input
from briefings import BadQuestion
from briefings.text import make_search_key

_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "
#: an asker's own clock, which nobody has looked up yet
OWN_ZONE = ""


class DigestAction(StrEnum):
    """What can be done to a digest."""

    NOW = "now"
    PREVIEW = "preview"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class AddCommand:
    """A new digest; `typed.zone` is OWN when none was named."""

    request: schedule_parser.DigestRequest


@dataclass(frozen=True, slots=True)
class FormCommand:
    """The form, for what was typed without a time ("" for nothing)."""

    query: str


@dataclass(frozen=True, slots=True)
class ListCommand:
    """The digests of the channel."""


@dataclass(frozen=True, slots=True)
class ManageCommand:
    """Something to do to the digest that `which` names: its number, its topic, or "" for the only one."""

    action: DigestAction
    selector: str


DigestCommand = AddCommand | FormCommand | ListCommand | ManageCommand | HelpCommand | UsageMessage


def parse_command(raw_text: str) -> DigestCommand:
    """What follows `/digest`. Never raises."""
    text = clean_input(raw_text)
    if len(text) > MAX_CHARACTERS:
        return UsageMessage(
            f"That is {len(text):,} characters: type for example /digest labour-crisis {schedule_parser.EXAMPLE}"
        )
    first_word, _, rest = text.partition(" ")
    action_name = first_word.casefold()
    if action_name in set(DigestAction):
        return ManageCommand(DigestAction(action_name), rest.strip(_QUOTES).removeprefix("#"))
    if not rest and action_name in ("help", "list"):
        return HelpCommand() if action_name == "help" else ListCommand()
    try:
        request = schedule_parser.parse_request(text, OWN_ZONE)
    except BadQuestion as error:
        return UsageMessage(str(error))
    if request is None:
        return FormCommand(text.strip(_QUOTES))
    return AddCommand(schedule_parser.DigestRequest(request.query.strip(_QUOTES), request.schedule, request.zone))


def select_digest(selector: str, digests: tuple[Digest, ...]) -> Digest:
    """The one of a channel's digests that `which` names. Raises BadQuestion with what to type."""
    if not digests:
        raise BadQuestion(
            f"This channel has no digest: schedule one with /digest labour-crisis {schedule_parser.EXAMPLE}"
        )
    if not selector:
        matches = list(digests)
    elif selector.isdecimal():
        matches = [digest for digest in digests if digest.number == int(selector)]
    else:
        matches = [digest for digest in digests if make_search_key(digest.config.query) == make_search_key(selector)]
    if len(matches) == 1:
        return matches[0]
    choices = ", ".join(f"{digest.number} ({digest.config.query})" for digest in matches or digests)
    problem = "Which one" if matches else "There is no such digest in this channel; which one"
    example = (matches or digests)[0].number
    raise BadQuestion(f"{problem}? Here are: {choices}. Name its number, for example: /digest preview {example}")
