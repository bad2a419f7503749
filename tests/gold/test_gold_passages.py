"""Passages in quotation marks in the seed articles, compared with a reader's annotations in `quotes.md`.

Known misses are listed in `missed.txt`. A new miss fails as a loss. A miss that no longer occurs is printed as a
gain: remove it from the file.
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
    """One annotated passage, with the accepted sources and cues."""

    article: str
    first_words: str
    speaker: str
    source: tuple[str, ...]
    cue: tuple[str, ...]


@cache
def load_rows() -> tuple[Row, ...]:
    rows: list[Row] = []
    article = ""
    for line in (HERE / "quotes.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            article = line[3:]
        elif line.startswith("| ") and not line.startswith("| passage"):
            first_words, speaker, source, cue = (cell.strip() for cell in line.strip("|").split("|"))
            rows.append(Row(article, first_words, speaker, tuple(source.split(" / ")), tuple(cue.split(" / "))))
    return tuple(rows)


@cache
def load_quotes() -> dict[str, tuple[Article, tuple[Quote, ...]]]:
    return {article.id: (article, quotes) for article, quotes in analyse_seeds()}


def find_quote(row: Row) -> tuple[Article, Quote | None]:
    """Return the article and the quote with a fragment that starts where the passage does."""
    article, quotes = load_quotes()[row.article]
    starts = {fragment.start: quote for quote in quotes for fragment in quote.content}
    offsets = [at for at in range(len(article.text)) if article.text.startswith(row.first_words, at)]
    return article, next((starts[at] for at in offsets if at in starts), None)


def list_misses() -> Iterator[str]:
    for row in load_rows():
        article, quote = find_quote(row)
        label = f"{row.article[:3]} {row.first_words}"
        if quote is None:
            if row.speaker != NOBODY:
                yield f"{label}: no quote"
            continue
        speaker_name = quote.speaker.name if quote.speaker else NOBODY
        if not is_speaker(row.speaker, quote):
            yield f"{label}: {speaker_name}, not {row.speaker}"
        source = quote.source.of(article.text) if quote.source else NONE
        if row.speaker != NOBODY and source not in row.source:
            yield f"{label}: source {source}"
        cue = quote.cue.of(article.text) if quote.cue else NONE
        if row.speaker != NOBODY and cue not in row.cue:
            yield f"{label}: cue {cue}"


def is_speaker(expected: str, quote: Quote) -> bool:
    if expected == NOBODY:
        return quote.speaker is None
    if quote.speaker is None:
        return False
    if expected.startswith(UNNAMED):
        return quote.speaker.anonymous and expected.removeprefix(UNNAMED).lower() in quote.speaker.name.lower()
    return not quote.speaker.anonymous and quote.speaker.name == expected


def test_annotated_passages_are_in_their_articles() -> None:
    texts = {article.id: article.text for article in load_seeds()}
    assert len(load_rows()) == 42
    assert [row for row in load_rows() if row.first_words not in texts[row.article]] == []


def test_no_quote_is_found_outside_the_annotated_passages() -> None:
    """Boilerplate, tag attributes and apostrophes are not quotations."""
    annotated_ids = {id(find_quote(row)[1]) for row in load_rows()}
    extra_quotes = [
        quote.span.of(article.text)
        for article, quotes in load_quotes().values()
        for quote in quotes
        if quote.kind is not Kind.INDIRECT and id(quote) not in annotated_ids
    ]
    assert extra_quotes == []


def test_no_new_passage_is_missed() -> None:
    before = {line for line in (HERE / "missed.txt").read_text(encoding="utf-8").splitlines() if line}
    now = set(list_misses())
    for line in sorted(before - now):
        print(f"gain: {line}")  # noqa: T201 - for the developer
    losses = [f"loss: {line}" for line in sorted(now - before)]
    assert losses == [], "\n".join(losses)


def get_speaker(first_words: str, article: str) -> tuple[str, bool]:
    """Return the name of a passage's speaker and whether the speaker is anonymous."""
    _, quote = find_quote(Row(article, first_words, "", (), ()))
    assert quote is not None
    assert quote.speaker is not None
    return quote.speaker.name, quote.speaker.anonymous


@pytest.mark.parametrize(
    ("first_words", "article", "name"),
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
def test_passage_has_its_speaker(first_words: str, article: str, name: str) -> None:
    assert get_speaker(first_words, article) == (name, False)


def test_mcdonnell_is_shadow_chancellor() -> None:
    roles = {
        quote.speaker.role
        for _, quotes in load_quotes().values()
        for quote in quotes
        if quote.speaker and quote.speaker.name == "John McDonnell"
    }
    assert roles == {"shadow chancellor"}


def test_labour_source_is_anonymous() -> None:
    name, anonymous = get_speaker("Cameron worked his bollocks off", "000_3e648ece572ec1d5")
    assert anonymous
    assert "senior labour source" in name.lower()


def test_caption_is_not_quoted() -> None:
    article, quotes = load_quotes()["000_3e648ece572ec1d5"]
    start = article.text.index("EU referendum revealed")
    assert not [quote for quote in quotes for span in quote.content if span.start <= start + 60 and start < span.end]


def test_first_name_comes_from_another_article_of_the_story() -> None:
    article, quotes = load_quotes()["003_1d74e5b3318ec141"]
    assert "Jeremy" not in article.text
    names = {quote.speaker.name for quote in quotes if quote.speaker}
    assert "Jeremy Corbyn" in names
    assert "Corbyn" not in names
