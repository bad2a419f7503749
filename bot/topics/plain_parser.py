"""Parses requests about topics in plain words, such as "rename the topic floods to Easton flood". Pure.

Rule: a request has a verb and the word "topic" before or after a name. Muting an outlet is another request, which
`bot.mutes` reads.
"""

import re
from collections.abc import Callable

from bot.queries.queries import MAX_CHARACTERS, clean_input
from bot.storage.topics.changes import AddTopic, MuteTopic
from bot.topics.command_parser import ChangeCommand, SuggestCommand, TopicCommand, parse_verb, strip_quotes

_OPENING = re.compile(
    r"(?:(?:please|ok|okay|hi|hey|hello)\b[\s,.!:]*|(?:can|could|would|will) (?:you|we) (?:please )?|"
    r"(?:i|we)(?:'d| would) like (?:you )?to |(?:we|i) (?:want|need)(?: you)? to |we should |let['’]?s )+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[\s,]*\b(?:please|thanks|thank you|for (?:me|us|now)|here|from now on|(?:in|for|from) (?:this|our) "
    r"(?:channel|workspace|conversation)|any ?more)[\s.!?]*$",
    re.IGNORECASE,
)
_MAX_CLOSINGS = 3
#: the verbs of requests, and what they are after `/topic`
_VERBS = {
    "new": r"make|create|add|start",
    "rename": r"rename|retitle",
    "merge": r"merge|combine",
    "unmute": r"un-?mute|un-?hide|un-?silence|stop (?:muting|hiding|silencing)|turn on",
    "mute": r"(?:mute|hide|silence|snooze|turn off|(?:stop showing|don['’]?t show|do not show)(?: me| us)?)",
    "remove": r"remove|delete|get rid of|drop",
    "restore": r"restore|undelete|bring back",
    "edit": r"edit|change",
}
_REQUESTS = [(verb, re.compile(rf"(?:{pattern})\s+(?P<rest>.+)", re.IGNORECASE)) for verb, pattern in _VERBS.items()]
_SHOW_AGAIN = re.compile(r"(?:show|list)(?: me| us)? (?P<rest>.+) again", re.IGNORECASE)
_SUGGEST = re.compile(
    r"(?:what|which) topics (?:do you suggest|could we (?:make|add|follow))|suggest (?:me |us |some |new )*topics.*",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"\btopics?(?![\w'’-]|[./]\w)", re.IGNORECASE)
_DETERMINER = r"(?:(?:the|our|my|this|that|all) )*"
_THE = re.compile(r"^the ", re.IGNORECASE)
_ONLY_TOPIC = re.compile(rf"{_DETERMINER}topics?", re.IGNORECASE)
#: "the topic floods to Easton flood"
_TOPIC_FIRST = re.compile(rf"{_DETERMINER}topics?:? (?:(?:of|on|about|called|named) )?(?P<rest>\S.*)", re.IGNORECASE)
#: "the floods topic to Easton flood"
_TOPIC_LAST = re.compile(rf"{_DETERMINER}(?P<name>.+?) topics?(?P<tail> .*)?", re.IGNORECASE)
#: the beginning of a new topic, and not of "add topic to my digest" or "make the topic clear"
_NEW = re.compile(
    r"(?:(?:an?|new|another) )*topic(?![\w'’-])(?! (?:to|from|in|into|of|at|by|and|or|is|are|that|which|so)\b)",
    re.IGNORECASE,
)
_INTO_TOPIC = re.compile(r"(?P<name>.+?) (?:into )?an? (?:new )?topic(?: here)?", re.IGNORECASE)
_BOLD = "*_~"


def parse_plain(raw_text: str, is_topic: Callable[[str], bool] = lambda _: False) -> TopicCommand | None:
    """Return the request about topics in a message, or None for any other message.

    `is_topic` says whether the workspace has a topic with a name.
    """
    text = clean_input(raw_text).strip(" ?!.")
    if len(text) > MAX_CHARACTERS or not _TOPIC.search(text):
        return None
    opening = _OPENING.match(text)
    text = text[opening.end() :] if opening else text
    for _ in range(_MAX_CLOSINGS):
        text = _CLOSING.sub("", text, count=1).strip()
    if _SUGGEST.fullmatch(text):
        return SuggestCommand()
    if match := _SHOW_AGAIN.fullmatch(text):
        return _parse_change("unmute", match["rest"], is_topic)
    for verb, pattern in _REQUESTS:
        if match := pattern.fullmatch(text):
            return _parse_new(text, match["rest"]) if verb == "new" else _parse_change(verb, match["rest"], is_topic)
    return None


def _parse_new(text: str, rest: str) -> TopicCommand | None:
    if into := _INTO_TOPIC.fullmatch(rest):
        return ChangeCommand(AddTopic(strip_quotes(into["name"])))
    new_rest = _THE.sub("", rest) if re.match(r"add|create", text, re.IGNORECASE) else rest
    return parse_verb("new", rest, lambda _: False) if _NEW.match(new_rest) else None


def _parse_change(verb: str, rest: str, is_topic: Callable[[str], bool]) -> TopicCommand | None:
    if _ONLY_TOPIC.fullmatch(rest):
        return parse_verb(verb, "", is_topic)
    if match := _TOPIC_FIRST.fullmatch(rest):
        names = match["rest"]
    elif match := _TOPIC_LAST.fullmatch(rest):
        name, tail = _clean_name(match["name"]), match["tail"] or ""
        # what names no topic may be about something else: "delete the hot topic", "mute the topic of my digest"
        if not is_topic(name) and (tail or verb not in ("mute", "unmute", "restore")):
            return None
        names = f"{name}{tail}"
    else:
        return None
    names = _clean_name(names)
    if verb == "restore" and is_topic(names):  # it is only muted
        return ChangeCommand(MuteTopic(names, is_muted=False))
    return parse_verb(verb, names, is_topic)


def _clean_name(name: str) -> str:
    """Return a name without marks around it. Marks around one of two names stay for the parser of commands."""
    stripped = strip_quotes(name.strip(_BOLD))
    return stripped if not re.search(r"[\"“”„«»]", stripped) else name
