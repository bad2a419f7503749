"""Compare all rows of articles, older versions, quotes and names with their hashes and checksums.

Rule: a scan changes nothing, and names every article with damage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Text, cast, select

from briefings.storage.db.row_mapping import find_damage, has_quote_checksum
from briefings.storage.db.schema import article_versions, articles, names, quotes
from briefings.storage.integrity.checksums import compute_name_checksum

#: rows read at a time
_PAGE_SIZE = 100
TEXT, METADATA = "the text differs from the text that was added", "the metadata differ from what was added"
QUOTES, OUTSIDE = "quotes differ from what was found", "quotes lie outside the text"
COUNT, NAMES = "the number of quotes is wrong", "names differ from what was found"
QUARANTINED = "it is in quarantine, because nothing could mend it"
_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class DamagedArticle:
    """A stored article with damage, and its problems as ends of a sentence."""

    id: str
    problems: tuple[str, ...]

    @property
    def has_source_damage(self) -> bool:
        """Tell whether the text or the metadata are damaged, which cannot be derived from anything else here."""
        return not {TEXT, METADATA, QUARANTINED}.isdisjoint(self.problems)


@dataclass(frozen=True, slots=True)
class DamagedVersion:
    """A damaged older version: its row id, and the id of its article."""

    id: int
    article: str
    is_quarantined: bool


def scan_articles(db: Connection) -> Iterator[list[DamagedArticle]]:
    """Yield the damaged articles of each page of articles, the oldest first: [] for a page without damage."""
    statement = select(articles).order_by(articles.c.number.desc()).limit(_PAGE_SIZE)
    page: Sequence[_Row] = db.execute(statement).all()
    while page:
        yield list(_check_page(db, page))
        page = db.execute(statement.where(articles.c.number < page[-1].number)).all()


def scan_versions(db: Connection) -> Iterator[DamagedVersion]:
    """Yield the damaged older versions, those in quarantine, too."""
    statement = select(article_versions).order_by(article_versions.c.id).limit(_PAGE_SIZE)
    page: Sequence[_Row] = db.execute(statement).all()
    while page:
        for row in page:
            if row.checksum is None or find_damage(row.article, row):
                yield DamagedVersion(row.id, row.article, is_quarantined=row.checksum is None)
        page = db.execute(statement.where(article_versions.c.id > page[-1].id)).all()


def _check_page(db: Connection, page: Sequence[_Row]) -> Iterator[DamagedArticle]:
    rows_by_id = {row.id: row for row in page}
    problems: dict[str, list[str]] = {article_id: [] for article_id in rows_by_id}
    for row in page:
        if row.checksum is None:
            problems[row.id].append(QUARANTINED)
        elif damage := find_damage(row.id, row):
            problems[row.id].append(TEXT if damage.startswith("text") else METADATA)
    counts = dict.fromkeys(rows_by_id, 0)
    for quote in db.execute(select(quotes).where(quotes.c.article.in_(rows_by_id))):
        counts[quote.article] += 1
        ends = [*(span.end for span in quote.content), quote.source_end or 0, quote.cue_end or 0]
        if any(not isinstance(end, int) or end > len(rows_by_id[quote.article].text) for end in ends):
            problems[quote.article].append(OUTSIDE)
        elif not has_quote_checksum(quote):
            problems[quote.article].append(QUOTES)
    for row in page:
        if counts[row.id] != row.quotes:
            problems[row.id].append(COUNT)
    for article_id in _find_damaged_names(db, rows_by_id):
        problems[article_id].append(NAMES)
    for article_id, found_problems in problems.items():
        if found_problems:
            yield DamagedArticle(article_id, tuple(dict.fromkeys(found_problems)))


def _find_damaged_names(db: Connection, rows_by_id: dict[str, _Row]) -> set[str]:
    counts = {article_id: 0 for article_id, row in rows_by_id.items() if row.named is not None}
    damaged_ids = set()
    columns = names.c.article, names.c.position, names.c.person, cast(names.c.roles, Text), names.c.checksum
    for *values, checksum in db.execute(select(*columns).where(names.c.article.in_(rows_by_id))):
        counts[values[0]] = counts.get(values[0], 0) + 1
        if checksum != compute_name_checksum(*values):
            damaged_ids.add(values[0])
    return damaged_ids | {key for key, count in counts.items() if count != (rows_by_id[key].named or 0)}
