"""Fits every stage in order. Each stage learns from what the stages before it say of articles they were not fitted on.

Rule: `folds` parts by article number; `held_out` fits a model without each part and lets it speak for that part alone.
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
from training.gold import Attribution, attributions, right_mentions

FOLDS = 5
CUE_BITS, SOURCE_BITS, CHAIN_BITS = 18, 17, 18
FIT: dict[str, Any] = {"epochs": 5, "rate": 0.05, "batch": 4096}


@dataclass
class Example:
    """One training article on its way through the stages."""

    article: dict[str, Any]
    fold: int
    parsed: Document
    # what the stages leave, in their order
    gold: list[Attribution] = field(default_factory=list)
    cue: FloatArray = field(init=False)
    signals: Signals = field(init=False)
    reported: ReportedCandidates = field(init=False)
    held: FloatArray = field(init=False)
    spoken: SpeakerRanking | None = None


Examples = list[Example]
#: arrays of one example, stacked over examples when a model is fitted
Row = tuple[Any, ...]
Rows = dict[int, Row]
Model = TypeVar("Model")


def train(
    articles: list[dict[str, Any]], tags: dict[str, dict[int, str]], log: Callable[[str], None] = print
) -> tuple[Models, dict[str, trees.Arrays], Examples]:
    """The models, and the examples with what the held-out models say of them."""
    tagged = [tagger.Tagged(article["text"], tags.get(article["id"], {})) for article in articles]
    final_tagger = tagger.train(tagged)
    halves = [tagger.train(tagged[1::2]), tagger.train(tagged[0::2])]
    examples = [
        Example(article, number % FOLDS, parse_document(article["text"], halves[number % 2]))
        for number, article in enumerate(articles)
    ]
    log("tagged")
    cue = _cues(examples)
    for one in examples:
        one.parsed = replace(one.parsed, mentions=trim_mentions(one.parsed, one.cue))
    examples = [one for one in examples if len(one.parsed.mentions)]
    source = _sources(examples)
    log("cues and sources")
    ranker, linear_chain = _reported(examples, log)
    judge = _judge(examples)
    log("judged")
    first, second = _spoken(examples)
    log("passages")
    grown = {"cue_ranker": ranker, "judge": judge, "first": first, "second": second}
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
    return models, {name: one.arrays for name, one in grown.items()}, examples


def analysis(one: Example) -> Analysis:
    """What the held-out models say of a training article; ValueError before they have been asked."""
    if one.spoken is None:
        raise ValueError("no held-out model has read this article")
    return Analysis(one.parsed, one.signals, one.reported, one.held, one.spoken)


def _held_out(examples: Examples, fit: Callable[[Examples], Model], use: Callable[[Model, Example], None]) -> Model:
    """The model of all examples; `use(model, one)` is called with a model that never saw the example."""
    for fold in range(FOLDS):
        model = fit([one for one in examples if one.fold != fold])
        for one in examples:
            if one.fold == fold:
                use(model, one)
    return fit(examples)


def _cues(examples: Examples) -> LinearModel:
    rows = {}
    for one in examples:
        one.gold = attributions(one.article, one.parsed)
        label = np.zeros(len(one.parsed.tokens), dtype=np.int64)
        label[[gold.head for gold in one.gold if gold.head is not None]] = 1
        rows[id(one)] = (hash_features(cue_classifier.build_feature_templates(one.parsed), CUE_BITS), label)

    def fit(some: Examples) -> LinearModel:
        return linear.fit(_stack(rows, some, 0), _stack(rows, some, 1), 2, CUE_BITS, **FIT)

    def use(model: LinearModel, one: Example) -> None:
        one.cue = cue_classifier.score_cues(one.parsed, model)

    return _held_out(examples, fit, use)


def _sources(examples: Examples) -> LinearModel:
    rows = {}
    for one in examples:
        chars = set().union(*[gold.source_chars for gold in one.gold])
        label = right_mentions(one.parsed, chars).astype(np.int64)
        rows[id(one)] = (
            hash_features(source_classifier.build_feature_templates(one.parsed, one.cue), SOURCE_BITS),
            label,
        )

    def fit(some: Examples) -> LinearModel:
        return linear.fit(_stack(rows, some, 0), _stack(rows, some, 1), 2, SOURCE_BITS, **FIT)

    def use(model: LinearModel, one: Example) -> None:
        one.signals = Signals(one.parsed, one.cue, source_classifier.score_sources(one.parsed, one.cue, model))

    return _held_out(examples, fit, use)


def _reported(examples: Examples, log: Callable[[str], None]) -> tuple[trees.Grown, LinearModel]:
    """The ranker of cues' sources, and the chain of their contents."""
    heads: dict[int, IntArray] = {}
    by_head: dict[int, dict[int, Attribution]] = {}
    rows: Rows = {}
    for one in examples:
        known: dict[int, Attribution] = {}
        by_head[id(one)] = known
        for gold in one.gold:
            if gold.head is not None:
                known.setdefault(gold.head, gold)
        heads[id(one)] = np.array(sorted(known), dtype=np.int64)
        rows[id(one)] = _ranked_cues(one, heads[id(one)], known)
    picked = {}

    def fit(some: Examples) -> trees.Grown:
        return trees.rank(_stack(rows, some, 0), _stack(rows, some, 1), _stack(rows, some, 2), 120)

    def use(forest: trees.Grown, one: Example) -> None:
        every = np.union1d(heads[id(one)], find_cue_heads(one.parsed, one.cue)).astype(np.int64)
        found = build_pairs(one.signals, Anchors(every, every + 1), nearby_only=True)
        mention, _, sure = choose_mentions(forest.scores(found.features), found.anchor, found.mention, len(every))
        picked[id(one)] = (every, mention, sure)

    ranker = _held_out(examples, fit, use)
    log("cue ranker")
    chains = {id(one): _chain_rows(one, heads[id(one)], by_head[id(one)], *picked[id(one)][:2]) for one in examples}

    def fit_chain(some: Examples) -> LinearModel:
        lengths = _stack(chains, some, 2)
        starts = np.cumsum(lengths) - lengths
        return chain.fit(
            _stack(chains, some, 0), _stack(chains, some, 1), starts, lengths, CHAIN_BITS, epochs=6, rate=0.1
        )

    def use_chain(model: LinearModel, one: Example) -> None:
        every, mention, sure = picked[id(one)]
        keep = np.isin(every, find_cue_heads(one.parsed, one.cue))
        one.reported = build_candidates(one.signals, every[keep], mention[keep], sure[keep], model)

    return ranker, _held_out(examples, fit_chain, use_chain)


def _ranked_cues(one: Example, heads: IntArray, known: dict[int, Attribution]) -> Row:
    """Features, answers and group sizes of the gold cues whose source is among the candidates."""
    found = build_pairs(one.signals, Anchors(heads, heads + 1), nearby_only=True)
    right = np.zeros(len(found.anchor))
    keep = np.zeros(len(heads), dtype=bool)
    bounds = np.searchsorted(found.anchor, np.arange(len(heads) + 1))
    for k, head in enumerate(heads.tolist()):
        rows = slice(bounds[k], bounds[k + 1] - 1)
        if known[head].source_chars:
            right[rows] = right_mentions(one.parsed, known[head].source_chars)[found.mention[rows]]
        else:
            right[bounds[k + 1] - 1] = 1
        keep[k] = right[bounds[k] : bounds[k + 1]].any()
    use = keep[found.anchor]
    return found.features[use], right[use], np.diff(bounds)[keep]


def _chain_rows(
    one: Example, heads: IntArray, known: dict[int, Attribution], every: IntArray, mention: IntArray
) -> Row:
    rows = content_tagger.build_windows(one.parsed, heads)
    picked = mention[np.searchsorted(every, heads)]
    label = np.zeros(len(rows.token), dtype=np.int64)
    for start, length, head in zip(rows.starts, rows.lengths, heads.tolist(), strict=True):
        part = slice(start, start + length)
        label[part] = np.isin(rows.token[part], known[head].content)
    return (
        hash_features(content_tagger.build_feature_templates(one.parsed, heads, picked, rows), CHAIN_BITS),
        label,
        rows.lengths,
    )


def _judge(examples: Examples) -> trees.Grown:
    """The classifier that says which reported candidates hold."""
    rows = {id(one): (one.reported.features, _matches(one)) for one in examples}

    def fit(some: Examples) -> trees.Grown:
        return trees.classify(_stack(rows, some, 0), _stack(rows, some, 1), 200)

    def use(forest: trees.Grown, one: Example) -> None:
        one.held = to_probability(forest.scores(one.reported.features))

    return _held_out(examples, fit, use)


def _matches(one: Example) -> AnyArray:
    """For each candidate, whether its content and a gold content share half of what they cover together."""
    golds = [set(gold.content.tolist()) for gold in one.gold]
    out = np.zeros(len(one.reported.heads))
    for k, tokens in enumerate(one.reported.tokens):
        mine = set(tokens.tolist())
        out[k] = any(2 * len(mine & gold) >= len(mine | gold) > 0 for gold in golds)
    return out


def _spoken(examples: Examples) -> tuple[trees.Grown, trees.Grown]:
    """The two passes of the passages' ranker."""
    some = [one for one in examples if one.parsed.passages]
    anchors = {id(one): build_passage_anchors(one.parsed) for one in some}
    every = {id(one): build_first_pass(one.signals, anchors[id(one)], one.reported, one.held) for one in some}
    rows = {id(one): _ranked_passages(one, anchors[id(one)], every[id(one)]) for one in some}
    few = {}

    def use_first(forest: trees.Grown, one: Example) -> None:
        found = every[id(one)]
        few[id(one)] = build_second_pass(one.parsed, anchors[id(one)], found, forest.scores(found.features))

    def use_second(forest: trees.Grown, one: Example) -> None:
        found = few[id(one)]
        one.spoken = choose_speakers(found, forest.scores(found.features), len(anchors[id(one)]))

    first = _held_out(some, lambda part: trees.rank(*_groups(rows, part), 240, learning_rate=0.05), use_first)
    rows = {id(one): _ranked_passages(one, anchors[id(one)], few[id(one)]) for one in some}
    second = _held_out(some, lambda part: trees.several(*_groups(rows, part)), use_second)
    for one in examples:
        if one.spoken is None:
            one.spoken = choose_speakers(
                build_pairs(one.signals, build_passage_anchors(one.parsed)), np.zeros(0, dtype=np.float32), 0
            )
    return first, second


def _ranked_passages(one: Example, anchors: Anchors, found: Pairs) -> Row:
    """Features, answers, group sizes, and which passages have their answer among the candidates."""
    right, usable = _right_passages(one, anchors, found)
    return found.features, right, np.bincount(found.anchor, minlength=len(anchors)), usable


def _groups(rows: Rows, part: Examples) -> tuple[FloatArray, FloatArray, IntArray]:
    """What a ranker is fitted on: the passages that have an answer."""
    sizes, usable = _stack(rows, part, 2), _stack(rows, part, 3)
    use = np.repeat(usable, sizes)
    return _stack(rows, part, 0)[use], _stack(rows, part, 1)[use], sizes[usable]


def _right_passages(one: Example, anchors: Anchors, found: Pairs) -> tuple[AnyArray, BoolArray]:
    right = np.zeros(len(found.anchor))
    usable = np.zeros(len(anchors), dtype=bool)
    bounds = np.searchsorted(found.anchor, np.arange(len(anchors) + 1))
    for k, passage in enumerate(one.parsed.passages):
        gold = gold_of(one.gold, passage.inner.start, passage.inner.end)
        if gold is not None and gold.source_chars:
            rows = slice(bounds[k], bounds[k + 1] - 1)
            right[rows] = right_mentions(one.parsed, gold.source_chars)[found.mention[rows]]
        else:
            right[bounds[k + 1] - 1] = 1
        usable[k] = right[bounds[k] : bounds[k + 1]].any()
    return right, usable


def gold_of(golds: list[Attribution], start: int, end: int) -> Attribution | None:
    """The gold attribution that holds at least half of a passage, as the scorer asks."""
    span = frozenset(range(start, end))
    best = max(golds, key=lambda gold: len(gold.content_chars & span), default=None)
    return best if best is not None and 2 * len(best.content_chars & span) >= len(span) else None


def _stack(rows: Rows, examples: Examples, column: int) -> AnyArray:
    return np.concatenate([rows[id(one)][column] for one in examples if id(one) in rows])
