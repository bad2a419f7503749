"""Reads requests to compare two people: `compare:"Roe and Marsh"`, "compare Roe with Marsh on the ferry". Pure.

Rule: what follows the second name narrows the comparison: a subject, an outlet, days. Without the filter `compare:`, at
least one of the names must be known, or both must be capitalised; other texts are questions in plain words.
"""

import re
from datetime import date

from bot.queries.filters import wrap_in_quotes
from bot.queries.grammar.names import KnownNames
from bot.queries.grammar.readings import read_filters
from bot.queries.grammar.vocabulary import TITLES
from bot.queries.people.phrases import drop_name_end, drop_speech_nouns
from bot.queries.person_queries import ComparisonQuery
from bot.queries.queries import UsageMessage, WhoSaidQuery, build_who_said
from bot.queries.slack_text import DOUBLE_MARKS, mask_phrases

_MARKS = re.escape(DOUBLE_MARKS)
_QUOTED_VALUE = rf"[{_MARKS}](?P<quoted>[^{_MARKS}]*)[{_MARKS}]"
_FILTER = re.compile(
    r"(?<![\w:])(?:--)?(?P<name>compare|comparison|vs|versus|with|and|by|person)\s?[:=]\s*(?!//)", re.IGNORECASE
)
_OTHER_FILTER = re.compile(
    r"(?<!\S)(?!(?:compare|comparison|vs|versus|with|and|by|person)\b)[^\W\d_]{2,12}:(?!//)", re.IGNORECASE
)
_COMPARE = re.compile(
    r"^(?:(?:an?|the)\s+)?(?:compare|contrast|comparison|comparing|side[\s-]by[\s-]side)"
    r"(?:\s*:|\s+(?:of|between)\b)?\s+(?!(?:the|these|all|both|two|\d+)\s+wordings?\b)(?P<rest>.+)$",
    re.IGNORECASE,
)
_DIFFER = re.compile(
    r"^(?:how|where|what)\s+(?:do|did|does)\s+(?P<names>.+?)\s+(?:differ|disagree|agree|compare)\b(?P<tail>.*)$",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"^(?:what(?:'?s|\s+(?:is|are))\s+)?(?:the\s+)?differences?\s+between\s+(?P<rest>.+)$", re.IGNORECASE
)
_VERSUS = re.compile(r"^(?P<rest>\S.*?\s+(?:vs\.?|versus|v\.?|compared\s+(?:with|to)|against)\s+\S.*)$", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(r"[\s,]*\b(?:side[\s-]by[\s-]side|next to each other|in two columns)\b", re.IGNORECASE)
#: what people put before or after the names: "what Roe and Marsh said about", "the quotes of Roe and Marsh"
_WHAT = re.compile(
    r"^(?:(?:what|everything|anything|all)(?:\s+that)?\s+(?=.+\b(?:said|say|says|think|thinks)\b)"
    r"|(?:the\s+)?(?:quotes?|quotations?|statements?|positions?|views?|words|remarks)\s+(?:of|by|from)\s+)",
    re.IGNORECASE,
)
#: the subject before the second name: "what Roe said about the ferry with what Marsh said"
_TWICE_SAID = re.compile(
    r"^what\s+(?P<first>.+?)\s+(?:has\s+|have\s+)?(?:said|says?)\s+(?P<subject>(?:on|about|regarding)\s+.+?)"
    r"\s+(?:with|to|and|against)\s+what\s+(?P<second>.+?)\s+(?:has\s+|have\s+)?(?:said|says?)"
    r"(?:\s+(?:on|about|of)\s+(?:it|that|this|the same))?(?P<tail>.*)$",
    re.IGNORECASE,
)
_SAY_VERBS = re.compile(
    r"\b(?:(?:have|has|had|both|each)\s+)*(?:said|say|says|saying|think|thinks|thought)\b", re.IGNORECASE
)
_WHAT_THEY_SAID = re.compile(
    r"\b(?:on|in|about|by)\s+what\s+(?:they|each|both)\s+(?:(?:have|has|had|both|each)\s+)*(?:said|says?|think)\s+"
    r"(?=(?:on|about|regarding)\b)",
    re.IGNORECASE,
)
_BY_VALUE = rf"by\s?[:=]\s*(?:[{_MARKS}][^{_MARKS}]+[{_MARKS}]|[^\s:,]+)"
#: by:Roe vs by:Alder. Two filters without such a word are a mistake.
_TWO_BY = re.compile(
    rf"(?<!\S)(?P<first>{_BY_VALUE})\s*(?:\b(?:vs\.?|versus|v\.?|and|or|with|against)(?=\s)|[,&/;+])\s*(?P<second>{_BY_VALUE})(?!\S)",
    re.IGNORECASE,
)
_CONNECTOR = re.compile(
    r"\s*(?:,\s*(?:and|with|or)?|\b(?:and|with|to|or|against|versus|vs\.?|v\.|compared\s+(?:with|to))(?=\s)|&|\+|/|;)\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?<!\S)(?:on|about|regarding|concerning|re|over|since|until|till|before|after|between|during|in|from|last|this|yesterday|today"
    r"|(?:about|since|until|from|in):)(?=\s|\S*:|$)",
    re.IGNORECASE,
)
_TITLE = re.compile(rf"^(?:the\s+)?(?:(?:{'|'.join(sorted(TITLES))})\.?\s+)*(?=\S)", re.IGNORECASE)
_EXAMPLE = '/whosaid compare:"Corbyn and May" about:brexit'
_TWO_NAMES = f"Name two people to compare, for example: {_EXAMPLE}"


def read_comparison(text: str, names: KnownNames, today: date) -> ComparisonQuery | UsageMessage | None:
    """Return the comparison that is asked for, a message about what was not understood, or None for another text."""
    text = " ".join(text.split())
    if text.casefold().rstrip(":") in ("compare", "comparison") and not names.has_words(text):
        return UsageMessage(_TWO_NAMES)
    if two_filters := _TWO_BY.search(text):
        other_words = f"{text[: two_filters.start()]} {text[two_filters.end() :]}"
        text = f"compare {two_filters['first']} {two_filters['second']} {other_words}"
    filter_reading = _read_filters(text, names, today)
    if filter_reading is not None:
        return filter_reading
    masked_text = mask_phrases(text)
    side_by_side = _SIDE_BY_SIDE.search(masked_text, 1)
    if side_by_side:
        text = f"{text[: side_by_side.start()]}{text[side_by_side.end() :]}".strip()
        masked_text = mask_phrases(text)
    for pattern in (_COMPARE, _DIFFERENCE):
        if match := pattern.match(masked_text):
            return _read_names(text, text[match.start("rest") :], names, today, is_certain=pattern is _COMPARE)
    if match := _DIFFER.match(masked_text):
        rest = f"{text[match.start('names') : match.end('names')]}{text[match.start('tail') :]}"
        return _read_names(text, rest, names, today, is_certain=False)
    if side_by_side or _VERSUS.match(masked_text):
        return _read_names(text, text, names, today, is_certain=False)
    return None


def suggest_comparison(people: list[str], about: str | None = None) -> str:
    """Return the command that compares the first two of these people on a subject."""
    subject = f" about:{wrap_in_quotes(about)}" if about else ""
    return f"/whosaid compare:{wrap_in_quotes(' and '.join(people[:2]))}{subject}"


def _read_filters(text: str, names: KnownNames, today: date) -> ComparisonQuery | UsageMessage | None:
    """Read `compare:"Roe and Marsh"`, `compare:Roe with:Marsh` and `compare by:Roe by:Marsh`."""
    masked_text = mask_phrases(text)
    matches = list(_FILTER.finditer(masked_text))
    is_comparison = any(match["name"].casefold() in ("compare", "comparison") for match in matches)
    if not is_comparison:
        has_word = re.match(r"compare\s+by:", masked_text, re.IGNORECASE)
        if not (has_word and len(matches) > 1):
            return None
    people: list[str] = []
    rest, position = "", 0
    for index, match in enumerate(matches):
        limit = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        other = _OTHER_FILTER.search(masked_text, match.end(), limit)
        value, end = _read_value(text, match.end(), other.start() if other else limit)
        people += _split_names(value, names) if value else []
        rest += text[position : match.start()]
        position = end
    rest = re.sub(r"^\s*(?:compare|comparison)\b", "", rest + text[position:], flags=re.IGNORECASE)
    second = re.match(rf"\s*{_QUOTED_VALUE}", rest)  # compare:"Roe" "Alder"
    if len(people) == 1 and second and names.is_person(_clean(second["quoted"])):
        people.append(second["quoted"])
        rest = rest[second.end() :]
    return _build(people, rest, names, today)


def _read_value(text: str, start: int, limit: int) -> tuple[str, int]:
    """Return the value of a filter: what is in marks, or the text up to a word that narrows."""
    if match := re.compile(_QUOTED_VALUE).match(text, start):
        return match["quoted"].strip(), match.end()
    tail = _TAIL.search(mask_phrases(text), start, limit)
    end = tail.start() if tail else limit
    return text[start:end].strip(" ,;"), end


def _read_names(
    text: str, rest: str, names: KnownNames, today: date, *, is_certain: bool
) -> ComparisonQuery | UsageMessage | None:
    """Read two names and what narrows them. `is_certain`: the text says "compare"."""
    rest = _TWICE_SAID.sub(r"\g<first> with \g<second> \g<subject>\g<tail>", rest)
    rest = drop_speech_nouns(_SAY_VERBS.sub("", _WHAT.sub("", _WHAT_THEY_SAID.sub("", rest))))
    rest = " ".join(rest.split())
    tail = _find_tail(rest)
    name_text = rest[:tail]
    people = [_clean(name) for name in _split_names(name_text.strip(" ,;:?!."), names)]
    known_count = sum(map(names.is_person, people))
    are_names = len(people) > 1 and all(person[:1].isupper() for person in people)
    if not (known_count and len(people) > 1) and not (are_names and is_certain):
        if is_certain and known_count and not names.has_words(text):
            return UsageMessage(_TWO_NAMES)
        return None
    if not is_certain and known_count < 2:
        return None
    return _build(people, rest[tail:], names, today)


def _find_tail(rest: str) -> int:
    """Return where the words begin that narrow the comparison, after the first connector between two names."""
    masked_rest = mask_phrases(rest)
    connector = _CONNECTOR.search(masked_rest)
    match = _TAIL.search(masked_rest, connector.end() if connector else 0)
    return match.start() if match else len(rest)


def _split_names(text: str, names: KnownNames) -> list[str]:
    """Return the names in a text; a known name with "and" in it is one name."""
    text = text.strip(" ,;:?!." + DOUBLE_MARKS)
    connectors = list(_CONNECTOR.finditer(text))
    for connector in connectors:
        parts = [text[: connector.start()], text[connector.end() :]]
        if all(names.is_person(_clean(part)) for part in parts):
            return parts
    pieces: list[str] = []
    position = 0
    for connector in connectors:
        pieces.append(text[position : connector.start()])
        position = connector.end()
    return [piece for piece in (*pieces, text[position:]) if re.search(r"\w", piece)]


def _clean(name: str) -> str:
    """Return a name without titles before it, and without "'s quotes" after it."""
    name = drop_name_end(name.strip(" ,;:?!." + DOUBLE_MARKS))
    return _TITLE.sub("", name) or name


def _build(people: list[str], rest: str, names: KnownNames, today: date) -> ComparisonQuery | UsageMessage:
    people = [cleaned_name for name in people if (cleaned_name := _clean(name))]
    if len(people) < 2:
        return UsageMessage(_TWO_NAMES)
    if len(people) > 2:
        return UsageMessage(f"I can compare two people at a time, for example: {suggest_comparison(people)}")
    rest = " ".join(rest.split()).strip(" ,;:?!")
    query = build_who_said(read_filters(rest, names, today, by=people[0]))
    if not isinstance(query, WhoSaidQuery):
        return query
    about = query.about or query.words or None
    return ComparisonQuery(people[0], people[1], about, query.outlet, query.since, query.until)
