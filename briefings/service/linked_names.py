"""Complete the names of speakers from the articles of the same story, which were linked when they were stored.

Rule: a name depends on the article and its links only, not on which other articles a question happens to read.
"""

from collections.abc import Sequence, Set

from briefings.attribution import complete_quotes
from briefings.attribution.name_completion import PeopleLookup, get_surname
from briefings.model import Article, Quote
from briefings.storage.repository import Repository


def complete_from_links(
    repository: Repository,
    articles_with_quotes: Sequence[tuple[Article, tuple[Quote, ...]]],
    find_names: PeopleLookup,
    surnames: Set[str | None],
) -> list[tuple[Article, tuple[Quote, ...]]]:
    """Return the articles that are linked to others, with their quotes, names completed over each one's links.

    `find_names` returns the people that one of these articles names in full. Only speakers with one of `surnames` are
    completed. An article without such a speaker, or without links, is omitted.
    """
    ids = [
        article.id
        for article, quotes in articles_with_quotes
        if any(get_surname(quote) in surnames for quote in quotes if quote.speaker)
    ]
    linked_ids = repository.find_linked(ids)
    names_by_article = repository.get_names(dict.fromkeys(key for others in linked_ids.values() for key in others))
    return [
        (
            article,
            complete_quotes(
                quotes,
                [find_names(article), *(names_by_article.get(other, ()) for other in linked_ids[article.id])],
                surnames,
            ),
        )
        for article, quotes in articles_with_quotes
        if article.id in linked_ids
    ]
