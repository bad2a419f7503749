"""Briefings on small articles, and the texts of their slots."""

from briefings.compose import compose
from briefings.model import Article, Briefing, Slot
from tests.support.articles import analyse_articles


def brief(*articles: Article, words: int = 400) -> Briefing:
    """Return the briefing on one story of these articles."""
    return compose("story", "A story", analyse_articles(*articles), max_words=words)


def get_texts(briefing: Briefing, slot: Slot) -> list[str]:
    """Return the texts of the lines of a slot."""
    return [line.text for line in briefing.get_slot_lines(slot)]
