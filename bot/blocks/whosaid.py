"""Who said it, as a message.

Rule: a speaker is shown only where the record names one; otherwise the reason is. Words that merely stand in an article
are told apart from words that somebody is quoted with.
"""

from collections.abc import Sequence

from bot import escape
from bot.blocks import lines
from bot.blocks.message import Message, Part, context, lay_out, section, spoken
from briefings.model import Hit, Kind, Narration, Searched, Variant, WhoSaid

#: below this probability a speaker is shown as probable, with the reason
CERTAIN = 0.8
#: wordings shown beside a hit; the others are counted
_WORDINGS = 3


def answer(found: WhoSaid) -> Message:
    """Hits first, then narration; the nearest real quotations when there is neither."""
    title = _title(found)
    linked, unlinked = (_parts(found, linked=flag) for flag in (True, False))
    searched = _searched(found.searched)
    blocks = lay_out([section(title)], linked, [context(searched)])
    return Message(spoken(title, linked, unlinked, searched), blocks)


def _title(found: WhoSaid) -> str:
    query = f"“{escape.short(found.query, 300)}”"
    if found.hits:
        return f"Who said {query}?"
    if found.narration:
        return f"Nobody is quoted with {query}, but the words stand in the record."
    if found.nearest:
        return f"Nothing in the record holds {query}. The closest quotations:"
    return f"Nothing in the record holds {query}. Try fewer words, or only the most telling one."


def _parts(found: WhoSaid, *, linked: bool) -> list[Part]:
    hits = [item for hit in found.hits for item in _hit(hit, linked=linked)]
    narration = [_narration(sentence, linked=linked) for sentence in found.narration]
    nearest = [item for hit in found.nearest for item in _hit(hit, linked=linked)] if not (hits or narration) else []
    told = "*In the article's own words, with nobody quoted*" if found.hits else ""
    return [Part("", tuple(hits)), Part(told, tuple(narration)), Part("", tuple(nearest))]


def _hit(hit: Hit, *, linked: bool) -> list[str]:
    words, cut = lines.quoted(hit.quote)
    found = lines.outlet(hit.publisher, hit.link or hit.url, linked=linked)
    below = lines.dotted((found, lines.day(hit.published), lines.outlets(hit.outlets), _cue(hit), cut))
    whole = f"{lines.speaker(hit.speaker)}{_certainty(hit)}\n{words}\n{below}"
    return [whole, *_variants(hit.variants, linked=linked)]


def _certainty(hit: Hit) -> str:
    reason = escape.short(hit.reason, 200)
    if hit.speaker is None:
        return f": {reason}" if reason else ": the article does not tell"
    kind = "" if hit.kind is Kind.DIRECT else " (reported, not in quotation marks)" if hit.kind is Kind.INDIRECT else ""
    if hit.confidence < CERTAIN:
        return f"{kind}, probably" + (f": {reason}" if reason else "")
    return kind


def _cue(hit: Hit) -> str:
    """The article's own words that attribute it: the mention of the speaker, the verb."""
    words = ", ".join(f"“{escape.short(found, 80)}”" for found in (hit.source, hit.cue) if found)
    return f"attributed with {words}" if words else ""


def _variants(variants: Sequence[Variant], *, linked: bool) -> list[str]:
    shown = []
    for variant in variants[:_WORDINGS]:
        words, cut = lines.quoted(variant.quote)
        where = lines.outlet(variant.publisher, variant.link, linked=linked)
        shown.append(f"also worded\n{words}\n" + lines.dotted((where, cut)))
    if len(variants) > _WORDINGS:
        shown.append(f"and {len(variants) - _WORDINGS} more wordings")
    return shown


def _narration(sentence: Narration, *, linked: bool) -> str:
    words, cut = lines.quoted(sentence.text)
    return f"{words}\n" + lines.dotted((lines.outlet(sentence.publisher, sentence.link, linked=linked), cut))


def _searched(searched: Searched) -> str:
    count = f"Searched {searched.articles:,} articles and {searched.quotes:,} quotations"
    if searched.since and searched.until:
        return f"{count}, {lines.day(searched.since)} to {lines.day(searched.until)}."
    return count + "."
