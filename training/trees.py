"""Grows the forests with LightGBM, one thread and fixed seeds, and exports their splits."""

import lightgbm
import numpy as np

from briefings.quotes.trees import forest

COMMON = {
    "num_leaves": 31, "learning_rate": 0.08, "min_data_in_leaf": 20, "feature_fraction": 0.6, "bagging_fraction": 0.8,
    "bagging_freq": 1, "lambda_l2": 1.0, "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
RANK = {"objective": "lambdarank", "lambdarank_truncation_level": 3}


class Grown:
    """A forest that scores rows, with the arrays it is stored as."""

    def __init__(self, arrays):
        self.arrays, self.forest = arrays, forest(arrays)
        self.scores = self.forest.scores


def rank(features, right, sizes, rounds=150, **more):
    """A ranker: rows in groups of `sizes`, `right` 1 for the answers of a group."""
    data = lightgbm.Dataset(features, right, group=sizes)
    return Grown(splits(lightgbm.train(COMMON | RANK | more, data, rounds)))


def classify(features, right, rounds=150, **more):
    """A classifier; the sum of its leaves is a log-odds."""
    data = lightgbm.Dataset(features, right)
    settings = COMMON | {"objective": "binary", "num_leaves": 15, "boost_from_average": False} | more
    return Grown(splits(lightgbm.train(settings, data, rounds)))


def splits(booster):
    """The arrays that `briefings.quotes.trees.forest` reads."""
    rows, leaves = [], []
    model = booster.dump_model()
    for number, tree in enumerate(model["tree_info"]):
        values = []
        _walk(tree["tree_structure"], number, rows, values)
        leaves.append(values + [0.0] * (32 - len(values)))
    columns = list(zip(*rows))
    return {
        "features": np.array(model["max_feature_idx"] + 1),
        "tree": np.array(columns[0], dtype=np.int16),
        "feature": np.array(columns[1], dtype=np.int16),
        "threshold": np.array([_below(value) for value in columns[2]], dtype=np.float32),
        "closes": np.array(columns[3], dtype=np.uint32),
        "leaves": np.array(leaves, dtype=np.float32),
    }


def _walk(node, tree, rows, values):
    """The bits of the leaves under `node`, numbered from left to right."""
    if "leaf_value" in node:
        values.append(node["leaf_value"])
        return 1 << (len(values) - 1)
    left = _walk(node["left_child"], tree, rows, values)
    right = _walk(node["right_child"], tree, rows, values)
    rows.append((tree, node["split_feature"], node["threshold"], left))
    return left | right


def _below(value):
    """The largest 32-bit number that is not above a 64-bit threshold."""
    single = np.float32(value)
    return np.nextafter(single, np.float32(-np.inf)) if single > value else single
