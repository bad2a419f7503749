"""Parses the text after `/sources`, and plain requests such as "mute The Tribune". Pure.

Rule: a request names what is muted; whether an outlet has this name is found out later. In plain words, only a text
that begins with "mute" or "unmute", or that asks what is muted, is a request: "hide" and "ignore" can be a question.
Such a request can also mean a topic, a watch or a digest: "mute the ferry strike topic", "mute watch 3".
"""

import re
from dataclasses import dataclass

from bot.queries.queries import MAX_CHARACTERS, HelpCommand, UsageMessage
from bot.queries.slack_text import clean_input, read_slack_text

EXAMPLE = "/sources mute The Tribune"
#: "here", "please" and a mark can follow each other
_MAX_CLOSINGS = 3
_MAX_READ = 8 * MAX_CHARACTERS
_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "
_OPENING = re.compile(
    r"(?:(?:please|ok|okay|hi|hey|hello)\b[\s,.!:]*|(?:can|could|would|will) you (?:please )?|i(?:'d| would) like to |"
    r"(?:we|i) (?:want|need) to |let'?s )+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[\s,]*(?:\b(?:here|please|thanks|thank you|(?:in|for|from) (?:this|the|our) (?:channel|conversation|chat)|for us"
    r"|from now on|again|in here)\b)?[\s.!?]*$",
    re.IGNORECASE,
)
_SOURCE_WORDS = re.compile(
    r"(?:(?:the )?(?:sources?|outlets?|publishers?|papers?|newspapers?|sites?|websites?|news|articles?|stories|"
    r"everything|anything|lines?)(?: (?:from|by|of|in|on))? |(?:from|by) )(?=\S)",
    re.IGNORECASE,
)
#: what says that an outlet or a site follows, whatever its name is
_EXPLICIT_SOURCE = re.compile(
    r"[\s\"'“”‘’]*(?:the )?(?:sources?|outlets?|publishers?|papers?|newspapers?|sites?|websites?) ", re.IGNORECASE
)
_OTHER_NOUN = r"(?:topics?|watch(?:es)?|alerts?|digests?|feeds?)"
_OTHER = re.compile(
    rf"(?:(?:the|our|my|this|that|all|a) )*{_OTHER_NOUN}(?:[\s:#].*)?|.+\s{_OTHER_NOUN}", re.IGNORECASE | re.DOTALL
)
_MUTE = re.compile(r"(?:mute|silence) (?P<names>.+)", re.IGNORECASE)
_UNMUTE = re.compile(r"(?:un-?mute|un-?silence|stop (?:muting|silencing)) (?P<names>.+)", re.IGNORECASE)
_MORE_MUTE = re.compile(
    r"(?:hide|block|ignore|exclude|skip|leave out|turn off|(?:no more|stop showing|don['’]?t show|do not show)"
    r"(?: me| us)?) (?P<names>.+)",
    re.IGNORECASE,
)
_MORE_UNMUTE = re.compile(
    r"(?:unhide|unblock|allow|include|restore|show(?: me| us)?|bring back|turn on|add back|stop hiding"
    r"|stop ignoring) (?P<names>.+)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?:(?:list|show|ls|see|view|which|what)(?: me| us)?)?"
    r"(?: ?(?:sources?|outlets?|sections?|is|are|all|of|the|my|our))*"
    r" ?(?:muted(?: (?:sources?|outlets?|sections?|here))*|mutes)",
    re.IGNORECASE,
)
_COMMAND_LIST = re.compile(
    r"(?:list|ls|show|status|all|view|see)(?: all| sources?| outlets?)?|sources?|outlets?", re.IGNORECASE
)
_HELP = re.compile(r"help(?: me)?|\?|-h|--help|usage|commands", re.IGNORECASE)
_VERB_ALONE = re.compile(r"(?P<verb>un-?mute|mute|silence|hide|block|ignore)", re.IGNORECASE)
_EVERYTHING = re.compile(r"(?:all|everything|everyone|all (?:of )?(?:them|sources|outlets))", re.IGNORECASE)
#: a channel, as Slack writes it
_CHANNEL = re.compile(r"<#(?P<id>[A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>")
_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MuteCommand:
    """Mute the sources in `names`: one name, or several with commas or "and" between them.

    `may_be_other` tells whether it is about something else, unless an outlet has exactly this name.
    """

    names: str
    may_be_other: bool = False


@dataclass(frozen=True, slots=True)
class UnmuteCommand:
    """Unmute the sources in `names`, or all of them if it is empty. For `may_be_other`, see `MuteCommand`."""

    names: str
    may_be_other: bool = False


@dataclass(frozen=True, slots=True)
class ListCommand:
    """List what the channel mutes."""


SourceCommand = MuteCommand | UnmuteCommand | ListCommand | HelpCommand | UsageMessage


def parse_command(raw_text: str, channel: str = "") -> SourceCommand:
    """Parse the text after `/sources`, typed in `channel`. Every text gives a value."""
    text, other_channel = _read(raw_text, channel)
    if len(text) > MAX_CHARACTERS:
        return UsageMessage(f"That's {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. For example: {EXAMPLE}")
    if not text or _LIST.fullmatch(text) or _COMMAND_LIST.fullmatch(text):
        return ListCommand()
    if _HELP.fullmatch(text):
        return HelpCommand()
    command = _parse_request(text, (_UNMUTE, _MORE_UNMUTE), (_MUTE, _MORE_MUTE))
    if command is None:
        return UsageMessage(
            f"I don't understand “{text[:80]}”. To leave out a source, type {EXAMPLE}. To see what is left out, type "
            "/sources"
        )
    return _check_channel(command, other_channel)


def parse_request(raw_text: str, channel: str = "") -> SourceCommand | None:
    """Return the request in a message in plain words, or None for other text."""
    text, other_channel = _read(raw_text, channel)
    if len(text) > MAX_CHARACTERS:
        return None
    if _LIST.fullmatch(text):
        return ListCommand()
    command = _parse_request(text, (_UNMUTE,), (_MUTE,))
    return command and _check_channel(command, other_channel)


def _read(raw_text: str, channel: str) -> tuple[str, bool]:
    """Return the request as one line, and whether it names another channel."""
    raw_text = raw_text[:_MAX_READ]
    is_other = any(match["id"] != channel for match in _CHANNEL.finditer(raw_text))
    # a link is named by its address, with any label
    line = read_slack_text(_LINK.sub(lambda match: f" {clean_input(match[1])} ", _CHANNEL.sub(" ", raw_text)))
    line = re.sub(r" (?:in|for)$", "", line.strip())
    opening = _OPENING.match(line)
    line = line[opening.end() :] if opening else line
    if not re.search(r"\w", line):
        return line, is_other
    for _ in range(_MAX_CLOSINGS):
        line = _CLOSING.sub("", line, count=1).strip()
    return line, is_other


def _parse_request(
    text: str, unmute_patterns: tuple[re.Pattern[str], ...], mute_patterns: tuple[re.Pattern[str], ...]
) -> SourceCommand | None:
    if match := _VERB_ALONE.fullmatch(text):
        verb = "unmute" if match["verb"].lower().startswith("un") else "mute"
        return UsageMessage(
            f"Which source? For example: /sources {verb} The Tribune, or /sources {verb} tribune.example/sport"
        )
    for pattern in unmute_patterns:
        if match := pattern.fullmatch(text):
            names = _clean_names(match["names"])
            return UnmuteCommand("" if _EVERYTHING.fullmatch(names) else names, _is_other(match["names"]))
    for pattern in mute_patterns:
        if match := pattern.fullmatch(text):
            names = _clean_names(match["names"])
            if _EVERYTHING.fullmatch(names):
                return UsageMessage(f"I can't leave out every source. Name one, for example: {EXAMPLE}")
            return MuteCommand(names, _is_other(match["names"]))
    return None


def _clean_names(names: str) -> str:
    names = names.strip(_QUOTES)
    if _EVERYTHING.fullmatch(names):
        return names
    return _SOURCE_WORDS.sub("", names, count=1).strip(_QUOTES)


def _is_other(names: str) -> bool:
    """Tell whether the names are those of topics, watches, digests or feeds."""
    return not _EXPLICIT_SOURCE.match(names) and bool(_OTHER.fullmatch(names.strip(_QUOTES)))


def _check_channel(command: SourceCommand, other_channel: bool) -> SourceCommand:
    if other_channel and isinstance(command, MuteCommand | UnmuteCommand):
        return UsageMessage(f"This changes only the channel where you type it. Type it there, for example: {EXAMPLE}")
    return command
