"""The benchmark of the pages runs at any size, and prints what it promises."""

from collections.abc import Iterator

import pytest
import structlog

from bench import web


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.browser
def test_it_runs_at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure of the article page; the story's where there is such a page; the paint where there is a browser."""
    monkeypatch.setenv("BENCH_QUOTES", "100")
    monkeypatch.setattr(web, "_PAGES", 5)
    monkeypatch.setattr(web, "_ROUNDS", 1)
    names = [str(figure).split()[0] for figure in web.measure()]
    for name in ("article.p50_ms", "article.p99_ms", "article_of_story.p99_ms", "article.page_kb"):
        assert f"web.{name}" in names
