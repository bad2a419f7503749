"""Who said it, as a message.

Rule: a speaker is shown only where the record names one; otherwise the reason is. Words that merely stand in an article
are told apart from words that somebody is quoted with.
"""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from bot import escape, limits
from bot.blocks import lines
from bot.blocks.cited import key_of
from bot.blocks.lines import linked as page_link
from bot.blocks.message import Item, Message, Part, buttons, context, section, spoken
from bot.blocks.message import pages as paged
from bot.blocks.pages import Pages
from bot.blocks.press import Action, Press, press
from bot.blocks.turning import page_told, turning
from briefings.model import CERTAIN, Hit, Kind, Narration, Variant, WhoSaid

#: wordings shown beside a hit; the others are counted
_WORDINGS = 3


def answer(found: WhoSaid, asked: str, page: int = 1, *, sharable: bool = True, pages: Pages | None = None) -> Message:
    """One page: hits first, then narration; the nearest real quotations when there is neither.

    `asked` is the command's line that asks it; `pages` is where its articles can be read, for those who may.
    """
    title = _title(found)
    linked, unlinked = _parts(found, asked, pages, linked=True), _parts(found, asked, None, linked=False)
    closing = _closing(found)
    head, tail = [section(title)], [context(closing)]
    laid = paged(head, linked, tail)
    number = min(max(page, 1), len(laid))
    share = press("Share to the channel", Action.SHARE, Press(asked, number)) if sharable and _says(found) else ()
    row = buttons([*share, *turning(asked, number, len(laid))])
    counted = [context(page_told(laid, number, "paragraph"))] if len(laid) > 1 else []
    return Message(spoken(title, linked, unlinked, closing), (*head, *laid[number - 1].blocks, *row, *counted, *tail))


def _says(found: WhoSaid) -> bool:
    return bool(found.hits or found.narration or found.nearest)


def _closing(found: WhoSaid) -> str:
    """What was searched, and what is left out."""
    more = " These are of the newest 100 quotations; there are older ones: ask with since: and until:."
    return lines.searched(found.searched) + (more if found.more else "")


def _title(found: WhoSaid) -> str:
    where = escape.short(", ".join(found.bounds), 300)
    count = f"{len(found.hits)} quotation{'' if len(found.hits) == 1 else 's'}"
    if not found.query.strip():
        return f"{count} {where}:" if found.hits else f"The record holds no quotation {where}."
    query = f"“{escape.short(found.query, 300)}”" + (f" ({where})" if where else "")
    if found.hits:
        return f"{count} found for {query}:"
    if found.narration:
        return f"Nobody is quoted as saying {query}. It stands in the articles' own text:"
    if found.nearest:
        return f"{query} stands nowhere in the record. The closest quotations:"
    return f"{query} stands nowhere in the record. Try fewer words, or only the most telling one."


def _parts(found: WhoSaid, asked: str, pages: Pages | None, *, linked: bool) -> list[Part]:
    hits = _hits(found.hits, asked, pages, linked=linked)
    told = "*In the articles' own text, with nobody quoted*" if found.hits else ""
    narration = []
    for number, sentence in enumerate(found.narration):
        key = key_of(sentence.article, sentence.start, sentence.end)
        narration.append(Item(_narration(sentence, pages, linked=linked), _row(asked, key, f"n{number}")))
    nearest = _hits(found.nearest, asked, pages, linked=linked) if not (hits or narration) else []
    return [Part("", tuple(hits)), Part(told, tuple(narration)), Part("", tuple(nearest))]


def _hits(hits: Sequence[Hit], asked: str, pages: Pages | None, *, linked: bool) -> list[Item]:
    """Each hit in its paragraphs, the buttons below the last one."""
    items = []
    for number, hit in enumerate(hits):
        *above, last = _hit(hit, pages, linked=linked)
        key = key_of(hit.article, hit.start, hit.end)
        row = _row(asked, key, number, wordings=len(hit.variants))
        items += [*map(Item, above), Item(last, row)]
    return items


def _row(asked: str, key: str, place: int | str, wordings: int = 0) -> tuple[ButtonElement, ...]:
    here = Press(asked, line=key)
    label = "Compare the wordings" if wordings == 1 else f"Compare {wordings + 1} wordings"
    return (
        *press("Read in context", Action.CONTEXT, here, place),
        *(press(label, Action.WORDINGS, here, place) if wordings else ()),
        *press("This looks wrong", Action.WRONG, here, place),
    )


def _hit(hit: Hit, pages: Pages | None, *, linked: bool) -> list[str]:
    said = hit.kind is not Kind.INDIRECT
    words, cut = lines.quoted(hit.quote, said=said)
    found = lines.outlet(hit.publisher, hit.link or hit.url, linked=linked)
    below = lines.dotted((found, lines.published(hit.published), lines.outlets(hit.outlets), _cue(hit), cut))
    whole = f"{lines.speaker(hit.speaker)}{_certainty(hit)}\n{words}\n{below}"
    return [_with_page(whole, hit, pages), *_variants(hit.variants, said=said, linked=linked)]


def _with_page(whole: str, told: Hit | Narration, pages: Pages | None) -> str:
    """`whole` with the link to where the words stand in the record, as its last piece, where there is room for it."""
    page = page_link(pages.article(told.article, told.start, told.end), "in the record") if pages else ""
    longer = lines.dotted((whole, page))
    return longer if len(longer) <= limits.SECTION_TEXT else whole


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
    cue = f"“{escape.short(hit.cue, 80)}”" if hit.cue else ""
    if not hit.source:
        return f"introduced by {cue}" if cue else ""
    return f"named there as “{escape.short(hit.source, 80)}”" + (f" ({cue})" if cue else "")


def _variants(variants: Sequence[Variant], *, said: bool, linked: bool) -> list[str]:
    shown = []
    for variant in variants[:_WORDINGS]:
        words, cut = lines.quoted(variant.quote, said=said)
        where = lines.outlet(variant.publisher, variant.link, linked=linked)
        shown.append(f"Also reported as\n{words}\n" + lines.dotted((where, cut)))
    if left := len(variants) - _WORDINGS:
        shown += [f"and in {left} more wording{'' if left == 1 else 's'}"] if left > 0 else []
    return shown


def _narration(sentence: Narration, pages: Pages | None, *, linked: bool) -> str:
    words, cut = lines.quoted(sentence.text)
    whole = f"{words}\n" + lines.dotted((lines.outlet(sentence.publisher, sentence.link, linked=linked), cut))
    return _with_page(whole, sentence, pages)
