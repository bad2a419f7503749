"""What an article is made of: its running text, headline, byline, language, and links into it."""

from briefings.article.boilerplate import parse_article
from briefings.article.citation import build_link, get_page_url
from briefings.article.metadata import find_headline

__all__ = [
    "build_link",
    "find_headline",
    "get_page_url",
    "parse_article",
]
