"""What an article is made of: its running text, and what stands around it."""

from briefings.article.headline import headline
from briefings.article.parse import parse

__all__ = ["headline", "parse"]
