"""Two outlets that name different people, or bodies, for one thing that only one can have done.

Rule: the same deed in both, told as done on no two different days, by outlets that do not copy each other, and not one
name in common. A surname is the person of the story who bears it; a person is never held against a body. Where two may
have done it together, the note says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from briefings.compose.material import Material
from briefings.compose.worth import stem
from briefings.facts.deeds import Deed, Only, deeds
from briefings.model import Article
from briefings.quotes.story import Known, people
from briefings.ranking import terms
from briefings.text import lexicon
from briefings.text.dates import day_words
from briefings.text.periods import Period
from briefings.text.search_key import search_key

#: days that two reports of one deed may lie apart
_NEAR = timedelta(days=3)
#: deeds compared: their pairs are quadratic
_COMPARED = 150
#: words of the thing done that one of the two may add
_ADDED = 3
_NOTE = {
    Only.RANK: "who it was differs",
    Only.OFFICE: "who holds the office differs",
    Only.EVENT: "who did it differs; it may have been both",
    Only.ORDER: "who did it differs; it may have been both",
}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii"})


@dataclass(frozen=True, slots=True)
class Told:
    """A deed as an article tells it, with the stems of what was done, and the days, periods and years it names."""

    article: Article
    deed: Deed
    stems: frozenset[str]
    days: frozenset[date]
    #: "last year", "in 2007", a bare "2007"
    times: frozenset[Period | str]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two tellings of one deed with different doers, and what that is, in words."""

    one: Told
    other: Told
    note: str


def disagreements(material: Material) -> Iterator[Disagreement]:
    """The pairs of sentences that name different doers of one deed, in the order of the articles."""
    told = [each for article in material.articles for each in _told(material, article)][:_COMPARED]
    alike = [(a, b) for a, b in combinations(told, 2) if _is_one_deed(a, b) and _independent(material, a, b)]
    if alike:
        known = people(material.articles, material.naming)
        for one, other in alike:
            if _differ(_named(one, known), _named(other, known)):
                yield Disagreement(one, other, _NOTE[one.deed.only])


def _told(material: Material, article: Article) -> Iterator[Told]:
    view = material.view(article)
    for sentence in material.spans(article):
        for deed in deeds(view, sentence):
            facts = material.facts(article, sentence)
            years = _YEAR.findall(sentence.of(view))
            times = frozenset[Period | str]([*(named.period for named in facts.periods), *years])
            yield Told(article, deed, _stems(deed), frozenset(day.day for day in facts.days), times)


def _stems(deed: Deed) -> frozenset[str]:
    """The stems of what was done, days aside."""
    thing = deed.thing
    for words in reversed(list(day_words(thing))):
        thing = thing[: words.span.start] + thing[words.span.end :]
    # "to go" has only words that tell nothing elsewhere
    return frozenset(map(stem, terms(thing) or search_key(thing).split()))


def _is_one_deed(one: Told, other: Told) -> bool:
    if one.article.id == other.article.id or one.deed.only is not other.deed.only:
        return False
    if search_key(one.deed.verb) != search_key(other.deed.verb) or not _same_thing(one, other):
        return False
    if one.times != other.times:
        return False  # whoever led it last year, or in 2007, did not lead this one
    if one.days and other.days:
        return not one.days.isdisjoint(other.days)
    days = (one.article.published, other.article.published)
    if one.deed.only is Only.ORDER:
        return None not in days and days[0] == days[1]  # on another day it was another telling
    return days[0] is None or days[1] is None or abs(days[0] - days[1]) <= _NEAR


def _same_thing(one: Told, other: Told) -> bool:
    """Whether one thing holds all words of the other, and few more; of what must be one alone, no more at all."""
    few, many = sorted((one.stems, other.stems), key=len)
    if one.deed.only is not Only.EVENT:
        return few == many and bool(few)
    return bool(few) and few <= many and len(many - few) <= _ADDED


def _independent(material: Material, one: Told, other: Told) -> bool:
    return material.outlets.count((one.article.id, other.article.id)) > 1


def _named(told: Told, known: dict[str, list[Known]]) -> tuple[frozenset[str], frozenset[str]]:
    """The people of the story among the doers, as search keys; and all words on them when they are a body.

    "Downing Street" and "MPs" are none: they may be whoever the other outlet names.
    """
    persons = set[str]()
    for name in told.deed.doers:
        key = search_key(name.of(told.article.text))
        words = [word for word in key.split() if word not in _SUFFIXES]
        bearers = known.get(words[-1], []) if words else []
        if bearers:
            persons.add(search_key(bearers[0].name) if len(bearers) == 1 else key)
    by = search_key(told.deed.by.of(told.article.text))
    is_body = not lexicon.words("bodies").isdisjoint(by.split())
    return frozenset(persons), frozenset([by] if is_body and told.deed.doers else ())


def _differ(one: tuple[frozenset[str], frozenset[str]], other: tuple[frozenset[str], frozenset[str]]) -> bool:
    """Whether no name of the one can be a name of the other; people and bodies are not held against each other."""
    if bool(one[0]) != bool(other[0]):
        return False
    mine, theirs = (one[0], other[0]) if one[0] else (one[1], other[1])
    return bool(mine and theirs) and not any(_may_be_one(a, b) for a in mine for b in theirs)


def _may_be_one(one: str, other: str) -> bool:
    """Whether two names share a word that tells something, or one is the initials of the other."""
    mine, theirs = terms(one), terms(other)
    initials = ("".join(word[0] for word in mine), "".join(word[0] for word in theirs))
    return bool(set(mine) & set(theirs)) or initials[0] in theirs or initials[1] in mine
