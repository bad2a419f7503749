"""Composes a briefing: each slot in its turn out of one budget of words, then every line verified.

Rule: the same articles give the same briefing, byte for byte, whatever their order.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from briefings.compose.budget import Budget
from briefings.compose.differences import differences
from briefings.compose.material import Material
from briefings.compose.missing import missing, sources
from briefings.compose.narrative import Narrative
from briefings.compose.series import series
from briefings.compose.tally import days, heard, unattributed, unnamed
from briefings.compose.verify import verified
from briefings.compose.voices import Voices
from briefings.compose.worth import Concept, words_of
from briefings.corroboration import Outlets
from briefings.model import Article, Quote, Source
from briefings.quotes.story import Naming, named_in_full
from briefings.report import Report
from briefings.text.words import count

#: shares of the words for the differences and for the voices; the papers' own sentences have the rest, and what is left
_DIFFERENCES, _VOICES = 0.13, 0.2
_NEVER: Mapping[str, date] = MappingProxyType({})


def compose(
    topic: str,
    title: str,
    read: Sequence[tuple[Article, tuple[Quote, ...]]],
    *,
    words: int,
    left_out: Sequence[str] = (),
    naming: Naming = named_in_full,
    copies: Sequence[tuple[str, str]] = (),
    changed: Mapping[str, date] = _NEVER,
) -> Report:
    """The briefing on the articles and quotes in `read`, of at most `words` words in lines with evidence.

    `left_out` are sentences on what else was found and why it is not in `read`; they end among what is missing.
    `naming` tells whom an article names in full. `copies` are pairs of ids that are known to be one text; `changed` the
    days on which articles took another text.
    """
    material = Material(read, naming, copies)
    budget = Budget(words)
    budget.open(round(words * _DIFFERENCES))
    differ = differences(material, budget)
    told: set[Concept] = {concept for line in differ for concept in words_of(line.text)}
    narrative = Narrative(material, budget, told)
    voices = Voices(material, budget, told, [piece.text for line in differ for piece in line.evidence])
    budget.open(round(words * _VOICES))
    voices.hear(1)
    budget.open(words)
    narrative.tell()
    voices.hear(2)
    narrative.tell(2)
    lines, dropped = verified(
        [*narrative.lines(), *voices.lines(), *differ, *missing(material, left_out), *sources(material, changed)],
        {article.id: article for article in material.articles},
    )
    return Report(
        topic=topic,
        title=title,
        sources=tuple(
            Source(a.id, a.publisher, a.published, a.url, a.title, changed.get(a.id)) for a in material.articles
        ),
        lines=lines,
        words=sum(count(line.text) for line in lines if line.evidence),
        dropped=dropped,
        days=days(read),
        heard=heard(read, Outlets([article for article, _ in read], copies) if material.unread else material.outlets),
        unnamed=unnamed(read),
        unattributed=unattributed(read),
        series=series(material, differ),
    )
