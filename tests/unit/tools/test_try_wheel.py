"""The wheel is tried with every Python, or with the oldest and the newest."""

import pytest

from tools.try_wheel import select_pythons


@pytest.mark.parametrize(
    ("pythons", "ends"),
    [
        (["3.11"], ["3.11"]),
        (["3.11", "3.12"], ["3.11", "3.12"]),
        (["3.11", "3.12", "3.13", "3.14"], ["3.11", "3.14"]),
    ],
)
def test_wheel_is_tried_with_each_python_or_the_first_and_the_last(pythons: list[str], ends: list[str]) -> None:
    assert select_pythons(pythons, only_ends=True) == ends
    assert select_pythons(pythons, only_ends=False) == pythons
