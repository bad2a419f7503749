"""Which articles tell one story, found without topics: average linkage over what their openings name.

Rule: the stories depend on the articles alone, never on their order, and one setting serves any set of any size. Two
groups are one story while their articles are, on average, at least `SAME_STORY` alike.
Source: average linkage (Sokal and Michener 1958) over sums of unit TF-IDF vectors, which give each average exactly.
Bounds: an article is compared with a few others, found through its rarest terms (`neighbours`), so that time and
memory grow with the number of articles and not with its square.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import log

from briefings.model import Article
from briefings.ranking import Vector, cosine, terms, unit
from briefings.stories.neighbours import neighbours
from briefings.text.blank import blanked
from briefings.text.search_key import search_key

#: average cosine from which two groups tell one story
SAME_STORY = 0.18
#: characters of an article that are read: about 500 words tell what it is about, the rest is background
_OPENING = 3_000
#: how much more a name tells than another word: who and where part stories that share their matter
_NAME = 1.4
#: articles of other stories that every set is thought to have beside it, so that what all of a small set share still
#: counts and a word's weight hardly depends on how many stories came along
_BACKGROUND = 50
#: days apart at which articles count as half as alike; a few days cost nearly nothing, a year nearly all
_HALF_ALIKE = 30
#: terms kept of an article, the heaviest
_MOST_TERMS = 300
#: articles whose terms are kept at hand, at some 25 kB
_REMEMBERED = 512

_NAMED = re.compile(r"\b[^\W\d_a-z][^\W_]+")
_PLAIN = re.compile(r"\b[a-z][^\W_]+")


def grouped(articles: Sequence[Article]) -> tuple[str, ...]:
    """The story of each article, in the order given: the smallest id in it, with "#2" where another story has that one.

    Articles may share an id; an article that is like no other is a story of its own.
    """
    order = sorted(range(len(articles)), key=lambda at: _canonical(articles[at]))
    ordered = [articles[at] for at in order]
    label_of: dict[int, str] = {}
    taken: set[str] = set()
    for members in _linked(_vectors(ordered), [_day(article) for article in ordered]):
        label = _free(ordered[members[0]].id, taken)
        label_of.update((order[at], label) for at in members)
    return tuple(label_of[at] for at in range(len(articles)))


@dataclass(slots=True)
class _Group:
    """Articles so far taken for one story: their places in canonical order, the sum of their vectors and days."""

    members: list[int]
    total: Vector
    days: int
    dated: int

    def likeness(self, other: "_Group") -> float:
        """Average cosine between the articles of both, less for those far apart in time."""
        average = cosine(self.total, other.total) / (len(self.members) * len(other.members))
        if not (self.dated and other.dated):
            return average
        apart = abs(self.days / self.dated - other.days / other.dated)
        return average / (1 + (apart / _HALF_ALIKE) ** 2)

    def take(self, other: "_Group") -> None:
        """Adds the articles of `other`."""
        self.members += other.members
        total = dict(self.total)
        for term, weight in other.total.items():
            total[term] = total.get(term, 0.0) + weight
        self.total = total
        self.days += other.days
        self.dated += other.dated


def _linked(vectors: Sequence[Vector], days: Sequence[int | None]) -> list[list[int]]:
    """The groups, each in canonical order, by their first member."""
    groups = {at: _Group([at], vectors[at], day or 0, int(day is not None)) for at, day in enumerate(days)}
    near = neighbours(vectors)
    heap = [
        (-likeness, one, other)
        for one, others in near.items()
        for other in others
        if one < other and (likeness := groups[one].likeness(groups[other])) >= SAME_STORY
    ]
    heapify(heap)
    number = len(vectors)
    while heap:
        _, one, other = heappop(heap)
        if one not in groups or other not in groups:
            continue
        merged, absorbed = sorted((groups.pop(one), groups.pop(other)), key=lambda group: -len(group.members))
        merged.take(absorbed)
        near[number] = (near.pop(one) | near.pop(other)) - {one, other}
        for third in sorted(near[number]):
            near[third] = (near[third] - {one, other}) | {number}
            likeness = merged.likeness(groups[third])
            if likeness >= SAME_STORY:
                heappush(heap, (-likeness, third, number))
        groups[number] = merged
        number += 1
    return sorted(sorted(group.members) for group in groups.values())


def _vectors(articles: Sequence[Article]) -> list[Vector]:
    """One unit vector an article: log counts, names heavier, by how few of the articles hold the term."""
    weights = [_weights(article) for article in articles]
    spread = Counter(term for weight in weights for term in weight)
    rarity = {term: log(1 + (len(articles) + _BACKGROUND) / (n + 0.5)) for term, n in spread.items()}
    return [unit(_heaviest({term: w * rarity[term] for term, w in weight.items()})) for weight in weights]


@lru_cache(maxsize=_REMEMBERED)
def _weights(article: Article) -> Vector:
    """How much each term of an article's opening tells: pure, and remembered, for the newest are asked for most."""
    title = article.title or ""
    opening = f"{title}\n{blanked(article.text, article.boilerplate)[:_OPENING]}"
    named, plain = _counted(_NAMED.findall(opening)), _counted(_PLAIN.findall(opening))
    return {
        term: (1 + log(n)) * (_NAME if named[term] > plain[term] else 1.0)
        for term, n in sorted(Counter(terms(opening)).items())
    }


def _counted(words: Iterable[str]) -> Counter[str]:
    return Counter(search_key(" ".join(words)).split())


def _heaviest(vector: Vector) -> Vector:
    kept = sorted(vector, key=lambda term: (-vector[term], term))[:_MOST_TERMS]
    return {term: vector[term] for term in sorted(kept)}


def _canonical(article: Article) -> tuple[str, str, str, str]:
    return article.id, article.text, article.title or "", str(article.published)


def _day(article: Article) -> int | None:
    return article.published.toordinal() if article.published else None


def _free(label: str, taken: set[str]) -> str:
    number, free = 1, label
    while free in taken:
        number += 1
        free = f"{label}#{number}"
    taken.add(free)
    return free
