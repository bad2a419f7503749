"""Figures are printed on one line, percentiles are correct, and unknown benchmark names are refused."""

import pytest

from bench.__main__ import NAMES, main
from bench.figures import Figure, compute_percentile


@pytest.mark.parametrize(
    ("value", "raw", "line"),
    [
        (1.9, 1.1, "x.p50_ms 1.90 raw 1.10 ratio 1.73"),
        (1234.5, 2469, "x.p50_ms 1234 raw 2469 ratio 0.50"),
        (0.0123, 0.5, "x.p50_ms 0.0123 raw 0.500 ratio 0.02"),
        (1, 0, "x.p50_ms 1.00 raw 0 ratio inf"),
    ],
)
def test_figure_is_formatted_on_one_line(value: float, raw: float, line: str) -> None:
    """The line has the name, the value, the reference and their ratio, computed before rounding."""
    assert str(Figure("x.p50_ms", value, raw)) == line


def test_percentile_is_one_of_the_values() -> None:
    """The order of the values does not matter, and an empty list is an error."""
    assert compute_percentile(range(100, 0, -1), 0.99) == 100
    assert compute_percentile([3.0, 1.0, 2.0], 0.5) == 2
    with pytest.raises(ValueError, match="no values"):
        compute_percentile([], 0.5)


@pytest.mark.parametrize("arguments", [["nonsense"], [*NAMES]])
def test_unknown_benchmark_name_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 2, and the message lists the valid names."""
    assert main(arguments) == 2
    error_text = capsys.readouterr().err
    assert all(name in error_text for name in NAMES)
