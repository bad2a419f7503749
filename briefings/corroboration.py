"""How many independent outlets carry a line.

Rule: two articles of one outlet are one voice, and so are two articles most of whose words are the same, whoever prints
them (wire copy, syndication). Articles whose outlet is not known count as one voice together.
"""

from collections.abc import Iterable, Sequence

from briefings.model import Article
from briefings.text.search_key import search_key

#: share of the shorter article's five-word runs that stand in the other as well
NEAR_COPY = 0.5
_RUN = 5


class Outlets:
    """The independent voices among some articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._voice: dict[str, int] = {}
        runs = {article.id: _runs(article.text) for article in articles}
        members: list[list[Article]] = []
        for article in articles:
            same = next((i for i, group in enumerate(members) if _one_voice(article, group, runs)), None)
            if same is None:
                same = len(members)
                members.append([])
            members[same].append(article)
            self._voice[article.id] = same

    def count(self, article_ids: Iterable[str]) -> int:
        """How many independent outlets there are among these articles."""
        return len({self._voice[article_id] for article_id in article_ids})


def _one_voice(article: Article, group: Sequence[Article], runs: dict[str, frozenset[str]]) -> bool:
    return any(
        article.publisher == other.publisher or _near_copies(runs[article.id], runs[other.id]) for other in group
    )


def _near_copies(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) / shorter >= NEAR_COPY


def _runs(text: str) -> frozenset[str]:
    words = search_key(text).split()
    return frozenset(" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
