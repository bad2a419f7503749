"""A forest gives the same scores as walking the splits of its trees, and a feature's hash does not depend on others."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.text import learned_models
from briefings.text.learned_models import AnyArray, LinearModel, build_forest, find_shared_tables, hash_features

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


_PRIMES = (2654435761, 2246822519, 3266489917, 668265263, 374761393)


def _hash_plainly(number: int, values: Sequence[int], bits: int) -> int:
    """Hash one feature of one row: the values of template `number`."""
    total = (number * 0x9E3779B1 + 0x85EBCA6B) & 0xFFFFFFFF
    for prime, value in zip(_PRIMES, values, strict=False):
        total = (total ^ (value & 0xFFFFFFFF)) * prime & 0xFFFFFFFF
        total ^= total >> 15
    return (total * 2246822507 & 0xFFFFFFFF) >> (32 - bits)


@given(st.data(), st.integers(1, 5), st.integers(0, 6), st.integers(4, 20))
def test_templates_have_the_hashes_they_have_alone(data: st.DataObject, count: int, size: int, bits: int) -> None:
    """Templates of one to five parts, negative values and flags included, are hashed as one value after another."""
    part = st.one_of(
        st.lists(st.integers(-(2**40), 2**40), min_size=size, max_size=size).map(lambda v: np.array(v, dtype=np.int64)),
        st.lists(st.booleans(), min_size=size, max_size=size).map(lambda v: np.array(v, dtype=bool)),
    )
    templates = data.draw(st.lists(st.lists(part, min_size=1, max_size=5), min_size=count, max_size=count))
    plain = [
        [_hash_plainly(number, [int(part[row]) for part in parts], bits) for number, parts in enumerate(templates)]
        for row in range(size)
    ]
    assert hash_features(templates, bits).tolist() == plain


def _score_plainly(arrays: Mapping[str, AnyArray], row: AnyArray) -> float:
    """Score one row split by split, and add the leaves as the forest does."""
    leaves = []
    for tree, values in enumerate(arrays["leaves"]):
        is_own = arrays["tree"] == tree
        open_leaves = 0xFFFFFFFF
        for feature, limit, closes in zip(
            arrays["feature"][is_own], arrays["threshold"][is_own], arrays["closes"][is_own], strict=True
        ):
            if row[feature] > limit:
                open_leaves &= ~int(closes)
        leaves.append(values[(open_leaves & -open_leaves).bit_length() - 1])
    return float(np.array([leaves], dtype=np.float32).sum(axis=1)[0])


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 30),
    st.integers(1, 12),
    st.integers(0, 60),
    st.integers(1, 9),
    st.sampled_from([1, 500, learned_models.BATCH_BYTES]),
)
def test_many_features_and_repeated_rows_are_scored_as_each_row_alone(
    seed: int, trees: int, features: int, rows: int, repeats: int, batch_bytes: int
) -> None:
    """Tables of several features, batches, and features that stay the same over several rows change nothing."""
    random = np.random.default_rng(seed)
    splits = random.integers(1, 12, trees)
    tree = np.repeat(np.arange(trees, dtype=np.int16), splits)
    arrays = {
        "features": np.array(features),
        "tree": tree,
        "feature": random.integers(0, features, len(tree)).astype(np.int16),
        "threshold": random.integers(0, 9, len(tree)).astype(np.float32) * 2,
        "closes": np.array([1 << at for count in splits for at in range(count)], dtype=np.uint32),
        "leaves": random.normal(size=(trees, 32)).astype(np.float32),
    }
    values = random.integers(-1, 20, (rows, features)).astype(np.float32)
    half = features // 2
    values[:, :half] = np.repeat(values[:, :half], repeats, axis=0)[:rows]
    alone = [_score_plainly(arrays, row) for row in values]
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(learned_models, "BATCH_BYTES", batch_bytes)
        assert build_forest(arrays).compute_scores(values).tolist() == alone


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 40))
def test_shared_tables_have_the_row_of_their_group_and_are_worth_it(seed: int, tables: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    table_rows = np.sort(random.integers(0, random.integers(1, 40, (tables, 1)), (tables, rows)), axis=1)
    shared = find_shared_tables(table_rows)
    assert sorted([*shared.tables, *shared.other_tables]) == list(range(tables))
    if len(shared.tables):
        rows_of_groups = table_rows[shared.tables][:, shared.first_rows[shared.group_by_row]]
        assert (rows_of_groups == table_rows[shared.tables]).all()
        read = len(shared.tables) * len(shared.first_rows) + len(shared.other_tables) * rows + rows
        assert read < tables * rows
