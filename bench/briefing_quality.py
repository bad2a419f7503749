"""How good what briefings are made of is, and how fast, beside libraries that do the same, in the same run.

Rivals: lead, sumy's LexRank and summa's TextRank for summaries; for stories, every article a story of its own; for
days, counting every resolved mention. Needs the extra `bench` (sumy, summa, rouge-score) and the sets in ../shared;
what is missing is said and left out.
Rule: all get the same articles and the same words, and are scored by the sets' own scorer.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Protocol, cast

from bench.figures import Figure
from briefings.article import parse_article
from briefings.ingest.topics_file import read_evaluation_articles
from briefings.model import Article
from briefings.stories import cluster_articles
from briefings.stories.salient_days import rank_days
from briefings.stories.summarizer import summarise
from briefings.text.dates import find_day_expressions, resolve_day
from briefings.text.sentences import split_sentences

SHARED = Path(__file__).parents[2] / "shared"
#: set, its name in figures, words of a summary
_SUMMARIES = (("multiling-dev", "multiling", 250), ("neus-dev", "neus", 65))
_STORIES = (("basil-dev", "basil"), ("ecbplus-dev", "ecbplus"))
Lines = list[str]
Row = dict[str, Any]
Summariser = Callable[[list[Article], int], Lines]


class Scorer(Protocol):
    """What is used of ../shared/summaries/score.py."""

    def rouge(self, refs: list[str], text: str) -> list[float]:
        """ROUGE-1, 2 and L F1, averaged over the references."""

    def fill(self, lines: Lines, budget: int) -> str:
        """The lines that fit, in order."""

    def lead(self, docs: list[Row], budget: int) -> str:
        """The documents' sentences, round-robin."""


class Rated(Protocol):
    """A sentence as sumy rates it."""

    sentence: object


def measure() -> Iterator[Figure]:
    """ROUGE-2 of the summaries over each rival's and documents a CPU second; B-cubed F1 of stories; F1 of days."""
    if not SHARED.is_dir():
        sys.stderr.write("bench: the sets to measure on are not in ../shared\n")
        return
    yield from _summary_figures()
    for name, short in _STORIES:
        yield _story_figure(SHARED / "topics" / f"{name}.jsonl", short)
    yield _timeline_figure(SHARED / "timelines")


def _summary_figures() -> Iterator[Figure]:
    try:
        scorer, lexrank, textrank = _scorer(), _lexrank(), _textrank()
    except ImportError as missing:
        sys.stderr.write(f"bench: summaries need the extra bench ({missing.name}): pip install '.[bench]'\n")
        return
    rivals = {"lead": _lead(scorer), "lexrank": lexrank, "textrank": textrank}
    for name, short, words in _SUMMARIES:
        topics = _read(SHARED / "summaries" / f"{name}.jsonl")
        ours, ours_per_s = _scored(_summary, topics, words, scorer)
        for rival, how in rivals.items():
            theirs, theirs_per_s = _scored(how, topics, words, scorer)
            yield Figure(f"briefing.{short}.rouge2_of_{rival}", ours / theirs, 1.0)
            yield Figure(f"briefing.{short}.beside_{rival}.documents_per_cpu_s", ours_per_s, theirs_per_s)


def _scored(how: Summariser, topics: Sequence[Row], words: int, scorer: Scorer) -> tuple[float, float]:
    """Mean ROUGE-2 F1 over topics, and documents summarised a CPU second."""
    total = spent = 0.0
    for topic in topics:
        articles = [Article(id=d["id"], text=d["text"], title=d["title"]) for d in topic["docs"]]
        begun = time.process_time()
        lines = how(articles, words)
        spent += time.process_time() - begun
        text = scorer.fill([line.replace("\n", " ") for line in lines], words)
        total += scorer.rouge(topic["references"], text)[1]
    return total / len(topics), sum(len(topic["docs"]) for topic in topics) / spent


def _summary(articles: list[Article], words: int) -> Lines:
    return [excerpt.text for excerpt in summarise(map(parse_article, articles), words)]


def _lead(scorer: Scorer) -> Summariser:
    """The scorer's own baseline."""
    return lambda articles, words: scorer.lead([{"text": article.text} for article in articles], words).split("\n")


def _lexrank() -> Summariser:
    """LexRank of sumy over our sentences, best first; its own tokenizer would fetch data from the network."""
    summariser = import_module("sumy.summarizers.lex_rank").LexRankSummarizer()
    dom = import_module("sumy.models.dom")

    def rank(articles: list[Article], words: int) -> Lines:
        del words  # the scorer cuts what does not fit
        texts = [[dom.Sentence(span.of(a.text), _Tokenizer()) for span in split_sentences(a.text)] for a in articles]
        best: Lines = []

        def all_of_them(rated: Sequence[Rated]) -> Sequence[Rated]:
            best.extend(str(one.sentence) for one in rated)
            return rated

        summariser(dom.ObjectDocumentModel(list(map(dom.Paragraph, texts))), all_of_them)
        return best

    return rank


def _textrank() -> Summariser:
    """TextRank of summa, as its documentation uses it."""
    summarizer = import_module("summa.summarizer")
    return lambda articles, words: list(
        summarizer.summarize("\n".join(a.text for a in articles), words=words, split=True)
    )


class _Tokenizer:
    """What sumy asks of a tokenizer."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """The words of a sentence."""
        return tuple(word for word in sentence.lower().split() if word.isalpha())


def _story_figure(path: Path, short: str) -> Figure:
    articles = list(read_evaluation_articles(path))
    gold = [row["event"] for row in _read(path)]
    return Figure(
        f"briefing.stories.{short}.bcubed_f1",
        _bcubed(gold, cluster_articles(articles)),
        _bcubed(gold, range(len(gold))),
    )


def _bcubed(gold: Sequence[object], found: Sequence[object]) -> float:
    """B-cubed F1 (Bagga and Baldwin 1998)."""
    both, wanted, got = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    precision = sum(n * n / got[f] for (_, f), n in both.items()) / len(gold)
    recall = sum(n * n / wanted[g] for (g, _), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def _timeline_figure(folder: Path) -> Figure:
    ours, counted = [], []
    for row in _read(folder / "timelines.jsonl"):
        articles = [parse_article(article) for article in read_evaluation_articles(folder / f"{row['topic']}.jsonl.gz")]
        for human in row["timelines"]:
            wanted = sorted({day[:10] for day, _ in human})
            ours.append(_day_f1(wanted, (day.isoformat() for day in rank_days(articles))))
            counted.append(_day_f1(wanted, _by_mentions(articles)))
    return Figure("briefing.timelines.date_f1", sum(ours) / len(ours), sum(counted) / len(counted))


def _by_mentions(articles: Iterable[Article]) -> list[str]:
    days = Counter(
        d
        for a in articles
        for words in find_day_expressions(a.text)
        if (d := resolve_day(words, a.published)) is not None
    )
    return [day.isoformat() for day in sorted(days, key=lambda day: (-days[day], day))]


def _day_f1(wanted: Sequence[str], days: Iterable[str]) -> float:
    picked = [day for day in days if wanted[0] <= day <= wanted[-1]][: len(wanted)]
    return 2 * len({*picked} & {*wanted}) / (len(picked) + len(wanted))


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _scorer() -> Scorer:
    """The summaries' own scorer, as a module. Raises ImportError without rouge-score."""
    path = SHARED / "summaries" / "score.py"
    spec = spec_from_file_location("summaries_score", path)
    if spec is None or spec.loader is None:
        raise ImportError("no scorer", name=str(path))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Scorer", module)
