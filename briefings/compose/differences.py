"""The slot of where the sources differ: one utterance in two wordings, two figures for what may be one thing.

Rule: both sides are shown in their own words and linked; what kind of difference it is, is said beside them. Nothing is
called a contradiction that may be a rounding or a later count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from briefings.compose.budget import Budget
from briefings.compose.material import Material
from briefings.facts.figures import Figure, figures
from briefings.model import ELISION, Article, Line, Slot, Span
from briefings.ranking import terms
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.sentences import sentences
from briefings.utterances import Drift, drifts

_MOST = 5
#: how far two counts of one thing may lie apart, as the larger over the smaller
_NEAR = 1.25
#: percentage points
_NEAR_POINTS = 5.0
#: a count must be this large to be worth a comparison
_LARGE = 1000
#: words that two figures' surroundings must share to be taken for figures of one thing
_SHARED_TERMS = 3
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


@dataclass(frozen=True, slots=True)
class _Placed:
    article: Article
    figure: Figure
    sentence: Span
    around: frozenset[str]


def differences(material: Material, budget: Budget) -> list[Line]:
    """The lines of the slot, sharpest first; each has two pieces of evidence."""
    found = sorted([*_figures(material), *_wordings(material)], key=_order)
    lines: list[Line] = []
    shown: set[tuple[str, int]] = set()
    for difference in found:
        line = _line(material, difference)
        places = {(evidence.article, evidence.start) for evidence in line.evidence}
        if len(lines) < _MOST and not places & shown and budget.fits(line.text):
            budget.spend(line.text)
            lines.append(line)
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
        note=difference.note,
    )


def _wordings(material: Material) -> Iterator[Difference]:
    said = [(article, quote) for article, quotes in material.read for quote in quotes if quote.speaker]
    for one, other in combinations(said, 2):
        for drift in drifts(one, other):
            speaker = one[1].speaker.name if one[1].speaker else ""
            across = one[0].id != other[0].id
            changed = len(drift.only_one.split()) + len(drift.only_other.split())
            yield Difference(
                (one[0], drift.one),
                (other[0], drift.other),
                f"{speaker}, one utterance in two wordings: {_worded(drift)}",
                sharpness=0.5 + 0.2 * across + min(changed, 5) / 20,
            )


def _worded(drift: Drift) -> str:
    if drift.only_one and drift.only_other:
        return f"“{drift.only_one}” in one, “{drift.only_other}” in the other"
    return f"“{drift.only_one or drift.only_other}” in only one of them"


def _figures(material: Material) -> Iterator[Difference]:
    placed = [item for article in material.articles for item in _placed(article)]
    for one, other in combinations(placed, 2):
        note = _compared(one.figure, other.figure)
        apart = one.article.id != other.article.id
        if note is not None and apart and len(one.around & other.around) >= _SHARED_TERMS:
            sharp = 1.0 if one.figure.value != other.figure.value else 0.4
            shared = min(9, len(one.around & other.around)) / 100
            yield Difference((one.article, _clause(one)), (other.article, _clause(other)), note, sharp + shared)


def _placed(article: Article) -> Iterator[_Placed]:
    """The figures of an article's running text, each with what its sentence and the two before are about."""
    spans = [s for s in sentences(article.text) if not any(s.overlaps(b) for b in article.boilerplate)]
    for index, sentence in enumerate(spans):
        around = frozenset(term for s in spans[max(0, index - 2) : index + 1] for term in terms(s.of(article.text)))
        for figure in figures(article.text, sentence):
            yield _Placed(article, figure, sentence, around)


def _compared(one: Figure, other: Figure) -> str | None:
    """What kind of difference two figures make, or None when they make none or cannot be compared."""
    if one.percent != other.percent:
        return None
    if one.value == other.value:
        return None if one.hedge == other.hedge else "the same figure, rounded in one of the two"
    if one.percent:
        near = abs(one.value - other.value) <= _NEAR_POINTS
    else:
        small, large = sorted((one.value, other.value))
        near = small >= _LARGE and large / small <= _NEAR
    if not near:
        return None
    if one.hedge or other.hedge:
        return "two figures, one of them approximate; one may be the later count"
    return "two figures; one may be the later count"


def _clause(placed: _Placed) -> Span:
    """The clause around the figure, or the whole sentence where a cut could change what is said."""
    text, sentence, figure = placed.article.text, placed.sentence, placed.figure.span
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
