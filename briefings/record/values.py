"""What a record answers beside the model's own values."""

from dataclasses import dataclass

from briefings.model import Article, Quote


@dataclass(frozen=True, slots=True)
class Found:
    """A quote and the article it stands in."""

    article: Article
    quote: Quote


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named as a speaker: every role the articles give, most often first, and counts."""

    name: str
    roles: tuple[str, ...]
    quotes: int
    articles: int
