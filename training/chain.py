"""Train the two-state linear chain with AdaGrad on the conditional likelihood, in mini-batches of whole cues."""

import numpy as np

from briefings.text.learned_models import AnyArray, HashArray, IntArray, LinearModel
from training.linear import build_sparse, quantise


def fit(
    buckets: HashArray,
    gold: IntArray,
    starts: IntArray,
    lengths: IntArray,
    bits: int,
    *,
    epochs: int = 5,
    batch: int = 400,
    rate: float = 0.08,
    seed: int = 0,
) -> LinearModel:
    """Train a model on the rows of cues (`starts`, `lengths`), whose states are `gold` (0 or 1)."""
    order = np.random.default_rng(seed)
    weights = np.zeros((1 << bits, 4), dtype=np.float32)
    squares, mean, steps = np.full_like(weights, 1e-3), np.zeros_like(weights), 0
    for epoch in range(epochs):
        shuffled = order.permutation(len(starts))
        for at in range(0, len(shuffled), batch):
            pick = shuffled[at : at + batch]
            pick = pick[np.argsort(-lengths[pick], kind="stable")]
            pick = pick[lengths[pick] > 0]
            rows = np.concatenate([np.arange(starts[k], starts[k] + lengths[k]) for k in pick])
            part = build_sparse(buckets[rows], bits)
            push = _compute_marginals(part @ weights, lengths[pick])
            before = np.r_[0, gold[rows][:-1]]
            before[np.cumsum(lengths[pick]) - lengths[pick]] = 0
            push[np.arange(len(rows)), 2 * before + gold[rows]] -= 1
            gradient = part.T @ push.astype(np.float32) / len(pick) * 10
            squares += gradient * gradient
            weights -= rate * gradient / np.sqrt(squares)
            if epoch >= epochs // 2:
                mean += weights
                steps += 1
    return LinearModel(quantise(mean / steps), np.zeros(4, dtype=np.float32))


def _compute_marginals(scores: AnyArray, lengths: IntArray) -> AnyArray:
    """Return P(previous state, state) for each row; cues are sorted by decreasing length.

    The state before the first row of a cue is 0.
    """
    count, longest = len(lengths), int(lengths[0])
    starts = np.cumsum(lengths) - lengths
    live = [int((lengths > step).sum()) for step in range(longest)]
    forward = np.full((longest + 1, count, 2), -1e9)
    forward[0, :, 0] = 0
    for step in range(longest):
        n = live[step]
        pair = forward[step, :n, :, None] + scores[starts[:n] + step].reshape(n, 2, 2)
        forward[step + 1, :n] = np.logaddexp(pair[:, 0], pair[:, 1])
    total = np.logaddexp(*forward[lengths, np.arange(count)].T)
    backward = np.zeros((count, 2))
    out = np.zeros((len(scores), 4))
    for step in range(longest - 1, -1, -1):
        n = live[step]
        rows = starts[:n] + step
        pair = scores[rows].reshape(n, 2, 2) + backward[:n, None, :]
        out[rows] = np.exp(forward[step, :n, :, None] + pair - total[:n, None, None]).reshape(n, 4)
        backward[:n] = np.logaddexp(pair[:, :, 0], pair[:, :, 1])
    return out
