"""The benchmark of the record: what it asks is what it says, and it runs."""

import re
from random import Random

import pytest
from rapidfuzz.distance import OSA

from bench import record
from bench.generated import articles
from bench.record_questions import FIVE, drawn, slip
from briefings.text.folding import contains_phrase


def test_a_slip_of_the_pen_is_one_edit() -> None:
    """A letter left out, put in, exchanged or swapped, and never the word itself."""
    chance = Random(1)  # noqa: S311 - no secrets
    slips = {slip("parliament", chance) for _ in range(500)}
    assert {OSA.distance("parliament", one) for one in slips} == {1}
    assert {len(one) for one in slips} == {9, 10, 11}


def test_questions_are_drawn_out_of_the_news() -> None:
    """Phrases of five words that some quote holds, misspelt ones that none does, and ones that nobody said."""
    news = list(articles(2_000))
    asked = drawn(news, 2_000)
    said = " | ".join(f" {key} " for key in asked.keys)
    assert len(asked.keys) == 2_000
    assert all(f" {words} " in said and len(words.split()) == FIVE for words in asked.exact)
    assert not any(f" {words} " in said for words in asked.absent)
    for one in asked.planted:
        article = next(article for article, _ in news if article.id == one.article)
        assert contains_phrase(" ".join(span.of(article.text) for span in one.quote.content), one.words)
        assert OSA.distance(one.misspelt, one.words) == 1
    names = {quote.speaker.name.split()[-1] for _, quotes in news for quote in quotes if quote.speaker}
    assert {name for name, _ in asked.by_speaker} <= names


@pytest.mark.postgresql
def test_it_runs_at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure of SQLite beside its rival; PostgreSQL's where there is one."""
    monkeypatch.setenv("BENCH_QUOTES", "50")
    monkeypatch.setattr(record, "_ADDED", 5)
    monkeypatch.setattr(record, "_ROUNDS", 1)
    lines = [str(figure) for figure in record.measure()]
    names = [line.split()[0].removeprefix("record.sqlite.") for line in lines if line.startswith("record.sqlite.")]
    assert [re.sub(r"recall_of_\d+", "recall", name) for name in names] == [
        "build.quotes_per_s",
        "add.articles_per_s",
        "exact.p50_ms",
        "exact.p99_ms",
        "naive_scan.p50_ms",
        "common_newest_20.p50_ms",
        "common_newest_20.p99_ms",
        "nothing_found.p50_ms",
        "nothing_found.p99_ms",
        "by_speaker.p50_ms",
        "by_speaker.p99_ms",
        "one_edit.p50_ms",
        "one_edit.p99_ms",
        "one_edit.recall",
    ]
    others = [line.split()[0] for line in lines if line.startswith("record.postgresql.")]
    assert not others or len(others) == len(names)
