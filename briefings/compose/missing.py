"""The slot of what the articles do not tell, in the program's own words, and the list of sources.

Rule: only what can be known from the record is said: which article has no date, which figure only one outlet gives.
"""

import re
from collections.abc import Sequence

from briefings.compose.counted import Placed
from briefings.compose.material import Material
from briefings.model import Article, Line, Slot
from briefings.text import lexicon
from briefings.text.days import spelt
from briefings.text.fold import fold

#: figures of one outlet alone that are named, at most
_MOST_FIGURES = 3
_AFTER = re.compile(r"(?: [^\W_][\w'’-]*){0,2}")


def missing(material: Material, left_out: Sequence[str] = ()) -> list[Line]:
    """What a reader would ask and these articles leave open, after what was `left_out` of them."""
    return [
        Line(slot=Slot.MISSING, text=text)
        for text in [*left_out, *_undated(material), *_unknown(material), *_alone(material), *_uncorroborated(material)]
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


def _uncorroborated(material: Material) -> list[str]:
    """The largest figures that only one of several outlets gives, hedged or not."""
    if material.outlets.count(a.id for a in material.articles) < 2:
        return []
    given: dict[tuple[bool, float], list[Placed]] = {}
    for found in material.figures:
        given.setdefault((found.figure.percent, found.figure.value), []).append(found)
    alone = [found for found in given.values() if material.outlets.count(f.article.id for f in found) == 1]
    alone.sort(key=lambda found: (found[0].figure.percent, -found[0].figure.value))
    named = [f"“{_in_words(one)}” ({one.article.publisher or 'unknown outlet'})" for one, *_ in alone[:_MOST_FIGURES]]
    if not named:
        return []
    return [f"Whether a second outlet has these figures: {', '.join(named)}."]


def _in_words(found: Placed) -> str:
    """The figure as it stands, with the few words after it that tell what of ("140,000 people")."""
    text, start, end = found.article.text, found.figure.span.start, found.figure.span.end
    after = _AFTER.match(text, end, found.sentence.end)
    words = after.group().split(" ")[1:] if after else []
    while words and fold(words[-1]) in lexicon.words("stop_words"):
        words.pop()
    return text[start : end + sum(len(word) + 1 for word in words)]
