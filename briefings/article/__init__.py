"""What an article is made of: its running text, and what stands around it."""

from briefings.article.headline import find_headline
from briefings.article.parse import parse_article

__all__ = ["find_headline", "parse_article"]
