"""Composes a briefing: each slot in its turn out of one budget of words, then every line verified.

Rule: the same articles give the same briefing, byte for byte, whatever their order.
"""

from collections.abc import Sequence

from briefings.compose.budget import Budget
from briefings.compose.differences import differences
from briefings.compose.material import Material
from briefings.compose.missing import missing, sources
from briefings.compose.narrative import Narrative
from briefings.compose.verify import verified
from briefings.compose.voices import voices
from briefings.model import Article, Briefing, Quote, Source
from briefings.text.words import count

#: shares of the words for where it stands, the timeline and the differences; the quotes spend what is left
_STATUS, _TIMELINE, _DIFFERENCES = 0.17, 0.33, 0.2


def compose(
    topic: str,
    title: str,
    read: Sequence[tuple[Article, tuple[Quote, ...]]],
    *,
    words: int,
    left_out: Sequence[str] = (),
) -> Briefing:
    """The briefing on the articles and quotes in `read`, of at most `words` words in lines with evidence.

    `left_out` are sentences on what else was found and why it is not in `read`; they end among what is missing.
    """
    material = Material(read)
    budget = Budget(words)
    narrative = Narrative(material, budget)
    budget.open(round(words * _STATUS))
    status = narrative.status()
    budget.open(round(words * _TIMELINE))
    timeline = narrative.timeline()
    budget.open(round(words * _DIFFERENCES))
    differ = differences(material, budget)
    budget.open(words)
    said = voices(material, budget)
    lines, dropped = verified(
        [*status, *timeline, *said, *differ, *missing(material, left_out), *sources(material)],
        {article.id: article for article in material.articles},
    )
    return Briefing(
        topic=topic,
        title=title,
        sources=tuple(Source(a.id, a.publisher, a.published, a.url, a.title) for a in material.articles),
        lines=lines,
        words=sum(count(line.text) for line in lines if line.evidence),
        dropped=dropped,
    )
