"""Re-analysis replaces results of other engine versions, also during reads and after interruptions."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select

from briefings.attribution.analysis import get_engine_version
from briefings.model import Article, Quote
from briefings.service.service import BriefingService
from briefings.storage.db.database import connect
from briefings.storage.db.derived_tables import DERIVED
from briefings.storage.db.schema import METADATA
from briefings.storage.maintenance import rebuild, remove_articles
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity, count_stale_articles
from briefings.storage.maintenance.rebuild import reanalyse
from briefings.storage.repository import Repository, open_repository
from tests.support.analysed_articles import analyse
from tests.support.articles import load_seeds
from tests.support.depth import choose
from tests.unit.briefings.storage.conftest import noon

#: columns of articles that the analysis fills
ANALYSIS_COLUMNS = ("quotes", "named", "engine")


def add_old_analyses(repository: Repository, articles: Sequence[Article]) -> None:
    """Add articles as an older engine would have: with only one quote each."""
    for article in articles:
        repository.upsert(article, analyse(article).quotes[:1], engine="of last year")


def build_articles(count: int) -> list[Article]:
    text = "“We will not count again,” said Anna Berg, the mayor. “The hall was full of people,” said Tom Okoro."
    return [Article(f"n{index}", f"{text} {index}") for index in range(count)]


def dump_without_analysis(address: str) -> dict[str, list[str]]:
    """Return the rows of every table that the analysis does not fill, without the columns that it fills."""
    engine = connect(address)
    try:
        with engine.connect() as db:
            return {
                table.name: sorted(str(tuple(row)) for row in db.execute(select(*columns)))
                for table in METADATA.sorted_tables
                if table.name not in ("quotes", "names", "people")
                and table.name not in DERIVED
                and (columns := [column for column in table.columns if column.name not in ANALYSIS_COLUMNS])
            }
    finally:
        engine.dispose()


def read_quotes(repository: Repository) -> dict[str, tuple[Quote, ...]]:
    return repository.get_quotes(repository.find_ids())


def test_reanalysis_gives_the_results_of_the_current_engine(repository: Repository, address: str) -> None:
    add_old_analyses(repository, load_seeds())
    reports: list[tuple[int, int]] = []
    assert reanalyse(address, noon, progress=lambda finished, count: reports.append((finished, count))) == 4
    assert reports == [(1, 4), (2, 4), (3, 4), (4, 4)]
    analyses = {article.id: analyse(article) for article in load_seeds()}
    assert read_quotes(repository) == {article_id: analysis.quotes for article_id, analysis in analyses.items()}
    assert repository.get_names(analyses) == {article_id: analysis.names for article_id, analysis in analyses.items()}
    assert repository.find_quotes("lynch mob") != ()
    assert count_stale_articles(address, get_engine_version()) == 0
    assert reanalyse(address, noon) == 0
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


def test_reanalysis_changes_nothing_but_quotes_names_and_versions(repository: Repository, address: str) -> None:
    first, second, third = load_seeds()[:3]
    add_old_analyses(repository, [first, second, third, replace(first, id="copy", publisher="The Copy")])
    repository.upsert(replace(second, text=f"{second.text} More."), analyse(second).quotes[:1], engine="of last year")
    remove_articles(address, [third.id])
    before, old_quotes = dump_without_analysis(address), read_quotes(repository)
    assert reanalyse(address, noon) == 3
    assert dump_without_analysis(address) == before
    assert not repository.has_article(third.id)
    assert repository.find_duplicates(["copy"]) != ()
    assert len(repository.list_versions(second.id)) == 1
    with closing(open_repository(address, noon)) as other_repository:
        service = BriefingService(other_repository, ())
        for article_id, quotes in old_quotes.items():
            (article,) = repository.get_articles([article_id])
            for quote in quotes:  # links and buttons of before lead to the same words
                words = quote.span.of(article.text)
                assert service.get_context(article_id, quote.span.start, quote.span.end).words == words
                assert service.view_article(article_id, quote.span).requested_span == quote.span
                assert service.who_said(words).hits != ()


def test_several_processes_give_the_same_results(repository: Repository, address: str) -> None:
    add_old_analyses(repository, load_seeds())
    assert reanalyse(address, noon, jobs=2) == 4
    assert read_quotes(repository) == {article.id: analyse(article).quotes for article in load_seeds()}


def test_article_updated_during_reanalysis_keeps_its_new_analysis(repository: Repository, address: str) -> None:
    add_old_analyses(repository, build_articles(3))
    updated_article = Article("n1", "“This is the new text of it,” said Ann Lee.")

    def progress(finished: int, _all: int) -> None:
        if finished == 1:
            for article_id in ("n0", "n1", "n2"):
                repository.upsert(Article(article_id, updated_article.text), (), engine="of next year")

    assert reanalyse(address, noon, progress=progress) == 1
    assert {article.text for article in repository.get_articles()} == {updated_article.text}
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


def test_skipped_article_does_not_block_others(
    repository: Repository, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_REANALYSIS_PAGE_SIZE", 2)
    add_old_analyses(repository, build_articles(7))
    replace_quotes = Repository.replace_quotes
    monkeypatch.setattr(
        Repository,
        "replace_quotes",
        lambda self, article, *a, **k: article.id < "n4" and replace_quotes(self, article, *a, **k),
    )
    assert reanalyse(address, noon) == 4
    assert count_stale_articles(address, get_engine_version()) == 3


def test_concurrent_reanalyses_are_safe(repository: Repository, address: str) -> None:
    add_old_analyses(repository, build_articles(20))
    nested_counts = []

    def progress(finished: int, _all: int) -> None:
        if finished == 5:
            nested_counts.append(reanalyse(address, noon))

    assert reanalyse(address, noon, progress=progress) == 20
    assert nested_counts == [15]
    assert read_quotes(repository) == {article.id: analyse(article).quotes for article in build_articles(20)}
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


READER_SCRIPT = """
import sys
from briefings.storage.maintenance.rebuild import reanalyse
from tests.unit.briefings.storage.conftest import noon
if __name__ == "__main__":
    reanalyse(sys.argv[1], noon, jobs=int(sys.argv[2]), progress=lambda done, _: print(done, flush=True))
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_next_run_completes_a_killed_reanalysis(repository: Repository, address: str, jobs: int) -> None:
    articles = build_articles(60)
    add_old_analyses(repository, articles)
    analyses = {article.id: analyse(article).quotes for article in articles}
    kills = choose((7, 20), (1, 7, 20))
    for finished in kills:
        reader = subprocess.Popen(
            [sys.executable, "-c", READER_SCRIPT, address, str(jobs)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert reader.stdout
        for line in reader.stdout:
            # no reader ever sees an article without quotes
            assert all(
                quotes in (analyses[name], analyses[name][:1]) for name, quotes in read_quotes(repository).items()
            )
            if int(line) == finished:
                break
        os.kill(reader.pid, signal.SIGKILL)
        reader.wait()
        rest = reader.stdout.read()  # reading ends when all worker processes have ended
        reader.stdout.close()
        assert rest is not None
    stale_count = count_stale_articles(address, get_engine_version())
    assert 0 < stale_count <= 60 - sum(kills)
    assert reanalyse(address, noon) == stale_count
    assert read_quotes(repository) == analyses
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
