"""The line a figure is printed as, the arithmetic behind it, and the names that may be asked for."""

import pytest

from bench.__main__ import NAMES, main
from bench.figures import Figure, percentile


@pytest.mark.parametrize(
    ("value", "raw", "line"),
    [
        (1.9, 1.1, "x.p50_ms 1.90 raw 1.10 ratio 1.73"),
        (1234.5, 2469, "x.p50_ms 1234 raw 2469 ratio 0.50"),
        (0.0123, 0.5, "x.p50_ms 0.0123 raw 0.500 ratio 0.02"),
        (1, 0, "x.p50_ms 1.00 raw 0 ratio inf"),
    ],
)
def test_a_figure_is_one_line(value: float, raw: float, line: str) -> None:
    """Name, value, the rival's, and the one over the other, taken before either is rounded."""
    assert str(Figure("x.p50_ms", value, raw)) == line


def test_a_percentile_is_one_of_the_values() -> None:
    """In whatever order they come; of none there is none."""
    assert percentile(range(100, 0, -1), 0.99) == 100
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@pytest.mark.parametrize("arguments", [["nonsense"], [*NAMES]])
def test_a_name_that_is_none_is_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2 and the names there are."""
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in NAMES)
