"""Select the articles of a story: by the phrases of a topic, or by the words of a search.

Rule: an article belongs to a topic when its running text or title contains one of the topic's phrases as whole words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from briefings.model import Article, Topic
from briefings.similarity.tfidf import extract_terms
from briefings.text.folding import make_search_key
from briefings.text.spans import mask_spans

#: most phrases that are looked for one by one: of more, those are chosen whose first word an article has
_FEW_PHRASES = 20
#: minimum similarity, 0 to 100, of a suggested topic
_MIN_SUGGESTION_SCORE = 55


class TopicMatcher:
    """Finds the topics of articles. Of many phrases, only those are compared whose first word an article has."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._phrase_count = 0
        self._phrases_by_word: dict[str, list[tuple[str, str]]] = {}
        for topic in topics:
            for key in filter(None, map(make_search_key, topic.words)):
                self._phrases_by_word.setdefault(key.split()[0], []).append((topic.slug, f" {key} "))
                self._phrase_count += 1

    def find(self, article: Article) -> set[str]:
        """Return the slugs of the topics that an article belongs to."""
        if not self._phrases_by_word:
            return set()
        text = _make_padded_text(article)
        words = self._phrases_by_word if self._phrase_count <= _FEW_PHRASES else set(text.split())
        phrases = (pair for word in words for pair in self._phrases_by_word.get(word, ()))
        return {slug for slug, phrase in phrases if phrase in text}

    def count(self, articles: Iterable[Article]) -> Counter[str]:
        """Return how many of the articles each topic has, by its slug."""
        return Counter(slug for article in articles for slug in self.find(article))


def filter_by_topic(topic: Topic, articles: Iterable[Article]) -> list[Article]:
    """Return the articles that belong to `topic`, in the given order."""
    phrases = [f" {make_search_key(word)} " for word in topic.words]
    return [article for article in articles if _contains_any(_make_padded_text(article), phrases)]


def filter_by_words(text: str, articles: Iterable[Article]) -> list[Article]:
    """Return the articles that contain every significant word of `text`, in the given order."""
    padded_words = [f" {word} " for word in (extract_terms(text) or make_search_key(text).split())]
    return [article for article in articles if padded_words and _contains_all(_make_padded_text(article), padded_words)]


def find_topic(topics: Sequence[Topic], text: str) -> Topic | None:
    """Return the topic with this slug or title, or else the one that had it before. Case and hyphens are ignored."""
    key = make_search_key(text)
    if not key:
        return None
    by_name = (topic for topic in topics if key in (make_search_key(topic.slug), make_search_key(topic.title)))
    by_former_name = (topic for topic in topics if key in map(make_search_key, topic.former_names))
    return next(by_name, None) or next(by_former_name, None)


def suggest_topics(text: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the slugs of up to three topics that resemble `text`, best first."""
    names = {topic.slug: make_search_key(f"{topic.slug} {topic.title}") for topic in topics if not topic.is_muted}
    matches = process.extract(
        make_search_key(text), names, scorer=fuzz.WRatio, score_cutoff=_MIN_SUGGESTION_SCORE, limit=3
    )
    return tuple(slug for _, _, slug in matches)


def _contains_any(padded_text: str, phrases: Iterable[str]) -> bool:
    return any(phrase in padded_text for phrase in phrases)


def _contains_all(padded_text: str, phrases: Iterable[str]) -> bool:
    return all(phrase in padded_text for phrase in phrases)


def _make_padded_text(article: Article) -> str:
    title = article.title or ""
    running_text = mask_spans(article.text, article.boilerplate)
    return f" {make_search_key(f'{title} {running_text}')} "
