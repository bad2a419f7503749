"""A curve reads probabilities between its points and stays flat beyond its ends."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution.models.pipeline import CalibrationCurve

_CURVE = CalibrationCurve((0.2, 0.5, 0.9), (0.1, 0.4, 0.95))


def test_points_are_met_and_ends_are_flat() -> None:
    assert [_CURVE(score) for score in (0.0, 0.2, 0.5, 0.9, 1.0)] == [0.1, 0.1, 0.4, 0.95, 0.95]


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_score_is_never_less_likely(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert _CURVE(low) <= _CURVE(high)
