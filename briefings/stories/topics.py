"""Which articles tell a story: those under a topic's words, or those that hold the words somebody typed.

Rule: an article belongs to a topic when one of the topic's phrases stands in its running text or title, as whole words.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from briefings.model import Article, Topic
from briefings.ranking import terms
from briefings.text.blank import blanked
from briefings.text.search_key import search_key

#: how like a slug a typed word must be to be offered instead, 0 to 100
_NEAR = 55


def under(topic: Topic, articles: Iterable[Article]) -> list[Article]:
    """The articles that belong to `topic`, in the order given."""
    phrases = [f" {search_key(word)} " for word in topic.words]
    return [article for article in articles if _holds_one(_padded(article), phrases)]


def about(words: str, articles: Iterable[Article]) -> list[Article]:
    """The articles that hold every word of `words` that tells something, in the order given."""
    wanted = [f" {word} " for word in (terms(words) or search_key(words).split())]
    return [article for article in articles if wanted and _holds_all(_padded(article), wanted)]


def nearest(ask: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    """The slugs of the topics that somebody who typed `ask` may have meant, best first, at most three."""
    names = {topic.slug: search_key(f"{topic.slug} {topic.title}") for topic in topics}
    found = process.extract(search_key(ask), names, scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=3)
    return tuple(slug for _, _, slug in found)


def _holds_one(padded: str, phrases: Iterable[str]) -> bool:
    return any(phrase in padded for phrase in phrases)


def _holds_all(padded: str, phrases: Iterable[str]) -> bool:
    return all(phrase in padded for phrase in phrases)


def _padded(article: Article) -> str:
    title = article.title or ""
    running = blanked(article.text, article.boilerplate)
    return f" {search_key(f'{title} {running}')} "
