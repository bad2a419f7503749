"""Parses the text after `/digest` into a command value. Pure.

Rule: the first word decides. `list`, `edit`, `pause` and the other actions manage existing digests; each has synonyms
such as `delete` and `unsubscribe`. Any other text is the topic and schedule of a new digest. A topic that starts with
an action word needs quotation marks.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.core.permissions.table import GuardedAction
from bot.digests import schedule_parser
from bot.digests.details_command import DetailsCommand, parse_details_command
from bot.digests.mail.addresses import MailAddress
from bot.digests.mail.command import MailCommand, parse_mail_command, split_mail_addresses
from bot.digests.model import Digest
from bot.digests.scheduling.assembly import EXAMPLE
from bot.queries.queries import MAX_CHARACTERS, HelpCommand, UsageMessage
from bot.queries.slack_text import read_slack_text
from briefings import BadQuestion
from briefings.text import make_search_key

_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "
#: placeholder for the user's own time zone, before it is looked up
OWN_ZONE = ""
#: placeholder for the zone that a digest already has
KEEP_ZONE = "keep"


class DigestAction(StrEnum):
    """Actions on an existing digest."""

    NOW = "now"
    PREVIEW = "preview"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    EDIT = "edit"
    #: become its owner, who gets notices about problems
    TAKE = "take"
    #: change its e-mail addresses; only an example in messages, the words are read by `mail.command`
    EMAIL = "email"


#: what the permissions table calls the actions on an existing digest
GUARDED_ACTIONS = {
    DigestAction.NOW: GuardedAction.SEND_DIGEST,
    DigestAction.PREVIEW: GuardedAction.PREVIEW_DIGEST,
    DigestAction.PAUSE: GuardedAction.STOP_DIGEST,
    DigestAction.RESUME: GuardedAction.CHANGE_DIGEST,
    DigestAction.STOP: GuardedAction.STOP_DIGEST,
    DigestAction.EDIT: GuardedAction.CHANGE_DIGEST,
    DigestAction.TAKE: GuardedAction.CHANGE_DIGEST,
    DigestAction.EMAIL: GuardedAction.MAIL_DIGEST,
}


@dataclass(frozen=True, slots=True)
class AddCommand:
    """Schedule a new digest. `request.zone` is OWN_ZONE if the user typed no zone."""

    request: schedule_parser.DigestRequest
    #: addresses that get it by e-mail
    addresses: tuple[MailAddress, ...] = ()


@dataclass(frozen=True, slots=True)
class FormCommand:
    """Open the form, with the topic that was typed without a schedule ("" for none), and the e-mail addresses."""

    query: str
    addresses: tuple[MailAddress, ...] = ()


@dataclass(frozen=True, slots=True)
class ListCommand:
    """List the channel's digests."""


@dataclass(frozen=True, slots=True)
class ManageCommand:
    """Change one digest. `selector` is its number, its topic, or "" for the only digest of the channel."""

    action: DigestAction
    selector: str


@dataclass(frozen=True, slots=True)
class EditCommand:
    """Change the schedule of a digest; without a new one, open its form.

    `request.zone` is KEEP_ZONE if no zone was typed, and OWN_ZONE for "my time". Without `request.names_days`, only
    the times change.
    """

    selector: str
    request: schedule_parser.DigestRequest | None


DigestCommand = (
    AddCommand
    | FormCommand
    | ListCommand
    | ManageCommand
    | EditCommand
    | DetailsCommand
    | MailCommand
    | HelpCommand
    | UsageMessage
)

#: the action of each word
_ACTION_WORDS = {
    **{action.value: action for action in DigestAction if action is not DigestAction.EMAIL},
    **dict.fromkeys(("delete", "cancel", "remove", "unsubscribe", "unschedule", "end", "del", "rm"), DigestAction.STOP),
    **dict.fromkeys(("change", "modify", "update", "reschedule"), DigestAction.EDIT),
    **dict.fromkeys(("unpause", "restart", "continue", "reactivate"), DigestAction.RESUME),
    **dict.fromkeys(("suspend", "mute", "snooze"), DigestAction.PAUSE),
}
#: words that are actions only alone or before a number, because topics often start with them
_WEAK_ACTION_WORDS = {
    **dict.fromkeys(("send", "run", "post", "trigger"), DigestAction.NOW),
    **dict.fromkeys(("test", "try", "show", "view"), DigestAction.PREVIEW),
    **dict.fromkeys(("start", "enable", "activate"), DigestAction.RESUME),
    **dict.fromkeys(("hold", "disable", "deactivate"), DigestAction.PAUSE),
    **dict.fromkeys(("move", "set"), DigestAction.EDIT),
    **dict.fromkeys(("claim", "own"), DigestAction.TAKE),
    "kill": DigestAction.STOP,
}
_HELP = re.compile(r"help(?: me)?|\?|-h|--help|usage|commands|how(?: does it work| to)?\??", re.IGNORECASE)
_LIST = re.compile(
    r"(?:list|ls|show|see|view|my|all|status|which)(?: (?:all|my|me|the|our|of|digests?|schedules?|mine))*"
    r"|digests?|schedules?|subscriptions?",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"(?:new|add|create|schedule|subscribe|set ?up|make)(?: (?:a|one|new|another))*(?: digest)?|form", re.IGNORECASE
)
#: a verb and the word "digest" before the topic of a new one
_NEW_PREFIX = re.compile(
    r"(?:please )?(?:(?:(?:send|give|get|show|tell|brief|update|remind) (?:me|us)|(?:i|we)(?:'d like| want| need)"
    r"|add|create|schedule|subscribe(?: to)?|set ?up)(?: (?:a|an|another|new))*(?: digest)?"
    r"|(?:make )?(?:a )?new digest)"
    r"(?: (?:of|on|about|for))? (?=\S)",
    re.IGNORECASE,
)
_FOR_DAYS = re.compile(r" for (?=weekdays|weekends|every|each|daily)", re.IGNORECASE)
_NOW = re.compile(r"(?:send|run|post|trigger)(?: it| one)?(?: right)? now", re.IGNORECASE)
#: words between an action and its number or topic
_SELECTOR_PREFIX = re.compile(
    r"(?:(?:over|off|from|the|my|this|our|a|digests?|number|no\.?|nr\.?|schedule|of|for)(?: |$))+", re.IGNORECASE
)
_NUMBER = re.compile(r"#?(?P<number>\d{1,9})[.):,]*(?=\s|$)")
_TO = re.compile(r"(?:(?:to|so|=|->|→)(?: |$))+", re.IGNORECASE)
_OWN_TIME = re.compile(r"\b(?:my|our|local)(?: own| local)? time\b", re.IGNORECASE)
#: a channel, as Slack escapes it; its name must not be read as a word of the schedule
_CHANNEL = re.compile(r"<#\w+\|?([^<>|]*)>")
#: characters of a typed text that are read
_MAX_READ = 8 * MAX_CHARACTERS
_TURN = re.compile(r"turn (?P<state>on|off)(?= |$)", re.IGNORECASE)


def parse_command(raw_text: str, today: date | None = None) -> DigestCommand:
    """Parse the text after `/digest`. Invalid text gives a UsageMessage, never an exception.

    `today` is for start dates such as "next Monday".
    """
    raw_text = raw_text[:_MAX_READ]
    if mail_command := parse_mail_command(raw_text):
        return mail_command
    try:
        raw_text, addresses = split_mail_addresses(raw_text)
    except BadQuestion as error:
        return UsageMessage(str(error))
    command = _parse_without_mail(raw_text, today)
    if addresses and isinstance(command, AddCommand | FormCommand):
        return replace(command, addresses=addresses)
    return command


def _parse_without_mail(raw_text: str, today: date | None) -> DigestCommand:
    line = read_slack_text(_CHANNEL.sub(r" #\1 ", raw_text[:_MAX_READ]))
    text = _TURN.sub(lambda match: "stop" if match["state"].lower() == "off" else "resume", line)
    if len(text) > MAX_CHARACTERS:
        return UsageMessage(
            f"That's {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. "
            f"For example: /digest labour-crisis {EXAMPLE}"
        )
    if _HELP.fullmatch(text):
        return HelpCommand()
    if _LIST.fullmatch(text):
        return ListCommand()
    if _NOW.fullmatch(text):
        return ManageCommand(DigestAction.NOW, "")
    if not text or _NEW.fullmatch(text):
        return FormCommand("")
    first_word, _, rest = text.partition(" ")
    details_command = parse_details_command(text)
    if isinstance(details_command, DetailsCommand):
        return details_command
    key = first_word.casefold().rstrip(":,")
    action = _ACTION_WORDS.get(key)
    if action is None and (_NUMBER.match(rest) or re.match(r"digest\b", rest, re.IGNORECASE)):
        action = _WEAK_ACTION_WORDS.get(key)
    try:
        if action is DigestAction.EDIT:
            return _parse_edit(rest, today)
        if action is not None:
            return _parse_manage(text, action, rest, today)
        command = _parse_new(text, today)
    except BadQuestion as error:
        return details_command or UsageMessage(str(error))
    return details_command if details_command and isinstance(command, FormCommand) else command


def select_digest(selector: str, digests: tuple[Digest, ...], action: DigestAction = DigestAction.PREVIEW) -> Digest:
    """Return the digest with this number or topic; "" means the only one.

    Raises BadQuestion if no digest or several digests match. The error lists the choices, with an example of `action`.
    """
    if not digests:
        raise BadQuestion(f"This channel has no digests yet. Schedule one: /digest labour-crisis {EXAMPLE}")
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
    is_topic = bool(selector) and not matches and not selector.isdecimal()
    hint = ". To schedule a new digest instead, put its topic in quotation marks." if is_topic else ""
    raise BadQuestion(
        f"{problem}This channel's digests: {choices}. Which number? For example: /digest {action.value} "
        f"{candidates[0].number}{hint}"
    )


def _parse_manage(text: str, action: DigestAction, rest: str, today: date | None) -> DigestCommand:
    """Return the command. A text with a schedule is rather a new digest, whose topic needs quotation marks."""
    selector = _parse_selector(rest)
    if rest and not selector.isdecimal():
        try:
            request = schedule_parser.parse_request(text, OWN_ZONE, today)
        except BadQuestion:
            request = None
        if request is not None:
            topic = request.query.strip(_QUOTES)
            return UsageMessage(
                f"To schedule a digest on “{topic}”, put the words in quotation marks: "
                f'/digest "{topic}" {request.schedule}. To {action.value} a digest, type its number: '
                f"/digest {action.value} 1"
            )
    return ManageCommand(action, selector)


def _parse_new(text: str, today: date | None) -> DigestCommand:
    if prefix := _NEW_PREFIX.match(text):  # "schedule ferries for weekdays at 9"
        text = _FOR_DAYS.sub(" ", text[prefix.end() :], count=1)
    request = schedule_parser.parse_request(text, OWN_ZONE, today)
    if request is None:
        return FormCommand(text.strip(_QUOTES))
    return AddCommand(schedule_parser.DigestRequest(request.query.strip(_QUOTES), request.schedule, request.zone))


def _parse_edit(rest: str, today: date | None) -> EditCommand:
    """Parse the number or topic, and the new schedule if there is one. Raises BadQuestion."""
    text = _strip_prefix(rest)
    zone = OWN_ZONE if _OWN_TIME.search(text) else KEEP_ZONE
    if number := _NUMBER.match(text):
        schedule_text = _TO.sub("", text[number.end() :].strip(" ,:"), count=1)
        if not schedule_text:
            return EditCommand(number["number"], None)
        return EditCommand(number["number"], _parse_new_schedule(schedule_text, zone, today, number["number"]))
    selector = _parse_selector(rest)
    if not selector:
        return EditCommand("", None)
    try:
        new_schedule = _parse_new_schedule(_TO.sub("", text, count=1), zone, today)
    except BadQuestion:
        request = schedule_parser.parse_request(text, zone, today)
    else:  # only a schedule, for the only digest
        return EditCommand("", new_schedule)
    topic = re.sub(r"(?: to| so)$", "", request.query.strip(_QUOTES)).strip(_QUOTES) if request else selector
    return EditCommand(topic, request)


def _parse_new_schedule(text: str, zone: str, today: date | None, number: str = "") -> schedule_parser.DigestRequest:
    """Return the new schedule of a digest. Raises BadQuestion, which says what else can be edited."""
    try:
        schedule, new_zone = schedule_parser.parse_schedule(text, zone, today)
    except BadQuestion as error:
        raise BadQuestion(f"{error} To change anything else, type /digest edit {number}".rstrip()) from error
    return schedule_parser.DigestRequest("", schedule, new_zone, schedule_parser.names_days(text, today))


def _parse_selector(rest: str) -> str:
    selector = _strip_prefix(rest.strip(_QUOTES)).strip(_QUOTES)
    number = _NUMBER.fullmatch(selector)
    return number["number"] if number else selector.removeprefix("#")


def _strip_prefix(rest: str) -> str:
    """Return the text without words such as "digest" and "from" before a number or topic."""
    prefix = _SELECTOR_PREFIX.match(rest)
    return rest[prefix.end() :] if prefix else rest
