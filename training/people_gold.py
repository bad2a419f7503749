"""Read who said each passage: single articles of many outlets, and stories that an editor annotated.

Rule: an answer is right by the definitions of `speakers.py` in the stories' folder: the same surname and a first name
that fits, or for an unnamed source half of the description's words.
"""

import gzip
import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefings.article import parse_article
from briefings.ingest import read_raw_articles
from briefings.model import Article

_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sir",
        "dame",
        "lord",
        "lady",
        "sen",
        "rep",
        "rev",
        "gov",
        "gen",
        "prof",
        "president",
        "senator",
        "congressman",
        "congresswoman",
        "representative",
        "governor",
        "general",
        "secretary",
        "attorney",
        "mayor",
        "judge",
        "justice",
        "the",
        "pope",
        "king",
        "queen",
        "prince",
        "jr",
        "sr",
    ]
)
#: who said the passages of `unlabelled.jsonl.gz`, annotated by reading; offsets and names only
ANNOTATIONS = Path(__file__).parent / "annotations" / "speakers.jsonl"
#: short invented texts of rare kinds, with who says each passage
INVENTED = Path(__file__).parent / "annotations" / "invented.jsonl"
#: the least words of a passage that is taken from PolNeAR as that of no speaker
MIN_WORDS = 4
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{1,3000})[”\"]")


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article and its passages. Articles of one `group` (a story) are always in one fold."""

    group: str
    #: "single", "story", "read" (annotated in this project), "invented" or "polnear"
    origin: str
    article: Article
    passages: list[dict[str, Any]]


def read_gold(folder: Path, stories: Path) -> list[GoldArticle]:
    """Return all annotated articles: the single ones of PolNeAR's folder, the stories, ours, and PolNeAR's own."""
    return [
        *_read_single_articles(folder / "outside.jsonl"),
        *_read_stories(stories),
        *_read_annotations(stories.parent / "unlabelled.jsonl.gz"),
        *_read_invented(),
        *_read_polnear(folder),
    ]


def is_right(name: str, passage: dict[str, Any], *, is_description: bool) -> bool:
    """Whether `name` is the speaker of a passage."""
    if passage.get("none"):
        return False
    if not passage.get("speaker"):
        return _share_words(name, f"{passage['described']} {passage.get('mention') or ''}")
    if any(_is_same_person(name, other) for other in [passage["speaker"], *passage.get("aliases", [])]):
        return True
    words = " ".join(_normalise(name))
    return not is_description and bool(words) and words in " ".join(_normalise(passage["speaker"]))


def _read_single_articles(path: Path) -> Iterator[GoldArticle]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    passages = {record["id"]: record["passages"] for record in records}
    for raw in read_raw_articles(path):
        yield GoldArticle(raw.id, "single", parse_article(raw), passages[raw.id])


def _read_stories(folder: Path) -> Iterator[GoldArticle]:
    for story in sorted(path for path in folder.iterdir() if (path / "speakers.jsonl").exists()):
        speakers = {row["n"]: row for row in map(json.loads, (story / "speakers.jsonl").open(encoding="utf-8"))}
        passages: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in map(json.loads, (story / "passages.jsonl").open(encoding="utf-8")):
            passages[row["article"]].append(row | speakers[row["n"]])
        for raw in read_raw_articles(story / "articles.jsonl"):
            yield GoldArticle(story.name, "story", parse_article(raw), passages[raw.id])


def _read_annotations(path: Path) -> Iterator[GoldArticle]:
    """Yield the stories' articles that this project annotated. A text that changed since is left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = {record["id"]: record for record in map(json.loads, lines)}
    for row in map(json.loads, ANNOTATIONS.read_text(encoding="utf-8").splitlines()):
        record = records.get(row["id"])
        if record and hashlib.sha256(record["text"].encode()).hexdigest().startswith(row["sha256"]):
            article = Article(record["id"], record["text"], record["publisher"], title=record["title"])
            yield GoldArticle(f"read-{row['story']}", "read", parse_article(article), row["passages"])


def _read_invented() -> Iterator[GoldArticle]:
    """Yield the short texts that this project made up for kinds that are rare in the other articles."""
    for number, row in enumerate(map(json.loads, INVENTED.read_text(encoding="utf-8").splitlines())):
        name = f"invented-{number}"
        yield GoldArticle(name, "invented", parse_article(Article(name, row["text"])), row["passages"])


def _read_polnear(folder: Path) -> Iterator[GoldArticle]:
    """Yield the development articles: passages with a known speaker, and those without an attribution."""
    passages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in map(json.loads, (folder / "polnear-dev-speakers.jsonl").open(encoding="utf-8")):
        passages[row["id"]].append(row)
    for record in map(json.loads, (folder / "polnear-dev.jsonl").open(encoding="utf-8")):
        attributed = [span for row in record["attributions"] for span in row["content"]]
        nobody = [
            {"start": start, "end": end, "none": True}
            for start, end in (match.span(1) for match in _QUOTED.finditer(record["text"]))
            if len(record["text"][start:end].split()) >= MIN_WORDS
            and all(e <= start or s >= end for s, e in attributed)
        ]
        article = Article(record["id"], record["text"])
        yield GoldArticle(record["id"], "polnear", article, [*passages[record["id"]], *nobody])


def _normalise(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    words = [word.removesuffix("'s") for word in re.findall(r"[a-z]+(?:['-][a-z]+)*", plain)]
    return [word for word in words if word not in _TITLES]


def _is_same_person(name: str, other: str) -> bool:
    x, y = _normalise(name), _normalise(other)
    if not x or not y or x == y:
        return bool(x) and x == y
    if len(x) == 1 or len(y) == 1:
        return x[-1] == y[-1] and len(x) + len(y) == 3
    is_initial = min(len(x[0]), len(y[0])) == 1 and x[0][0] == y[0][0]
    return x[-1] == y[-1] and (x[0] == y[0] or x[0][:3] == y[0][:3] or is_initial)


def _share_words(name: str, other: str) -> bool:
    x, y = set(_normalise(name)), set(_normalise(other))
    return bool(x & y) and len(x & y) >= min(len(x), len(y)) / 2
