"""Parses a question in plain words ("who said lynch-mob?", "brief me on the labour crisis") into a query. Pure.

Rule: every text gives a value, never an exception. The text goes through the parsers of the slash commands, so filters
and limits are the same. Text in quotation marks is only ever searched for.
"""

import re
from dataclasses import replace
from datetime import date

from bot.queries import queries
from bot.queries.filters import wrap_in_quotes
from bot.queries.grammar.names import NO_NAMES, KnownNames
from bot.queries.grammar.tokens import compile_patterns, has_phrase
from bot.queries.news import parse_news
from bot.queries.people.comparisons import read_comparison, suggest_comparison
from bot.queries.people.timelines import explain_unknown_person, read_timeline
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import (
    MAX_CHARACTERS,
    BriefingQuery,
    Command,
    HelpCommand,
    NewsQuery,
    TopicsQuery,
    UsageMessage,
    WhoSaidQuery,
)
from bot.queries.slack_text import read_slack_text

PersonReading = TimelineQuery | ComparisonQuery | UsageMessage
ParsedQuery = (
    BriefingQuery
    | WhoSaidQuery
    | TimelineQuery
    | ComparisonQuery
    | NewsQuery
    | TopicsQuery
    | HelpCommand
    | UsageMessage
)

_WELCOME = "You're welcome."
_NAME_SPEAKER = "Who do you mean? Name the speaker, for example: what did Corbyn say"


_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|now|well|please|thanks|thank you)\b[\s,.!:;–—-]*(?=\S)"
    r"|(?:can|could|would|will) you\b(?: please)?\s+|i(?:'d| would) like to know\s+|i want to know\s+|do you know\s+"
    r"|(?:can|could|may) (?:i|we) (?:get|have|see)\s+|(?:i|we) (?:need|want|would like)\s+|i'd like\s+"
    r"|(?:tell|show|give|find|get) (?:me|us)\s+(?=who\b|what\b|where\b|when\b|any\b|all\b|quot|statement|every)"
    r"|i (?:think|heard|read|believe)(?: that)?\s+|is it (?:true|right)(?: that)?\s+"
    r"|(?:show|list|find|get)\s+(?=(?:all |any |the |every |everything )*(?:quot|statement|everything\b|anything\b)))+",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[\s,]*(?:\bplease\b|\bthanks\b|\bthank you\b)?[\s?!.,…]*$", re.IGNORECASE)

_HELP = compile_patterns(
    r"help(?: me)?(?: out)?",
    r"(?:hi|hello|hey|good morning|good afternoon)(?: there| all)?",
    r"what (?:can|could|do|does) (?:you|i|one|this bot)(?: actually)? (?:do|ask|ask you|say)(?: here)?",
    r"how (?:do|can|does|should) (?:i|we|you|this|it|one)(?: bot)? (?:work|use|ask)(?: .{0,30})?",
    r"(?:who|what) are you",
    r"commands|usage",
)
_TOPICS = compile_patterns(
    r"(?:(?:list|show|give|what are|which are)(?: me| us)? )?(?:the |all |all the |your )?topics",
    r"(?:what|which) (?:topics|stories)(?: .{0,30})?",
    r"what(?:'?s| is) (?:new|the news|in the news|in the record|there)(?: today)?",
    r"what (?:do|have) you (?:have|got|know)",
    r"brief (?:me|us)|news|the news",
)
_THANKS = compile_patterns(r"(?:many )?(?:thanks|thank you|cheers|thx)(?: (?:a lot|so much|very much|all|bot|again))?")
_SAY_VERBS = (
    r"(?:said|says|say|saying|stated|claimed|uttered|used|called|spoke|wrote|quoted(?: as saying| with)?"
    r"|told .{1,40}? that)"
)
_WHO_SAID = compile_patterns(
    rf"(?:and )?who(?:'?s| is| was| has| had| have| was it| was it that| it was| actually| first| else| really| ever)*"
    rf" {_SAY_VERBS}(?: that| the words?| the phrase| something like| (?:it|this|him|her|them) (?:an?|the)(?= ))?[:,]?"
    r" (?!what (?:about|on|in)\b)(?P<words>.+)",
    r"(?:any |all |the |some )*(?:quotes?|quotations?)"
    r" (?:with|containing|including|that (?:say|contain)) (?P<words>.+)",
    r"(?:where|who) (?:does|do|did|is|are) (?P<words>.+?)(?: come)? from",
    r"who (?:came up with|coined|spoke of|talked about|mentioned) (?P<words>.+)",
    r"(?:find|look up|search for|search)(?: the words?| the quote| the quotation)? (?P<words>.+)",
)
_WHO_SAID_ALONE = compile_patterns(rf"who(?:'?s)? {_SAY_VERBS}(?: it| that| this| so)?")
_DID_SAY = compile_patterns(
    r"(?:when|where|how often|how many times) (?:did|has|have|does|do) (?P<by>.+?) (?:really |actually |ever )*"
    r"(?:say|said|call|called|claim|claimed|use|used|mention|mentioned)"
    r"(?: that| the words?| the phrase)? (?!(?:about|on|of) )(?P<words>.+)",
    r"(?:did|has|have|does|had) (?P<by>.+?) (?:really |actually |ever )*"
    r"(?:say|said|call|called|claim|claimed|use|used|mention|mentioned|state|stated)"
    r"(?: that| the words?| the phrase)? (?P<words>.+)",
)
#: questions about what anyone said of a subject, which a briefing answers
_ANYBODY_ON = compile_patterns(
    r"who(?:'?s| is| has| have| had)?(?: ever)? (?:said|says|saying|spoke|spoken|talked|talks|commented)"
    r"(?: anything| something| what)? (?:about|on) (?P<words>.+)",
    r"what (?:did|do|does|have|has|are|is) (?:people|everyone|everybody|anyone|anybody|others|politicians)"
    r"(?: been)? (?:say|said|saying|think) (?:about|on|of) (?P<words>.+)",
)
#: only with a known speaker: "everything he said was a lie" can be a quotation
_ALL_SAID = compile_patterns(
    r"(?:everything|anything|all|whatever)(?: that)? (?P<by>.+?) (?:has |have |had |ever )*(?:said|says)"
    r"(?: (?P<rest>.+))?",
)
_WHAT_SAID = compile_patterns(
    r"what(?:'?s| is| was| did| does| do| has| have| had)?(?: all)? (?P<by>.+?) (?:been |ever |really |actually )*"
    r"(?:say|says|said|saying|tell|told|think|thinks|claim|claimed|promise|promised|writ(?:e|ten|ing)|report(?:ed|ing)?"
    r"|publish(?:ed)?|print(?:ed)?)(?: (?P<rest>.+))?",
    r"(?:any |all |the |latest |some )*(?:quotes?|quotations?|statements?|everything|anything|words)"
    r" (?P<rest>(?:by|from|of) .+)(?P<by>)",
    r"(?P<by>[^\"“”]+?)['’]s? (?:latest |recent |best |last )*"
    r"(?:quotes?|quotations?|statements?|comments|words)(?: (?P<rest>.+))?",
    r"(?:did|has|have) (?P<by>.+?) (?:ever |really )*(?:say|said|talked?|spoken?|commented?)"
    r" (?:anything |something |much )?(?P<rest>(?:about|on|of) .+)",
)
_BRIEFING = compile_patterns(
    r"(?:brief|update|catch|fill)(?: me| us)(?: up| in)? (?:on|about|with|of) (?P<words>.+)",
    r"(?:give|get|send|show|write|make)(?: me| us)? (?:an? |the |your )?(?:short |quick |full )?"
    r"(?:briefing|brief|summary|overview|update|latest|news) (?:on|about|of|for|from) (?P<words>.+)",
    r"(?:(?:anything|something) (?:new|more|else)|what(?:'?s| has| have)? (?:changed|developed)"
    r"|where do (?:things|we|they) stand) (?:on|about|with|in) (?P<words>.+)",
    r"(?:an? |the |your )?(?:short |quick |full )?"
    r"(?:brief|briefing(?= (?:on|about|of|for))|summary|overview|summari[sz]e|update|(?:any )?news"
    r"|(?:the )?latest)"
    r"(?: news)?(?: (?:on|about|of|for))? (?P<words>.+)",
    r"(?:any |all |the |some |latest )*(?:quotes?|statements?|reactions?|comments?) (?:on|about|to) (?P<words>.+)",
    r"who(?:'?s| is| are)? (?:talking|speaking|commenting) (?:about|on) (?P<words>.+)",
    r"who(?:'?s| has)? (?:said|is saying|says) what (?:about|on|in) (?P<words>.+)",
    r"what (?:has been|is being|was|is) said (?:about|on) (?P<words>.+)",
    r"tell(?: me| us) (?:more )?(?:about|of) (?P<words>.+)",
    r"(?:is|are) there (?:any|anything|something|some)(?: new| more| latest)*(?: news| updates?)?"
    r" (?:on|about|with|in|from) (?P<words>.+)",
    r"what(?:'?s| is| are| was| has been| has)? (?:all )?(?:been )?(?:happening|happened|going on|the latest(?: news)?"
    r"|new|the news|the story|the state of play|up) (?:with|in|on|about|to|at|of|from) (?P<words>.+)",
    r"what (?:do (?:we|you) know|can you (?:tell|say)(?: me| us)?|is known) (?:about|of|on) (?P<words>.+)",
    r"(?:what|how) about (?P<words>.+)",
    r"(?:where|how) (?:does|do|do things in|is|are) (?P<words>.+?) (?:stand|going)(?: now)?",
    r"(?:who|what)(?:'s| is| was| are| were) (?P<words>.+)",
)
#: words before a name that make it another one's: "supporters of Roe", "Zork and Roe", "Roe's wife and Alder"
_BELONGS = re.compile(r"\b(?:of|for|from|by|with|to|against|near|and|or|nor|vs\.?|versus)$|[&+/]$", re.IGNORECASE)
_ADVERB = re.compile(r"\s+(?:first|last|initially|originally|recently|already|still|just)$", re.IGNORECASE)
_ANYONE = re.compile(r"(?:anyone|anybody|someone|somebody)(?: else)?", re.IGNORECASE)
_BEEN = re.compile(r"(?:been|being|was|is|said)", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:he|she|it|they|we|you|i|people|everyone)", re.IGNORECASE)
_SPEECH = re.compile(r"\b(?:by|said|says|saying|quotes?)\b", re.IGNORECASE)
_COMMAND = re.compile(
    r"/?(?:(?P<briefing>briefing)|whosaid)\b(?!\s+(?:on|about|of|for)\s)[:,]?\s*(?P<arguments>.*)", re.IGNORECASE
)


def parse_question(text: str, today: date, names: KnownNames = NO_NAMES) -> ParsedQuery:
    """Return the query in a question. `today` is the date from which relative dates are counted."""
    words = read_slack_text(text[: 8 * MAX_CHARACTERS])
    if len(words) > MAX_CHARACTERS:
        return queries.parse_briefing(text, today)  # returns a message about the length
    words = re.sub(r"(?<=\w)[‘’](?=\w)", "'", words)
    if _match_whole(_THANKS, words.rstrip("!. ")):
        return UsageMessage(_WELCOME)
    if command := _COMMAND.fullmatch(words):
        name = Command.BRIEFING if command["briefing"] else Command.WHOSAID
        return parse_command_text(name, command["arguments"], today, names)
    full_words = _strip_closing(words)
    words = _strip_closing(_OPENING.sub("", full_words))
    if not words or _match_whole(_HELP, full_words) or _match_whole(_HELP, words):
        return HelpCommand()
    if news_query := parse_news(full_words, today, names):
        return news_query
    if _match_whole(_TOPICS, words):
        return TopicsQuery()
    if person_reading := _parse_people(words, names, today):
        return person_reading
    return _parse_who_said(words, names, today) or _parse_briefing(words, names, today)


def parse_command_text(command: Command, text: str, today: date, names: KnownNames = NO_NAMES) -> ParsedQuery:
    """Return the query in the text after `/briefing` or `/whosaid`, which may be a question too."""
    if command is Command.WHOSAID:
        line = read_slack_text(text[: 8 * MAX_CHARACTERS])
        question = _strip_closing(_OPENING.sub("", re.sub(r"(?<=\w)[‘’](?=\w)", "'", line)))
        is_question = len(line) <= MAX_CHARACTERS and not names.has_words(line)
        person_reading = _parse_people(question, names, today) if is_question else None
        if person_reading or (is_question and (person_reading := explain_unknown_person(question, names))):
            return person_reading
        several = _refuse_several(question, names) if is_question else None
        parsed_question = several or (_parse_who_said(question, names, today) if is_question else None)
        return parsed_question or queries.parse_who_said(text, today, names)
    if news_query := parse_news(text, today, names):
        return news_query
    query = queries.parse_briefing(text, today, names)
    if not isinstance(query, BriefingQuery) or names.find_topic(query.words):
        return query
    request = _strip_closing(_OPENING.sub("", query.words))
    if _match_whole(_TOPICS, request) and not (query.since or query.until or query.outlet):
        return TopicsQuery()
    match = _match_whole(_BRIEFING, request)
    words = _strip_determiner(match["words"]) if match else request
    if topic := names.find_topic(words):
        return replace(query, words=topic)
    # "summary judgment" is not a request, and "a summary of the judgment" is one
    is_request = match and re.search(r"\b(?:on|about|with|of|me|us)\s", request[: match.start("words")])
    return replace(query, words=words) if is_request else query


def _parse_people(words: str, names: KnownNames, today: date) -> PersonReading | None:
    """Parse a request for a comparison or a timeline, or return None if it is neither."""

    def read_question(text: str) -> ParsedQuery | None:
        return _parse_who_said(text, names, today)

    return read_comparison(words, names, today) or read_timeline(words, names, today, read_question)


def _parse_who_said(words: str, names: KnownNames, today: date) -> ParsedQuery | None:
    """Parse a question about quotes, or return None if it is not one."""
    if match := _match_whole(_ANYBODY_ON, words):
        return queries.parse_briefing(_strip_determiner(match["words"]), today, names)
    if _match_whole(_WHO_SAID_ALONE, words):
        return queries.parse_who_said("", today)
    if match := _match_whole(_WHO_SAID, words):
        return queries.parse_who_said(match["words"], today, names, is_after_verb=True)
    if match := _match_whole(_DID_SAY, words):
        return _parse_did_say(match["by"], match["words"], names, today)
    match = _match_whole(_ALL_SAID, words)
    if match and names.is_person(_clean_speaker(match["by"], names)):
        return _parse_what_said(match["by"], match["rest"] or "", names, today)
    if match := _match_whole(_WHAT_SAID, words):
        return _parse_what_said(match["by"], match["rest"] or "", names, today)
    return None


def _parse_what_said(speaker: str, rest: str, names: KnownNames, today: date) -> ParsedQuery | None:
    if _BEEN.fullmatch(speaker):  # "what has been said"
        return queries.parse_speaker_question("", rest, today, names) if rest.casefold().startswith("by ") else None
    if speaker and (_PRONOUN.fullmatch(speaker) or _ANYONE.fullmatch(speaker)):
        return UsageMessage(_NAME_SPEAKER)
    if refusal := _refuse_several(_strip_determiner(speaker).strip(" ,"), names, rest):
        return refusal
    name = _clean_speaker(speaker, names)
    outlet = None if names.is_person(name) else names.find_outlet(name)
    if outlet and rest:
        words = re.sub(r"^(?:about|on|of)\s+", "", rest, flags=re.IGNORECASE)
        return queries.parse_briefing(f"{words} from:{wrap_in_quotes(outlet)}", today, names)
    return queries.parse_speaker_question(name, rest, today, names)


def _clean_speaker(speaker: str, names: KnownNames) -> str:
    """Return the name of a speaker without what stands before it: "the mayor, Jane Roe"."""
    name = _ADVERB.sub("", _strip_determiner(speaker).strip(" ,;:"))
    words = name.split()
    ends = (
        " ".join(words[start:])
        for start in range(1, min(len(words), 8))
        if not _BELONGS.search(" ".join(words[:start]))
    )
    return name if names.is_person(name) else next((end for end in ends if names.is_person(end)), name)


def _refuse_several(name: str, names: KnownNames, rest: str = "") -> UsageMessage | None:
    """Return a message if a name is two or more: "Roe or Alder", "Roe, Alder and Marsh". `rest` follows the names."""
    name = re.sub(r"^(?:both|either|neither)\s+", "", name, flags=re.IGNORECASE)
    if not rest and (subject := re.search(r"\s(?:on|about|regarding)\s(?=.*\w)", name, re.IGNORECASE)):
        name, rest = name[: subject.start()], name[subject.start() :]
    first, *others = re.split(r"\s*(?:,|\b(?:and|or|nor|versus|vs\.?)\b|&|\+|/)\s*", name, flags=re.IGNORECASE)
    if not names.is_person(first) or not any(names.is_person(other) for other in others):
        return None
    second = next(other for other in others if names.is_person(other))
    return UsageMessage(
        f"I can search for one speaker at a time, for example: /whosaid by:{wrap_in_quotes(first)}. "
        f"To see two side by side: {suggest_comparison([first, second], _find_subject(rest))}"
    )


def _find_subject(rest: str) -> str | None:
    """Return the subject after "on" or "about", if nothing else follows the names."""
    match = re.fullmatch(r"\s*(?:on|about|regarding)\s+(?:the\s+)?(?P<about>[^:\"“”]{1,100})", rest, re.IGNORECASE)
    return match["about"].strip() if match else None


def _parse_did_say(speaker: str, words: str, names: KnownNames, today: date) -> ParsedQuery:
    if _PRONOUN.fullmatch(speaker):
        return UsageMessage(_NAME_SPEAKER)
    query = queries.parse_who_said(words, today, names, is_after_verb=True)
    if _ANYONE.fullmatch(speaker) or not isinstance(query, WhoSaidQuery):
        return query
    full_name = _strip_determiner(speaker).strip(" ,")
    return _refuse_several(full_name, names) or replace(query, by=_clean_speaker(speaker, names))


def _parse_briefing(words: str, names: KnownNames, today: date) -> ParsedQuery:
    """Parse a request for a briefing. Quoted words without such a request are searched for."""
    if match := _match_whole(_BRIEFING, words):
        return queries.parse_briefing(_strip_determiner(match["words"]), today, names)
    if has_phrase(words) or _names_speaker(words, names):
        query = queries.parse_who_said(words, today, names)
        if not (isinstance(query, WhoSaidQuery) and names.find_topic(query.words)):
            return query
    if not names.find_topic(words) and _SPEECH.search(words):  # "day of shame by Roe", "Roe said"
        query = queries.parse_who_said(words, today, names)
        if isinstance(query, WhoSaidQuery) and names.is_person(query.by or ""):
            return query
    return queries.parse_briefing(_strip_determiner(words), today, names)


def _names_speaker(words: str, names: KnownNames) -> bool:
    """Whether the words begin with a speaker and a colon, or with a speaker and a subject."""
    match = re.match(r"(?:by )?(?P<name>[^:]{2,60}?)(?::| (?:on|about|regarding) )(?=\s*\S)", words, re.IGNORECASE)
    return match is not None and names.is_person(match["name"])


def _match_whole(patterns: tuple[re.Pattern[str], ...], words: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.fullmatch(words))), None)


def _strip_closing(words: str) -> str:
    return _CLOSING.sub("", words).strip()


def _strip_determiner(words: str) -> str:
    """Remove an article or determiner at the start; topics and names never include it."""
    return re.sub(r"^(?:the|this|that|our)\s+(?=\S)", "", words.strip(), flags=re.IGNORECASE)
