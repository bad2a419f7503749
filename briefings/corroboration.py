"""How many independent outlets carry a line.

Rule: two articles of one outlet are one voice, and so are two articles most of whose words are the same, whoever prints
them (wire copy, syndication), and whatever is one voice with either. Articles whose outlet is not known count as one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from briefings.model import Article
from briefings.text.search_key import search_key

#: share of the shorter article's five-word runs that stand in the other as well (Broder's containment of shingles)
NEAR_COPY = 0.5
_RUN = 5
#: articles remembered for each run of words: of the hundredth copy of one wire report it is enough to find the first
_REMEMBERED = 20


class Outlets:
    """The independent voices among some articles; their order does not matter."""

    def __init__(self, articles: Sequence[Article]) -> None:
        ordered = sorted(articles, key=lambda article: article.id)
        self._voice = {article.id: article.id for article in ordered}
        first_of: dict[str | None, str] = {}
        for article in ordered:
            self._join(article.id, first_of.setdefault(article.publisher, article.id))
        for one, other in _near_copies(ordered):
            self._join(one, other)
        self._voice = {article.id: self._root(article.id) for article in ordered}

    def count(self, article_ids: Iterable[str]) -> int:
        """How many independent outlets there are among these articles."""
        return len({self._voice[article_id] for article_id in article_ids})

    def _join(self, one: str, other: str) -> None:
        self._voice[self._root(one)] = self._root(other)

    def _root(self, article_id: str) -> str:
        while self._voice[article_id] != article_id:
            article_id = self._voice[article_id]
        return article_id


def _near_copies(articles: Sequence[Article]) -> Iterable[tuple[str, str]]:
    """The pairs of articles that share most of the shorter one's words, by id."""
    runs: dict[str, int] = {}
    holders: dict[str, list[str]] = {}
    for article in articles:
        own = _runs(article.text)
        shared = Counter(holder for run in own for holder in holders.get(run, ()))
        yield from (
            (article.id, other) for other, both in shared.items() if both >= NEAR_COPY * min(len(own), runs[other])
        )
        runs[article.id] = len(own)
        for run in own:
            known = holders.setdefault(run, [])
            if len(known) < _REMEMBERED:
                known.append(article.id)


def _runs(text: str) -> frozenset[str]:
    words = search_key(text).split()
    return frozenset(" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
