"""The texts that are dear to read have the size that was asked for, and different names where they promise them."""

import re

import pytest

from bench.hostile_texts import build_hostile_texts


@pytest.mark.parametrize("size", [100, 5_000])
def test_every_text_has_the_size_that_was_asked_for(size: int) -> None:
    assert {len(text) for _, text in build_hostile_texts(size)} == {size}


def test_a_text_of_names_repeats_no_name() -> None:
    names = re.findall(r"\w+ \w+", dict(build_hostile_texts(20_000))["names"])[:-1]
    assert len(names) == len(set(names)) > 900
