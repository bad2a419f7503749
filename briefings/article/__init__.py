"""What an article is made of: its running text, headline, byline, language, and links into it."""

from briefings.article.boilerplate import parse_article
from briefings.article.citation import build_link, get_page_url
from briefings.article.markup import find_markup
from briefings.article.metadata import find_headline
from briefings.article.source_name import describe_source, find_opening, name_outlet, name_source

__all__ = [
    "build_link",
    "describe_source",
    "find_headline",
    "find_markup",
    "find_opening",
    "get_page_url",
    "name_outlet",
    "name_source",
    "parse_article",
]
