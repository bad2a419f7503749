"""What the messages of a watch show of a match: speaker, quotation, sentence, outlet and day, as JSON values. Pure.

Rule: every text is a part of the article, and the speaker is only as certain as the stored quote.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from briefings import Article, Hit, Kind, Span, SpeakerStatus, get_source_name, label_hit
from briefings.article import name_outlet
from briefings.text import make_search_key
from briefings.watches import WatchFinding, build_hit

#: longest quotation and sentence that are stored, in characters
_MAX_STORED = 4_000
_NAMED_STATUSES = (SpeakerStatus.CERTAIN, SpeakerStatus.PROBABLE, SpeakerStatus.UNNAMED)


class MatchRole(StrEnum):
    """How a match is related to the earlier ones of its watch."""

    #: it has a message, or an entry in a summary
    HEAD = "head"
    #: another report of the same statement
    REPORT = "report"
    #: another report, in other words
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A match for readers, in short. `speaker` is "" without a quotation, or if the article does not say who speaks."""

    article: str
    start: int
    end: int
    #: whether the words are a quotation, and whether it is in quotation marks
    is_quote: bool
    is_direct: bool
    #: the quotation, the sentence, or the title
    words: str
    speaker: str
    #: whether the speaker is only probable
    is_probable: bool
    outlet: str
    #: link that opens the article at the words, or ""
    link: str
    day: date | None

    @property
    def span(self) -> Span:
        """The range of the words in the article's text."""
        return Span(self.start, self.end)

    @property
    def wording_key(self) -> str:
        """A key that is the same for the same words."""
        return make_search_key(self.words)

    @property
    def wording_hash(self) -> str:
        """A short text that is the same for the same words."""
        return sha256(self.wording_key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def build_passage(article: Article, finding: WatchFinding) -> tuple[FoundPassage, Hit | None]:
    """Return what to show of a finding in its article: in short, and as a hit (None if only the title matches)."""
    hit = build_hit(article, finding)
    if hit is None:
        title, outlet = article.title or "", name_outlet(article) or "unknown outlet"
        url = article.url or ""
        return FoundPassage(article.id, 0, 0, False, False, title, "", False, outlet, url, article.published), None
    label = label_hit(hit)
    passage = FoundPassage(
        article=article.id,
        start=hit.start,
        end=hit.end,
        is_quote=finding.quote is not None,
        is_direct=finding.quote is not None and hit.kind is not Kind.INDIRECT,
        words=hit.quote[:_MAX_STORED],
        speaker=label.name if finding.quote and label.status in _NAMED_STATUSES else "",
        is_probable=label.status is SpeakerStatus.PROBABLE,
        outlet=get_source_name(hit),
        link=hit.link or hit.url or "",
        day=article.published,
    )
    return passage, hit


def serialize_passage(passage: FoundPassage, role: MatchRole) -> dict[str, Any]:
    """Return the passage and its role as JSON values."""
    return asdict(passage) | {"day": passage.day and passage.day.isoformat(), "match_role": role.value}


def deserialize_passage(detail: Mapping[str, Any]) -> tuple[FoundPassage, MatchRole]:
    """Return the passage and role that `serialize_passage` wrote. Other values are left out."""
    values = {field.name: detail[field.name] for field in fields(FoundPassage)}
    day = date.fromisoformat(values["day"]) if values["day"] else None
    return FoundPassage(**values | {"day": day}), MatchRole(detail["match_role"])
