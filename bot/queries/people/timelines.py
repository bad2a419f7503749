"""Reads requests for a timeline: "timeline of Roe on the ferry", "what has Roe said about the ferry over time?". Pure.

Rule: the words for a timeline are removed, and the rest is read like any question. It is a timeline only if the rest
names a speaker and no words to search for. Text in quotation marks is never read as a request.
"""

import re
from collections.abc import Callable
from datetime import date

from bot.queries.filters import wrap_in_quotes
from bot.queries.grammar.names import KnownNames
from bot.queries.grammar.tokens import has_phrase
from bot.queries.people.comparisons import read_comparison
from bot.queries.people.phrases import drop_speech_nouns
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import UsageMessage, WhoSaidQuery, parse_who_said
from bot.queries.slack_text import mask_phrases

_NOUN = r"(?:time[\s-]?lines?|chronolog(?:y|ies))"
#: a request at the beginning, with what connects it to the person
_OPENING = re.compile(
    rf"^(?:(?:show|give|get|make|draw|build|create|see|view|display)\s+(?:(?:me|us)\s+)?)?(?:(?:an?|the|full|whole)\s+)*{_NOUN}(?:\s*:\s*|\s+(?:of|for|by|from|with|on|about|showing)\b|\b(?!\S))"
    r"\s*(?:(?:everything|all)(?:\s+that)?\s+(?=\S+\s+\S))?",
    re.IGNORECASE,
)
_INSIDE = re.compile(rf"\s*[,;(]?\s*(?:(?:as|in|on|with)\s+(?:an?\s+)?)?\b{_NOUN}\b\)?(?:\s*[,;:])?", re.IGNORECASE)
_OVER_TIME = re.compile(
    r"\s*[,;]?\s*\b(?:over\s+(?:the\s+)?(?:time|years|months|weeks|days)|through\s+time|(?:day\s+)?by\s+day|by\s+date|by\s+month"
    r"|month\s+by\s+month|in\s+(?:chronological|date|time)\s+order|chronologically)\b",
    re.IGNORECASE,
)
_STANCE = r"(?:position|stance|views?|lines?|tone|words|message|opinions?|attitude|rhetoric|mind|story|statements?)"
_CHANGE_QUESTION = re.compile(
    rf"how\s+(?:has|have|had|did|does|do)\s+(?P<by>.+?)(?:['’]s?\s+{_STANCE})?\s+(?:ever\s+)?"
    rf"(?:change[ds]?|evolve[ds]?|shift(?:ed|s)?|move[ds]?)(?:\s+(?:his|her|their|its)\s+{_STANCE})?"
    rf"(?:\s+(?P<subject>(?:on|of|about|regarding|over|concerning)\b.+))?",
    re.IGNORECASE,
)
_CHANGE_ON_SUBJECT = re.compile(
    rf"how\s+(?:has|have|had|did|does|do)\s+(?P<by>.+?)['’]s?\s+{_STANCE}\s+(?P<subject>(?:on|of|about|regarding|over|concerning|towards?)\b.+?)"
    r"\s+(?:change[ds]?|evolve[ds]?|shift(?:ed|s)?|move[ds]?)",
    re.IGNORECASE,
)
#: "how has what Roe says about the ferry changed"
_CHANGED_WORDS = re.compile(
    r"how\s+(?:has|have|had|did|does|do)\s+what\s+(?P<by>.+?)\s+(?:has\s+)?(?:says?|said)\s+(?P<subject>(?:on|of|about|regarding)\b.+?)"
    r"\s+(?:change[ds]?|evolve[ds]?|shift(?:ed|s)?|move[ds]?)",
    re.IGNORECASE,
)
_ENDS = r"(?:first|last|initially|originally|most\s+recently)"
_ANYTHING = r"(?:\s+(?:anything|something|a\s+word))?"
#: the first or the last statement, which a timeline marks
_END_QUESTIONS = (
    re.compile(
        rf"(?:what|when)\s+(?:did|has|was|were|does)\s+(?P<by>.+?)\s+{_ENDS}\s+(?:say|said|mention(?:ed)?|speak|spoken?|talk(?:ed)?|comment(?:ed)?)"
        rf"{_ANYTHING}\s+(?:(?:about|on|of|regarding)\s+)?(?P<subject>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:what(?:'?s|\s+(?:is|was|were|are))\s+)?the\s+(?:very\s+)?{_ENDS}\s+(?:things?|words?|statements?|quotes?)(?:\s+that)?\s+(?P<by>.+?)"
        r"\s+(?:has\s+|ever\s+)*(?:said|says)\s+(?:about|on|of|regarding)\s+(?P<subject>.+)",
        re.IGNORECASE,
    ),
)
_HISTORY = re.compile(
    r"^(?:(?:an?|the)\s+)?(?:history|evolution|development)\s+of\s+(?=(?:what|everything|all)\s+.+\b(?:said|says?)\b)",
    re.IGNORECASE,
)
#: the word is the subject: "what did Roe say about the timeline", "what did Roe say about the ferry timeline"
_IS_SUBJECT = re.compile(
    r"\b(?:about|on|of|regarding|concerning|mention|mentioned)\s+(?:the|an?|this|that|his|her|their|its|our)$"
    r"|^(?:what|when|who|did|has|where)\b.*\b(?:about|on|of|regarding)\s+(?:the|an?|this|that|his|her|their|its|our)(?:\s+[\w-]+){1,2}$",
    re.IGNORECASE,
)
_SPEECH_NOUNS = re.compile(
    r"^(?:(?:the|all)\s+)?(?:quotes?|quotations?|statements?|comments?|remarks?|words)\s+(?:by|of|from)\s+",
    re.IGNORECASE,
)
_EXAMPLE = "/whosaid timeline of Corbyn on the vote"
#: most words of an unknown name, and most characters of a text in a message
_MAX_NAME_WORDS, _MAX_ECHO, _MAX_COMMAND = 4, 80, 300
#: reads a question in plain words, or returns None
QuestionReader = Callable[[str], object]


def read_timeline(
    text: str, names: KnownNames, today: date, read_question: QuestionReader
) -> TimelineQuery | ComparisonQuery | UsageMessage | None:
    """Return the timeline that is asked for, a message about what was not understood, or None for another text.

    `read_question` reads the rest of the text as a question in plain words. A timeline of two people compares them.
    """
    rest, is_named = _strip_request(text)
    if rest is None:
        return None
    if not re.search(r"\w", rest):
        return (
            None if names.has_words(text) else UsageMessage(f"Whose timeline? Name a person, for example: {_EXAMPLE}")
        )
    comparison = read_comparison(f"compare {rest}", names, today)
    if isinstance(comparison, ComparisonQuery) and names.is_person(comparison.second):
        return comparison
    reading = _read(rest, names, today, read_question)
    if isinstance(reading, WhoSaidQuery) and reading.by and _is_name(reading.by, names):
        if not reading.words:
            return TimelineQuery(reading.by, reading.about, reading.outlet, reading.since, reading.until)
        is_subject = has_phrase(rest) or (is_named and not names.has_words(text))
        if is_subject and not reading.about:  # the timeline of Roe on "the second ferry", or "timeline Roe ferry"
            return TimelineQuery(reading.by, reading.words, reading.outlet, reading.since, reading.until)
    if isinstance(reading, UsageMessage) and is_named:
        return reading
    if isinstance(reading, WhoSaidQuery) and reading.by and not reading.words and not names.has_words(text):
        by = reading.by[:_MAX_ECHO]
        return UsageMessage(
            f"A timeline shows what one person said. I don't find the person “{by}”. "
            f"Try: {_EXAMPLE}, or without a timeline: {reading.command_text[:_MAX_COMMAND]}"
        )
    return None


def explain_unknown_person(text: str, names: KnownNames) -> UsageMessage | None:
    """Return a message about a timeline that names no quoted person, or None for another text."""
    match = _OPENING.match(mask_phrases(text))
    if match is None or names.has_words(text):
        return None
    rest = text[match.end() :].strip(" ,;:?")[:_MAX_ECHO]
    return UsageMessage(f"A timeline shows what one person said. I don't find a person in “{rest}”. Try: {_EXAMPLE}")


def _is_name(name: str, names: KnownNames) -> bool:
    """Whether a name is known, or looks like one."""
    words = name.split()
    return names.is_person(name) or (len(words) <= _MAX_NAME_WORDS and all(word[:1].isupper() for word in words))


def _strip_request(text: str) -> tuple[str | None, bool]:
    """Return the text without the request for a timeline, and whether it has the word; None without a request."""
    if question := _read_change(text) or _read_end(text):
        return question, False
    masked_text = mask_phrases(text)
    for pattern, is_named in ((_OPENING, True), (_HISTORY, False), (_INSIDE, True), (_OVER_TIME, False)):
        match = pattern.search(masked_text)
        if match and not (pattern is _INSIDE and _IS_SUBJECT.search(text[: match.start()])):
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            extra = _OVER_TIME.search(mask_phrases(rest))
            rest = f"{rest[: extra.start()]} {rest[extra.end() :]}" if extra else rest
            return " ".join(rest.split()).strip(" ,;:?"), is_named
    return None, False


def _read_change(text: str) -> str | None:
    """Return the filters of "how has Roe's view of the ferry changed over time", or None."""
    over_time = _OVER_TIME.search(mask_phrases(text))
    if over_time:
        text = f"{text[: over_time.start()]} {text[over_time.end() :]}".strip(" ,;:?")
    masked_text = mask_phrases(" ".join(text.split()))
    patterns = (_CHANGED_WORDS, _CHANGE_ON_SUBJECT, _CHANGE_QUESTION)
    match = next((match for pattern in patterns if (match := pattern.fullmatch(masked_text))), None)
    if match is None or has_phrase(text[: match.end("by")]):
        return None
    subject = text[match.start("subject") : match.end("subject")] if match["subject"] else ""
    subject = re.sub(r"^(?:towards?|over|of)\b", "about", subject, flags=re.IGNORECASE)
    return _write_filters(text[match.start("by") : match.end("by")], subject)


def _read_end(text: str) -> str | None:
    """Return the filters of "when did Roe first speak about the ferry", or None. Quoted words are searched for."""
    match = next((match for pattern in _END_QUESTIONS if (match := pattern.fullmatch(text))), None)
    return _write_filters(match["by"], f"about {match['subject']}") if match and not has_phrase(text) else None


def _write_filters(by: str, subject: str) -> str:
    return f"by:{wrap_in_quotes(re.sub(r'^the ', '', by))} {subject}".strip()


def _read(rest: str, names: KnownNames, today: date, read_question: QuestionReader) -> object:
    """Read the rest: as a question, or as a name with what follows it."""
    rest = _SPEECH_NOUNS.sub("by ", drop_speech_nouns(rest))
    if (reading := read_question(rest)) is not None:
        return reading
    query = parse_who_said(rest, today, names)
    if isinstance(query, WhoSaidQuery) and query.by:
        return query
    # "of Jane Roe on the ferry", with a name that is not known
    match = re.fullmatch(
        r"(?:what\s+)?(?P<by>[^\W\d_][^:\"“”]{1,60}?)(?:['’]s)?(?P<rest>\s+(?:on|about|regarding|concerning)\s+.+)?",
        rest,
    )
    is_name = match and all(word[:1].isupper() for word in match["by"].split())
    if match and is_name and not has_phrase(match["by"]):
        return parse_who_said(f"by:{wrap_in_quotes(match['by'])}{match['rest'] or ''}", today, names)
    return query
