"""Lists the article passages an answer cites, which users can read in context or report as wrong.

Rule: a citation's id is the same in every answer as long as the article exists, and short enough for any menu.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from briefings import Briefing, Hit, Narration, Slot, WhoSaid

#: the result an answer is rendered from
AnswerResult = Briefing | WhoSaid

_SLOT_LABELS = {
    Slot.STATUS: "Status",
    Slot.TIMELINE: "Day",
    Slot.QUOTES: "Said",
    Slot.DIFFERENCES: "Differs",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of an article (half-open character offsets), and the label that a menu shows for it."""

    article: str
    start: int
    end: int
    label: str

    @property
    def id(self) -> str:
        """Return the id of this passage."""
        return make_citation_id(self.article, self.start, self.end)


def make_citation_id(article: str, start: int, end: int) -> str:
    """Return the id of a passage: 16 hexadecimal digits."""
    identity = f"{start} {end} {article}".encode("utf-8", "surrogatepass")
    return sha256(identity).hexdigest()[:16]


def list_citations(result: AnswerResult) -> tuple[Citation, ...]:
    """Return the citations of an answer in its order, without duplicates."""
    citations = (
        _iterate_briefing_citations(result) if isinstance(result, Briefing) else _iterate_who_said_citations(result)
    )
    citations_by_id: dict[str, Citation] = {}
    for citation in citations:
        citations_by_id.setdefault(citation.id, citation)
    return tuple(citations_by_id.values())


def find_citation(result: AnswerResult, citation_id: str) -> Citation | None:
    """Return the citation with this id, or the first one if the id is empty; None if not found."""
    return next(
        (citation for citation in list_citations(result) if not citation_id or citation.id == citation_id), None
    )


def find_hit(result: AnswerResult, citation_id: str) -> Hit | None:
    """Return the hit whose passage has this id, or None."""
    if isinstance(result, Briefing):
        return None
    return next((hit for hit in result.hits if make_citation_id(hit.article, hit.start, hit.end) == citation_id), None)


def _iterate_briefing_citations(result: Briefing) -> Iterator[Citation]:
    for line in result.lines:
        for evidence in line.evidence if line.slot is Slot.DIFFERENCES else line.evidence[:1]:
            label = f"{_SLOT_LABELS.get(line.slot, 'Line')}: "
            yield Citation(evidence.article, evidence.start, evidence.end, label + evidence.text)


def _iterate_who_said_citations(result: WhoSaid) -> Iterator[Citation]:
    for hit in (*result.hits, *result.nearest):
        yield _make_citation(hit, hit.quote)
        for variant in hit.variants:
            yield Citation(variant.article, variant.start, variant.end, variant.quote)
    for sentence in result.narration:
        yield _make_citation(sentence, sentence.text)


def _make_citation(passage: Hit | Narration, label: str) -> Citation:
    return Citation(passage.article, passage.start, passage.end, label)
