"""Parses the text after `/digest` into a command value. Pure.

Rule: the first word decides. `list`, `now`, `pause` and the other actions manage existing digests. Any other text is
the topic and schedule of a new digest. A topic that starts with an action word needs quotation marks.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.digests import schedule_parser
from bot.digests.details_command import DetailsCommand, parse_details_command
from bot.digests.model import Digest
from bot.queries.queries import MAX_CHARACTERS, HelpCommand, UsageMessage, clean_input
from briefings import BadQuestion
from briefings.text import make_search_key

_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "
#: placeholder for the user's own time zone, before it is looked up
OWN_ZONE = ""


class DigestAction(StrEnum):
    """Actions on an existing digest."""

    NOW = "now"
    PREVIEW = "preview"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class AddCommand:
    """Schedule a new digest. `request.zone` is OWN_ZONE if the user typed no zone."""

    request: schedule_parser.DigestRequest


@dataclass(frozen=True, slots=True)
class FormCommand:
    """Open the form, with the topic that was typed without a schedule ("" for none)."""

    query: str


@dataclass(frozen=True, slots=True)
class ListCommand:
    """List the channel's digests."""


@dataclass(frozen=True, slots=True)
class ManageCommand:
    """Change one digest. `selector` is its number, its topic, or "" for the only digest of the channel."""

    action: DigestAction
    selector: str


DigestCommand = AddCommand | FormCommand | ListCommand | ManageCommand | DetailsCommand | HelpCommand | UsageMessage


def parse_command(raw_text: str) -> DigestCommand:
    """Parse the text after `/digest`. Invalid text gives a UsageMessage, never an exception."""
    text = clean_input(raw_text)
    if len(text) > MAX_CHARACTERS:
        return UsageMessage(
            f"That's {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. "
            f"For example: /digest labour-crisis {schedule_parser.EXAMPLE}"
        )
    first_word, _, rest = text.partition(" ")
    action_name = first_word.casefold()
    if action_name in set(DigestAction):
        return ManageCommand(DigestAction(action_name), rest.strip(_QUOTES).removeprefix("#"))
    if not rest and action_name in ("help", "list"):
        return HelpCommand() if action_name == "help" else ListCommand()
    details_command = parse_details_command(text)
    if isinstance(details_command, DetailsCommand):
        return details_command
    try:
        request = schedule_parser.parse_request(text, OWN_ZONE)
    except BadQuestion as error:
        return details_command or UsageMessage(str(error))
    if request is None and details_command:
        return details_command
    if request is None:
        return FormCommand(text.strip(_QUOTES))
    return AddCommand(schedule_parser.DigestRequest(request.query.strip(_QUOTES), request.schedule, request.zone))


def select_digest(selector: str, digests: tuple[Digest, ...]) -> Digest:
    """Return the digest with this number or topic; "" means the only one.

    Raises BadQuestion if no digest or several digests match. The error lists the choices.
    """
    if not digests:
        raise BadQuestion(
            f"This channel has no digests yet. Schedule one: /digest labour-crisis {schedule_parser.EXAMPLE}"
        )
    if not selector:
        matches = list(digests)
    elif selector.isdecimal():
        matches = [digest for digest in digests if digest.number == int(selector)]
    else:
        matches = [digest for digest in digests if make_search_key(digest.config.query) == make_search_key(selector)]
    if len(matches) == 1:
        return matches[0]
    candidates = matches or digests
    choices = ", ".join(f"{digest.number}. {digest.config.query}" for digest in candidates)
    problem = "" if matches else f"This channel has no digest “{selector}”. "
    raise BadQuestion(
        f"{problem}This channel's digests: {choices}. Which number? For example: /digest preview {candidates[0].number}"
    )
