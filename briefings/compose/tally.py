"""Counts of a story: articles and quotations day by day and outlet by outlet, and who is quoted how much.

Rule: everything in `read` is counted, each article and each quotation once; what is not known stays apart.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from briefings.corroboration import Outlets
from briefings.model import Article, Quote, Speaker
from briefings.report import DayCount, Heard

Read = Sequence[tuple[Article, Sequence[Quote]]]


def days(read: Read) -> tuple[DayCount, ...]:
    """A count for each day and outlet that printed something, the undated last; outlets by name, the unknown last."""
    articles, quotes = Counter[tuple[date | None, str | None]](), Counter[tuple[date | None, str | None]]()
    for article, found in read:
        articles[article.published, article.publisher] += 1
        quotes[article.published, article.publisher] += len(found)
    ordered = sorted(articles, key=lambda key: (key[0] is None, key[0] or date.max, key[1] is None, key[1] or ""))
    return tuple(DayCount(*key, articles[key], quotes[key]) for key in ordered)


def heard(read: Read, outlets: Outlets) -> tuple[Heard, ...]:
    """Everybody quoted by name, the most quoted first, of equals those in more outlets; with the role given most."""
    quotes, roles, places = Counter[str](), dict[str, Counter[str]](), dict[str, set[str]]()
    for article, speaker in _speakers(read):
        if not speaker.anonymous:
            quotes[speaker.name] += 1
            places.setdefault(speaker.name, set()).add(article.id)
            roles.setdefault(speaker.name, Counter()).update([speaker.role] if speaker.role else [])
    found = [
        Heard(Speaker(name, _most(roles[name])), number, len(places[name]), outlets.count(places[name]))
        for name, number in quotes.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.quotes, -one.outlets, one.speaker.name)))


def unnamed(read: Read) -> int:
    """How many quotations are of somebody whom the article does not name."""
    return sum(speaker.anonymous for _, speaker in _speakers(read))


def unattributed(read: Read) -> int:
    """How many quotations are nobody's."""
    return sum(quote.speaker is None for _, quotes in read for quote in quotes)


def _speakers(read: Read) -> list[tuple[Article, Speaker]]:
    return [(article, quote.speaker) for article, quotes in read for quote in quotes if quote.speaker]


def _most(roles: Counter[str]) -> str | None:
    return min(roles, key=lambda role: (-roles[role], role)) if roles else None
