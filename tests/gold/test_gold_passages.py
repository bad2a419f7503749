"""What stands in quotation marks in the seeds against what a careful reader finds in them (`quotes.md`).

What is missed today stands in `missed.txt`. A new miss fails and is printed as a loss; a miss that is gone is printed
as a gain, to be taken off that file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from briefings.model import Article, Kind, Quote
from tests.support.articles import analyse_seeds, load_seeds

HERE = Path(__file__).parent
NOBODY, UNNAMED, NONE = "nobody", "unnamed: ", "-"


@dataclass(frozen=True)
class Row:
    article: str
    begins: str
    speaker: str
    source: tuple[str, ...]
    cue: tuple[str, ...]


@cache
def gold() -> tuple[Row, ...]:
    rows: list[Row] = []
    article = ""
    for line in (HERE / "quotes.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            article = line[3:]
        elif line.startswith("| ") and not line.startswith("| passage"):
            begins, speaker, source, cue = (cell.strip() for cell in line.strip("|").split("|"))
            rows.append(Row(article, begins, speaker, tuple(source.split(" / ")), tuple(cue.split(" / "))))
    return tuple(rows)


@cache
def found() -> dict[str, tuple[Article, tuple[Quote, ...]]]:
    return {article.id: (article, quotes) for article, quotes in analyse_seeds()}


def quote_at(row: Row) -> tuple[Article, Quote | None]:
    """The quote one of whose fragments begins where the row's passage does."""
    article, quotes = found()[row.article]
    starts = {fragment.start: quote for quote in quotes for fragment in quote.content}
    places = [at for at in range(len(article.text)) if article.text.startswith(row.begins, at)]
    return article, next((starts[at] for at in places if at in starts), None)


def misses() -> Iterator[str]:
    for row in gold():
        article, quote = quote_at(row)
        where = f"{row.article[:3]} {row.begins}"
        if quote is None:
            if row.speaker != NOBODY:
                yield f"{where}: no quote"
            continue
        named = quote.speaker.name if quote.speaker else NOBODY
        if not is_speaker(row.speaker, quote):
            yield f"{where}: {named}, not {row.speaker}"
        source = quote.source.of(article.text) if quote.source else NONE
        if row.speaker != NOBODY and source not in row.source:
            yield f"{where}: source {source}"
        cue = quote.cue.of(article.text) if quote.cue else NONE
        if row.speaker != NOBODY and cue not in row.cue:
            yield f"{where}: cue {cue}"


def is_speaker(wanted: str, quote: Quote) -> bool:
    if wanted == NOBODY:
        return quote.speaker is None
    if quote.speaker is None:
        return False
    if wanted.startswith(UNNAMED):
        return quote.speaker.anonymous and wanted.removeprefix(UNNAMED).lower() in quote.speaker.name.lower()
    return not quote.speaker.anonymous and quote.speaker.name == wanted


def test_every_passage_of_the_gold_stands_in_its_article() -> None:
    texts = {article.id: article.text for article in load_seeds()}
    assert len(gold()) == 42
    assert [row for row in gold() if row.begins not in texts[row.article]] == []


def test_no_quote_is_found_where_the_gold_has_none() -> None:
    """Boilerplate, attributes of tags and apostrophes are no quotations."""
    known = {id(quote_at(row)[1]) for row in gold()}
    extra = [
        quote.span.of(article.text)
        for article, quotes in found().values()
        for quote in quotes
        if quote.kind is not Kind.INDIRECT and id(quote) not in known
    ]
    assert extra == []


def test_nothing_is_missed_that_was_found_before() -> None:
    before = {line for line in (HERE / "missed.txt").read_text(encoding="utf-8").splitlines() if line}
    now = set(misses())
    for line in sorted(before - now):
        print(f"gain: {line}")  # noqa: T201 - read by whoever changes the attribution
    losses = [f"loss: {line}" for line in sorted(now - before)]
    assert losses == [], "\n".join(losses)


def speaker(begins: str, article: str) -> tuple[str, bool]:
    _, quote = quote_at(Row(article, begins, "", (), ()))
    assert quote is not None
    assert quote.speaker is not None
    return quote.speaker.name, quote.speaker.anonymous


@pytest.mark.parametrize(
    ("begins", "article", "name"),
    [
        ("like a lynch-mob", "002_494a08902a45e5b0", "John McDonnell"),
        ("On Monday night we had", "002_494a08902a45e5b0", "John McDonnell"),
        ("I did all I could", "000_3e648ece572ec1d5", "Jeremy Corbyn"),
        ("I did all I could", "001_35c75fa326b54fdb", "Jeremy Corbyn"),
        ("It’s your fault", "000_3e648ece572ec1d5", "Tom Mauchline"),
        ("It's your fault", "001_35c75fa326b54fdb", "Tom Mauchline"),
        ("What about Europe Jeremy?", "002_494a08902a45e5b0", "Zack Polanski"),
        ("I was democratically elected", "003_1d74e5b3318ec141", "Jeremy Corbyn"),
    ],
)
def test_these_are_said_by_those(begins: str, article: str, name: str) -> None:
    assert speaker(begins, article) == (name, False)


def test_mcdonnell_is_shadow_chancellor() -> None:
    roles = {
        q.speaker.role
        for _, quotes in found().values()
        for q in quotes
        if q.speaker and q.speaker.name == "John McDonnell"
    }
    assert roles == {"shadow chancellor"}


def test_the_labour_source_stays_unnamed() -> None:
    name, anonymous = speaker("Cameron worked his bollocks off", "000_3e648ece572ec1d5")
    assert anonymous
    assert "senior labour source" in name.lower()


def test_nobody_is_given_the_caption() -> None:
    article, quotes = found()["000_3e648ece572ec1d5"]
    start = article.text.index("EU referendum revealed")
    assert not [quote for quote in quotes for span in quote.content if span.start <= start + 60 and start < span.end]


def test_corbyns_first_name_in_003_comes_from_its_siblings() -> None:
    article, quotes = found()["003_1d74e5b3318ec141"]
    assert "Jeremy" not in article.text
    names = {quote.speaker.name for quote in quotes if quote.speaker}
    assert "Jeremy Corbyn" in names
    assert "Corbyn" not in names
