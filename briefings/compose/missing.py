"""The slot of what the articles do not tell, in the program's own words, and the list of sources.

Rule: only what can be known from the record is said: which article has no date, which figure only one outlet gives.
"""

from briefings.compose.material import Material
from briefings.model import Article, Line, Slot
from briefings.text.days import spelt


def missing(material: Material) -> list[Line]:
    """What a reader would ask and these articles leave open."""
    return [
        Line(slot=Slot.MISSING, text=text) for text in [*_undated(material), *_unknown(material), *_alone(material)]
    ]


def sources(material: Material) -> list[Line]:
    """One line an article, in order of publication."""
    return [Line(slot=Slot.SOURCES, text=_named(article)) for article in material.articles]


def _named(article: Article) -> str:
    outlet = article.publisher or "unknown outlet"
    return f"{outlet}, {spelt(article.published)}: {article.url or article.id}"


def _undated(material: Material) -> list[str]:
    undated = [a for a in material.articles if a.published is None]
    return [
        f"When {a.publisher or 'the outlet'} published “{a.title or a.id}”: the article bears no date." for a in undated
    ]


def _unknown(material: Material) -> list[str]:
    return [f"Which outlet “{a.title or a.id}” comes from." for a in material.articles if a.publisher is None]


def _alone(material: Material) -> list[str]:
    """A briefing that rests on one voice says so."""
    voices = material.outlets.count(a.id for a in material.articles)
    if voices > 1:
        return []
    articles = "one article" if len(material.articles) == 1 else f"{len(material.articles)} articles that are one voice"
    return [f"What any other outlet says: this briefing rests on {articles}."]
