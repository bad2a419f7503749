"""Train the forests with LightGBM, on one thread with fixed seeds, and export their splits."""

from typing import Any

import lightgbm
import numpy as np

from briefings.text.learned_models import FloatArray, IntArray, build_forest

Arrays = dict[str, Any]

COMMON: dict[str, Any] = {
    "num_leaves": 31, "learning_rate": 0.08, "min_data_in_leaf": 20, "feature_fraction": 0.6, "bagging_fraction": 0.8,
    "bagging_freq": 1, "lambda_l2": 1.0, "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True,
    "force_row_wise": True,
}  # fmt: skip
RANK: dict[str, Any] = {"objective": "lambdarank", "lambdarank_truncation_level": 3}
SLOW: dict[str, Any] = {"learning_rate": 0.03, "feature_fraction": 0.3, "num_leaves": 15, "min_data_in_leaf": 40}
#: settings and number of rounds of the rankers in an ensemble
MEMBERS: tuple[tuple[dict[str, Any], int], ...] = (({"seed": 1}, 320), ({"seed": 2}, 320), ({"seed": 3}, 320))


class TrainedForest:
    """A forest that scores rows, with the arrays that store it."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays, self.forest = arrays, build_forest(arrays)
        self.scores = self.forest.compute_scores


def rank(features: FloatArray, right: FloatArray, sizes: IntArray, rounds: int = 150, **more: float) -> TrainedForest:
    """Train a ranker on rows in groups of `sizes`; `right` is 1 for the answers of a group."""
    data = lightgbm.Dataset(features, right, group=sizes)
    return TrainedForest(export_splits(lightgbm.train(COMMON | RANK | more, data, rounds)))


def rank_ensemble(features: FloatArray, right: FloatArray, sizes: IntArray) -> TrainedForest:
    """Train a ranker that averages several rankers with different seeds."""
    dataset = lightgbm.Dataset(features, right, group=sizes, free_raw_data=False)
    forests = [export_splits(lightgbm.train(COMMON | RANK | SLOW | more, dataset, rounds)) for more, rounds in MEMBERS]
    return TrainedForest(average_forests(forests))


def average_forests(forests: list[Arrays]) -> Arrays:
    """Merge forests into one that averages their scores."""
    tree_offsets = np.cumsum([0, *[len(forest["leaves"]) for forest in forests]])
    merged_arrays = {
        key: np.concatenate([forest[key] for forest in forests]) for key in ("feature", "threshold", "closes")
    }
    merged_arrays["tree"] = np.concatenate(
        [forest["tree"] + at for forest, at in zip(forests, tree_offsets[:-1], strict=True)]
    ).astype(np.int16)
    merged_arrays["leaves"] = np.concatenate([forest["leaves"] for forest in forests]) / np.float32(len(forests))
    return merged_arrays | {"features": np.array(max(int(forest["features"]) for forest in forests))}


def classify(features: FloatArray, right: FloatArray, rounds: int = 150, **more: float) -> TrainedForest:
    """Train a classifier; the sum of its leaves is a log-odds."""
    data = lightgbm.Dataset(features, right)
    settings = COMMON | {"objective": "binary", "num_leaves": 15, "boost_from_average": False} | more
    return TrainedForest(export_splits(lightgbm.train(settings, data, rounds)))


def export_splits(booster: lightgbm.Booster) -> Arrays:
    """Return the arrays from which `build_forest` in `briefings.text.learned_models` builds a forest."""
    rows: list[tuple[int, int, float, int]] = []
    leaves: list[list[float]] = []
    model = booster.dump_model()
    for number, tree in enumerate(model["tree_info"]):
        values: list[float] = []
        _walk(tree["tree_structure"], number, rows, values)
        leaves.append(values + [0.0] * (32 - len(values)))
    columns = list(zip(*rows, strict=True))
    return {
        "features": np.array(model["max_feature_idx"] + 1),
        "tree": np.array(columns[0], dtype=np.int16),
        "feature": np.array(columns[1], dtype=np.int16),
        "threshold": np.array([_round_down(value) for value in columns[2]], dtype=np.float32),
        "closes": np.array(columns[3], dtype=np.uint32),
        "leaves": np.array(leaves, dtype=np.float32),
    }


def _walk(node: dict[str, Any], tree: int, rows: list[tuple[int, int, float, int]], values: list[float]) -> int:
    """Return a bit mask of the leaves under `node`, numbered from left to right."""
    if "leaf_value" in node:
        values.append(node["leaf_value"])
        return 1 << (len(values) - 1)
    left = _walk(node["left_child"], tree, rows, values)
    right = _walk(node["right_child"], tree, rows, values)
    rows.append((tree, node["split_feature"], node["threshold"], left))
    return left | right


def _round_down(value: float) -> float:
    """Return the largest 32-bit number that is not above a 64-bit threshold."""
    single = np.float32(value)
    return float(np.nextafter(single, np.float32(-np.inf)) if single > value else single)
