"""Finds the source that a typed name means: an outlet of the articles, a site, or a section of a site. Pure.

Rule: a name with one meaning is taken; several are listed, and for none the nearest are offered. It never guesses.
"""

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from bot.mutes.model import Mute, MuteTarget, SourceKind
from briefings import BadQuestion, make_outlet_key, normalize_address
from briefings.text import make_search_key

#: outlets that are offered
_MAX_OFFERED = 3
#: least similarity of an offered name: 0 to 100
_MIN_SIMILARITY = 60
_MAX_ADDRESS = 300
_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "
_SEPARATORS = re.compile(r"\s*(?:,|;|\+|&|\band\b)\s*", re.IGNORECASE)
_SECTION_WORDS = re.compile(r"\b(?:sections?|pages?|news|coverage|desk|the)\b", re.IGNORECASE)
_SECTION_OF = re.compile(r"(?P<section>.+?) (?:in|of|from|on|by) (?P<outlet>.+)", re.IGNORECASE)
_NUMBER = re.compile(r"#?(\d{1,4})\.?")

#: returns the addresses of an outlet's sections
ListSections = Callable[[str], Sequence[str]]


def resolve_sources(names: str, outlets: Sequence[str], list_sections: ListSections) -> tuple[MuteTarget, ...]:
    """Return the sources that are named. Raises BadQuestion if a name has no meaning or several."""
    if target := _resolve_name(names, outlets):
        return (target,)
    parts = [part for part in _SEPARATORS.split(names) if part.strip(_QUOTES)] or [names]
    targets = []
    for part in parts:
        target = _resolve_name(part, outlets) or _resolve_section(part.strip(_QUOTES), outlets, list_sections)
        if target is None:
            raise _build_unknown(part, outlets)
        targets.append(target)
    return tuple(dict.fromkeys(targets))


def select_muted(names: str, mutes: Sequence[Mute]) -> tuple[MuteTarget, ...]:
    """Return the muted sources that are named, by number or name. Raises BadQuestion."""
    if not mutes:
        raise BadQuestion("This channel has no muted sources. To mute one, type /sources mute The Tribune")
    if not names:
        return tuple(mute.target for mute in mutes)
    whole = _select_one(names, mutes)
    if whole:
        return (whole,)
    targets = []
    for part in _SEPARATORS.split(names):
        target = _select_one(part, mutes)
        if target is None:
            choices = ", ".join(f"{number}. {mute.target.label}" for number, mute in enumerate(mutes, 1))
            raise BadQuestion(
                f"This channel doesn't mute “{part.strip(_QUOTES)[:80]}”. It mutes: {choices[:600]}. "
                "For example: /sources unmute 1"
            )
        targets.append(target)
    return tuple(dict.fromkeys(targets))


def _select_one(name: str, mutes: Sequence[Mute]) -> MuteTarget | None:
    name = name.strip(_QUOTES)
    if (match := _NUMBER.fullmatch(name)) and 1 <= int(match[1]) <= len(mutes):
        return mutes[int(match[1]) - 1].target
    keys = {MuteTarget(kind, name).key for kind in SourceKind if name}
    exact = [mute.target for mute in mutes if mute.target.key in keys]
    key = make_search_key(name)
    similar = [mute.target for mute in mutes if key and f" {key} " in f" {make_search_key(mute.target.label)} "]
    matches = exact or similar
    return matches[0] if len(matches) == 1 else None


def _resolve_name(name: str, outlets: Sequence[str]) -> MuteTarget | None:
    """Return the only outlet or the address with this name, or None. Raises BadQuestion for several."""
    name = name.strip(_QUOTES)
    key = make_outlet_key(name)
    if not key:
        return None
    if exact := next((outlet for outlet in outlets if make_outlet_key(outlet) == key), None):
        return MuteTarget(SourceKind.OUTLET, exact)
    if address := normalize_address(name):
        if len(address) > _MAX_ADDRESS:
            raise BadQuestion(f"This address is too long. Use at most {_MAX_ADDRESS} characters.")
        return MuteTarget(SourceKind.ADDRESS, address)
    matches = [outlet for outlet in outlets if f" {key} " in f" {make_search_key(outlet)} "]
    if len({make_outlet_key(outlet) for outlet in matches}) == 1:
        return MuteTarget(SourceKind.OUTLET, matches[0])
    if matches:
        raise BadQuestion(f"Which one? {_list_names(matches)}. For example: /sources mute {matches[0]}")
    return None


def _resolve_section(name: str, outlets: Sequence[str], list_sections: ListSections) -> MuteTarget | None:
    """Return the section for "sport in The Tribune" and "The Tribune sport". Raises BadQuestion for an unknown one."""
    choices = []
    if match := _SECTION_OF.fullmatch(name):
        choices.append((match["outlet"], match["section"]))
    words = re.sub(r"['’]s?(?=\s)", "", name).split()
    choices += [(" ".join(words[:count]), " ".join(words[count:])) for count in range(len(words) - 1, 0, -1)]
    for outlet_name, section_name in choices:
        outlet_key = make_outlet_key(outlet_name.strip(_QUOTES))
        outlet = next((outlet for outlet in outlets if outlet_key and make_outlet_key(outlet) == outlet_key), None)
        section_key = make_search_key(_SECTION_WORDS.sub(" ", section_name))
        if not outlet or not section_key:
            continue
        addresses = list_sections(outlet)
        address = next(
            (address for address in addresses if make_search_key(address.partition("/")[2]) == section_key), None
        )
        if address:
            return MuteTarget(SourceKind.ADDRESS, address)
        sections_note = f" Sections I know: {', '.join(addresses[:5])}." if addresses else ""
        raise BadQuestion(
            f"I know no section “{section_name[:80]}” of {outlet}.{sections_note} Type the section's address, "
            "for example: /sources mute tribune.example/sport"
        )
    return None


def _build_unknown(name: str, outlets: Sequence[str]) -> BadQuestion:
    name = name.strip(_QUOTES)
    keys = {outlet: make_outlet_key(outlet) for outlet in outlets}
    nearest = process.extract(
        make_outlet_key(name), keys, scorer=fuzz.WRatio, limit=_MAX_OFFERED, score_cutoff=_MIN_SIMILARITY
    )
    offer = f" Did you mean {_list_names([outlet for _, _, outlet in nearest])}?" if nearest else ""
    example = nearest[0][2] if nearest else "tribune.example/sport"
    return BadQuestion(f"No article is from “{name[:80]}”.{offer} For example: /sources mute {example}")


def _list_names(names: Sequence[str]) -> str:
    *first, last = names[:5]
    return f"{', '.join(first)} or {last}" if first else last
