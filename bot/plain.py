"""Turns what somebody says in plain words ("who said lynch-mob?", "brief me on the labour crisis") into what a command
would ask. Pure.

Rule: anything said gives a value, never an error, and goes through the parser of what is typed after the commands, so
that filters and limits are the same. What stands between quotation marks is words to look up and nothing else.
"""

import re
from datetime import date

from bot import ask
from bot.ask import MOST_CHARACTERS, BriefingAsk, HelpAsk, TopicsAsk, Usage, WhoSaidAsk
from bot.filters import quoted
from bot.typed_days import days

Asked = BriefingAsk | WhoSaidAsk | TopicsAsk | HelpAsk | Usage

_WELCOME = "You are welcome."
_WHOM = "Whom do you mean? Name the speaker, for example: what did Corbyn say"


def _forms(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE) for pattern in patterns)


_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|now|well|please|thanks|thank you)\b[\s,.!:;–—-]*(?=\S)"
    r"|(?:can|could|would|will) you\b(?: please)?\s+|i(?:'d| would) like to know\s+|i want to know\s+|do you know\s+"
    r"|(?:tell|show) (?:me|us)\s+(?=who\b|what\b|where\b))+",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[\s,]*(?:\bplease\b|\bthanks\b|\bthank you\b)?[\s?!.,…]*$", re.IGNORECASE)

_HELP = _forms(
    r"help(?: me)?(?: out)?",
    r"(?:hi|hello|hey|good morning|good afternoon)(?: there| all)?",
    r"what (?:can|could|do|does) (?:you|i|one|this bot)(?: actually)? (?:do|ask|ask you|say)(?: here)?",
    r"how (?:do|can|does|should) (?:i|we|you|this|it|one)(?: bot)? (?:work|use|ask)(?: .{0,30})?",
    r"(?:who|what) are you",
    r"commands|usage",
)
_TOPICS = _forms(
    r"(?:(?:list|show|give|what are|which are)(?: me| us)? )?(?:the |all |all the |your )?topics",
    r"(?:what|which) (?:topics|stories)(?: .{0,30})?",
    r"what(?:'s| is) (?:new|the news|in the news|in the record|there)(?: today)?",
    r"what (?:do|have) you (?:have|got|know)",
    r"brief (?:me|us)|news|the news",
)
_THANKS = _forms(r"(?:many )?(?:thanks|thank you|cheers|thx)(?: (?:a lot|so much|very much|all|bot|again))?")
_SAYS = (
    r"(?:said|says|say|saying|stated|claimed|uttered|used|called|spoke|wrote|quoted(?: as saying| with)?"
    r"|told .{1,40}? that)"
)
_WHO = _forms(
    rf"(?:and )?who(?:'s| is| was| has| had| have| was it| was it that| it was| actually| first| else| really| ever)*"
    rf" {_SAYS}(?: that| the words?| the phrase| something like)?[:,]? (?P<words>.+)",
    r"(?:where|who) (?:does|do|did|is|are) (?P<words>.+?)(?: come)? from",
    r"who (?:came up with|coined|spoke of|talked about|mentioned) (?P<words>.+)",
    r"(?:find|look up|search for|search)(?: the words?| the quote| the quotation)? (?P<words>.+)",
)
_WHO_ALONE = _forms(rf"who(?:'s)? {_SAYS}(?: it| that| this| so)?")
_DID = _forms(
    r"(?:did|has|have|does|had) (?P<by>.+?) (?:really |actually |ever )*(?:say|said|call|called|claim|claimed|use|used)"
    r"(?: that| the words?| the phrase)? (?P<words>.+)",
)
_WHAT = _forms(
    r"what(?:'s| is| was| did| does| do| has| have| had)?(?: all)? (?P<by>.+?) (?:been )?"
    r"(?:say|says|said|saying|tell|told|think|thinks|claim|claimed|promise|promised)"
    r"(?: (?:about|on|of|regarding|over|to) (?P<about>.+?))?(?: in (?:the )?(?P<outlet>.+))?",
    r"(?:quotes?|quotations?|statements?|everything|anything|words) (?:by|from|of) (?P<by>.+?)"
    r"(?: (?:about|on|regarding) (?P<about>.+?))?(?: in (?:the )?(?P<outlet>.+))?",
)
_BRIEF = _forms(
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
_NOBODY = re.compile(r"(?:he|she|it|they|we|you|i|people|anyone|anybody|someone|somebody|everyone)", re.IGNORECASE)
_DOUBLE = re.compile(r'["“”„‟«»]([^"“”„‟«»]+)["“”„‟«»]')
#: what may follow words in quotation marks: the filter it is, and its value
_BEHIND = (
    ("from", re.compile(r"(?:in|from) (?:the )?(?P<value>.+)", re.IGNORECASE)),
    ("about", re.compile(r"(?:about|on|of|regarding) (?P<value>.+)", re.IGNORECASE)),
    ("by", re.compile(r"by (?P<value>.+)", re.IGNORECASE)),
)
_DAYS = re.compile(r"\s(?:(since|until|till|on|in|from)\s|(?=yesterday|today|(?:last|this)\s))", re.IGNORECASE)
_COMMAND = re.compile(
    r"/?(?:(?P<briefing>briefing)|whosaid)\b(?!\s+(?:on|about|of|for)\s)[:,]?\s*(?P<typed>.*)", re.IGNORECASE
)


def asked(said: str, today: date) -> Asked:
    """What somebody asks who says this on `today`."""
    words = " ".join(said.split())
    if len(words) > MOST_CHARACTERS:
        return ask.briefing(words, today)  # which says so
    words = re.sub("[‘’]", "'", words)
    if _whole(_THANKS, words.rstrip("!. ")):
        return Usage(_WELCOME)
    if command := _COMMAND.fullmatch(words):
        return (ask.briefing if command["briefing"] else ask.whosaid)(command["typed"], today)
    whole = _stripped(words)
    words = _stripped(_OPENING.sub("", whole))
    if not words or _whole(_HELP, whole) or _whole(_HELP, words):
        return HelpAsk()
    if _whole(_TOPICS, words):
        return TopicsAsk()
    words, filters = _bounded(words, today)
    return _said(words, filters, today) or _brief(words, filters, today)


def _said(words: str, filters: str, today: date) -> Asked | None:
    """A question of who said what, if it is one."""
    if _whole(_WHO_ALONE, words):
        return ask.whosaid("", today)
    if found := _whole(_WHO, words):
        return ask.whosaid(_sought(found["words"]) + filters, today)
    if found := _whole(_DID, words):
        return _by(found["by"], f"{_sought(found['words'])}{filters}", today)
    if found := _whole(_WHAT, words):
        about = f" about:{quoted(_bare(found['about']))}" if found["about"] else ""
        outlet = f" from:{quoted(found['outlet'])}" if found["outlet"] else ""
        return _by(found["by"], about + outlet + filters, today)
    return None


def _brief(words: str, filters: str, today: date) -> Asked:
    """A briefing, or, when nothing else is said, who said what stands between quotation marks."""
    if found := _whole(_BRIEF, words):
        return ask.briefing(_bare(found["words"]) + filters, today)
    if _DOUBLE.search(words):
        return ask.whosaid(_sought(words) + filters, today)
    return ask.briefing(_bare(words) + filters, today)


def _by(name: str, rest: str, today: date) -> Asked:
    """Something that is asked of one speaker."""
    if _NOBODY.fullmatch(name):
        return Usage(_WHOM)
    return ask.whosaid(f"{rest.strip()} by:{quoted(_bare(name))}".strip(), today)


def _whole(forms: tuple[re.Pattern[str], ...], words: str) -> re.Match[str] | None:
    return next((found for form in forms if (found := form.fullmatch(words))), None)


def _stripped(words: str) -> str:
    return _CLOSING.sub("", words).strip()


def _bare(words: str) -> str:
    """Words without the article in front of them, which no topic or name is found with."""
    return re.sub(r"^(?:the|this|that|our)\s+(?=\S)", "", words.strip(), flags=re.IGNORECASE)


def _sought(words: str) -> str:
    """The words that are looked for: those between quotation marks, with what is said behind them, or all."""
    found = _DOUBLE.search(words)
    if found is None:
        return quoted(words) if words.casefold() == "help" else words
    behind = words[found.end() :].strip(" ,")
    for name, form in _BEHIND:
        if value := form.fullmatch(behind):
            return f"{quoted(found[1])} {name}:{quoted(value['value'])}"
    return f"{quoted(found[1])} {behind}" if re.match(r"[a-z]+:", behind) else quoted(found[1])


def _bounded(words: str, today: date) -> tuple[str, str]:
    """`words` without the days named at their end, and those as filters."""
    for found in _DAYS.finditer(words):
        named, which = words[found.end() :], (found[1] or "").lower()
        if days(named, today) is None:
            continue
        since = f" since:{quoted(named)}" if which not in ("until", "till") else ""
        until = f" until:{quoted(named)}" if which != "since" else ""
        return words[: found.start()], since + until
    return words, ""
