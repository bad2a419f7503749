"""The places in articles that an answer rests on: what can be read in context, and doubted.

Rule: a place has a key that is the same in every answer as long as the article is, and short enough for any menu.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from briefings.model import Briefing, Hit, Narration, Slot, WhoSaid

#: what an answer is made of
Found = Briefing | WhoSaid

_SLOTS = {
    Slot.STATUS: "Status",
    Slot.TIMELINE: "Day",
    Slot.QUOTES: "Said",
    Slot.DIFFERENCES: "Differs",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Half-open code points of an article, and how a line that shows them begins."""

    article: str
    start: int
    end: int
    label: str

    @property
    def key(self) -> str:
        """Tells it from other places."""
        return key_of(self.article, self.start, self.end)


def key_of(article: str, start: int, end: int) -> str:
    """The key of a place."""
    told = f"{start} {end} {article}".encode("utf-8", "surrogatepass")
    return sha256(told).hexdigest()[:16]


def places(found: Found) -> tuple[Place, ...]:
    """The places of an answer, each once, in its order."""
    told = _of_briefing(found) if isinstance(found, Briefing) else _of_who_said(found)
    first: dict[str, Place] = {}
    for place in told:
        first.setdefault(place.key, place)
    return tuple(first.values())


def place_at(found: Found, key: str) -> Place | None:
    """The place with this key, or the first one for no key."""
    return next((place for place in places(found) if not key or place.key == key), None)


def hit_at(found: Found, key: str) -> Hit | None:
    """The quotation that stands at the place with this key."""
    if isinstance(found, Briefing):
        return None
    return next((hit for hit in found.hits if key_of(hit.article, hit.start, hit.end) == key), None)


def _of_briefing(found: Briefing) -> Iterator[Place]:
    for line in found.lines:
        for evidence in line.evidence if line.slot is Slot.DIFFERENCES else line.evidence[:1]:
            named = f"{_SLOTS.get(line.slot, 'Line')}: "
            yield Place(evidence.article, evidence.start, evidence.end, named + evidence.text)


def _of_who_said(found: WhoSaid) -> Iterator[Place]:
    for hit in (*found.hits, *found.nearest):
        yield _place(hit, hit.quote)
        for variant in hit.variants:
            yield Place(variant.article, variant.start, variant.end, variant.quote)
    for sentence in found.narration:
        yield _place(sentence, sentence.text)


def _place(told: Hit | Narration, words: str) -> Place:
    return Place(told.article, told.start, told.end, words)
