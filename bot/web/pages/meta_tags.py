"""Meta tags of an article's page, from which reference managers such as Zotero read its citation. Pure.

Rule: the tags cite the publisher's article, not our page. What the article does not state has no tag.

Zotero's "Embedded Metadata" translator reads Highwire tags (`citation_…`), Dublin Core, PRISM and Open Graph; the type
comes from `z:itemType`, because Highwire tags by themselves would make a journal article.
"""

from dataclasses import dataclass

from briefings import Article
from briefings.article import get_page_url, name_outlet
from briefings.exports import Author, read_authors


@dataclass(frozen=True, slots=True)
class MetaTag:
    """A meta tag. `attribute` is "name", or "property" for Open Graph."""

    attribute: str
    name: str
    content: str


def build_meta_tags(article: Article) -> list[MetaTag]:
    """Return the meta tags of an article."""
    url = get_page_url(article)
    day = article.published.isoformat() if article.published else None
    slashed_day = day.replace("-", "/") if day else None
    item_type = "newspaperArticle" if article.publisher else "webpage"
    authors = read_authors(article.byline)
    name_tags = [
        ("citation_title", article.title),
        *(("citation_author", _invert(author)) for author in authors),
        ("citation_date", slashed_day),
        ("citation_publication_date", slashed_day),
        ("citation_public_url", url),
        ("citation_fulltext_html_url", url),
        ("DC.title", article.title),
        *(("DC.creator", _invert(author)) for author in authors),
        ("DC.date", day),
        ("DC.source", name_outlet(article)),
        ("DC.identifier", url),
        ("DC.type", item_type),
        ("prism.publicationName", name_outlet(article)),
        ("prism.publicationDate", day),
        ("z:itemType", item_type),
    ]
    property_tags = [
        ("og:type", "article"),
        ("og:title", article.title),
        ("og:site_name", name_outlet(article)),
        ("og:url", url),
        ("article:published_time", day),
        *(("article:author", author.name) for author in authors),
    ]
    return [
        MetaTag(attribute, name, " ".join(content.split()))
        for attribute, tags in (("name", name_tags), ("property", property_tags))
        for name, content in tags
        if content and content.strip()
    ]


def _invert(author: Author) -> str:
    """Return "Roe, Jane". Zotero would take two names of several words around a comma for two authors."""
    if not author.family_name or (" " in author.family_name and " " in author.given_name):
        return author.name
    return f"{author.family_name}, {author.given_name}"
