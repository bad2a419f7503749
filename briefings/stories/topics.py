"""Which articles tell a story: those under a topic's words, or those that hold the words somebody typed.

Rule: an article belongs to a topic when one of the topic's phrases stands in its running text or title, as whole words.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from briefings.model import Article, Topic
from briefings.similarity.tfidf import extract_terms
from briefings.text.folding import make_search_key
from briefings.text.spans import mask_spans

#: how like a slug a typed word must be to be offered instead, 0 to 100
_MIN_SUGGESTION_SCORE = 55


def filter_by_topic(topic: Topic, articles: Iterable[Article]) -> list[Article]:
    """The articles that belong to `topic`, in the order given."""
    phrases = [f" {make_search_key(word)} " for word in topic.words]
    return [article for article in articles if _contains_any(_make_padded_text(article), phrases)]


def filter_by_words(text: str, articles: Iterable[Article]) -> list[Article]:
    """The articles that hold every word of `words` that tells something, in the order given."""
    padded_words = [f" {word} " for word in (extract_terms(text) or make_search_key(text).split())]
    return [article for article in articles if padded_words and _contains_all(_make_padded_text(article), padded_words)]


def suggest_topics(text: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    """The slugs of the topics that somebody who typed `ask` may have meant, best first, at most three."""
    names = {topic.slug: make_search_key(f"{topic.slug} {topic.title}") for topic in topics}
    matches = process.extract(
        make_search_key(text), names, scorer=fuzz.WRatio, score_cutoff=_MIN_SUGGESTION_SCORE, limit=3
    )
    return tuple(slug for _, _, slug in matches)


def _contains_any(padded: str, phrases: Iterable[str]) -> bool:
    return any(phrase in padded for phrase in phrases)


def _contains_all(padded: str, phrases: Iterable[str]) -> bool:
    return all(phrase in padded for phrase in phrases)


def _make_padded_text(article: Article) -> str:
    title = article.title or ""
    running = mask_spans(article.text, article.boilerplate)
    return f" {make_search_key(f'{title} {running}')} "
