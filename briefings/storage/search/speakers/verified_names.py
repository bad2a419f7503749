"""Check names and roles that a query read from an index of `quotes`: an intact row must have them.

Rule: an index can be damaged while its table is intact, so a name that is listed must be in an intact row.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from briefings.storage.db.row_mapping import to_quotes
from briefings.storage.db.schema import quotes
from briefings.storage.search.results import read_quotes_only

#: quotes of a name that are tried
_CHUNK_SIZE = 500
#: a speaker, and perhaps the role
Names = tuple[str, ...]


def find_unverified(db: Connection, ids_by_names: Mapping[Names, int]) -> set[Names]:
    """Return the keys, a speaker and perhaps a role, that no intact quote has. The values are quotes that have them.

    If such a quote is damaged, others with the same speaker are tried.
    """
    speakers = _read_speakers(db, set(ids_by_names.values()))
    return {
        names
        for names, quote_id in ids_by_names.items()
        if speakers.get(quote_id, ())[: len(names)] != names and not _has_other_quote(db, quote_id, names)
    }


def find_unverified_roles(db: Connection, names: Sequence[str], ids_by_role: Mapping[str, int]) -> set[str]:
    """Return the roles that no intact quote of one of these names has. The values are quotes that have them."""
    speakers = _read_speakers(db, set(ids_by_role.values()))
    pairs = {role: [(name, role) for name in names] for role in ids_by_role}
    return {
        role
        for role, quote_id in ids_by_role.items()
        if speakers.get(quote_id) not in pairs[role]
        and not any(_has_other_quote(db, quote_id, pair) for pair in pairs[role])
    }


def _read_speakers(db: Connection, ids: Iterable[int]) -> dict[int, tuple[str | None, ...]]:
    """Return the speaker and the role of each intact quote."""
    quotes_by_id = read_quotes_only(db, sorted(ids))
    return {
        quote_id: (quote.speaker.name, quote.speaker.role) if quote.speaker else ()
        for quote_id, quote in quotes_by_id.items()
    }


def _has_other_quote(db: Connection, quote_id: int, names: Names) -> bool:
    """Tell whether an intact quote after this one has the speaker and the role."""
    query = select(quotes).where(quotes.c.id > quote_id, quotes.c.speaker == names[0])
    query = query.where(quotes.c.role == names[1]) if len(names) > 1 else query
    intact_quotes = to_quotes(db.execute(query.order_by(quotes.c.id).limit(_CHUNK_SIZE)))
    return any(
        quote.speaker is not None and (quote.speaker.name, quote.speaker.role)[: len(names)] == names
        for _, quote in intact_quotes
    )
