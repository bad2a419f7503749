"""Find the articles that can complete a speaker's name: linked ones that name somebody with the surname in full.

Rule: of the articles that are linked to one, only the most alike are looked at (see `storage.writes`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence, Set

from sqlalchemy import Connection

from briefings.attribution.name_completion import list_possible_spellings
from briefings.source_filter import SourceFilter
from briefings.storage.db.raw_rows import RawRow, fetch_all, fetch_listed

#: linked articles that are looked at for one article, and those of them that complete a name: the most alike
MAX_LINKED, MAX_NAMERS = 50, 6
_SELECT_NUMBERS = "SELECT id, number FROM articles WHERE id {}"
#: the other article of each link, which is stored in one direction
_SELECT_LINKED = tuple(
    f"SELECT articles.number, outlet, url FROM story_links JOIN articles ON number = {opposite} WHERE {own} {{}}"  # noqa: S608 - constant names
    for own, opposite in (("article", "other"), ("other", "article"))
)
#: parameters: the articles with the spellings that each asks for, and the numbers of articles that do not count
_SELECT_NAMERS_ON_SQLITE = f"""
    WITH own AS MATERIALIZED (
        SELECT json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS spellings FROM json_each(?)),
    linked AS (
        SELECT own.number, spellings, other, likeness FROM own CROSS JOIN story_links ON article = own.number
        UNION ALL
        SELECT own.number, spellings, article, likeness FROM own CROSS JOIN story_links ON other = own.number),
    ranked AS (
        SELECT *, row_number() OVER (PARTITION BY number ORDER BY likeness DESC, other) AS place FROM linked
        WHERE other NOT IN (SELECT value FROM json_each(?)))
    SELECT ranked.number, spelling.value, place, articles.id FROM ranked
    CROSS JOIN json_each(ranked.spellings) AS spelling
    CROSS JOIN story_names AS naming ON surname = spelling.value AND naming.article = ranked.other
    CROSS JOIN articles ON articles.number = ranked.other
    WHERE place <= {MAX_LINKED} AND naming.named
"""  # noqa: S608 - a constant number
_SELECT_NAMERS_ON_POSTGRESQL = f"""
    WITH own AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::text[]) AS own (number, spelling)),
    ranked AS (
        SELECT own.number, linked.other, linked.place FROM (SELECT DISTINCT number FROM own) AS own
        CROSS JOIN LATERAL (
            SELECT other, row_number() OVER (ORDER BY likeness DESC, other) AS place FROM (
                SELECT other, likeness FROM story_links WHERE article = own.number
                UNION ALL
                SELECT article, likeness FROM story_links WHERE other = own.number) AS link
            WHERE other <> ALL (%s::bigint[]) ORDER BY place LIMIT {MAX_LINKED}) AS linked)
    SELECT own.number, own.spelling, place, articles.id FROM own JOIN ranked USING (number)
    JOIN story_names AS naming ON surname = spelling AND naming.article = ranked.other AND naming.named
    JOIN articles ON articles.number = ranked.other
"""  # noqa: S608 - a constant number
#: a linked article, by its place among those linked to one: the most alike comes first
_Namer = tuple[int, str]


def find_namers(
    db: Connection, surnames_by_id: Mapping[str, Set[str]], sources: SourceFilter
) -> dict[str, dict[str, list[str]]]:
    """Return the ids of the articles that can complete the surnames in each article, by id and by surname.

    Of the `MAX_LINKED` articles linked to it that are the most alike, these are the first `MAX_NAMERS` that name
    somebody with the surname in full, and as many with a surname that differs by one letter, which may be another
    spelling. An article or surname without any is omitted. Articles of `sources` are left out.
    """
    numbers: dict[str, int] = dict(fetch_listed(db, _SELECT_NUMBERS, list(surnames_by_id)))
    spellings = _list_spellings(db, set().union(*surnames_by_id.values()))
    spellings_by_number = {
        number: sorted(set().union(*(spellings[surname] for surname in surnames_by_id[article_id])))
        for article_id, number in numbers.items()
    }
    namers: dict[tuple[int, str], list[_Namer]] = {}
    for number, spelling, place, linked_id in _select_namers(db, spellings_by_number, sources):
        namers.setdefault((number, spelling), []).append((place, linked_id))
    namers_by_id = {
        article_id: {
            surname: ids
            for surname in surnames_by_id[article_id]
            if (ids := _choose(namers.get((number, surname), ()), _list_others(namers, number, surname, spellings)))
        }
        for article_id, number in numbers.items()
    }
    return {article_id: ids_by_surname for article_id, ids_by_surname in namers_by_id.items() if ids_by_surname}


def _list_spellings(db: Connection, surnames: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the stored spellings of each surname: itself, and those that differ from it by one letter."""
    spellings_by_surname = {surname: list_possible_spellings(surname) for surname in surnames}
    candidates = sorted(set().union(*spellings_by_surname.values()))
    stored = {row[0] for row in fetch_all(db, *_build_stored_query(db, candidates))} if candidates else set()
    return {surname: spellings & stored for surname, spellings in spellings_by_surname.items()}


def _build_stored_query(db: Connection, surnames: Sequence[str]) -> tuple[str, Sequence[object]]:
    query = "SELECT {} WHERE EXISTS (SELECT 1 FROM story_names WHERE surname = {})"
    if db.dialect.name == "postgresql":
        name = "spelling.surname"
        return query.format(f"{name} FROM unnest(%s::text[]) AS spelling (surname)", name), (list(surnames),)
    return query.format("value FROM json_each(?)", "value"), (json.dumps(list(surnames)),)


def _list_others(
    namers: Mapping[tuple[int, str], Sequence[_Namer]], number: int, surname: str, spellings: Mapping[str, Set[str]]
) -> set[_Namer]:
    """Return the articles linked to one that have another spelling of a surname."""
    return {namer for spelling in spellings[surname] - {surname} for namer in namers.get((number, spelling), ())}


def _choose(namers: Iterable[_Namer], others: set[_Namer]) -> list[str]:
    """Return the first articles that have a surname, and then the first of those that have only another spelling."""
    same, different = sorted(namers), sorted(others.difference(namers))
    return [article_id for _, article_id in same[:MAX_NAMERS] + different[:MAX_NAMERS]]


def _select_namers(
    db: Connection, spellings_by_number: Mapping[int, Sequence[str]], sources: SourceFilter
) -> list[RawRow]:
    """Return an article, a spelling, the place of an article linked to it that names it in full, and its id."""
    pairs = [(number, spelling) for number, spellings in spellings_by_number.items() for spelling in spellings]
    if not pairs:
        return []
    left_out = _find_left_out(db, list(spellings_by_number), sources)
    if db.dialect.name == "postgresql":
        numbers, spellings = map(list, zip(*pairs, strict=True))
        return fetch_all(db, _SELECT_NAMERS_ON_POSTGRESQL, (numbers, spellings, left_out))
    parameters = json.dumps(list(spellings_by_number.items())), json.dumps(left_out)
    return fetch_all(db, _SELECT_NAMERS_ON_SQLITE, parameters)


def _find_left_out(db: Connection, numbers: Sequence[int], sources: SourceFilter) -> list[int]:
    """Return the numbers of the articles of these sources that are linked to one of these articles."""
    if not sources:
        return []
    rows = {row for statement in _SELECT_LINKED for row in fetch_listed(db, statement, numbers)}
    return sorted(number for number, outlet, url in rows if sources.matches(outlet, url))
