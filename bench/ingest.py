"""Measure how fast articles from JSON lines and web pages are read, analysed and stored, and the peak memory.

References: for JSON lines, only analysing the same articles; for pages, only trafilatura on the same pages; for a PDF
file, only extracting its text; for unchanged articles, only reading the same lines. Articles have about 350 words. The
peak memory of adding 3,000 articles is compared with that of adding 300.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from subprocess import run
from tempfile import TemporaryDirectory
from textwrap import wrap

from pypdfium2 import PdfDocument
from trafilatura import extract

from bench.figures import Figure
from briefings.article import parse_article
from briefings.attribution.analysis import analyse
from briefings.ingest.reader import read_raw_articles
from briefings.service.sources.ingestion import ingest
from briefings.storage.repository import open_repository
from tests.stand_ins.documents.pdf_writer import place_lines, write_pdf
from tests.support.generated import generate_articles as generated

_ARTICLES, _PAGES = 300, 200
#: number of sentences in an article, and of links in a page's menu
_SENTENCES, _LINKS = 23, 60
#: pages of a PDF file, sentences on a page, and characters in a line
_PDF_PAGES, _PDF_SENTENCES, _PDF_COLUMNS = 100, 40, 85
_PEAK_PROGRAM = (
    "import resource, sys; from bot.cli import main; main(['add', sys.argv[1]]); "
    "print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024)"
)


def measure() -> Iterator[Figure]:
    """Yield articles per CPU second, and then peak memory in megabytes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        lines, pages = _write_lines(folder / "a.jsonl", _ARTICLES), _write_pages(folder / "pages", _PAGES)
        articles = [parse_article(article) for article in read_raw_articles(lines)]
        analyse(articles[0])
        reference_rate = _measure_per_second(_ARTICLES, lambda: [analyse(article) for article in articles])
        yield Figure(
            "ingest.jsonl.added_per_s",
            _measure_per_second(_ARTICLES, lambda: _add_articles(folder, "a.db", lines)),
            reference_rate,
        )
        unchanged_rate = _measure_per_second(_ARTICLES, lambda: _add_articles(folder, "a.db", lines))
        yield Figure(
            "ingest.jsonl.held_per_s",
            unchanged_rate,
            _measure_per_second(_ARTICLES, lambda: list(read_raw_articles(lines, on_error=print))),
        )
        markup = [page.read_bytes() for page in sorted(pages.iterdir())]
        reference_rate = _measure_per_second(_PAGES, lambda: [extract(page, fast=True) for page in markup])
        yield Figure(
            "ingest.html.read_per_s",
            _measure_per_second(_PAGES, lambda: list(read_raw_articles(pages, on_error=print))),
            reference_rate,
        )
        yield Figure(
            "ingest.html.added_per_s",
            _measure_per_second(_PAGES, lambda: _add_articles(folder, "b.db", pages)),
            reference_rate,
        )
        yield _measure_pdf(folder / "report.pdf")
        few_peak, many_peak = (
            _measure_peak_memory(_write_lines(folder / f"{number}.jsonl", number))
            for number in (_ARTICLES, 10 * _ARTICLES)
        )
        yield Figure("ingest.jsonl.peak_mb", many_peak, few_peak)


def _measure_pdf(path: Path) -> Figure:
    """Return the pages per CPU second of reading a PDF file, compared with only extracting its text."""
    articles = generated(_PDF_PAGES, sentences=_PDF_SENTENCES, seed=9)
    lines = [wrap(" ".join(article.text.splitlines()), _PDF_COLUMNS) for article in articles]
    path.write_bytes(write_pdf([place_lines("\n".join(page), y=760) for page in lines]))

    def extract_text() -> None:
        for page in PdfDocument(path):
            page.get_textpage().get_text_range()

    reference_rate = _measure_per_second(_PDF_PAGES, extract_text)
    return Figure(
        "ingest.pdf.pages_per_second",
        _measure_per_second(_PDF_PAGES, lambda: list(read_raw_articles(path, on_error=print))),
        reference_rate,
    )


def _add_articles(folder: Path, name: str, path: Path) -> None:
    with closing(open_repository(f"sqlite:///{folder / name}", lambda: datetime.now(UTC))) as repository:
        for _ in ingest(repository, read_raw_articles(path, on_error=print)):
            pass


def _measure_per_second(number: int, work: Callable[[], object]) -> float:
    started_at = _get_cpu_seconds()
    work()
    return number / (_get_cpu_seconds() - started_at)


def _get_cpu_seconds() -> float:
    """Return the CPU seconds of this process and of its finished child processes."""
    usages = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _measure_peak_memory(lines: Path) -> float:
    """Return the peak memory, in megabytes, of a process that adds these articles to a new database."""
    command = [sys.executable, "-c", _PEAK_PROGRAM, str(lines)]
    environment = {"DATABASE_URL": f"sqlite:///{lines}.db", "PYTHONPATH": str(Path(__file__).parents[1])}
    result = run(command, env=environment, cwd=lines.parent, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return float(result.stdout.split()[-1])


def _write_lines(path: Path, number: int) -> Path:
    objects = (
        {"id": article.id, "text": article.text, "publisher": article.publisher, "published": str(article.published)}
        for article in generated(number, sentences=_SENTENCES)
    )
    path.write_text("\n".join(map(json.dumps, objects)), "utf-8")
    return path


def _write_pages(folder: Path, number: int) -> Path:
    folder.mkdir()
    menu = "".join(f'<li><a href="/{link}">Section {link}</a></li>' for link in range(_LINKS))
    for article in generated(number, sentences=_SENTENCES, seed=8):
        body = "".join(f"<p>{line}</p>\n" for line in article.text.splitlines())
        markup = f"<ul>{menu}</ul><article><h1>{article.title}</h1>{body}</article><ul>{menu}</ul>"
        page = f"<!DOCTYPE html><html><head><title>{article.title}</title></head><body>{markup}</body></html>"
        (folder / f"{article.id}.html").write_text(page, "utf-8")
    return folder
