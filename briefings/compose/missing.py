"""The slot of what the articles do not tell, in the program's own words, and the list of sources.

Rule: only what can be known from the record is said: which article has no date, which figure only one outlet gives.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from briefings.compose.counted import Placed
from briefings.compose.material import Material
from briefings.facts import Sort
from briefings.model import Article, Line, Slot
from briefings.text import lexicon
from briefings.text.blank import blanked
from briefings.text.days import spelt
from briefings.text.fold import fold

#: figures of one outlet alone that are named, at most
_MOST_FIGURES = 3
#: words by which an article without a title is called
_BEGINS = 6
#: per cent that tell of no count
_ALL = 100
#: articles named one by one, at most; of more, their number is told
_NAMED = 5
_AFTER = re.compile(r"(?: [^\W_][\w'’-]*){0,2}")


def missing(material: Material, left_out: Sequence[str] = ()) -> list[Line]:
    """What a reader would ask and these articles leave open, after what was `left_out` of them."""
    return [
        Line(slot=Slot.MISSING, text=text)
        for text in [
            *left_out,
            *_unread(material),
            *_undated(material),
            *_unknown(material),
            *_alone(material),
            *_uncorroborated(material),
        ]
    ]


def sources(material: Material, changed: Mapping[str, date]) -> list[Line]:
    """One line an article, in order of publication; with the day on which it took another text, if it did."""
    return [
        Line(slot=Slot.SOURCES, text=_named(article), note=_changed(changed.get(article.id)))
        for article in material.articles
    ]


def _changed(day: date | None) -> str | None:
    return f"changed on {spelt(day)}" if day else None


def _named(article: Article) -> str:
    outlet = article.publisher or "unknown outlet"
    return f"{outlet}, {spelt(article.published)}: {article.url or article.id}"


def called(article: Article) -> str:
    """How an article is called in a sentence: its title, or the words it begins with, in quotation marks."""
    if article.title:
        return f"“{article.title}”"
    running = blanked(article.text, article.boilerplate).split()
    begins = " ".join(running[:_BEGINS])
    return (
        f"the article that begins “{begins}{' …' if len(running) > _BEGINS else ''}”" if begins else f"“{article.id}”"
    )


def _unread(material: Material) -> list[str]:
    """What of very many articles was not read."""
    found: list[str] = []
    if material.unread:
        read = len(material.articles)
        found.append(
            f"What {material.unread:,} older or undated articles say: only the {read} newest are read for this."
        )
    if material.is_cut:
        found.append("What stands further down: of so many articles only the first sentences of each are read.")
    return found


def _undated(material: Material) -> list[str]:
    undated = [a for a in material.articles if a.published is None]
    named = [f"When {a.publisher or 'the outlet'} published {called(a)}: the article bears no date." for a in undated]
    return _shortened(named, "articles bear no date either.")


def _unknown(material: Material) -> list[str]:
    unknown = [a for a in material.articles if a.publisher is None]
    return _shortened([f"Which outlet {called(a)} comes from." for a in unknown], "articles name no outlet either.")


def _shortened(named: list[str], others: str) -> list[str]:
    return [*named[:_NAMED], *([f"{len(named) - _NAMED} other {others}"] if len(named) > _NAMED else [])]


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
    given: dict[tuple[bool, tuple[float, ...]], list[Placed]] = {}
    for found in material.figures:
        share = found.figure.sort is Sort.PERCENT
        if not (share and found.value == _ALL):
            given.setdefault((share, found.figure.values), []).append(found)
    alone = [found for found in given.values() if material.outlets.count(f.article.id for f in found) == 1]
    alone.sort(key=lambda found: (found[0].figure.sort is Sort.PERCENT, -found[0].value))
    named = [f"“{_in_words(one)}” ({one.article.publisher or 'unknown outlet'})" for one, *_ in alone[:_MOST_FIGURES]]
    if not named:
        return []
    return [f"Whether a second outlet has these figures: {', '.join(named)}."]


def _in_words(found: Placed) -> str:
    """The figure as it stands, with the few words after it that tell what of ("140,000 people")."""
    text, start, end = found.article.text, found.figure.bare.start, found.figure.bare.end
    after = _AFTER.match(text, end, found.sentence.end) if found.figure.sort is not Sort.SCORE else None
    words = after.group().split(" ")[1:] if after else []
    while words and fold(words[-1]) in lexicon.words("stop_words"):
        words.pop()
    return text[start : end + sum(len(word) + 1 for word in words)]
