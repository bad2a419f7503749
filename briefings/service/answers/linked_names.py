"""Complete the names of speakers from the articles of the same story, which were linked when they were stored.

Rule: a name depends on the article and its links only, not on which other articles a question happens to read.
"""

from collections.abc import Mapping, Sequence, Set

from briefings.attribution import complete_quotes
from briefings.attribution.name_completion import KnownPerson, get_surname, select_related_people
from briefings.model import Article, Quote
from briefings.storage.repository import Repository
from briefings.storage.search.left_out import get_left_out
from briefings.storage.writes.story_links import find_linked

_ArticleWithQuotes = tuple[Article, tuple[Quote, ...]]


def complete_from_links(
    repository: Repository,
    articles_with_quotes: Sequence[_ArticleWithQuotes],
    people: Mapping[str, Sequence[KnownPerson]],
    surnames: Set[str | None],
) -> dict[str, _ArticleWithQuotes]:
    """Return the articles that are linked to others by id, with their quotes, names completed over each one's links.

    `people` has the people that each of these articles names in full. Only speakers with one of `surnames` are
    completed. An article without such a speaker, or without links, is omitted.
    """
    ids = [
        article.id
        for article, quotes in articles_with_quotes
        if any(get_surname(quote) in surnames for quote in quotes if quote.speaker)
    ]
    linked_ids = repository.run_query(lambda db, index: find_linked(db, ids, get_left_out(index)))
    linked_people = repository.get_names(dict.fromkeys(key for others in linked_ids.values() for key in others))
    # without the people who have nothing to do with the surnames: the result is the same
    related_people = select_related_people({**linked_people, **people}, surnames)
    return {
        article.id: (
            article,
            complete_quotes(
                quotes, [related_people.get(key, ()) for key in (article.id, *linked_ids[article.id])], surnames
            ),
        )
        for article, quotes in articles_with_quotes
        if article.id in linked_ids
    }
