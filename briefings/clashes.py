"""Tells an article that changed from another one under the same id, as archives that number their articles have them.

Rule: only what cannot be the same report is taken apart: two long texts with hardly a run of words in common, told by
different titles or days, under an id that is no address. Everything else is a change.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from briefings.errors import BadInput
from briefings.model import Article
from briefings.text.search_key import search_key

#: words of each text that are compared; with fewer than the second, any text may replace it
_COMPARED, _LONG = 2_000, 15
#: words in a row that two texts share or do not, and the share of the fewer runs under which they are two reports
_RUN, _SHARED = 3, 0.02
#: articles that may stand under one id of an archive
_MOST = 20


def are_two(held: Article, came: Article) -> bool:
    """Whether two articles of one id are two reports, not one and its change."""
    if "://" in came.id or (held.title == came.title and held.published == came.published):
        return False
    ours, theirs = (search_key(article.text[: _COMPARED * 10]).split()[:_COMPARED] for article in (held, came))
    if min(len(ours), len(theirs)) < _LONG:
        return False
    one, other = _runs(ours), _runs(theirs)
    return len(one & other) < _SHARED * min(len(one), len(other))


def own_id(came: Article, held: Callable[[str], Article | None]) -> Article:
    """The article under the first of "601", "601~2", "601~3" ... that is free, or its own, or that it is a change of.

    `held` gives the article that stands under an id. Raises BadInput when all twenty are other articles.
    """
    for number in range(1, _MOST + 1):
        named = came if number == 1 else replace(came, id=f"{came.id}~{number}")
        there = held(named.id)
        if there is None or there.text == named.text or not are_two(there, named):
            return named
    raise BadInput(f"{came.id} is the id of {_MOST} other articles already: give each article an id of its own.")


def _runs(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
