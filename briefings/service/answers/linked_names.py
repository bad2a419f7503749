"""Complete the names of speakers from the articles of the same story, which were linked when they were stored.

Rule: a name depends on the article and its links only, not on which other articles a question happens to read. Of the
linked articles, those count that name somebody with the speaker's surname in full, or with another spelling of it.
"""

from collections.abc import Mapping, Sequence, Set

from briefings.attribution.name_completion import KnownPerson, complete_by_surname, get_surname
from briefings.model import Article, Quote
from briefings.storage.repository import Repository
from briefings.storage.search.left_out import get_left_out
from briefings.storage.search.speakers.namers import find_namers

_ArticleWithQuotes = tuple[Article, tuple[Quote, ...]]


def complete_from_links(
    repository: Repository,
    articles_with_quotes: Sequence[_ArticleWithQuotes],
    people: Mapping[str, Sequence[KnownPerson]],
    surnames: Set[str],
) -> dict[str, _ArticleWithQuotes]:
    """Return, by id, the articles whose speakers the linked articles name in full, with their names completed.

    `people` has the people that each of these articles names in full. Only speakers with one of `surnames` are
    completed. All other articles are omitted.
    """
    surnames_by_id = {
        article.id: own_surnames
        for article, quotes in articles_with_quotes
        if (own_surnames := {surname for quote in quotes if (surname := get_surname(quote)) in surnames and surname})
    }
    linked_ids = repository.run_query(lambda db, index: find_namers(db, surnames_by_id, get_left_out(index)))
    all_linked_ids = {key for linked in linked_ids.values() for keys in linked.values() for key in keys}
    all_people = {**repository.get_names(sorted(all_linked_ids), surnames), **people}
    return {
        article.id: (
            article,
            complete_by_surname(
                quotes,
                {
                    surname: [all_people.get(key, ()) for key in (article.id, *linked_ids[article.id].get(surname, ()))]
                    for surname in surnames_by_id[article.id]
                },
            ),
        )
        for article, quotes in articles_with_quotes
        if article.id in linked_ids
    }
