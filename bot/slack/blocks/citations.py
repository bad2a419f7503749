"""Lists the article passages an answer cites, which users can read in context or report as wrong.

Rule: a citation's id is the same in every answer as long as the article exists, and short enough for any menu.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from bot.slack.blocks import mrkdwn
from briefings import (
    AmbiguousName,
    Briefing,
    Hit,
    Narration,
    PersonComparison,
    PersonTimeline,
    SearchTotals,
    Slot,
    SpeakerStatus,
    UnknownPerson,
    WhoSaid,
    get_source_name,
    label_hit,
)

#: the result of a question about people over time
PersonResult = PersonTimeline | PersonComparison | AmbiguousName | UnknownPerson
#: the result an answer is rendered from
AnswerResult = Briefing | WhoSaid | PersonResult

_SLOT_LABELS = {
    Slot.STATUS: "Latest",
    Slot.TIMELINE: "Day by day",
    Slot.QUOTES: "Said",
    Slot.DIFFERENCES: "Where the sources differ",
}
#: most characters of a speaker's or a source's name in a menu
_MAX_SPEAKER_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of an article (half-open character offsets) with its words.

    `label` says where the answer has it, or whose words it has; "" for neither.
    """

    article: str
    start: int
    end: int
    words: str
    label: str = ""

    @property
    def option_text(self) -> str:
        """Return the text of this passage in a menu."""
        return f"{self.label}: {self.words}" if self.label else self.words

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
        _iterate_briefing_citations(result)
        if isinstance(result, Briefing)
        else _iterate_who_said_citations(get_quotes(result))
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


def list_sides(result: AnswerResult, citation_id: str) -> tuple[Citation, ...]:
    """Return the sides of the difference whose first passage has this id, labelled with their sources, or ()."""
    if not isinstance(result, Briefing):
        return ()
    names = {source.id: _shorten_name(get_source_name(source)) for source in result.sources}
    for line in result.get_slot_lines(Slot.DIFFERENCES):
        sides = tuple(
            Citation(side.article, side.start, side.end, side.text, names.get(side.article, ""))
            for side in line.evidence
        )
        if sides and sides[0].id == citation_id:
            return sides
    return ()


def find_hit(result: AnswerResult, citation_id: str) -> Hit | None:
    """Return the hit whose passage has this id, or None."""
    if isinstance(result, Briefing):
        return None
    hits = get_quotes(result).hits
    return next((hit for hit in hits if make_citation_id(hit.article, hit.start, hit.end) == citation_id), None)


def get_quotes(result: WhoSaid | PersonResult) -> WhoSaid:
    """Return the quotes of an answer; those of both people for a comparison, and none without a person."""
    if isinstance(result, WhoSaid):
        return result
    if isinstance(result, PersonTimeline | PersonComparison):
        return result.to_who_said()
    return WhoSaid(result.name, SearchTotals(0, 0))


def _iterate_briefing_citations(result: Briefing) -> Iterator[Citation]:
    for line in result.lines:
        for evidence in line.evidence if line.slot is Slot.DIFFERENCES else line.evidence[:1]:
            label = _SLOT_LABELS.get(line.slot, "")
            if line.slot is Slot.QUOTES and line.speaker and not line.speaker.anonymous:
                label = _shorten_name(line.speaker.name)
            yield Citation(evidence.article, evidence.start, evidence.end, evidence.text, label)


def _iterate_who_said_citations(result: WhoSaid) -> Iterator[Citation]:
    for hit in (*result.hits, *result.nearest):
        yield _make_citation(hit, hit.quote)
        for variant in hit.variants:
            yield Citation(variant.article, variant.start, variant.end, variant.quote)
    for sentence in result.narration:
        yield _make_citation(sentence, sentence.text)


def _make_citation(passage: Hit | Narration, words: str) -> Citation:
    label = label_hit(passage) if isinstance(passage, Hit) else None
    name = label.name if label and label.status is SpeakerStatus.CERTAIN else ""
    return Citation(passage.article, passage.start, passage.end, words, _shorten_name(name))


def _shorten_name(name: str) -> str:
    return mrkdwn.to_plain_text(name, _MAX_SPEAKER_LENGTH)
