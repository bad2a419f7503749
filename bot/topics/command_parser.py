"""Parses the text after `/topic` into a command. Pure.

Rule: the first word decides. "to" and "into" stand between two names; the first name is one that the workspace has, so
that "rename back to school to school start" is understood. Text that is not understood is quoted back.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.queries.queries import MAX_CHARACTERS, HelpCommand, UsageMessage, clean_input
from bot.storage.topics.changes import (
    AddTopic,
    MergeTopics,
    MuteTopic,
    RemoveTopic,
    RenameTopic,
    RestoreTopic,
    SetWords,
    TopicChange,
)

EXAMPLE = "/topic new Easton flood: flood, flooding"
_QUOTES = "\"“”„‟«»'‘’`´ "
_VERBS = {
    **dict.fromkeys(("new", "add", "create", "make", "start"), "new"),
    **dict.fromkeys(("rename", "retitle", "call", "name"), "rename"),
    **dict.fromkeys(("merge", "join", "combine", "unite", "fold"), "merge"),
    **dict.fromkeys(("mute", "hide", "silence", "snooze"), "mute"),
    **dict.fromkeys(("unmute", "unhide"), "unmute"),
    **dict.fromkeys(("remove", "delete", "del", "rm", "drop", "kill"), "remove"),
    **dict.fromkeys(("restore", "undelete", "undo"), "restore"),
    **dict.fromkeys(("words", "word", "phrases", "keywords"), "words"),
    **dict.fromkeys(("edit", "change", "modify", "update"), "edit"),
    **dict.fromkeys(("show", "open", "view"), "show"),
    **dict.fromkeys(("suggest", "suggestions", "suggested", "ideas", "propose", "proposals"), "suggest"),
}
_USAGE = {
    "rename": "/topic rename labour-crisis to Labour leadership",
    "merge": "/topic merge floods into weather",
    "mute": "/topic mute labour-crisis",
    "unmute": "/topic unmute labour-crisis",
    "remove": "/topic remove labour-crisis",
    "restore": "/topic restore labour-crisis",
    "words": "/topic words labour-crisis: leadership challenge, no-confidence vote",
}
_HELP = re.compile(r"help(?: me)?|\?|-h|--help|usage|commands", re.IGNORECASE)
_LIST = re.compile(
    r"(?:(?:list|ls|show|see|view)(?: (?:all|me|the|my|our|of))*(?: topics?)?"
    r"|all(?: the)?(?: topics)?|(?:all |the )?topics)",
    re.IGNORECASE,
)
_SUGGEST = re.compile(
    r"(?:suggest(?:ions?|ed)?|ideas|propos(?:e|als?))(?: (?:me|us|some|new|topics?|a|for))*", re.IGNORECASE
)
_FORM = re.compile(r"(?:form|new|add|create|make)(?: (?:a|new|one|topic|form))*", re.IGNORECASE)
_NAME_PREFIX = re.compile(
    r"(?:(?:an?|the|new|another) )*topic(?![\w'’-])(?: (?:called|named|on|about|for)\b)?\s*:?\s*"
    r"|(?:called|named) (?=\S)",
    re.IGNORECASE,
)
_THE_TOPIC = re.compile(r"(?:the )?topics? (?:(?:of|on|about|called|named) )?(?=\S)", re.IGNORECASE)
#: what separates a name from its words
_COLON = re.compile(r"\s*(?::|=|\s[—–-]\s|\bwith (?:the )?words?:?\s|\bwords?:)\s*", re.IGNORECASE)
_WORDS_PREFIX = re.compile(
    r"(?:the )?(?:words?|phrases?|keywords?)(?: (?:of|for|to|in|from))?(?: (?:the )?topic)? ", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[,;\n|]")
_SEPARATOR_OR_WORD = re.compile(rf"{_SEPARATOR.pattern}|\s+or\s+")
#: what adds or removes a phrase
_PLUS, _MINUS = "+", "-−–"
_QUOTE_MARKS = re.compile(r"[\"“”„«»]")
_QUOTATION = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”»]")


@dataclass(frozen=True, slots=True)
class ListCommand:
    """List the topics."""


@dataclass(frozen=True, slots=True)
class SuggestCommand:
    """Suggest topics from the stories of the last days."""


@dataclass(frozen=True, slots=True)
class ShowCommand:
    """Show one topic with its words and menu."""

    name: str


@dataclass(frozen=True, slots=True)
class FormCommand:
    """Open the form: for a new topic with this name ("" for none), or to change a topic."""

    name: str = ""
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class ChangeCommand:
    """Make a change."""

    change: TopicChange


TopicCommand = ListCommand | SuggestCommand | ShowCommand | FormCommand | ChangeCommand | HelpCommand | UsageMessage


def parse_command(raw_text: str, is_topic: Callable[[str], bool] = lambda _: False) -> TopicCommand:
    """Parse the text after `/topic`. `is_topic` says whether the workspace has a topic with a name."""
    text = clean_input(raw_text)
    if len(text) > MAX_CHARACTERS:
        return UsageMessage(f"That's {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. For example: {EXAMPLE}")
    if _HELP.fullmatch(text):
        return HelpCommand()
    if not text or _LIST.fullmatch(text):
        return ListCommand()
    if _SUGGEST.fullmatch(text):
        return SuggestCommand()
    if _FORM.fullmatch(text) and not is_topic(text):
        return FormCommand()
    first_word, _, rest = text.partition(" ")
    verb = _VERBS.get(first_word.casefold().rstrip(":,"))
    if verb is None or (is_topic(text) and not is_topic(rest)):
        return _parse_name(text, first_word, is_topic)
    return parse_verb(verb, rest.strip(), is_topic)


def split_words(text: str, separator: re.Pattern[str] = _SEPARATOR_OR_WORD) -> tuple[str, ...]:
    """Return the phrases in a text: in quotation marks, or separated by commas, semicolons, lines or "or"."""
    phrases: list[str] = []
    start = 0
    for quotation in _QUOTATION.finditer(text):
        phrases += [*separator.split(text[start : quotation.start()]), quotation[1]]
        start = quotation.end()
    phrases += separator.split(text[start:])
    return tuple(phrase.strip(_QUOTES) for phrase in phrases if phrase.strip(_QUOTES))


def split_lines(text: str) -> tuple[str, ...]:
    """Return the phrases in the field of a form, in which "life or death" is one phrase."""
    return split_words(text, _SEPARATOR)


def join_lines(phrases: Sequence[str]) -> str:
    """Return the text from which `split_lines` reads these phrases. Quotation marks within a phrase are left out."""
    return "\n".join(
        phrase if split_lines(phrase) == (phrase,) else f'"{_QUOTE_MARKS.sub("", phrase)}"' for phrase in phrases
    )


def parse_verb(verb: str, raw_rest: str, is_topic: Callable[[str], bool]) -> TopicCommand:
    """Parse what follows a verb, one of the values of `VERBS`."""
    rest = _THE_TOPIC.sub("", raw_rest, count=1) if _THE_TOPIC.match(raw_rest) and not is_topic(raw_rest) else raw_rest
    name = strip_quotes(rest)
    match verb:
        case "suggest":
            return SuggestCommand()
        case "new":
            return _parse_new(raw_rest, is_topic)
        case "words":
            return _parse_words(_WORDS_PREFIX.sub("", rest, count=1), is_topic)
        case "remove" if _WORDS_PREFIX.match(rest) and not is_topic(name):  # "remove words from floods: rain"
            return _parse_words(_WORDS_PREFIX.sub("", rest, count=1), is_topic, sign=_MINUS[0])
        case "edit" | "show" if not name:
            return ListCommand()
        case "edit":
            return FormCommand(name, is_edit=True)
        case "show":
            return ShowCommand(name)
    if not name:
        return UsageMessage(f"Which topic? For example: {_USAGE[verb]}")
    match verb:
        case "rename" | "merge":
            return _parse_pair(verb, rest, is_topic)
        case "remove":
            return ChangeCommand(RemoveTopic(name))
        case "restore":
            return ChangeCommand(RestoreTopic(name))
        case _:
            return ChangeCommand(MuteTopic(name, is_muted=verb == "mute"))


def _parse_new(rest: str, is_topic: Callable[[str], bool]) -> TopicCommand:
    if _WORDS_PREFIX.match(rest):  # "add words to floods: flooding"
        return _parse_words(_WORDS_PREFIX.sub("", rest, count=1), is_topic, sign=_PLUS)
    text = rest[match.end() :] if (match := _NAME_PREFIX.match(rest)) else rest
    name, words = _split_name(text)
    if not name:
        return FormCommand()
    return ChangeCommand(AddTopic(name, split_words(words)))


def _parse_words(rest: str, is_topic: Callable[[str], bool], sign: str = "") -> TopicCommand:
    """Parse "floods: rain". With a sign, here or before each phrase, phrases are added or removed."""
    name, words = _split_name(rest)
    if not name:
        return UsageMessage(f"Which topic? For example: {_USAGE['words']}")
    if not words and sign and (pair := re.fullmatch(r"(?P<words>.+) (?:to|from) (?P<name>.+)", rest, re.IGNORECASE)):
        name, words = strip_quotes(pair["name"]), pair["words"]
    if not words.strip(_QUOTES + ",;" + _PLUS + _MINUS):
        if is_topic(name):
            return FormCommand(name, is_edit=True)
        return UsageMessage(f"Put a colon between the name and the words, for example: {_USAGE['words']}")
    return _parse_signed(name, split_words(words), sign)


def _parse_signed(name: str, phrases: Sequence[str], sign: str = "") -> TopicCommand:
    signs = {"-" if phrase[0] in _MINUS else phrase[0] for phrase in phrases if phrase[0] in _PLUS + _MINUS}
    if len(signs) > 1 or (sign and signs - {sign}):
        return UsageMessage("Add and remove words one after the other, for example: /topic words labour-crisis: -vote")
    sign = sign or next(iter(signs), "")
    words = tuple(word for phrase in phrases if (word := phrase.lstrip(_PLUS + _MINUS + " ")))
    return ChangeCommand(SetWords(name, words, adds=sign == _PLUS, removes=sign == "-"))


def _parse_pair(verb: str, text: str, is_topic: Callable[[str], bool]) -> TopicCommand:
    """Parse two names. Between two topics wins, then the longest first name that is a topic, then the first split."""
    joint = r"(?:to|as|into|->|→|=>)" if verb == "rename" else r"(?:into|with|to|and|in|->|→|,)"
    splits = [
        (strip_quotes(text[: match.start()]), strip_quotes(text[match.end() :]))
        for match in re.finditer(
            rf"\s*(?:(?<=\s){joint}(?=\s)|,)\s*" if verb == "merge" else rf"\s+{joint}\s+", text, re.IGNORECASE
        )
    ]
    pairs = [(first, _THE_TOPIC.sub("", second, count=1)) for first, second in splits if first and second]
    known_pairs = [pair for pair in pairs if is_topic(pair[0])]
    if verb == "merge":
        known_pairs = [pair for pair in known_pairs if is_topic(pair[1])] or known_pairs
    pair = next(reversed(known_pairs), None) or next(iter(pairs), None)
    if pair is None:
        missing = "What should it be called?" if verb == "rename" else "Into which topic?"
        return UsageMessage(f"{missing} For example: {_USAGE[verb]}")
    return ChangeCommand(RenameTopic(*pair) if verb == "rename" else MergeTopics(*pair))


def _parse_name(text: str, first_word: str, is_topic: Callable[[str], bool]) -> TopicCommand:
    """Parse a text without a verb: the name of a topic, or of a new one with its words."""
    name, words = _split_name(text)
    if is_topic(name):
        return _parse_signed(name, split_words(words)) if words else ShowCommand(name)
    if words:
        return ChangeCommand(AddTopic(name, split_words(words)))
    close_verbs = get_close_matches(first_word.casefold(), _VERBS, 1, 0.8)
    if close_verbs and close_verbs[0] != first_word.casefold():
        question = f"Did you mean /topic {close_verbs[0]}?"
        return UsageMessage(f"I don't understand “{text[:80]}”. {question} To see what works, type /topic help")
    return UsageMessage(
        f"I can't find the topic “{text[:80]}”. To make it, type /topic new {text[:80]}. To see all, type /topic"
    )


def _split_name(text: str) -> tuple[str, str]:
    """Return the name, and the words after the colon or "" without one. A colon in quotation marks is part of it."""
    quotation = _QUOTATION.match(text)
    start = quotation.end() if quotation else 0
    separator = _COLON.search(text, start)
    if separator is None:
        return strip_quotes(text), ""
    return strip_quotes(text[: separator.start()]), text[separator.end() :]


def strip_quotes(text: str) -> str:
    """Return a name without quotation marks around it."""
    return text.strip(_QUOTES + ",;").strip()
