"""A forest gives the same scores as walking the splits of its trees."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefings.text.learned_models import build_forest

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
