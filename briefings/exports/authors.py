"""Read the authors from a byline, for citations. Pure.

Rule: nothing is invented. A name is split only if it is clearly a person's; any other stays one literal name. Offices
("political editor"), places, days and addresses are left out.
"""

import re
from collections.abc import Iterator
from functools import cache

from briefings.exports.model import Author
from briefings.text import lexicon

#: what stands between two authors, in contrast to a comma, which can also stand before an office or a place
_SEPARATOR = re.compile(r"\s*(?:[;|/•·]|\b(?:and|et|und|with)\b|&)\s*", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:(?:exclusive|analysis|opinion|comment|review|report|reporting|(?:guest )?post|posted|written|words|story|text"
    r"|interview|column|article|published)\s+)?by\b:?\s*",
    re.IGNORECASE,
)
#: the place of a report: "Jane Roe in Easton"
_PLACE = re.compile(r"\s+(?:in|at|for|from)\s+(?:the\s+)?[^\W\d_].*$")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_ADDRESS = re.compile(r"\S+://\S*|\bwww\.\S+|\S*@\S+", re.IGNORECASE)
_OFFICE_WORDS = (
    r"editors?|correspondents?|reporters?|writers?|columnists?|journalists?|critics?|chief|commentators?|analysts?"
    r"|producers?|presenters?|contributors?|director|photographers?|secretary|professor|lecturer|fellow|head|mp|msp|mep"
    r"|md|phd|dphil|jr|sr|ii|iii"
)
_HAS_OFFICE = re.compile(rf"\b(?:{_OFFICE_WORDS})\b", re.IGNORECASE)
#: "Political Editor", "Head of News"
_IS_OFFICE = re.compile(rf"\b(?:{_OFFICE_WORDS})(?:$|\s+(?:of|at|to)\b)", re.IGNORECASE)
#: words that only names of organisations have, besides the lists of outlets and bodies
_BODY = re.compile(
    r"\b(?:agency|agencies|associated|press|newsroom|staff|team|desk|services?|media|tv|radio|online|network|editorial"
    r"|group|university|council|international|the|newspapers?|company|ltd|inc|echo|argus|express|advertiser)\b",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"^(?:dr|prof|professor|mr|mrs|ms|miss|sir|dame|lord|lady|baroness|rev)\.?\s+", re.IGNORECASE)
#: "by" in other languages, at the beginning
_FOREIGN_LABELS = ("par", "von", "de", "da", "por", "di")
#: what publishing systems write where there is no name
_PLACEHOLDERS = frozenset(["admin", "anonymous", "n/a", "none", "null", "undefined", "unknown"])
#: parts of a family name: "van der Berg"
_PARTICLES = frozenset(
    [
        "al",
        "bin",
        "da",
        "dal",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "van",
        "von",
    ]
)
_MAX_NAME_WORDS = 5
#: characters of a byline that are read; real ones have a tenth of them
_MAX_LENGTH = 1_000


def read_authors(byline: str | None) -> tuple[Author, ...]:
    """Return the authors of a byline in order, each once; none without a byline."""
    text = _ADDRESS.sub(" ", _LABEL.sub("", " ".join((byline or "")[:_MAX_LENGTH].split())))
    groups = [_split_at_commas(group) for group in _SEPARATOR.split(_BRACKETS.sub(" ", text))]
    groups = [group for group in groups if group]
    if groups and all(map(_is_inverted, groups)):
        authors = [Author(f"{given_name} {family_name}", family_name, given_name) for family_name, given_name in groups]
    else:
        authors = list(_select_authors(groups))
    return tuple(dict.fromkeys(author for author in authors if author.name.casefold() not in _PLACEHOLDERS))


def _split_at_commas(group: str) -> list[str]:
    parts = (part.strip(" .–—-") for part in group.split(","))
    return [part for part in parts if any(map(str.isalpha, part)) and not any(map(str.isdigit, part))]


def _select_authors(groups: list[list[str]]) -> Iterator[Author]:
    """Yield the authors, without offices and places.

    After a name and a comma, a word by itself is a place, and two can be one ("Easton Central"): those are not split.
    """
    has_name = had_place = False
    for group in groups:
        if len(group) == 2 and not has_name and all(len(part.split()) == 1 and not _is_body(part) for part in group):
            group = [", ".join(group)]  # "Roe, Zoë" or "Roe, Easton": not clear, so not split
        for index, part in enumerate(group):
            name = _PLACE.sub("", part)
            follows_name = has_name and (index or had_place)
            is_left_out = has_name and _is_office(name, part)
            if not is_left_out and not (follows_name and len(name.split()) == 1 and not _is_body(name)):
                is_clear = not (has_name and index) or _is_given_name(name.split()[0])
                yield _read_name(name) if is_clear else Author(name)
                has_name, had_place = True, name != part


def _is_office(name: str, part: str) -> bool:
    return (
        _IS_OFFICE.search(name) is not None
        or _IS_OFFICE.search(part) is not None
        or (not any(map(str.isupper, part)) and part.isascii())
    )


def _is_body(text: str) -> bool:
    words = {word.casefold() for word in text.split()}
    names = lexicon.load_words("outlet_nouns") | lexicon.load_words("body_kinds")
    return _BODY.search(text) is not None or not words.isdisjoint(names) or (text.isupper() and len(text) <= 4)


def _is_inverted(parts: list[str]) -> bool:
    """Whether the parts are one name with the family name first: "Roe, Jane"."""
    if len(parts) != 2:
        return False
    family_name, given_name = parts
    return (
        len(family_name.split()) == 1
        and not family_name.isupper()
        and not _is_body(f"{family_name} {given_name}")
        and not _HAS_OFFICE.search(given_name)
        and len(given_name.split()) <= 2
        and all(word[:1].isupper() for word in given_name.split())
        and _is_given_name(given_name.split()[0])
    )


def _is_given_name(word: str) -> bool:
    return word.casefold() in _load_given_names()


@cache
def _load_given_names() -> frozenset[str]:
    entries = lexicon.load_words("first_names") | lexicon.load_words("given_names")
    return frozenset(entry.partition("\t")[0] for entry in entries)


def _read_name(name: str) -> Author:
    bare_name = _HONORIFIC.sub("", name)
    words = bare_name.split()
    is_person = (
        2 <= len(words) <= _MAX_NAME_WORDS
        and "," not in bare_name
        and words[0].casefold() not in _FOREIGN_LABELS
        and not _is_body(bare_name)
        and not _HAS_OFFICE.search(bare_name)
        and all(word[:1].isupper() or word.casefold() in _PARTICLES for word in words)
        and any(char.islower() for char in bare_name)
    )
    if not is_person:
        return Author(name)
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in _PARTICLES:
        first -= 1
    return Author(name, " ".join(words[first:]), " ".join(words[:first]))
