"""Train all stages in order; each stage learns from the held-out predictions of the earlier stages.

Rule: `_fit_held_out` splits by article number into `FOLDS` folds. A model trained without a fold predicts that fold.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from briefings.attribution.features.document import Document, parse_document, trim_mentions
from briefings.attribution.features.pair_features import Anchors, Pairs, Signals, build_pairs
from briefings.attribution.models import content_tagger, cue_classifier, source_classifier
from briefings.attribution.models.pipeline import Analysis, CalibrationCurve, Models, to_probability
from briefings.attribution.models.reported_speech import (
    ReportedCandidates,
    build_candidates,
    choose_mentions,
    find_cue_heads,
)
from briefings.attribution.models.speaker_ranker import (
    SpeakerRanking,
    build_first_pass,
    build_passage_anchors,
    build_second_pass,
    choose_speakers,
)
from briefings.text.learned_models import AnyArray, BoolArray, FloatArray, IntArray, LinearModel, hash_features
from training import chain, linear, tagger, trees
from training.gold import Attribution, find_right_mentions, read_attributions

FOLDS = 5
CUE_BITS, SOURCE_BITS, CHAIN_BITS = 18, 17, 18
FIT: dict[str, Any] = {"epochs": 5, "rate": 0.05, "batch": 4096}


@dataclass
class Example:
    """One training article on its way through the stages."""

    article: dict[str, Any]
    fold: int
    parsed: Document
    # the results of the stages, in their order
    gold: list[Attribution] = field(default_factory=list)
    cue: FloatArray = field(init=False)
    signals: Signals = field(init=False)
    reported: ReportedCandidates = field(init=False)
    judge_scores: FloatArray = field(init=False)
    speaker_ranking: SpeakerRanking | None = None


Examples = list[Example]
#: arrays of one example, stacked over examples when a model is fitted
Row = tuple[Any, ...]
Rows = dict[int, Row]
Model = TypeVar("Model")


def train(
    articles: list[dict[str, Any]], tags: dict[str, dict[int, str]], log: Callable[[str], None] = print
) -> tuple[Models, dict[str, trees.Arrays], Examples]:
    """Train all models; return them, the splits of the forests, and the examples with held-out predictions."""
    tagged_articles = [tagger.TaggedArticle(article["text"], tags.get(article["id"], {})) for article in articles]
    final_tagger = tagger.train(tagged_articles)
    halves = [tagger.train(tagged_articles[1::2]), tagger.train(tagged_articles[0::2])]
    examples = [
        Example(article, number % FOLDS, parse_document(article["text"], halves[number % 2]))
        for number, article in enumerate(articles)
    ]
    log("tagged")
    cue = _fit_cues(examples)
    for example in examples:
        example.parsed = replace(example.parsed, mentions=trim_mentions(example.parsed, example.cue))
    examples = [example for example in examples if len(example.parsed.mentions)]
    source = _fit_sources(examples)
    log("cues and sources")
    ranker, linear_chain = _fit_reported(examples, log)
    judge = _fit_judge(examples)
    log("judged")
    first, second = _fit_speakers(examples)
    log("passages")
    forests = {"cue_ranker": ranker, "judge": judge, "first": first, "second": second}
    no_curve = CalibrationCurve((0.0, 1.0), (0.0, 1.0))
    models = Models(
        final_tagger,
        cue,
        source,
        ranker.forest,
        linear_chain,
        judge.forest,
        first.forest,
        second.forest,
        no_curve,
        no_curve,
    )
    return models, {name: example.arrays for name, example in forests.items()}, examples


def build_analysis(example: Example) -> Analysis:
    """Return the held-out predictions for a training article. Raises ValueError before they exist."""
    if example.speaker_ranking is None:
        raise ValueError("this article has no held-out predictions yet")
    return Analysis(example.parsed, example.signals, example.reported, example.judge_scores, example.speaker_ranking)


def _fit_held_out(
    examples: Examples, fit: Callable[[Examples], Model], apply: Callable[[Model, Example], None]
) -> Model:
    """The model of all examples; `use(model, one)` is called with a model that never saw the example."""
    for fold in range(FOLDS):
        model = fit([example for example in examples if example.fold != fold])
        for example in examples:
            if example.fold == fold:
                apply(model, example)
    return fit(examples)


def _fit_cues(examples: Examples) -> LinearModel:
    rows = {}
    for example in examples:
        example.gold = read_attributions(example.article, example.parsed)
        label = np.zeros(len(example.parsed.tokens), dtype=np.int64)
        label[[gold.head for gold in example.gold if gold.head is not None]] = 1
        rows[id(example)] = (hash_features(cue_classifier.build_feature_templates(example.parsed), CUE_BITS), label)

    def fit(subset: Examples) -> LinearModel:
        return linear.fit(_stack(rows, subset, 0), _stack(rows, subset, 1), 2, CUE_BITS, **FIT)

    def apply(model: LinearModel, example: Example) -> None:
        example.cue = cue_classifier.score_cues(example.parsed, model)

    return _fit_held_out(examples, fit, apply)


def _fit_sources(examples: Examples) -> LinearModel:
    rows = {}
    for example in examples:
        chars = set().union(*[gold.source_chars for gold in example.gold])
        label = find_right_mentions(example.parsed, chars).astype(np.int64)
        rows[id(example)] = (
            hash_features(source_classifier.build_feature_templates(example.parsed, example.cue), SOURCE_BITS),
            label,
        )

    def fit(subset: Examples) -> LinearModel:
        return linear.fit(_stack(rows, subset, 0), _stack(rows, subset, 1), 2, SOURCE_BITS, **FIT)

    def apply(model: LinearModel, example: Example) -> None:
        example.signals = Signals(
            example.parsed, example.cue, source_classifier.score_sources(example.parsed, example.cue, model)
        )

    return _fit_held_out(examples, fit, apply)


def _fit_reported(examples: Examples, log: Callable[[str], None]) -> tuple[trees.TrainedForest, LinearModel]:
    """Train the ranker of the sources of cues, and the chain for their contents."""
    heads: dict[int, IntArray] = {}
    gold_by_example: dict[int, dict[int, Attribution]] = {}
    rows: Rows = {}
    for example in examples:
        gold_by_head: dict[int, Attribution] = {}
        gold_by_example[id(example)] = gold_by_head
        for gold in example.gold:
            if gold.head is not None:
                gold_by_head.setdefault(gold.head, gold)
        heads[id(example)] = np.array(sorted(gold_by_head), dtype=np.int64)
        rows[id(example)] = _build_cue_rows(example, heads[id(example)], gold_by_head)
    choices = {}

    def fit(subset: Examples) -> trees.TrainedForest:
        return trees.rank(_stack(rows, subset, 0), _stack(rows, subset, 1), _stack(rows, subset, 2), 120)

    def apply(forest: trees.TrainedForest, example: Example) -> None:
        all_heads = np.union1d(heads[id(example)], find_cue_heads(example.parsed, example.cue)).astype(np.int64)
        pairs = build_pairs(example.signals, Anchors(all_heads, all_heads + 1), nearby_only=True)
        mention, _, sure = choose_mentions(forest.scores(pairs.features), pairs.anchor, pairs.mention, len(all_heads))
        choices[id(example)] = (all_heads, mention, sure)

    ranker = _fit_held_out(examples, fit, apply)
    log("cue ranker")
    chains = {
        id(example): _build_chain_rows(
            example, heads[id(example)], gold_by_example[id(example)], *choices[id(example)][:2]
        )
        for example in examples
    }

    def fit_chain(subset: Examples) -> LinearModel:
        lengths = _stack(chains, subset, 2)
        starts = np.cumsum(lengths) - lengths
        return chain.fit(
            _stack(chains, subset, 0), _stack(chains, subset, 1), starts, lengths, CHAIN_BITS, epochs=6, rate=0.1
        )

    def apply_chain(model: LinearModel, example: Example) -> None:
        all_heads, mention, sure = choices[id(example)]
        keep = np.isin(all_heads, find_cue_heads(example.parsed, example.cue))
        example.reported = build_candidates(example.signals, all_heads[keep], mention[keep], sure[keep], model)

    return ranker, _fit_held_out(examples, fit_chain, apply_chain)


def _build_cue_rows(example: Example, heads: IntArray, gold_by_head: dict[int, Attribution]) -> Row:
    """Return features, answers and group sizes of the gold cues with their source among the candidates."""
    pairs = build_pairs(example.signals, Anchors(heads, heads + 1), nearby_only=True)
    right = np.zeros(len(pairs.anchor))
    keep = np.zeros(len(heads), dtype=bool)
    bounds = np.searchsorted(pairs.anchor, np.arange(len(heads) + 1))
    for k, head in enumerate(heads.tolist()):
        rows = slice(bounds[k], bounds[k + 1] - 1)
        if gold_by_head[head].source_chars:
            right[rows] = find_right_mentions(example.parsed, gold_by_head[head].source_chars)[pairs.mention[rows]]
        else:
            right[bounds[k + 1] - 1] = 1
        keep[k] = right[bounds[k] : bounds[k + 1]].any()
    use = keep[pairs.anchor]
    return pairs.features[use], right[use], np.diff(bounds)[keep]


def _build_chain_rows(
    example: Example, heads: IntArray, gold_by_head: dict[int, Attribution], all_heads: IntArray, mention: IntArray
) -> Row:
    rows = content_tagger.build_windows(example.parsed, heads)
    head_mentions = mention[np.searchsorted(all_heads, heads)]
    label = np.zeros(len(rows.token), dtype=np.int64)
    for start, length, head in zip(rows.starts, rows.lengths, heads.tolist(), strict=True):
        part = slice(start, start + length)
        label[part] = np.isin(rows.token[part], gold_by_head[head].content)
    return (
        hash_features(content_tagger.build_feature_templates(example.parsed, heads, head_mentions, rows), CHAIN_BITS),
        label,
        rows.lengths,
    )


def _fit_judge(examples: Examples) -> trees.TrainedForest:
    """Train the classifier that decides which candidates are reported speech."""
    rows = {id(example): (example.reported.features, _find_matches(example)) for example in examples}

    def fit(subset: Examples) -> trees.TrainedForest:
        return trees.classify(_stack(rows, subset, 0), _stack(rows, subset, 1), 200)

    def apply(forest: trees.TrainedForest, example: Example) -> None:
        example.judge_scores = to_probability(forest.scores(example.reported.features))

    return _fit_held_out(examples, fit, apply)


def _find_matches(example: Example) -> AnyArray:
    """Tell for each candidate whether its content overlaps a gold content by at least half of their union."""
    golds = [set(gold.content.tolist()) for gold in example.gold]
    matches = np.zeros(len(example.reported.heads))
    for k, tokens in enumerate(example.reported.tokens):
        candidate_tokens = set(tokens.tolist())
        matches[k] = any(2 * len(candidate_tokens & gold) >= len(candidate_tokens | gold) > 0 for gold in golds)
    return matches


def _fit_speakers(examples: Examples) -> tuple[trees.TrainedForest, trees.TrainedForest]:
    """Train both passes of the ranker that assigns speakers to passages."""
    quoting_examples = [example for example in examples if example.parsed.passages]
    anchors = {id(example): build_passage_anchors(example.parsed) for example in quoting_examples}
    first_pairs = {
        id(example): build_first_pass(example.signals, anchors[id(example)], example.reported, example.judge_scores)
        for example in quoting_examples
    }
    rows = {
        id(example): _build_passage_rows(example, anchors[id(example)], first_pairs[id(example)])
        for example in quoting_examples
    }
    second_pairs = {}

    def apply_first(forest: trees.TrainedForest, example: Example) -> None:
        pairs = first_pairs[id(example)]
        second_pairs[id(example)] = build_second_pass(
            example.parsed, anchors[id(example)], pairs, forest.scores(pairs.features)
        )

    def apply_second(forest: trees.TrainedForest, example: Example) -> None:
        pairs = second_pairs[id(example)]
        example.speaker_ranking = choose_speakers(pairs, forest.scores(pairs.features), len(anchors[id(example)]))

    first = _fit_held_out(
        quoting_examples, lambda part: trees.rank(*_select_groups(rows, part), 240, learning_rate=0.05), apply_first
    )
    rows = {
        id(example): _build_passage_rows(example, anchors[id(example)], second_pairs[id(example)])
        for example in quoting_examples
    }
    second = _fit_held_out(
        quoting_examples, lambda part: trees.rank_ensemble(*_select_groups(rows, part)), apply_second
    )
    for example in examples:
        if example.speaker_ranking is None:
            example.speaker_ranking = choose_speakers(
                build_pairs(example.signals, build_passage_anchors(example.parsed)), np.zeros(0, dtype=np.float32), 0
            )
    return first, second


def _build_passage_rows(example: Example, anchors: Anchors, pairs: Pairs) -> Row:
    """Return features, answers, group sizes, and a mask of the passages with their answer among the candidates."""
    right, usable = find_right_rows(example, anchors, pairs)
    return pairs.features, right, np.bincount(pairs.anchor, minlength=len(anchors)), usable


def _select_groups(rows: Rows, part: Examples) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the training data of a ranker: the passages with an answer."""
    sizes, usable = _stack(rows, part, 2), _stack(rows, part, 3)
    use = np.repeat(usable, sizes)
    return _stack(rows, part, 0)[use], _stack(rows, part, 1)[use], sizes[usable]


def find_right_rows(example: Example, anchors: Anchors, pairs: Pairs) -> tuple[AnyArray, BoolArray]:
    """Return 1 for each row whose mention is right, and which passages have a right row."""
    right = np.zeros(len(pairs.anchor))
    usable = np.zeros(len(anchors), dtype=bool)
    bounds = np.searchsorted(pairs.anchor, np.arange(len(anchors) + 1))
    for k, passage in enumerate(example.parsed.passages):
        gold = find_gold(example.gold, passage.inner.start, passage.inner.end)
        if gold is not None and gold.source_chars:
            rows = slice(bounds[k], bounds[k + 1] - 1)
            right[rows] = find_right_mentions(example.parsed, gold.source_chars)[pairs.mention[rows]]
        else:
            right[bounds[k + 1] - 1] = 1
        usable[k] = right[bounds[k] : bounds[k + 1]].any()
    return right, usable


def find_gold(golds: list[Attribution], start: int, end: int) -> Attribution | None:
    """Return the gold attribution that contains at least half of a passage, as in the scorer, or None."""
    span = frozenset(range(start, end))
    best = max(golds, key=lambda gold: len(gold.content_chars & span), default=None)
    return best if best is not None and 2 * len(best.content_chars & span) >= len(span) else None


def _stack(rows: Rows, examples: Examples, column: int) -> AnyArray:
    return np.concatenate([rows[id(example)][column] for example in examples if id(example) in rows])
