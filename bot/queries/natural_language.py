"""Parses a question in plain words ("who said lynch-mob?", "brief me on the labour crisis") into a query. Pure.

Rule: every text gives a value, never an exception. The text goes through the parsers of the slash commands, so filters
and limits are the same. Text in quotation marks is only ever searched for.
"""

import re
from datetime import date

from bot.queries import queries
from bot.queries.filters import parse_days, wrap_in_quotes
from bot.queries.queries import MAX_CHARACTERS, BriefingQuery, HelpCommand, TopicsQuery, UsageMessage, WhoSaidQuery

ParsedQuery = BriefingQuery | WhoSaidQuery | TopicsQuery | HelpCommand | UsageMessage

_WELCOME = "You're welcome."
_NAME_SPEAKER = "Who do you mean? Name the speaker, for example: what did Corbyn say"


def _compile_patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE) for pattern in patterns)


_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|now|well|please|thanks|thank you)\b[\s,.!:;–—-]*(?=\S)"
    r"|(?:can|could|would|will) you\b(?: please)?\s+|i(?:'d| would) like to know\s+|i want to know\s+|do you know\s+"
    r"|(?:tell|show) (?:me|us)\s+(?=who\b|what\b|where\b))+",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[\s,]*(?:\bplease\b|\bthanks\b|\bthank you\b)?[\s?!.,…]*$", re.IGNORECASE)

_HELP = _compile_patterns(
    r"help(?: me)?(?: out)?",
    r"(?:hi|hello|hey|good morning|good afternoon)(?: there| all)?",
    r"what (?:can|could|do|does) (?:you|i|one|this bot)(?: actually)? (?:do|ask|ask you|say)(?: here)?",
    r"how (?:do|can|does|should) (?:i|we|you|this|it|one)(?: bot)? (?:work|use|ask)(?: .{0,30})?",
    r"(?:who|what) are you",
    r"commands|usage",
)
_TOPICS = _compile_patterns(
    r"(?:(?:list|show|give|what are|which are)(?: me| us)? )?(?:the |all |all the |your )?topics",
    r"(?:what|which) (?:topics|stories)(?: .{0,30})?",
    r"what(?:'s| is) (?:new|the news|in the news|in the record|there)(?: today)?",
    r"what (?:do|have) you (?:have|got|know)",
    r"brief (?:me|us)|news|the news",
)
_THANKS = _compile_patterns(r"(?:many )?(?:thanks|thank you|cheers|thx)(?: (?:a lot|so much|very much|all|bot|again))?")
_SAY_VERBS = (
    r"(?:said|says|say|saying|stated|claimed|uttered|used|called|spoke|wrote|quoted(?: as saying| with)?"
    r"|told .{1,40}? that)"
)
_WHO_SAID = _compile_patterns(
    rf"(?:and )?who(?:'s| is| was| has| had| have| was it| was it that| it was| actually| first| else| really| ever)*"
    rf" {_SAY_VERBS}(?: that| the words?| the phrase| something like)?[:,]? (?P<words>.+)",
    r"(?:where|who) (?:does|do|did|is|are) (?P<words>.+?)(?: come)? from",
    r"who (?:came up with|coined|spoke of|talked about|mentioned) (?P<words>.+)",
    r"(?:find|look up|search for|search)(?: the words?| the quote| the quotation)? (?P<words>.+)",
)
_WHO_SAID_ALONE = _compile_patterns(rf"who(?:'s)? {_SAY_VERBS}(?: it| that| this| so)?")
_DID_SAY = _compile_patterns(
    r"(?:did|has|have|does|had) (?P<by>.+?) (?:really |actually |ever )*(?:say|said|call|called|claim|claimed|use|used)"
    r"(?: that| the words?| the phrase)? (?P<words>.+)",
)
_WHAT_SAID = _compile_patterns(
    r"what(?:'s| is| was| did| does| do| has| have| had)?(?: all)? (?P<by>.+?) (?:been )?"
    r"(?:say|says|said|saying|tell|told|think|thinks|claim|claimed|promise|promised)"
    r"(?: (?:about|on|of|regarding|over|to) (?P<about>.+?))?(?: in (?:the )?(?P<outlet>.+))?",
    r"(?:quotes?|quotations?|statements?|everything|anything|words) (?:by|from|of) (?P<by>.+?)"
    r"(?: (?:about|on|regarding) (?P<about>.+?))?(?: in (?:the )?(?P<outlet>.+))?",
)
_BRIEFING = _compile_patterns(
    r"(?:brief|update|catch|fill)(?: me| us)(?: up| in)? (?:on|about|with|of) (?P<words>.+)",
    r"(?:give|get|send|show|write|make)(?: me| us)? (?:an? |the |your )?(?:short |quick |full )?"
    r"(?:briefing|brief|summary|overview|update|latest|news) (?:on|about|of|for|from) (?P<words>.+)",
    r"(?:brief|a briefing|briefing(?= (?:on|about|of|for))|summary|overview|summari[sz]e|update|(?:any )?news"
    r"|(?:the )?latest)"
    r"(?: news)?(?: (?:on|about|of|for))? (?P<words>.+)",
    r"tell(?: me| us) (?:more )?(?:about|of) (?P<words>.+)",
    r"what(?:'s| is| are| was| has been| has)? (?:all )?(?:been )?(?:happening|happened|going on|the latest(?: news)?"
    r"|new|the news|the story|the state of play|up) (?:with|in|on|about|to|at|of|from) (?P<words>.+)",
    r"what (?:do (?:we|you) know|can you (?:tell|say)(?: me| us)?|is known) (?:about|of|on) (?P<words>.+)",
    r"(?:what|how) about (?P<words>.+)",
    r"(?:where|how) (?:does|do|do things in|is|are) (?P<words>.+?) (?:stand|going)(?: now)?",
    r"(?:who|what)(?:'s| is| was| are| were) (?P<words>.+)",
)
_PRONOUN = re.compile(r"(?:he|she|it|they|we|you|i|people|anyone|anybody|someone|somebody|everyone)", re.IGNORECASE)
_QUOTATION = re.compile(r'["“”„‟«»]([^"“”„‟«»]+)["“”„‟«»]')
#: phrases that can follow quoted words: the name of their filter, and a pattern for its value
_TRAILING_FILTERS = (
    ("from", re.compile(r"(?:in|from) (?:the )?(?P<value>.+)", re.IGNORECASE)),
    ("about", re.compile(r"(?:about|on|of|regarding) (?P<value>.+)", re.IGNORECASE)),
    ("by", re.compile(r"by (?P<value>.+)", re.IGNORECASE)),
)
_DAYS = re.compile(r"\s(?:(since|until|till|on|in|from)\s|(?=yesterday|today|(?:last|this)\s))", re.IGNORECASE)
_COMMAND = re.compile(
    r"/?(?:(?P<briefing>briefing)|whosaid)\b(?!\s+(?:on|about|of|for)\s)[:,]?\s*(?P<arguments>.*)", re.IGNORECASE
)


def parse_question(text: str, today: date) -> ParsedQuery:
    """Return the query in a question. `today` is the date from which relative dates are counted."""
    words = " ".join(text.split())
    if len(words) > MAX_CHARACTERS:
        return queries.parse_briefing(words, today)  # returns a message about the length
    words = re.sub("[‘’]", "'", words)
    if _match_whole(_THANKS, words.rstrip("!. ")):
        return UsageMessage(_WELCOME)
    if command := _COMMAND.fullmatch(words):
        return (queries.parse_briefing if command["briefing"] else queries.parse_who_said)(command["arguments"], today)
    full_words = _strip_closing(words)
    words = _strip_closing(_OPENING.sub("", full_words))
    if not words or _match_whole(_HELP, full_words) or _match_whole(_HELP, words):
        return HelpCommand()
    if _match_whole(_TOPICS, words):
        return TopicsQuery()
    words, filters = _split_days(words, today)
    return _parse_who_said(words, filters, today) or _parse_briefing(words, filters, today)


def _parse_who_said(words: str, filters: str, today: date) -> ParsedQuery | None:
    """Parse a question about quotes, or return None if it is not one."""
    if _match_whole(_WHO_SAID_ALONE, words):
        return queries.parse_who_said("", today)
    if match := _match_whole(_WHO_SAID, words):
        return queries.parse_who_said(_build_search_words(match["words"]) + filters, today)
    if match := _match_whole(_DID_SAY, words):
        return _parse_speaker_question(match["by"], f"{_build_search_words(match['words'])}{filters}", today)
    if match := _match_whole(_WHAT_SAID, words):
        about = f" about:{wrap_in_quotes(_strip_determiner(match['about']))}" if match["about"] else ""
        outlet = f" from:{wrap_in_quotes(match['outlet'])}" if match["outlet"] else ""
        return _parse_speaker_question(match["by"], about + outlet + filters, today)
    return None


def _parse_briefing(words: str, filters: str, today: date) -> ParsedQuery:
    """Parse a request for a briefing. Quoted words without such a request are searched for."""
    if match := _match_whole(_BRIEFING, words):
        return queries.parse_briefing(_strip_determiner(match["words"]) + filters, today)
    if _QUOTATION.search(words):
        return queries.parse_who_said(_build_search_words(words) + filters, today)
    return queries.parse_briefing(_strip_determiner(words) + filters, today)


def _parse_speaker_question(speaker: str, rest: str, today: date) -> ParsedQuery:
    """Parse a question about one speaker."""
    if _PRONOUN.fullmatch(speaker):
        return UsageMessage(_NAME_SPEAKER)
    return queries.parse_who_said(f"{rest.strip()} by:{wrap_in_quotes(_strip_determiner(speaker))}".strip(), today)


def _match_whole(patterns: tuple[re.Pattern[str], ...], words: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.fullmatch(words))), None)


def _strip_closing(words: str) -> str:
    return _CLOSING.sub("", words).strip()


def _strip_determiner(words: str) -> str:
    """Remove an article or determiner at the start; topics and names never include it."""
    return re.sub(r"^(?:the|this|that|our)\s+(?=\S)", "", words.strip(), flags=re.IGNORECASE)


def _build_search_words(words: str) -> str:
    """Return the search words: the quoted ones with a filter that follows them, or else all."""
    match = _QUOTATION.search(words)
    if match is None:
        return wrap_in_quotes(words) if words.casefold() == "help" else words
    trailing_words = words[match.end() :].strip(" ,")
    for name, pattern in _TRAILING_FILTERS:
        if value := pattern.fullmatch(trailing_words):
            return f"{wrap_in_quotes(match[1])} {name}:{wrap_in_quotes(value['value'])}"
    return (
        f"{wrap_in_quotes(match[1])} {trailing_words}"
        if re.match(r"[a-z]+:", trailing_words)
        else wrap_in_quotes(match[1])
    )


def _split_days(words: str, today: date) -> tuple[str, str]:
    """Split the dates from the end of a question. Return the rest, and the dates as filters."""
    for match in _DAYS.finditer(words):
        day_words, preposition = words[match.end() :], (match[1] or "").lower()
        if parse_days(day_words, today) is None:
            continue
        since = f" since:{wrap_in_quotes(day_words)}" if preposition not in ("until", "till") else ""
        until = f" until:{wrap_in_quotes(day_words)}" if preposition != "since" else ""
        return words[: match.start()], since + until
    return words, ""
