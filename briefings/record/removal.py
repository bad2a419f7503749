"""Takes articles out of a record, with all that was derived from them: older versions, quotes, names, index.

Rule: an article goes whole or stays whole, and what nothing refers to any more (an outlet, a person) goes with the last
that did.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import Connection, Select, Table, delete, exists, func, select

from briefings.errors import BadInput
from briefings.record.copying import Progress, quiet
from briefings.record.opening import in_one_transaction, opened
from briefings.record.schema import METADATA, article_versions, articles, outlets, people, quotes
from briefings.text.storable import why_not_storable

#: articles that go at a time: ids in one statement, and in one transaction of an outlet's, for which others wait
_AT_ONCE = 200
#: unknown ids, and outlets of a similar name, that are told
_TOLD = 3


#: what is there only to be referred to
_REFERRED_TO = (outlets, people)


@dataclass(frozen=True, slots=True)
class Removed:
    """How much went: counts."""

    articles: int = 0
    quotes: int = 0
    versions: int = 0

    def and_(self, other: "Removed") -> "Removed":
        """Both together."""
        return Removed(self.articles + other.articles, self.quotes + other.quotes, self.versions + other.versions)


def remove(address: str, ids: Iterable[str]) -> Removed:
    """Removes the articles of these ids, all or none. Raises BadInput when one is not held."""
    wanted = list(dict.fromkeys(ids))
    with opened(address) as engine:
        return in_one_transaction(engine, lambda db: _remove_all(db, wanted))


def remove_outlet(address: str, name: str, progress: Progress = quiet) -> Removed:
    """Removes all that came from the outlet of this very name, older versions of others' articles included.

    A few hundred articles at a time: what was not reached when it is interrupted is removed by the next call. Raises
    BadInput when the record knows no such outlet.
    """
    with opened(address) as engine:
        with engine.connect() as db:
            _check_known(db, name)
            of_outlet = select(func.count()).select_from(articles).where(articles.c.outlet == name)
            total: int = db.execute(of_outlet).scalar_one()
        gone = Removed()
        while (more := in_one_transaction(engine, lambda db: _remove_some(db, name))).articles:
            gone = gone.and_(more)
            progress(gone.articles, max(total, gone.articles))
        return gone.and_(in_one_transaction(engine, lambda db: _remove_rest(db, name)))


def _remove_all(db: Connection, ids: Sequence[str]) -> Removed:
    held = {row.id for part in _parts(ids) for row in db.execute(_of_these(part))}
    if unknown := [article_id for article_id in ids if article_id not in held]:
        named = ", ".join(repr(article_id) for article_id in unknown[:_TOLD])
        more = f" and {len(unknown) - _TOLD} more" if len(unknown) > _TOLD else ""
        raise BadInput(f"The record holds no article {named}{more}: nothing was removed.")
    gone = Removed()
    for part in _parts(ids):
        gone = gone.and_(_remove(db, part))
    _remove_orphans(db)
    return gone


def _remove_some(db: Connection, outlet: str) -> Removed:
    some = select(articles.c.id).where(articles.c.outlet == outlet).limit(_AT_ONCE).with_for_update()
    return _remove(db, db.execute(some).scalars().all())


def _remove_rest(db: Connection, outlet: str) -> Removed:
    number = db.execute(delete(article_versions).where(article_versions.c.outlet == outlet)).rowcount
    _remove_orphans(db)
    return Removed(versions=number)


def _remove(db: Connection, ids: Sequence[str]) -> Removed:
    said, before = (_number(db, table, ids) for table in (quotes, article_versions))
    # what hangs on an article goes with it: the schema says so, and the indexes see to themselves
    number = db.execute(delete(articles).where(articles.c.id.in_(ids))).rowcount
    return Removed(number, said, before)


def _remove_orphans(db: Connection) -> None:
    """Deletes whatever is there only to be referred to, and is not."""
    for table in _REFERRED_TO:
        referring = [
            (key.parent, key.column)
            for other in METADATA.sorted_tables
            for key in other.foreign_keys
            if key.column.table is table
        ]
        db.execute(delete(table).where(*(~exists().where(column == named) for column, named in referring)))


def _number(db: Connection, table: Table, ids: Sequence[str]) -> int:
    number: int = db.execute(select(func.count()).select_from(table).where(table.c.article.in_(ids))).scalar_one()
    return number


def _of_these(ids: Sequence[str]) -> Select[tuple[str]]:
    # SQLite has no row locks and needs none: its transactions that write stand in line
    return select(articles.c.id).where(articles.c.id.in_(ids)).with_for_update()


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids that can be held at all, a few hundred at a time."""
    askable = [article_id for article_id in ids if why_not_storable(article_id) is None]
    for start in range(0, len(askable), _AT_ONCE):
        yield askable[start : start + _AT_ONCE]


def _check_known(db: Connection, name: str) -> None:
    known = list(db.execute(select(outlets.c.name)).scalars())
    if name not in known:
        near = " or ".join(repr(other) for other in get_close_matches(name, known, _TOLD, cutoff=0.5))
        raise BadInput(f"The record holds nothing from {name!r}{f': did you mean {near}?' if near else '.'}")
