"""The slot of where the sources differ: one utterance in two wordings; two figures, days or doers for what may be one
thing.

Rule: both sides are shown in their own words and linked; what kind of difference it is, is said beside them. Nothing is
called a contradiction that may be a rounding or a later count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from briefings.compose.accounts import accounts
from briefings.compose.budget import Budget
from briefings.compose.counted import Placed, likeness, near_pairs
from briefings.compose.doers import disagreements
from briefings.compose.material import Material
from briefings.compose.wordings import Drift, drifts
from briefings.facts import Sort, is_to_come
from briefings.model import ELISION, Article, Kind, Line, Slot, Span
from briefings.text import lexicon
from briefings.text.fold import fold

_MOST = 5
_ROUNDED = "the same figure, rounded in one of the two"
#: pairs of figures from which the lines are chosen, the sharpest
_WEIGHED = 200
_CLAUSE_ENDS = (", ", "; ", ": ", " – ", " — ", " - ")
_RELATIVE = ("which", "who", "whose", "where")
_MARKS = " \"“”'‘’"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sides of one matter, what kind it is in words, and how sharp it is (larger first)."""

    one: tuple[Article, Span]
    other: tuple[Article, Span]
    note: str
    sharpness: float
    #: one of the sides tells of something still to come
    expected: bool = False


def differences(material: Material, budget: Budget) -> list[Line]:
    """The lines of the slot, sharpest first; each has two pieces of evidence."""
    kinds = (_figures(material), _accounts(material), _doers(material), _wordings(material))
    found = sorted((difference for kind in kinds for difference in kind), key=_order)
    lines: list[Line] = []
    shown: set[tuple[str, int]] = set()
    for difference in found:
        sides = (difference.one, difference.other)
        places = {(article.id, span.start) for article, span in sides}
        words = ELISION.join(span.of(article.text) for article, span in sides)
        if len(lines) < _MOST and not places & shown and budget.fits(words):
            budget.spend(words)
            lines.append(_line(material, difference))
            shown |= places
    return lines


def _order(difference: Difference) -> tuple[float, str, Span, str, Span]:
    (one, span), (other, span_) = difference.one, difference.other
    return (-difference.sharpness, one.id, span, other.id, span_)


def _line(material: Material, difference: Difference) -> Line:
    evidence = (material.evidence(*difference.one), material.evidence(*difference.other))
    return Line(
        slot=Slot.DIFFERENCES,
        text=ELISION.join(piece.text for piece in evidence),
        evidence=evidence,
        outlets=material.outlets.count(piece.article for piece in evidence),
        expected=difference.expected,
        note=difference.note,
    )


def _wordings(material: Material) -> Iterator[Difference]:
    for drift in drifts((article, quote) for article, quotes in material.read for quote in quotes):
        across = drift.one[0].id != drift.other[0].id
        changed = len(drift.only_one.split()) + len(drift.only_other.split())
        yield Difference(
            drift.one,
            drift.other,
            f"{drift.speaker}, one utterance in two wordings: {_worded(drift)}",
            sharpness=0.5 + 0.2 * across + min(changed, 5) / 20,
        )


def _worded(drift: Drift) -> str:
    if drift.only_one and drift.only_other:
        return f"“{drift.only_one}” in one, “{drift.only_other}” in the other"
    return f"“{drift.only_one or drift.only_other}” in only one of them"


def _figures(material: Material) -> Iterator[Difference]:
    rated = (
        (_sharpness(one, other, alike), one, other)
        for one, other in near_pairs(material.figures)
        if (alike := likeness(one, other, material.background))
    )
    for sharpness, one, other in nlargest(_WEIGHED, rated, key=lambda found: found[0]):
        note = _compared(one, other)
        if note is not None:
            expected = any(is_to_come(material.view(side.article), side.sentence) for side in (one, other))
            sides = ((one.article, _clause(one)), (other.article, _clause(other)))
            yield Difference(*sides, f"{note}{_spoken(material, sides)}", sharpness, expected)


def _spoken(material: Material, sides: Sequence[tuple[Article, Span]]) -> str:
    """Which of the sides are somebody's words rather than the paper's own, and whose."""
    said = {article.id: quotes for article, quotes in material.read}
    found = ""
    for place, (article, span) in zip(("first", "second"), sides, strict=True):
        holders = (
            q for q in said[article.id] if q.kind is not Kind.INDIRECT and any(c.covers(span) for c in q.content)
        )
        speaker = next((quote.speaker for quote in holders), None)
        found += f"; the {place} in the words of {speaker.name}" if speaker else ""
    return found


def _accounts(material: Material) -> Iterator[Difference]:
    for account in accounts(material.sentences):
        sides = [(sentence.article, sentence.facts.span) for sentence in (account.one, account.other)]
        yield Difference(
            sides[0], sides[1], account.note, 0.9, account.one.facts.expected or account.other.facts.expected
        )


def _doers(material: Material) -> Iterator[Difference]:
    for found in disagreements(material):
        sides = [(told.article, told.deed.sentence) for told in (found.one, found.other)]
        yield Difference(sides[0], sides[1], found.note, 0.97)


def _sharpness(one: Placed, other: Placed, alike: float) -> float:
    if one.value == other.value and one.figure.hedge == other.figure.hedge:
        return 0.0
    return (1.0 if one.value != other.value else 0.85) + min(50.0, alike) / 500


def _compared(one: Placed, other: Placed) -> str | None:
    """What kind of difference two near figures make, or None when they make none."""
    hedges = [fold(placed.figure.hedge) for placed in (one, other) if placed.figure.hedge]
    if one.value == other.value:
        if len(hedges) != 1:
            return None
        bound = hedges[0] in lexicon.words("bounds")
        return f"the same figure, with “{hedges[0]}” in one of the two" if bound else _ROUNDED
    kind = "two figures, one of them approximate" if hedges else "two figures"
    return f"{kind}; {_later(one, other)}"


def _later(one: Placed, other: Placed) -> str:
    """What the days of the two articles say about two counts: only an order, for they may count different days."""
    low, high = sorted((one, other), key=lambda placed: placed.value)
    before, after = low.article.published, high.article.published
    if one.figure.sort is Sort.PERCENT or before is None or after is None or before >= after:
        return "one may be the later count"
    return "the higher one is from the later article"


def _clause(placed: Placed) -> Span:
    """The clause around the figure, or the whole sentence where a cut could change what is said."""
    text, sentence, figure = placed.article.text, placed.sentence, placed.figure.bare
    before = [at + len(e) for e in _CLAUSE_ENDS if (at := text.rfind(e, sentence.start, figure.start)) >= 0]
    after = [at for e in _CLAUSE_ENDS if (at := text.find(e, figure.end, sentence.end)) >= 0]
    clause = _unmarked(text, Span(max(before, default=sentence.start), min(after, default=sentence.end)))
    if clause.of(text).split()[0] in _RELATIVE:
        return clause  # says something of its own about what stands before it
    outside = f"{text[sentence.start : clause.start]} {text[clause.end : sentence.end]}"
    turned = set(fold(outside).replace("'", " ").split()) & lexicon.words("negations")
    return _unmarked(text, sentence) if turned else clause


def _unmarked(text: str, span: Span) -> Span:
    """`span` without quotation marks and blanks at its ends."""
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip(_MARKS))
    return Span(start, max(start, span.start + len(body.rstrip(_MARKS))))
