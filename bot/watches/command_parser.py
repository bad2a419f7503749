"""Parses the text after `/watch` into a command value. Pure.

Rule: the first word decides, if a number, "all" or nothing follows it, or the words of a watch. `stop`, `pause` and
the others have synonyms such as `delete` and `unsubscribe`. Any other text is what to watch for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.queries.queries import HelpCommand, UsageMessage, clean_input
from bot.queries.watches import format_watch
from bot.watches.model import ChannelWatch
from bot.watches.settings_parser import LimitCommand, QuietCommand, parse_settings_command
from briefings import BadQuestion
from briefings.text import make_search_key

_MARKS = "\"'“”„‟‘’‚‛«»‹›`´ .!?"
EXAMPLE = '/watch "lynch-mob"'
#: selector of all watches of the channel
ALL = "all"


class WatchAction(StrEnum):
    """Actions on an existing watch."""

    PREVIEW = "preview"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    EDIT = "edit"
    #: become its owner, who gets notices about problems
    TAKE = "take"


@dataclass(frozen=True, slots=True)
class AddCommand:
    """Set up a watch for what `text` says."""

    text: str


@dataclass(frozen=True, slots=True)
class FormCommand:
    """Open the form."""


@dataclass(frozen=True, slots=True)
class ListCommand:
    """List the channel's watches."""


@dataclass(frozen=True, slots=True)
class ManageCommand:
    """Change watches. `selector` is a number, words, ALL, or "" for the only watch of the channel.

    `typed_text` is the whole text, for a watch on words that start with an action word.
    """

    action: WatchAction
    selector: str
    typed_text: str


@dataclass(frozen=True, slots=True)
class EditCommand:
    """Change what a watch looks for; without `text`, open its form."""

    selector: str
    text: str


WatchCommand = (
    AddCommand
    | FormCommand
    | ListCommand
    | ManageCommand
    | EditCommand
    | QuietCommand
    | LimitCommand
    | HelpCommand
    | UsageMessage
)

#: the action of each word
_ACTION_WORDS = {
    **{action.value: action for action in WatchAction},
    **dict.fromkeys(
        ("delete", "cancel", "remove", "unsubscribe", "unwatch", "end", "del", "rm", "unfollow"), WatchAction.STOP
    ),
    **dict.fromkeys(("change", "modify", "update"), WatchAction.EDIT),
    **dict.fromkeys(("unpause", "restart", "continue", "reactivate", "start", "enable"), WatchAction.RESUME),
    **dict.fromkeys(("suspend", "mute", "snooze", "hold", "disable"), WatchAction.PAUSE),
    **dict.fromkeys(("test", "try", "show", "view"), WatchAction.PREVIEW),
    **dict.fromkeys(("claim", "own"), WatchAction.TAKE),
}
#: words that start a watch on words more often than an action on a watch that is named by its words
_WEAK_WORDS = frozenset(
    ["start", "enable", "hold", "disable", "test", "try", "show", "view", "claim", "own", "end", "change", "update"]
)
_HELP = re.compile(r"help(?: me)?|\?|-h|--help|usage|commands|how(?: does it work| to)?\??", re.IGNORECASE)
_LIST = re.compile(
    r"(?:(?:list|ls|show|see|view|my|all|status|which)(?: (?:all|my|me|the|our|of|mine|here))*"
    r"(?: (?:watch(?:es)?|alerts?|notifications?))?|watches|my watches|alerts|subscriptions?)(?: here)?"
    r"|what (?:is|are you|do you|am i|are we)(?: being)? watch(?:ed|ing)?(?: for)?(?: here)?"
    r"|(?:show|list|see|what are|which are)(?: me| us)?(?: my| our| the| all| all the| this channel's)* "
    r"(?:watches|alerts)(?: here)?",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"(?:new|add|create|set ?up|make)(?: (?:a|an|one|new|another))*(?: (?:watch|alert))?|form|watch", re.IGNORECASE
)
#: a verb and the word "watch" before what to watch for
_NEW_PREFIX = re.compile(
    r"(?:(?:add|create|set ?up|make|new)(?: (?:a|an|another|new))* (?:watch|alert)(?: (?:for|on|about))?|for) (?=\S)",
    re.IGNORECASE,
)
_SELECTOR_PREFIX = re.compile(
    r"(?:(?:over|off|from|the|my|this|our|a|watch(?:es)?|alerts?|number|no\.?|nr\.?|of|for|on|watching)(?: |$))+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"#?(?P<number>\d{1,9})[.):]?(?=\s|$)")
#: one number or several
_NUMBERS = re.compile(r"#?\d{1,9}(?:(?:,? and |, ?| ?& ?| )#?\d{1,9}){0,49}", re.IGNORECASE)
_ALL = re.compile(
    r"(?:all|everything|every one|each)(?: of (?:them|these))?(?: (?:watches|alerts))?(?: here)?", re.IGNORECASE
)
_TO = re.compile(r"(?:(?:to|so|=|->|→|for)(?: |$))+", re.IGNORECASE)
_TURN = re.compile(r"turn (?P<state>on|off)(?= |$)", re.IGNORECASE)


def parse_command(raw_text: str) -> WatchCommand:
    """Parse the text after `/watch`. Invalid text gives a UsageMessage, never an exception."""
    text = _TURN.sub(lambda match: "stop" if match["state"].lower() == "off" else "resume", clean_input(raw_text))
    bare_text = text.strip(" .!?:")
    if _HELP.fullmatch(text) or _HELP.fullmatch(bare_text):
        return HelpCommand()
    if _LIST.fullmatch(bare_text):
        return ListCommand()
    if not bare_text or _NEW.fullmatch(bare_text):
        return FormCommand()
    if settings_command := parse_settings_command(text):
        return settings_command
    first_word, _, rest = text.partition(" ")
    key = first_word.casefold().rstrip(":,")
    action = _ACTION_WORDS.get(key)
    selector = _parse_selector(rest)
    is_exact = not rest or bool(_NUMBERS.fullmatch(selector)) or selector == ALL
    if action is WatchAction.EDIT and (_NUMBER.match(_strip_prefix(rest)) or is_exact):
        return _parse_edit(rest)
    if action is not None and (is_exact or key not in _WEAK_WORDS):
        return ManageCommand(action, selector, text)
    if _NUMBER.fullmatch(bare_text):
        return _explain_number(bare_text.strip("#.): "))
    prefix = _NEW_PREFIX.match(text)
    return AddCommand(raw_text if prefix is None else text[prefix.end() :])


def _explain_number(number: str) -> UsageMessage:
    return UsageMessage(
        f"What about watch {number}? Say what to do with it, for example: /watch edit {number} or /watch pause "
        f'{number}. To watch for the number itself, put it in quotation marks: /watch "{number}"'
    )


def select_watches(command: ManageCommand | EditCommand, watches: Sequence[ChannelWatch]) -> list[ChannelWatch]:
    """Return the channel's watches that a command names; "" means the only one.

    Raises BadQuestion if no watch or several watches match. The error lists the choices.
    """
    action = command.action.value if isinstance(command, ManageCommand) else WatchAction.EDIT.value
    if not watches:
        raise BadQuestion(f"There are no watches here yet. Set one up: {EXAMPLE}")
    selector = command.selector
    takes_several = isinstance(command, ManageCommand) and command.action is not WatchAction.PREVIEW
    if selector == ALL and takes_several:
        return list(watches)
    if selector in ("", ALL):
        matches = list(watches)
    elif numbers := _list_numbers(selector):
        matches = [watch for watch in watches if watch.number in numbers]
        if takes_several and len(matches) == len(numbers):
            return matches
    else:
        matches = [watch for watch in watches if make_search_key(selector) in _list_names(watch)]
    if len(matches) == 1 and len(_list_numbers(selector)) < 2:
        return matches
    candidates = matches or watches
    choices = ", ".join(f"{watch.number}. {_format_name(watch)}" for watch in candidates[:20])
    problem = "" if matches else f"I don't know a watch “{selector[:80]}” here. "
    hint = ""
    if isinstance(command, ManageCommand) and selector and not matches and not selector.isdecimal():
        words = command.typed_text.replace('"', "")[:120]
        hint = f'. To watch for these words instead, put them in quotation marks: /watch "{words}"'
    raise BadQuestion(
        f"{problem}The watches here: {choices}. Which number? For example: /watch {action} {candidates[0].number}{hint}"
    )


def _list_numbers(selector: str) -> set[int]:
    """Return the numbers of a selector such as "1" or "1, 2 and 3"; none of any other text."""
    return set(map(int, re.findall(r"\d+", selector))) if _NUMBERS.fullmatch(selector) else set()


def _list_names(watch: ChannelWatch) -> set[str]:
    query = watch.config.query
    parts = (query.phrase, query.words, query.by, format_watch(query).partition(" ")[2])
    return {make_search_key(part) for part in parts if part}


def _format_name(watch: ChannelWatch) -> str:
    name = format_watch(watch.config.query).partition(" ")[2]
    return name if len(name) <= 60 else f"{name[:60]}…"


def _parse_edit(rest: str) -> EditCommand:
    text = _strip_prefix(rest)
    number = _NUMBER.match(text)
    if number is None:
        return EditCommand("", "")
    return EditCommand(number["number"], _TO.sub("", text[number.end() :].strip(" ,:"), count=1))


def _parse_selector(rest: str) -> str:
    if _ALL.fullmatch(rest.strip(_MARKS)):
        return ALL
    selector = _strip_prefix(rest.strip(_MARKS)).strip(_MARKS)
    number = _NUMBER.fullmatch(selector)
    return number["number"] if number else selector.removeprefix("#")


def _strip_prefix(rest: str) -> str:
    """Return the text without words such as "watch" and "from" before a number or words."""
    prefix = _SELECTOR_PREFIX.match(rest)
    return rest[prefix.end() :] if prefix else rest
