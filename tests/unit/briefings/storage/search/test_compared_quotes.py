"""Both databases compare the same, newest quotes with phrases if a query limits how many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.db.counters import get_quote_id_range
from briefings.storage.db.full_text import QuoteQuery
from briefings.storage.repository import Repository
from briefings.storage.search.results import read_contents

WORDS = ("the", "council", "vote", "bridge", "of", "we")
SPEAKER = Speaker("Jeremy Corbyn")


@pytest.fixture
def texts(repository: Repository) -> dict[int, list[str]]:
    """The words of each stored quote, by its id, newest first."""
    random = Random(5)  # noqa: S311 - test data
    for number in range(60):
        text = " ".join(random.choices(WORDS, k=7))
        quote = Quote((Span(0, len(text)),), None, None, SPEAKER, Kind.DIRECT, 0.9, "the whole text")
        published = date(2016, 6, 1) + timedelta(number)
        repository.upsert(Article(f"n{number}", text, published=published, title="toll"), [quote])
    ids = search(repository, QuoteQuery(get_quote_id_range(None, None), speaker=[("corbyn",)]))
    contents = repository.run_query(lambda db, _: read_contents(db, ids))
    return {quote_id: contents[quote_id].split() for quote_id in ids}


def search(repository: Repository, query: QuoteQuery, limit: int = 200) -> list[int]:
    return repository.run_query(lambda db, index: index.search_quotes(db, query, limit))


def has_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    return f" {' '.join(phrase)} " in f" {' '.join(words)} "


@pytest.mark.parametrize("count", [1, 5, 20, 100])
def test_only_the_newest_quotes_with_both_words_are_compared(
    repository: Repository, texts: dict[int, list[str]], count: int
) -> None:
    for pair in product(("council", "vote", "bridge", "the"), ("council", "vote", "bridge")):
        candidates = [quote_id for quote_id, words in texts.items() if {*pair} <= {*words}][:count]
        expected_ids = [quote_id for quote_id in candidates if has_phrase(texts[quote_id], pair)]
        query = QuoteQuery(get_quote_id_range(None, None), [pair], max_compared=count)
        for query_variant in (query, replace(query, speaker=[("jeremy", "corbyn")]), replace(query, about=[("toll",)])):
            assert search(repository, query_variant) == expected_ids
            assert search(repository, query_variant, 2) == expected_ids[:2]


def test_phrases_with_alternatives_are_compared_in_full(repository: Repository, texts: dict[int, list[str]]) -> None:
    """A phrase with alternatives at one position is found wherever it occurs, without and with a limit."""
    phrases = [("council", word, "bridge") for word in ("vote", "council", "we")] + [("vote", "vote")]
    expected_ids = [quote_id for quote_id, words in texts.items() if any(has_phrase(words, p) for p in phrases)]
    query = QuoteQuery(get_quote_id_range(None, None), phrases)
    assert expected_ids
    assert search(repository, query) == search(repository, replace(query, max_compared=60)) == expected_ids


def test_all_words_of_one_set_are_enough(repository: Repository, texts: dict[int, list[str]]) -> None:
    word_sets = [("council", "vote", "bridge", "of"), ("we", "of")]
    expected_ids = [quote_id for quote_id, words in texts.items() if any({*s} <= {*words} for s in word_sets)]
    assert 0 < len(expected_ids) < len(texts)
    assert search(repository, QuoteQuery(get_quote_id_range(None, None), word_sets=word_sets)) == expected_ids
