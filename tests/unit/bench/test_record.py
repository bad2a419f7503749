"""The benchmark of the repository draws correct questions and runs at any size."""

import re
from random import Random

import pytest
from rapidfuzz.distance import OSA

from bench import record
from bench.generated import generate_articles
from bench.record_questions import PHRASE_WORDS, draw_questions, misspell
from briefings.text.folding import contains_phrase


def test_misspelling_is_one_edit() -> None:
    """One letter is dropped, inserted, replaced or swapped, and the word always changes."""
    random = Random(1)  # noqa: S311 - no secrets
    misspellings = {misspell("parliament", random) for _ in range(500)}
    assert {OSA.distance("parliament", misspelling) for misspelling in misspellings} == {1}
    assert {len(misspelling) for misspelling in misspellings} == {9, 10, 11}


def test_questions_are_drawn_from_the_news() -> None:
    """Exact phrases occur in a quote, absent ones do not, and misspelt ones differ by one edit."""
    news = list(generate_articles(2_000))
    questions = draw_questions(news, 2_000)
    all_keys = " | ".join(f" {key} " for key in questions.keys)
    assert len(questions.keys) == 2_000
    assert all(f" {words} " in all_keys and len(words.split()) == PHRASE_WORDS for words in questions.exact)
    assert not any(f" {words} " in all_keys for words in questions.absent)
    for phrase in questions.misspelt:
        article = next(article for article, _ in news if article.id == phrase.article)
        assert contains_phrase(" ".join(span.of(article.text) for span in phrase.quote.content), phrase.words)
        assert OSA.distance(phrase.misspelt, phrase.words) == 1
    names = {quote.speaker.name.split()[-1] for _, quotes in news for quote in quotes if quote.speaker}
    assert {name for name, _ in questions.by_speaker} <= names


@pytest.mark.postgresql
def test_benchmark_runs_at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite always has every figure; PostgreSQL has them if it is installed."""
    monkeypatch.setenv("BENCH_QUOTES", "50")
    monkeypatch.setattr(record, "_ADDED_COUNT", 5)
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
    postgresql_names = [line.split()[0] for line in lines if line.startswith("record.postgresql.")]
    assert not postgresql_names or len(postgresql_names) == len(names)
