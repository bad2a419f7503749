"""Train the person ranker on annotated passages, and write it and the name tagger into the weights file.

usage: python -m training.people POLNEAR_FOLDER STORIES_FOLDER [--report]

POLNEAR_FOLDER also holds `outside.jsonl`. Prints the figures of a cross-validation over articles and stories: each
article is answered by models that saw neither it nor its story. `--report` prints them and writes nothing.
"""

import gzip
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from briefings.article.marked_view import build_prose_view
from briefings.attribution.attributions import find_drafts, split_into_parts
from briefings.attribution.models.pipeline import Models, analyse
from briefings.attribution.models.weights import load_models, read_arrays
from briefings.attribution.people.models import PeopleModels
from briefings.attribution.people.naming.known_roles import KnownRoles, pack, unpack
from briefings.attribution.people.ranking.candidate_features import IS_SOURCE, NOBODY, CandidateRows
from briefings.attribution.people.ranking.person_ranker import (
    PersonRanker,
    build_confidence_inputs,
    build_second_pass,
    compute_row_shares,
)
from briefings.attribution.people.resolver import Resolver
from briefings.text.learned_models import AnyArray, BoolArray, FloatArray, Forest, IntArray, LinearModel, build_forest
from training import data, known_roles, names, people_report, store
from training.people_gold import GoldArticle, is_right, read_gold
from training.trees import Arrays, average_forests, export_splits

FOLDS = 5
SETTINGS: dict[str, Any] = {
    "num_leaves": 16, "learning_rate": 0.04, "min_data_in_leaf": 30, "feature_fraction": 0.25, "bagging_fraction": 0.8,
    "bagging_freq": 1, "lambda_l2": 3.0, "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
ROUNDS_FIRST, ROUNDS_SECOND, SEEDS_FIRST, SEEDS_SECOND = 600, 150, (1, 2), (1, 2, 3)
#: share of wrong answers among the names that are shown: 2 % may be, less a margin
MAX_WRONG_SHOWN = 0.0175
#: the same with the names added that the source mention itself gives
MAX_WRONG_WITH_NAMED = 0.0185


@dataclass(slots=True)
class Part:
    """One part of an annotated article: its rows, and for each annotated passage the answers (1: right)."""

    fold: int
    #: False for texts that we made up: they are harder than news, so the confidence is not measured on them
    is_news: bool
    rows: CandidateRows
    answers: dict[int, FloatArray]
    is_description: dict[int, bool]
    first_shares: FloatArray = field(init=False)
    second_rows: CandidateRows = field(init=False)
    second_shares: FloatArray = field(init=False)

    @property
    def passages(self) -> int:
        """Number of the part's passages."""
        return int(self.rows.utterance[-1]) + 1 if len(self.rows.utterance) else 0


@dataclass(frozen=True, slots=True)
class Trained:
    """The models that never saw a fold (by fold), the final ones, and the arrays of the final ones."""

    by_fold: list[PeopleModels]
    final: PeopleModels
    arrays: Arrays


def main(arguments: list[str]) -> None:
    """Train, print the report, and write the weights unless `--report` is given."""
    paths = [Path(argument) for argument in arguments if argument != "--report"]
    if len(paths) != 2:
        sys.exit(__doc__)
    models = load_models()
    articles = data.read_articles(str(paths[0]), "train")
    taggers = names.train(articles, names.read_names(str(paths[0]), "train"), models.tagger)
    gold = read_gold(paths[0], paths[1])
    with gzip.open(paths[1].parent / "unlabelled.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [article["text"] for article in articles] + [json.loads(line)["text"] for line in lines]
    roles = known_roles.collect_roles(texts, models.tagger, taggers)
    trained = train(gold, models, taggers, unpack(pack(roles)))
    people_report.print_report(gold, [trained.by_fold[choose_fold(one)] for one in gold])
    if "--report" not in arguments:
        kept = {name: array for name, array in read_arrays().items() if not name.startswith(("names", "people"))}
        tables = {"names1": taggers[0], "names2": taggers[1]}
        arrays = trained.arrays | store.quantise_tables(tables) | {"people/known_roles": pack(roles)}
        store.write_arrays(store.DEFAULT_PATH, kept | arrays)


def choose_fold(gold: GoldArticle) -> int:
    """Return the fold of an article's group, the same on every machine."""
    return int(hashlib.sha256(gold.group.encode()).hexdigest(), 16) % FOLDS


def train(
    gold: list[GoldArticle], models: Models, taggers: tuple[LinearModel, LinearModel], roles: KnownRoles
) -> Trained:
    """Train both passes of the ranker and its confidence, by fold and on everything."""
    nothing = np.zeros(0, dtype=np.float32)
    empty = Forest((), np.zeros((0, 32), dtype=np.float32))
    blank = PeopleModels(*taggers, PersonRanker(empty, empty, nothing), roles, 0.0, 0.0)
    parts = [part for one in gold for part in _build_parts(one, models, blank)]
    first = _fit_held_out(
        parts, lambda some: _fit([(p.rows, p.answers) for p in some], ROUNDS_FIRST, SEEDS_FIRST), _apply_first
    )
    second = _fit_held_out(
        parts, lambda some: _fit([_keep_second(p) for p in some], ROUNDS_SECOND, SEEDS_SECOND), _apply_second
    )
    sample = _collect_confidence(parts)
    curves = [_fit_logistic(sample.inputs[sample.folds != f], sample.right[sample.folds != f]) for f in range(FOLDS)]
    curve = _fit_logistic(sample.inputs, sample.right)
    rows = zip(sample.folds, sample.inputs, strict=True)
    held_out = np.array([_apply_logistic(curves[fold], row) for fold, row in rows])
    thresholds = [_choose_thresholds(held_out, sample, sample.folds != fold) for fold in range(FOLDS)]
    threshold, named_threshold = _choose_thresholds(held_out, sample, sample.folds >= 0)
    by_fold = [
        PeopleModels(*taggers, PersonRanker(build_forest(a), build_forest(b), c), roles, *t)
        for a, b, c, t in zip(first[:-1], second[:-1], curves, thresholds, strict=True)
    ]
    ranker = PersonRanker(build_forest(first[-1]), build_forest(second[-1]), curve)
    final = PeopleModels(*taggers, ranker, roles, threshold, named_threshold)
    arrays = {f"people1/{key}": value for key, value in first[-1].items()}
    arrays |= {f"people2/{key}": value for key, value in second[-1].items()}
    arrays |= {"people/curve": curve, "people/min_confidence": np.array(threshold)}
    arrays["people/min_named_confidence"] = np.array(named_threshold)
    return Trained(by_fold, final, arrays)


def _build_parts(gold: GoldArticle, models: Models, blank: PeopleModels) -> list[Part]:
    parts = []
    for start, part_text in split_into_parts(build_prose_view(gold.article)):
        analysis = analyse(part_text, models)
        if analysis is None or not analysis.document.passages:
            continue
        drafts, _ = find_drafts(analysis)
        resolver = Resolver(analysis, blank)
        rows = resolver.build_passage_rows(drafts)
        speakers = [resolver.build_speaker(number) for number in range(len(resolver.entity_index.entities))]
        spans = [passage.inner for passage in analysis.document.passages]
        answers: dict[int, FloatArray] = {}
        for passage in gold.passages:
            shared = [min(s.end + start, passage["end"]) - max(s.start + start, passage["start"]) for s in spans]
            best = int(np.argmax(shared))
            if 2 * shared[best] >= passage["end"] - passage["start"]:
                entities = rows.entity[rows.utterance == best].tolist()
                answers[best] = np.array(
                    [
                        float(bool(passage.get("none")))
                        if entity == NOBODY
                        else is_right(speakers[entity].name, passage, is_description=speakers[entity].anonymous)
                        for entity in entities
                    ],
                    dtype=np.float32,
                )
        kinds = {number: speaker.anonymous for number, speaker in enumerate(speakers)}
        parts.append(Part(choose_fold(gold), gold.origin != "invented", rows, answers, kinds))
    return parts


def _fit_held_out(
    parts: list[Part], fit: Callable[[list[Part]], Arrays], apply: Callable[[Forest, Part], None]
) -> list[Arrays]:
    """Return the model without each fold, and last the model of all parts; each part is scored by its fold's."""
    forests = []
    for fold in range(FOLDS):
        forests.append(fit([part for part in parts if part.fold != fold]))
        forest = build_forest(forests[-1])
        for part in parts:
            if part.fold == fold:
                apply(forest, part)
    return [*forests, fit(parts)]


def _apply_first(forest: Forest, part: Part) -> None:
    part.first_shares = compute_row_shares(part.rows, forest.compute_scores(part.rows.features), part.passages)
    part.second_rows = build_second_pass(part.rows, part.first_shares, part.passages)


def _apply_second(forest: Forest, part: Part) -> None:
    scores = forest.compute_scores(part.second_rows.features)
    part.second_shares = compute_row_shares(part.second_rows, scores, part.passages)


def _keep_second(part: Part) -> tuple[CandidateRows, dict[int, FloatArray]]:
    """Return the second pass's rows with their answers."""
    kept = {}
    for number, answer in part.answers.items():
        right = dict(zip(part.rows.entity[part.rows.utterance == number].tolist(), answer.tolist(), strict=True))
        entities = part.second_rows.entity[part.second_rows.utterance == number].tolist()
        kept[number] = np.array([right[entity] for entity in entities], dtype=np.float32)
    return part.second_rows, kept


def _fit(groups: list[tuple[CandidateRows, dict[int, FloatArray]]], rounds: int, seeds: tuple[int, ...]) -> Arrays:
    """Train trees whose scores, by a softmax over a passage's rows, give the right rows' share."""
    features, right, sizes = [], [], []
    for rows, answers in groups:
        for number, answer in answers.items():
            if answer.any():
                features.append(rows.features[rows.utterance == number])
                right.append(answer)
                sizes.append(len(answer))
    labels = np.concatenate(right).astype(np.float64)
    starts = np.cumsum([0, *sizes[:-1]])
    owner = np.repeat(np.arange(len(sizes)), sizes)

    def push(scores: AnyArray, _: lightgbm.Dataset) -> tuple[AnyArray, AnyArray]:
        lift = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        share = lift / np.add.reduceat(lift, starts)[owner]
        right_share = share * labels
        target = right_share / np.maximum(np.add.reduceat(right_share, starts)[owner], 1e-9)
        return share - target, np.maximum(share * (1 - share), 1e-3)

    dataset = lightgbm.Dataset(np.concatenate(features), labels, free_raw_data=False)
    settings = SETTINGS | {"objective": push}
    forests = [export_splits(lightgbm.train(settings | {"seed": seed}, dataset, rounds)) for seed in seeds]
    return average_forests(forests)


@dataclass(frozen=True, slots=True)
class Sample:
    """The annotated passages: what the confidence reads, whether the best entity is right, and the fold.

    `shown` says where that entity is a name, `named` where the source mention itself is that name.
    """

    inputs: FloatArray
    right: BoolArray
    folds: IntArray
    shown: BoolArray
    named: BoolArray


def _collect_confidence(parts: list[Part]) -> Sample:
    inputs, right, folds, shown, named = [], [], [], [], []
    for part in filter(lambda part: part.is_news, parts):
        rows = part.second_rows
        all_inputs = build_confidence_inputs(rows, part.second_shares, part.passages)
        for number, answer in part.answers.items():
            own = np.flatnonzero(rows.utterance == number)
            if len(own) < 2:
                continue
            entities, shares = rows.entity[own], part.second_shares[own]
            best_row = int(own[shares[:-1].argmax()])
            best = int(rows.entity[best_row])
            truth = dict(zip(part.rows.entity[part.rows.utterance == number].tolist(), answer.tolist(), strict=True))
            inputs.append(all_inputs[number])
            right.append(bool(truth[best]))
            folds.append(part.fold)
            shown.append(not part.is_description[best] and shares[:-1].max() >= shares[-1] and len(entities) > 1)
            named.append(bool(rows.features[best_row, IS_SOURCE]))
    return Sample(np.array(inputs), np.array(right), np.array(folds), np.array(shown), np.array(named))


def _fit_logistic(inputs: FloatArray, right: BoolArray, penalty: float = 1.0) -> FloatArray:
    """Fit a logistic regression by Newton's method. Returns the weights, the constant last."""
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    rows = np.column_stack([(inputs - mean) / spread, np.ones(len(inputs))]).astype(np.float64)
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        share = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (share - right) + penalty * np.r_[weights[:-1], 0]
        curvature = (rows * (share * (1 - share))[:, None]).T @ rows + penalty * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, slope)
    scaled = weights[:-1] / spread
    return np.r_[scaled, weights[-1] - (scaled * mean).sum()].astype(np.float32)


def _apply_logistic(curve: FloatArray, row: FloatArray) -> float:
    return float(1 / (1 + np.exp(-(row @ curve[:-1] + curve[-1]))))


def _choose_thresholds(confidence: FloatArray, sample: Sample, use: BoolArray) -> tuple[float, float]:
    """Return the least confidence of a shown name, and the least where the source mention itself is the name."""
    use = use & sample.shown
    confidence, right, named = confidence[use], sample.right[use], sample.named[use]
    threshold = _find_lowest(confidence, right, 0, 0, MAX_WRONG_SHOWN)
    rest, sure = named & (confidence < threshold), confidence >= threshold
    wrong = int((~right[sure]).sum())
    named_threshold = _find_lowest(confidence[rest], right[rest], wrong, int(sure.sum()), MAX_WRONG_WITH_NAMED)
    return threshold, min(threshold, named_threshold)


def _find_lowest(confidence: FloatArray, right: BoolArray, wrong: int, shown: int, limit: float) -> float:
    """Return the lowest confidence at which the share of wrong answers, with those counted before, is allowed."""
    order = np.argsort(-confidence, kind="stable")
    shares = (wrong + np.cumsum(~right[order])) / (shown + np.arange(1, len(order) + 1))
    allowed = np.flatnonzero(shares <= limit)
    return float(confidence[order[allowed[-1]]]) if len(allowed) else 1.0


if __name__ == "__main__":
    main(sys.argv[1:])
