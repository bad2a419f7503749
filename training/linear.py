"""Train the linear models: softmax over hashed features with AdaGrad on mini-batches, in a reproducible order."""

import numpy as np
from scipy.sparse import csr_matrix

from briefings.text.learned_models import AnyArray, FloatArray, HashArray, IntArray, LinearModel


def fit(
    buckets: HashArray,
    gold: IntArray,
    labels: int,
    bits: int,
    *,
    epochs: int = 6,
    batch: int = 8192,
    rate: float = 0.25,
    l2: float = 1e-07,
    seed: int = 0,
    weight: FloatArray | None = None,
) -> LinearModel:
    """Train a model that predicts `gold` (label numbers) from `buckets` of shape (rows, templates)."""
    rows = len(buckets)
    order = np.random.default_rng(seed)
    weights = np.zeros((1 << bits, labels), dtype=np.float32)
    bias = np.zeros(labels, dtype=np.float32)
    squares, bias_squares = np.full_like(weights, 1e-3), np.full_like(bias, 1e-3)
    mean, mean_bias, steps = np.zeros_like(weights), np.zeros_like(bias), 0
    for epoch in range(epochs):
        shuffled = order.permutation(rows)
        for at in range(0, rows, batch):
            pick = shuffled[at : at + batch]
            part = build_sparse(buckets[pick], bits)
            push = softmax(part @ weights + bias)
            push[np.arange(len(pick)), gold[pick]] -= 1
            if weight is not None:
                push *= weight[pick][:, None]
            gradient = part.T @ push / len(pick) * 100
            gradient += l2 * weights
            squares += gradient * gradient
            weights -= rate * gradient / np.sqrt(squares)
            down = push.mean(axis=0)
            bias_squares += down * down
            bias -= rate * down / np.sqrt(bias_squares)
            if epoch >= epochs // 2:
                mean += weights
                mean_bias += bias
                steps += 1
    return LinearModel(quantise(mean / steps), (mean_bias / steps).astype(np.float32))


def quantise(weights: AnyArray, levels: int = 127) -> FloatArray:
    """Round the weights to a grid of `2 * levels + 1` steps, as they are stored."""
    scale = np.abs(weights).max() / levels or 1.0
    limit = np.quantile(np.abs(weights[weights != 0]), 0.9995) if (weights != 0).any() else 1.0
    scale = np.float32(limit / levels)
    steps: FloatArray = (np.clip(np.rint(weights / scale), -levels, levels) * scale).astype(np.float32)
    return steps


def softmax(scores: FloatArray) -> FloatArray:
    """Convert rows of scores to rows of probabilities."""
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: FloatArray = scores / scores.sum(axis=1, keepdims=True)
    return shares


def build_sparse(buckets: HashArray, bits: int) -> csr_matrix:
    """Build a sparse matrix of shape (rows, 2 ** bits) with a one for each bucket."""
    rows, templates = buckets.shape
    ones = np.ones(rows * templates, dtype=np.float32)
    return csr_matrix((ones, buckets.ravel(), np.arange(0, rows * templates + 1, templates)), shape=(rows, 1 << bits))
