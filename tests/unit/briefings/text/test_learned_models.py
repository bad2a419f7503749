"""A forest gives the same scores as walking the splits of its trees."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefings.text.learned_models import LinearModel, build_forest

# x0 <= 1 ? (x1 <= 5 ? leaf 0 : leaf 1) : leaf 2, and x1 <= 2 ? leaf 0 : leaf 1
_ARRAYS = {
    "features": np.array(2),
    "tree": np.array([0, 0, 1], dtype=np.int16),
    "feature": np.array([0, 1, 1], dtype=np.int16),
    "threshold": np.array([1, 5, 2], dtype=np.float32),
    "closes": np.array([0b011, 0b001, 0b001], dtype=np.uint32),
    "leaves": np.array([[10, 20, 30] + [0] * 29, [1, 2] + [0] * 30], dtype=np.float32),
}


def _walk(x0: float, x1: float) -> float:
    return (30 if x0 > 1 else 20 if x1 > 5 else 10) + (2 if x1 > 2 else 1)


@given(st.lists(st.tuples(st.integers(-2, 8), st.integers(-2, 8)), max_size=20))
def test_scores_equal_those_of_a_tree_walk(rows: list[tuple[int, int]]) -> None:
    scores = build_forest(_ARRAYS).compute_scores(np.array(rows, dtype=np.float32).reshape(-1, 2))
    assert scores.tolist() == [_walk(*row) for row in rows]


def test_a_tree_with_more_than_sixteen_leaves_gives_the_leaf_of_its_last_exceeded_split() -> None:
    count = 20
    arrays = {
        "features": np.array(1),
        "tree": np.zeros(count - 1, dtype=np.int16),
        "feature": np.zeros(count - 1, dtype=np.int16),
        "threshold": np.arange(count - 1, dtype=np.float32),
        "closes": np.array([1 << leaf for leaf in range(count - 1)], dtype=np.uint32),
        "leaves": np.array([[*range(count), *[0] * (32 - count)]], dtype=np.float32),
    }
    rows = np.arange(-1, count, dtype=np.float32).reshape(-1, 1)
    assert build_forest(arrays).compute_scores(rows).tolist() == [0, *range(count)]


def test_a_table_of_steps_gives_the_scores_of_its_weights() -> None:
    steps = np.array([[1, -2], [3, 0], [-128, 127], [5, 4]], dtype=np.int8)
    bias, scale = np.array([0.5, -0.25], dtype=np.float32), np.float32(0.037)
    buckets = np.array([[0, 1, 2], [3, 3, 1]], dtype=np.uint32)
    weights = steps.astype(np.float32) * scale
    scores = LinearModel(steps, bias, scale).compute_scores(buckets)
    assert scores.tolist() == LinearModel(weights, bias).compute_scores(buckets).tolist()
