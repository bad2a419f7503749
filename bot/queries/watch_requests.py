"""Recognises a request for a watch in plain words: "alert us when Roe speaks about the vote". Pure.

Rule: a sentence is reduced to what `grammar.watch_reader` reads: a speaker, and words or a subject. A sentence that
says something else gives None, so that the caller can ask again.
"""

import re
from dataclasses import dataclass

from bot.queries.grammar.tokens import compile_patterns

#: a name in a sentence
_NAME = r"(?P<by>[^\"“”„«»:]{1,80}?)"
_ANYONE = r"(?:anyone|anybody|someone|somebody|people|they|an? (?:speaker|politician|person))(?: else)?"
_OUTLETS = (
    r"(?:(?:an?|any|the|some|new|another) )*"
    r"(?:papers?|newspapers?|articles?|outlets?|press|news|media|story|stories|reports?)"
)
_PLACE = r"(?: (?:here|in (?:here|(?:this|the) channel)))?"
_GROUP = r"(?:me|us|everyone|the (?:channel|team|desk)|this channel)"
_WHOM = rf"(?: {_GROUP})?{_PLACE}"
_WHEN = (
    r"(?:when(?:ever)?|if|once|as soon as|(?:every|each|any) ?time|in case"
    r"|the (?:moment|minute|next time|first time))(?: that)?(?= )"
)
_ALERT = r"(?:an? |any |all )?(?:message|note|line|alerts?|notifications?|notices?|heads[- ]?up)"
_SPEAKING = r"(?:speaking|talking|commenting|being quoted)"
_SPEAKS = (
    rf"(?:speaks?(?: (?:up|out))?|spoke|talks?|talked|comments?|responds|answers|(?:(?:is|are) )?{_SPEAKING}"
    r"|makes? (?:a )?(?:statement|speech|comment)s?|gives? (?:an? )?(?:interview|speech|statement)s?"
    r"|sa(?:ys?|id|ying) (?:anything|something|more|a word|things)(?: new)?|ha(?:s|ve) (?:anything|something) to say"
    r"|(?:is|are|gets?|was) (?:quoted|cited)(?: again)?)"
)
_SAYS = (
    r"(?:says?|said|saying|uses?|used|using|utters?|claims?|claiming|states?|calls?|calling|repeats?"
    r"|(?:is|are|gets?) quoted (?:as )?(?:saying|with))(?: that| the (?:words?|phrase|term|expression))?"
)
_REPORTS = (
    r"(?:says?|writes?|reports?|publish(?:es)?|prints?|runs?|has|have|covers?|carr(?:y|ies))"
    r"(?: (?:anything|something|a (?:story|piece|report)|an (?:article|item)|stories|articles|more|news))?"
    r"(?: (?:about|on|of))?"
)
_MENTIONS = (
    r"(?:mentions?|mentioned|mentioning|names?|refers? to|discuss(?:es)?|brings? up"
    rf"|(?:talks?|speaks?) (?:about|of)|{_REPORTS})"
)
_NEWS = (
    r"(?:(?:any|all|every|new|the|some|more|further|latest|an?|other|another) )*(?:mentions?|news|articles?"
    r"|stor(?:y|ies)|coverage|reports?|pieces?|updates?|developments?|anything|something|everything)"
)
_ABOUT = r"(?:about|on|regarding|concerning|of|in|to|from)"


_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|now|well|please|thanks|thank you)\b[\s,.!:;–—-]*(?=\S)"
    r"|(?:can|could|would|will)\s+you\b(?:\s+please)?\s+)+",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[\s,]*(?:\bplease\b|\bthanks\b|\bthank you\b)?[\s?!.,…]*$", re.IGNORECASE)
#: requests for a watch before "when" or "if"; without these words some of them ask for something else
_REQUEST_BEFORE_WHEN = compile_patterns(
    rf"(?:alert|notify|ping|inform|warn|page|tell|message|dm|remind|e-?mail){_WHOM} (?={_WHEN})",
    rf"let {_GROUP} know{_PLACE} (?={_WHEN})",
    r"(?:i|we)(?:'d| would| want| need| wish)*(?: like)? to (?:know|hear|be (?:alerted|notified|told|informed)) "
    rf"(?={_WHEN})",
    rf"(?:send|give|post|drop){_WHOM} {_ALERT} (?={_WHEN})",
)
_REQUEST = compile_patterns(
    r"/?watch(?: (?:out )?for| out|(?= )|$)",
    r"(?:keep|have) (?:an|your|one) eye(?: out)? (?:on|for)",
    r"(?:be on the )?look ?out for",
    r"monitor(?: for)?(?= )",
    rf"(?:alert|notify|ping|inform|warn|page){_WHOM}(?: (?:about|on|of|to|for|with)|[:,])",
    r"(?:(?:set|create|make|add|start|open)(?: up| me| us)? (?:an? |the |another |one )?(?:new )?|an? |new )"
    r"(?:watch|alert|notification)(?: (?:for|on|about|of|to|that|which)|[:,]|(?= when)|$)",
    rf"(?:send|give|post){_WHOM} {_ALERT}(?: (?:for|on|about|of)|[:,])",
)
_WHEN_START = compile_patterns(rf"{_WHEN} ")

#: what a match means: words, a phrase that was said, a speaker, a speaker with a phrase, an outlet
_Clauses = tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]
#: what follows "when"
_CLAUSES: _Clauses = (
    ("phrase", compile_patterns(rf"{_ANYONE} {_SAYS} (?P<words>(?!anything|something).+)")),
    (
        "words",
        compile_patterns(
            rf"(?:{_ANYONE}|{_OUTLETS}) {_MENTIONS} (?P<words>.+)",
            rf"{_ANYONE} {_SPEAKS} (?:about|on|of) (?P<words>.+)",
            r"(?:there(?:'s| is| are| comes)|(?:you|we|i) (?:see|find|get|have)"
            rf"|something (?:new )?(?:comes|arrives) in)(?: {_NEWS})? (?:about|on|of|with|for|in|from) (?P<words>.+)",
            r"(?P<words>.+?)"
            r" (?:(?:is|are|gets?) (?:mentioned|named|reported|discussed|in the (?:news|papers|press|media))"
            r"|comes? up|appears?|pops? up|shows? up|makes? (?:the )?(?:news|headlines))(?: again)?"
            r"(?P<rest>(?: (?:in|by|from) .+)?)",
        ),
    ),
    (
        "speaker",
        compile_patterns(
            rf"{_NAME} {_SPEAKS}(?P<words>(?: {_ABOUT} .+)?)",
            rf"{_NAME} (?:mentions?|mentioned|mentioning|refers? to|brings? up) (?P<words>.+)",
        ),
    ),
    ("quote", compile_patterns(rf"{_NAME} {_SAYS} (?P<words>.+)")),
    ("outlet", compile_patterns(rf"{_NAME} {_REPORTS} (?P<words>.+)")),
)
#: what follows "watch for"
_OBJECTS: _Clauses = (
    (
        "speaker",
        compile_patterns(
            r"(?:(?:any|all|every|new|the|latest|more) )*(?:quotes?|quotations?|statements?|comments?|remarks?)"
            rf" (?:by|from|of) {_NAME}(?P<words>(?: {_ABOUT} .+)?)",
            rf"(?:anything|everything|what(?:ever)?|all)(?: that)? {_NAME} (?:says?|said|is saying|has to say)"
            rf"(?P<words>(?: {_ABOUT} .+)?)",
            rf"{_NAME} {_SPEAKING}(?P<words>(?: {_ABOUT} .+)?)",
        ),
    ),
    (
        "quote",
        compile_patterns(rf"{_NAME} (?:saying|using|claiming|calling)(?: that| the (?:words?|phrase))? (?P<words>.+)"),
    ),
    (
        "phrase",
        compile_patterns(
            r"(?:the )?(?:exact )?(?:words?|phrase|expression|term|quote|quotation)[:,]? "
            r"(?!(?:of|by|from|on) )(?P<words>.+)"
        ),
    ),
    (
        "words",
        compile_patterns(rf"{_NEWS} (?:of|about|on|with|for|that mentions?|mentioning|containing) (?P<words>.+)"),
    ),
)


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What a sentence asks for: words with filters, and a speaker. `is_quote`: the words were said, so are a phrase."""

    words: str = ""
    by: str | None = None
    outlet: str | None = None
    is_quote: bool = False


def strip_watch_request(text: str) -> str | None:
    """Return what is to be watched if a sentence asks for a watch ("alert me when …" gives "when …"), else None.

    The result is "" for a request that names nothing.
    """
    sentence = _CLOSING.sub("", _OPENING.sub("", " ".join(text.split())))
    for patterns in (_REQUEST_BEFORE_WHEN, _REQUEST):
        for pattern in patterns:
            if match := pattern.match(sentence):
                return sentence[match.end() :].lstrip(" ,:")
    return None


def read_watch_request(text: str) -> WatchRequest | None:
    """Return what a clause asks for, or None for a clause with "when" or "if" that says nothing to watch for."""
    clause = _CLOSING.sub("", text).lstrip(" ,:")
    clause = re.sub(r"^for\s+(?=\S)", "", clause, flags=re.IGNORECASE)
    when = _match_start(_WHEN_START, clause)
    if when:
        return _match_clause(_CLAUSES, clause[when.end() :].strip())
    return _match_clause(_OBJECTS, clause) or WatchRequest(clause)


def _match_start(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(text))), None)


def _match_clause(clauses: _Clauses, text: str) -> WatchRequest | None:
    for kind, patterns in clauses:
        match = next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)
        if match is None:
            continue
        groups = match.groupdict()
        words = " ".join(filter(None, (groups.get("words"), groups.get("rest")))).strip()
        match kind:
            case "speaker":
                return WatchRequest(words, by=groups["by"].strip())
            case "quote":
                return WatchRequest(words, by=groups["by"].strip(), is_quote=True)
            case "outlet":
                return WatchRequest(words, outlet=groups["by"].strip())
            case "phrase":
                return WatchRequest(words, is_quote=True)
            case _:
                return WatchRequest(words)
    return None
