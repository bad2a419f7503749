"""What an article is made of: its running text, and what stands around it."""

from briefings.article.boilerplate import parse_article
from briefings.article.metadata import find_headline

__all__ = ["find_headline", "parse_article"]
