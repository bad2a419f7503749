"""The contents of all cues at once are the best paths of each cue alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution.models.content_tagger import ENTRY_BONUSES, Windows, decode, ensure_not_empty
from briefings.text.learned_models import FloatArray

# whole numbers make ties, which the plain way must break alike
_SCORES = st.one_of(st.integers(-3, 3).map(float), st.floats(-5, 5, width=32))


def _decode_plainly(scores: FloatArray) -> list[bool]:
    """Return the best path of one cue, row by row."""
    best, backpointers = [np.float32(0), np.float32(-np.inf)], []
    for row in scores:
        stay, move = [best[0] + row[now] for now in (0, 1)], [best[1] + row[2 + now] for now in (0, 1)]
        backpointers.append([move[now] > stay[now] for now in (0, 1)])
        best = [max(stay[now], move[now]) for now in (0, 1)]
    state, path = int(best[1] > best[0]), []
    for pointers in reversed(backpointers):
        path.append(bool(state))
        state = int(pointers[state])
    return path[::-1]


@given(st.lists(st.lists(st.tuples(*[_SCORES] * 4), max_size=9), max_size=6))
def test_cues_of_different_lengths_are_decoded_as_each_alone(cues: list[list[tuple[float, ...]]]) -> None:
    """Long, short and empty windows do not disturb each other."""
    lengths = np.array([len(cue) for cue in cues], dtype=np.int64)
    scores = np.array([row for cue in cues for row in cue], dtype=np.float32).reshape(-1, 4)
    starts = np.cumsum(lengths) - lengths
    windows = Windows(np.arange(len(scores)), np.repeat(np.arange(len(cues)), lengths), starts, lengths)
    alone = [_decode_plainly(scores[a : a + n]) for a, n in zip(starts.tolist(), lengths.tolist(), strict=True)]
    assert decode(scores, windows).tolist() == [flag for path in alone for flag in path]


@given(st.lists(st.lists(st.tuples(*[_SCORES] * 4), max_size=9), max_size=6))
def test_an_empty_content_takes_the_lowest_bonus_that_fills_it(cues: list[list[tuple[float, ...]]]) -> None:
    """Plainly, the bonuses are tried one after another on the cues that are still empty."""
    lengths = np.array([len(cue) for cue in cues], dtype=np.int64)
    scores = np.array([row for cue in cues for row in cue], dtype=np.float32).reshape(-1, 4)
    starts = np.cumsum(lengths) - lengths
    windows = Windows(np.arange(len(scores)), np.repeat(np.arange(len(cues)), lengths), starts, lengths)
    plain: list[bool] = []
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        own_scores = scores[start : start + length].copy()
        path = _decode_plainly(own_scores)
        for bonus in ENTRY_BONUSES:
            if not any(path):
                own_scores[:, 1] = scores[start : start + length, 1] + np.float32(bonus)
                path = _decode_plainly(own_scores)
        plain += path
    assert ensure_not_empty(scores, windows, decode(scores, windows)).tolist() == plain
