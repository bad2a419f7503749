"""Grows the forests with LightGBM, one thread and fixed seeds, and exports their splits."""

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
#: the rankers whose mean decides: settings, rounds
MEMBERS: tuple[tuple[dict[str, Any], int], ...] = (({"seed": 1}, 320), ({"seed": 2}, 320), ({"seed": 3}, 320))


class Grown:
    """A forest that scores rows, with the arrays it is stored as."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays, self.forest = arrays, build_forest(arrays)
        self.scores = self.forest.compute_scores


def rank(features: FloatArray, right: FloatArray, sizes: IntArray, rounds: int = 150, **more: float) -> Grown:
    """A ranker: rows in groups of `sizes`, `right` 1 for the answers of a group."""
    data = lightgbm.Dataset(features, right, group=sizes)
    return Grown(splits(lightgbm.train(COMMON | RANK | more, data, rounds)))


def several(features: FloatArray, right: FloatArray, sizes: IntArray) -> Grown:
    """A ranker that is the mean of a few: other seeds, one grown to classify rather than to rank."""
    ranked = lightgbm.Dataset(features, right, group=sizes, free_raw_data=False)
    grown = [splits(lightgbm.train(COMMON | RANK | SLOW | more, ranked, rounds)) for more, rounds in MEMBERS]
    return Grown(mean(grown))


def mean(grown: list[Arrays]) -> Arrays:
    """One forest that scores as the mean of several does."""
    before = np.cumsum([0, *[len(one["leaves"]) for one in grown]])
    joined = {key: np.concatenate([one[key] for one in grown]) for key in ("feature", "threshold", "closes")}
    joined["tree"] = np.concatenate([one["tree"] + at for one, at in zip(grown, before[:-1], strict=True)]).astype(
        np.int16
    )
    joined["leaves"] = np.concatenate([one["leaves"] for one in grown]) / np.float32(len(grown))
    return joined | {"features": np.array(max(int(one["features"]) for one in grown))}


def classify(features: FloatArray, right: FloatArray, rounds: int = 150, **more: float) -> Grown:
    """A classifier; the sum of its leaves is a log-odds."""
    data = lightgbm.Dataset(features, right)
    settings = COMMON | {"objective": "binary", "num_leaves": 15, "boost_from_average": False} | more
    return Grown(splits(lightgbm.train(settings, data, rounds)))


def splits(booster: lightgbm.Booster) -> Arrays:
    """The arrays that `briefings.quotes.trees.forest` reads."""
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
        "threshold": np.array([_below(value) for value in columns[2]], dtype=np.float32),
        "closes": np.array(columns[3], dtype=np.uint32),
        "leaves": np.array(leaves, dtype=np.float32),
    }


def _walk(node: dict[str, Any], tree: int, rows: list[tuple[int, int, float, int]], values: list[float]) -> int:
    """The bits of the leaves under `node`, numbered from left to right."""
    if "leaf_value" in node:
        values.append(node["leaf_value"])
        return 1 << (len(values) - 1)
    left = _walk(node["left_child"], tree, rows, values)
    right = _walk(node["right_child"], tree, rows, values)
    rows.append((tree, node["split_feature"], node["threshold"], left))
    return left | right


def _below(value: float) -> float:
    """The largest 32-bit number that is not above a 64-bit threshold."""
    single = np.float32(value)
    return float(np.nextafter(single, np.float32(-np.inf)) if single > value else single)
