"""Whom an article means by a description: "the Labour leader" is whoever the article calls so.

Rule: only where the article itself uses those words, and every time for the same person.
"""

from functools import lru_cache

from briefings.model import Article
from briefings.quotes.attributions import parts
from briefings.quotes.engine import analyse
from briefings.quotes.speakers import cast, description
from briefings.quotes.weights import models
from briefings.text.blank import blanked
from briefings.text.search_key import search_key

#: articles whose descriptions are kept at hand
_REMEMBERED = 256


def described(article: Article, words: str) -> str | None:
    """The name of the person whom `article` means by `words` ("Labour leader"); None when it does not tell."""
    found = {name for key, name in _descriptions(article) if key == search_key(words)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=_REMEMBERED)
def _descriptions(article: Article) -> tuple[tuple[str, str], ...]:
    """Each description of a person in `article`, as a search key, and the name it stands for."""
    found: list[tuple[str, str]] = []
    for _, part in parts(blanked(article.text, article.boilerplate)):
        analysis = analyse(part, models())
        if analysis is None:
            continue
        people = cast(analysis.signals)
        for number in range(len(analysis.parsed.mentions)):
            speaker, reason = people.speaker(number)
            if speaker and not speaker.anonymous and reason.startswith("by the office"):
                found.append((search_key(description(analysis.parsed, number)), speaker.name))
    return tuple(found)
