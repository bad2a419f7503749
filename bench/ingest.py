"""How fast articles are added: JSON lines and pages, read, analysed and recorded, beside what cannot be done without.

Rivals: for JSON lines, analysing the same articles and nothing else; for pages, trafilatura alone on the same pages;
for what is held already, reading the same lines and nothing else. Articles have some 350 words.
Memory is that of a process that adds ten times as many articles, beside one that adds the fewer.
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

from trafilatura import extract

from bench.figures import Figure
from briefings.article import parse_article
from briefings.attribution.analysis import analyse
from briefings.ingest.reader import read_raw_articles
from briefings.service.ingestion import ingest
from briefings.storage.repository import open_repository
from tests.support.generated import articles as generated

_ARTICLES, _PAGES = 300, 200
#: sentences of an article, and links of a page's menu
_SENTENCES, _LINKS = 23, 60
_PEAK = (
    "import resource, sys; from bot.cli import main; main(['add', sys.argv[1]]); "
    "print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024)"
)


def measure() -> Iterator[Figure]:
    """Articles a second of one core's time, whatever else the machine does; then megabytes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        lines, pages = _lines(folder / "a.jsonl", _ARTICLES), _pages(folder / "pages", _PAGES)
        articles = [parse_article(article) for article in read_raw_articles(lines)]
        analyse(articles[0])
        alone = _per_second(_ARTICLES, lambda: [analyse(article) for article in articles])
        yield Figure("ingest.jsonl.added_per_s", _per_second(_ARTICLES, lambda: _add(folder, "a.db", lines)), alone)
        again = _per_second(_ARTICLES, lambda: _add(folder, "a.db", lines))
        yield Figure(
            "ingest.jsonl.held_per_s",
            again,
            _per_second(_ARTICLES, lambda: list(read_raw_articles(lines, on_error=print))),
        )
        markup = [page.read_bytes() for page in sorted(pages.iterdir())]
        alone = _per_second(_PAGES, lambda: [extract(page, fast=True) for page in markup])
        yield Figure(
            "ingest.html.read_per_s", _per_second(_PAGES, lambda: list(read_raw_articles(pages, on_error=print))), alone
        )
        yield Figure("ingest.html.added_per_s", _per_second(_PAGES, lambda: _add(folder, "b.db", pages)), alone)
        few, many = (_peak(_lines(folder / f"{number}.jsonl", number)) for number in (_ARTICLES, 10 * _ARTICLES))
        yield Figure("ingest.jsonl.peak_mb", many, few)


def _add(folder: Path, name: str, path: Path) -> None:
    with closing(open_repository(f"sqlite:///{folder / name}", lambda: datetime.now(UTC))) as record:
        for _ in ingest(record, read_raw_articles(path, on_error=print)):
            pass


def _per_second(number: int, work: Callable[[], object]) -> float:
    begun = _busy()
    work()
    return number / (_busy() - begun)


def _busy() -> float:
    """Seconds that processors have worked for this process and for its children that have ended."""
    spent = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _peak(lines: Path) -> float:
    """Megabytes that a process holds at most that adds these articles to a record of its own."""
    command = [sys.executable, "-c", _PEAK, str(lines)]
    environment = {"DATABASE_URL": f"sqlite:///{lines}.db", "PYTHONPATH": str(Path(__file__).parents[1])}
    done = run(command, env=environment, cwd=lines.parent, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return float(done.stdout.split()[-1])


def _lines(path: Path, number: int) -> Path:
    told = (
        {"id": article.id, "text": article.text, "publisher": article.publisher, "published": str(article.published)}
        for article in generated(number, sentences=_SENTENCES)
    )
    path.write_text("\n".join(map(json.dumps, told)), "utf-8")
    return path


def _pages(folder: Path, number: int) -> Path:
    folder.mkdir()
    menu = "".join(f'<li><a href="/{link}">Section {link}</a></li>' for link in range(_LINKS))
    for article in generated(number, sentences=_SENTENCES, seed=8):
        body = "".join(f"<p>{line}</p>\n" for line in article.text.splitlines())
        markup = f"<ul>{menu}</ul><article><h1>{article.title}</h1>{body}</article><ul>{menu}</ul>"
        page = f"<!DOCTYPE html><html><head><title>{article.title}</title></head><body>{markup}</body></html>"
        (folder / f"{article.id}.html").write_text(page, "utf-8")
    return folder
