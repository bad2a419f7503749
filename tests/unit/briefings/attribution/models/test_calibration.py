"""A calibration curve interpolates between its points and is constant beyond its ends."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution.models.pipeline import CalibrationCurve

_CURVE = CalibrationCurve((0.2, 0.5, 0.9), (0.1, 0.4, 0.95))


def test_curve_passes_through_its_points_and_is_constant_beyond_the_ends() -> None:
    assert [_CURVE(score) for score in (0.0, 0.2, 0.5, 0.9, 1.0)] == [0.1, 0.1, 0.4, 0.95, 0.95]


@given(st.floats(0, 1), st.floats(0, 1))
def test_higher_score_never_has_a_lower_probability(score: float, other_score: float) -> None:
    low, high = sorted((score, other_score))
    assert _CURVE(low) <= _CURVE(high)
