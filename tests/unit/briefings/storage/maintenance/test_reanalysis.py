"""What another engine read is read again, whoever asks meanwhile and whenever it is ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest
from tests.unit.briefings.storage.conftest import noon

from briefings.attribution.analysis import get_engine_version
from briefings.model import Article, Quote
from briefings.storage.maintenance import rebuild
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity, count_stale_articles
from briefings.storage.maintenance.rebuild import reanalyse
from briefings.storage.repository import Repository
from tests.support.analysed_articles import analyse
from tests.support.articles import seeds


def old(record: Repository, articles: Sequence[Article]) -> None:
    """Adds articles as an engine that found a single quote in each would have."""
    for article in articles:
        record.upsert(article, analyse(article).quotes[:1], engine="of last year")


def many(number: int) -> list[Article]:
    text = "“We will not count again,” said Anna Berg, the mayor. “The hall was full of people,” said Tom Okoro."
    return [Article(f"n{at}", f"{text} {at}") for at in range(number)]


def quotes_of(record: Repository) -> dict[str, tuple[Quote, ...]]:
    return record.get_quotes(record.find_ids())


def test_everything_is_found_as_it_would_be_found_today(record: Repository, address: str) -> None:
    old(record, seeds())
    told: list[tuple[int, int]] = []
    assert reanalyse(address, noon, progress=lambda done, number: told.append((done, number))) == 4
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    found = {article.id: analyse(article) for article in seeds()}
    assert quotes_of(record) == {article_id: analysis.quotes for article_id, analysis in found.items()}
    assert record.get_names(found) == {article_id: analysis.names for article_id, analysis in found.items()}
    assert record.find_quotes("lynch mob") != ()
    assert count_stale_articles(address, get_engine_version()) == 0
    assert reanalyse(address, noon) == 0
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


def test_several_processes_find_the_same(record: Repository, address: str) -> None:
    old(record, seeds())
    assert reanalyse(address, noon, jobs=2) == 4
    assert quotes_of(record) == {article.id: analyse(article).quotes for article in seeds()}


def test_an_article_that_changes_meanwhile_keeps_what_is_new(record: Repository, address: str) -> None:
    old(record, many(3))
    changed = Article("n1", "“This is the new text of it,” said Ann Lee.")

    def progress(done: int, _all: int) -> None:
        if done == 1:
            for article_id in ("n0", "n1", "n2"):
                record.upsert(Article(article_id, changed.text), (), engine="of next year")

    assert reanalyse(address, noon, progress=progress) == 1
    assert {article.text for article in record.get_articles()} == {changed.text}
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


def test_an_article_that_cannot_be_replaced_keeps_no_other_from_it(
    record: Repository, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_PAGE_SIZE", 2)
    old(record, many(7))
    kept = Repository.replace_quotes
    monkeypatch.setattr(
        Repository, "replace_quotes", lambda self, article, *a, **k: article.id < "n4" and kept(self, article, *a, **k)
    )
    assert reanalyse(address, noon) == 4
    assert count_stale_articles(address, get_engine_version()) == 3


def test_two_at_once_do_no_harm(record: Repository, address: str) -> None:
    old(record, many(20))
    inner = []

    def progress(done: int, _all: int) -> None:
        if done == 5:
            inner.append(reanalyse(address, noon))

    assert reanalyse(address, noon, progress=progress) == 20
    assert inner == [15]
    assert quotes_of(record) == {article.id: analyse(article).quotes for article in many(20)}
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


READS = """
import sys
from briefings.record.reanalysis import reanalyse
from tests.unit.briefings.storage.conftest import noon
if __name__ == "__main__":
    reanalyse(sys.argv[1], noon, jobs=int(sys.argv[2]), progress=lambda done, _: print(done, flush=True))
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_at_any_moment_the_next_run_completes_it(record: Repository, address: str, jobs: int) -> None:
    articles = many(60)
    old(record, articles)
    found = {article.id: analyse(article).quotes for article in articles}
    for done in (1, 7, 20):
        reads = subprocess.Popen(
            [sys.executable, "-c", READS, address, str(jobs)], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert reads.stdout
        for line in reads.stdout:
            # nobody ever sees an article without its quotes
            assert all(quotes in (found[name], found[name][:1]) for name, quotes in quotes_of(record).items())
            if int(line) == done:
                break
        os.kill(reads.pid, signal.SIGKILL)
        reads.wait()
        rest = reads.stdout.read()  # ends when the last process that writes there does: none is left behind
        reads.stdout.close()
        assert rest is not None
    left = count_stale_articles(address, get_engine_version())
    assert 0 < left <= 60 - 28
    assert reanalyse(address, noon) == left
    assert quotes_of(record) == found
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
