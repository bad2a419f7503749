"""Find the office next to a name in the articles, in its longest form.

Rule: a role is copied from the text next to the full name. "Republican" says less than the office that the same
articles give, and "Secretary" may be cut from "Under Secretary".
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from briefings.text import lexicon
from briefings.text.folding import fold

#: characters before a name in which its office begins, and the most words of an office
_MAX_RUN, _MAX_WORDS = 90, 10
#: maximum mentions to read in one text: the office is next to an early one
_MAX_MENTIONS = 4
#: abbreviations whose stop ends no sentence
_ABBREVIATED = r"(?:Sen|Rep|Gov|Lt|Gen|Adm|Col|Sgt|Capt|Maj|Cmdr|U\.S|U\.K|U\.N)\."
#: capitalised words up to the name, with the small words between them
_RUN = re.compile(
    r"(?:(?:[Ff]ormer|[Aa]cting|[Ii]nterim|[Dd]eputy|[Aa]ssistant|[Vv]ice|[Ii]ncoming|[Oo]utgoing)\s)*"
    rf"(?:(?:{_ABBREVIATED}|[A-Z][\w&-]*(?:'s|’s)?)\s(?:(?:of the|for the|of|for|on|and|to)\s)?)+$"
)
#: an office of one word that says enough
_TITLE = re.compile(r"(?:Sen|Rep|Gov)\.")
#: the office after the name: "Jane Roe, the mayor of Easton,"
_AFTER = re.compile(r", (?:the |an? )?(?P<role>[^,.;:()“”\"\n]{3,70})[,.]")
_PARTY = re.compile(
    r"(?:(?i:former|top|lead|leading|senior)\s)?(?:[A-Z][\w.]*\s)*"
    r"(?:Republican|Democrat|Conservative|Liberal Democrat|Liberal)(?: (?:of|from) .+)?"
)
_POSSESSIVE = re.compile(r"['’]s?(?:\s|$)")
_SENTENCE_OPENING = re.compile(
    r"(?:(?:And|As|At|But|By|For|From|However|If|Image|In|It|Later|Meanwhile|Mr|Mrs|Ms|On|Photo|Read|So|That|The|Then"
    r"|This|To|Watch|When|While|With|Yet)\s)+"
)


def is_party(role: str) -> bool:
    """Tell whether a role gives only a party, and perhaps a home."""
    return _PARTY.fullmatch(role) is not None


def choose_role(role: str | None, offices: Counter[str]) -> str | None:
    """Return the role to print: an office instead of a party, and the longest form of what is cut."""
    if role is not None and not is_party(role):
        longer_roles = [office for office in offices if fold(office).endswith(f" {fold(role)}")]
        return max(longer_roles, key=lambda office: (len(office), office), default=role)
    if not offices:
        return role
    commonest = max(
        offices, key=lambda office: (_TITLE.fullmatch(office) is None, offices[office], len(office), office)
    )
    longer_roles = [office for office in offices if office.endswith(f" {commonest}")]
    return max(longer_roles, key=lambda office: (len(office), office), default=commonest)


def count_offices(name: str, texts: Iterable[str], is_noun_phrase: Callable[[str], bool]) -> Counter[str]:
    """Count the texts with each office next to the full name. A bare surname has none: it may be another person's."""
    if " " not in name:
        return Counter()
    return Counter(office for text in texts for office in set(_iterate_offices(name, text, is_noun_phrase)))


def _iterate_offices(name: str, text: str, is_noun_phrase: Callable[[str], bool]) -> Iterator[str]:
    start, count = text.find(name), 0
    while start >= 0 and count < _MAX_MENTIONS:
        count += 1
        run = _RUN.search(text[max(0, start - _MAX_RUN) : start].rsplit("\n", 1)[-1])
        office = _cut_other_holder(_SENTENCE_OPENING.sub("", run.group())) if run else ""
        if office and _is_office(office, is_noun_phrase):
            yield office
        after = _AFTER.match(text, start + len(name))
        if after and is_noun_phrase(after["role"]) and not is_party(after["role"]):
            yield after["role"]
        start = text.find(name, start + 1)


def _is_office(words: str, is_noun_phrase: Callable[[str], bool]) -> bool:
    if len(words.split()) > _MAX_WORDS or _POSSESSIVE.search(words):
        return False
    return _TITLE.fullmatch(words.split()[-1]) is not None or is_noun_phrase(words)


def _cut_other_holder(run: str) -> str:
    """Return the words after the last "and" if those before it are another person's or another office."""
    before, joint, after = run.strip().rpartition(" and ")
    words = {fold(word) for word in before.split()}
    others = lexicon.load_words("offices") | lexicon.load_words("first_names")
    is_cut = _TITLE.match(after) or not words.isdisjoint(others)
    return after if joint and is_cut else run.strip()
