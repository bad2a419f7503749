"""The benchmark of the web pages runs at any size and yields its figures."""

from collections.abc import Iterator

import pytest
import structlog

from bench import paint, web


@pytest.fixture(autouse=True)
def _reset_logging() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.browser
def test_benchmark_runs_at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures of the article page are always present; the others need a story page or a browser."""
    monkeypatch.setenv("BENCH_QUOTES", "100")
    monkeypatch.setattr(web, "_PAGE_COUNT", 5)
    monkeypatch.setattr(web, "_ROUNDS", 1)
    monkeypatch.setattr(web, "_SAMPLE_SIZE", 100)
    monkeypatch.setattr(paint, "_LOADS", 2)
    names = [str(figure).split()[0] for figure in web.measure()]
    for name in ("article.p50_ms", "article.p99_ms", "article_of_story.p99_ms", "article.page_kb"):
        assert f"web.{name}" in names
