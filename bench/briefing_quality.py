"""Measure the quality and speed of the parts of a briefing, compared with libraries for the same tasks.

References: lead, sumy's LexRank and summa's TextRank for summaries; one story per article for stories; counting every
resolved mention for days. It needs the extra `bench` (sumy, summa, rouge-score) and the evaluation sets in ../shared.
Missing parts are reported and skipped.
Rule: all methods get the same articles and number of words, and the scorer of the evaluation set rates them.
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
from briefings.ingest.records.evaluation_sets import read_evaluation_articles
from briefings.model import Article
from briefings.stories import cluster_articles
from briefings.stories.salient_days import rank_days
from briefings.stories.summarizer import summarise
from briefings.text.dates import find_day_expressions, resolve_day
from briefings.text.sentences import split_sentences

SHARED = Path(__file__).parents[2] / "shared"
#: evaluation set, its name in figures, and number of words in a summary
_SUMMARIES = (("multiling-dev", "multiling", 250), ("neus-dev", "neus", 65))
_STORIES = (("basil-dev", "basil"), ("ecbplus-dev", "ecbplus"))
Lines = list[str]
Row = dict[str, Any]
Summariser = Callable[[list[Article], int], Lines]


class Scorer(Protocol):
    """The functions we use from ../shared/summaries/score.py."""

    def rouge(self, refs: list[str], text: str) -> list[float]:
        """Return the F1 of ROUGE-1, ROUGE-2 and ROUGE-L, averaged over the references."""

    def fill(self, lines: Lines, budget: int) -> str:
        """Join the lines that fit into a budget of words, in order."""

    def lead(self, docs: list[Row], budget: int) -> str:
        """Join the first sentences of the documents, round-robin."""


class RatedSentence(Protocol):
    """A sentence with sumy's rating."""

    sentence: object


def measure() -> Iterator[Figure]:
    """Yield the figures of summaries, stories and days.

    These are ROUGE-2 relative to each reference, documents per CPU second, B-cubed F1 of stories, and F1 of days.
    """
    if not SHARED.is_dir():
        sys.stderr.write("bench: the evaluation sets are missing from ../shared\n")
        return
    yield from _measure_summaries()
    for name, short in _STORIES:
        yield _measure_stories(SHARED / "topics" / f"{name}.jsonl", short)
    yield _measure_timelines(SHARED / "timelines")


def _measure_summaries() -> Iterator[Figure]:
    try:
        scorer, lexrank, textrank = _load_scorer(), _create_lexrank(), _create_textrank()
    except ImportError as error:
        sys.stderr.write(f"bench: summaries need the extra bench ({error.name}): pip install '.[bench]'\n")
        return
    rivals = {"lead": _create_lead(scorer), "lexrank": lexrank, "textrank": textrank}
    for name, short, words in _SUMMARIES:
        topics = _read_rows(SHARED / "summaries" / f"{name}.jsonl")
        our_score, ours_per_s = _score_summaries(_summarise_articles, topics, words, scorer)
        for rival, summarise_topic in rivals.items():
            rival_score, theirs_per_s = _score_summaries(summarise_topic, topics, words, scorer)
            yield Figure(f"briefing.{short}.rouge2_of_{rival}", our_score / rival_score, 1.0)
            yield Figure(f"briefing.{short}.beside_{rival}.documents_per_cpu_s", ours_per_s, theirs_per_s)


def _score_summaries(
    summarise_topic: Summariser, topics: Sequence[Row], words: int, scorer: Scorer
) -> tuple[float, float]:
    """Return the mean ROUGE-2 F1 over topics, and the documents summarised per CPU second."""
    total = cpu_seconds = 0.0
    for topic in topics:
        articles = [
            Article(id=document["id"], text=document["text"], title=document["title"]) for document in topic["docs"]
        ]
        started_at = time.process_time()
        lines = summarise_topic(articles, words)
        cpu_seconds += time.process_time() - started_at
        text = scorer.fill([line.replace("\n", " ") for line in lines], words)
        total += scorer.rouge(topic["references"], text)[1]
    return total / len(topics), sum(len(topic["docs"]) for topic in topics) / cpu_seconds


def _summarise_articles(articles: list[Article], words: int) -> Lines:
    return [excerpt.text for excerpt in summarise(map(parse_article, articles), words)]


def _create_lead(scorer: Scorer) -> Summariser:
    """Return the baseline of the scorer."""
    return lambda articles, words: scorer.lead([{"text": article.text} for article in articles], words).split("\n")


def _create_lexrank() -> Summariser:
    """Return sumy's LexRank over our sentences, best first, because sumy's tokenizer downloads data."""
    summariser = import_module("sumy.summarizers.lex_rank").LexRankSummarizer()
    dom = import_module("sumy.models.dom")

    def rank(articles: list[Article], words: int) -> Lines:
        del words  # the scorer drops the lines that do not fit
        texts = [
            [dom.Sentence(span.of(article.text), _Tokenizer()) for span in split_sentences(article.text)]
            for article in articles
        ]
        ranked_lines: Lines = []

        def collect_all(rated_sentences: Sequence[RatedSentence]) -> Sequence[RatedSentence]:
            ranked_lines.extend(str(rated_sentence.sentence) for rated_sentence in rated_sentences)
            return rated_sentences

        summariser(dom.ObjectDocumentModel(list(map(dom.Paragraph, texts))), collect_all)
        return ranked_lines

    return rank


def _create_textrank() -> Summariser:
    """Return summa's TextRank, used as in its documentation."""
    summarizer = import_module("summa.summarizer")
    return lambda articles, words: list(
        summarizer.summarize("\n".join(article.text for article in articles), words=words, split=True)
    )


class _Tokenizer:
    """The tokenizer interface of sumy."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the lower-case words of a sentence."""
        return tuple(word for word in sentence.lower().split() if word.isalpha())


def _measure_stories(path: Path, short: str) -> Figure:
    articles = list(read_evaluation_articles(path))
    gold = [row["event"] for row in _read_rows(path)]
    return Figure(
        f"briefing.stories.{short}.bcubed_f1",
        _compute_bcubed(gold, cluster_articles(articles)),
        _compute_bcubed(gold, range(len(gold))),
    )


def _compute_bcubed(gold: Sequence[object], clusters: Sequence[object]) -> float:
    """Return the B-cubed F1 (Bagga and Baldwin 1998)."""
    pair_sizes, gold_sizes, cluster_sizes = Counter(zip(gold, clusters, strict=True)), Counter(gold), Counter(clusters)
    precision = sum(n * n / cluster_sizes[f] for (_, f), n in pair_sizes.items()) / len(gold)
    recall = sum(n * n / gold_sizes[g] for (g, _), n in pair_sizes.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def _measure_timelines(folder: Path) -> Figure:
    our_scores, baseline_scores = [], []
    for row in _read_rows(folder / "timelines.jsonl"):
        articles = [parse_article(article) for article in read_evaluation_articles(folder / f"{row['topic']}.jsonl.gz")]
        for timeline in row["timelines"]:
            gold_days = sorted({day[:10] for day, _ in timeline})
            our_scores.append(_compute_day_f1(gold_days, (day.isoformat() for day in rank_days(articles))))
            baseline_scores.append(_compute_day_f1(gold_days, _rank_by_mentions(articles)))
    return Figure(
        "briefing.timelines.date_f1", sum(our_scores) / len(our_scores), sum(baseline_scores) / len(baseline_scores)
    )


def _rank_by_mentions(articles: Iterable[Article]) -> list[str]:
    days = Counter(
        day
        for article in articles
        for words in find_day_expressions(article.text)
        if (day := resolve_day(words, article.published)) is not None
    )
    return [day.isoformat() for day in sorted(days, key=lambda day: (-days[day], day))]


def _compute_day_f1(gold_days: Sequence[str], days: Iterable[str]) -> float:
    selected_days = [day for day in days if gold_days[0] <= day <= gold_days[-1]][: len(gold_days)]
    return 2 * len({*selected_days} & {*gold_days}) / (len(selected_days) + len(gold_days))


def _read_rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _load_scorer() -> Scorer:
    """Import the scorer of the summary set. Raises ImportError without rouge-score."""
    path = SHARED / "summaries" / "score.py"
    spec = spec_from_file_location("summaries_score", path)
    if spec is None or spec.loader is None:
        raise ImportError("scorer not found", name=str(path))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Scorer", module)
