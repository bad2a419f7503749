"""Reports of utterances: the quotes of named speakers, from new articles or from the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from briefings.attribution.features.person_names import Person
from briefings.model import Quote, Span
from briefings.storage.db.full_text import QuoteWords, to_lexemes
from briefings.storage.integrity.column_types import parse_spans
from briefings.storage.writes.utterances.rows import select_by_values
from briefings.text.folding import make_search_key

#: names whose surname is cached
_CACHE_SIZE = 1 << 14
_COLUMNS = (
    "utterances.quote, utterances.wording, utterances.utterance, quotes.speaker, quotes.content, articles.text "
    "FROM utterances JOIN quotes ON quotes.id = utterances.quote JOIN articles ON articles.number = quotes.id >> 16"
)
_SELECT_BY_ARTICLE = f"SELECT {_COLUMNS} WHERE quotes.article "
_SELECT_BY_QUOTE = f"SELECT {_COLUMNS} WHERE utterances.quote "


@dataclass(frozen=True, slots=True)
class Report:
    """A quote of a named speaker: its id, the speaker's surname, and the quoted words, both as search keys."""

    quote: int
    surname: str
    key: str


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A stored report with its wording, and the number of its utterance, or None if there is no other report."""

    report: Report
    wording: int
    utterance: int | None


NO_REPORTS: tuple[StoredReport, ...] = ()


def to_reports(quotes: Iterable[Quote], words: Iterable[QuoteWords]) -> list[Report]:
    """Return the reports among the quotes of an article, which are given with their index entries."""
    return [
        Report(entry.id, get_surname_key(quote.speaker.name), entry.content)
        for quote, entry in zip(quotes, words, strict=True)
        if quote.speaker is not None and not quote.speaker.anonymous
    ]


@lru_cache(maxsize=_CACHE_SIZE)
def get_surname_key(name: str) -> str:
    """Return the surname in a speaker's name, as a search key."""
    return make_search_key(Person(name).surname)


def read_reports(db: Connection, article_ids: Sequence[str]) -> list[StoredReport]:
    """Return the stored reports of these articles, before they are removed."""
    return [_to_report(row) for row in select_by_values(db, _SELECT_BY_ARTICLE, article_ids)]


def read_words(db: Connection, quotes: Mapping[int, int]) -> dict[int, Report]:
    """Return a report of each wording. `quotes` has the id of one quote by wording."""
    rows = select_by_values(db, _SELECT_BY_QUOTE, sorted(quotes.values()))
    stored_reports = map(_to_report, rows)
    return {stored.wording: stored.report for stored in stored_reports}


def _to_report(row: Sequence[Any]) -> StoredReport:
    quote, wording, utterance, speaker, content, text = row
    return StoredReport(build_report(quote, speaker, parse_spans(content), text), wording, utterance)


def build_report(quote: int, speaker: object, content: Iterable[Span], text: object) -> Report:
    """Return a report from stored values, damaged or not."""
    words = " ".join(span.of(str(text)) for span in content)
    return Report(quote, get_surname_key(str(speaker)), to_lexemes(words))
