"""Tags are marked by a table as by comparing each with each."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefings.text.pos_tagger import TAGS, mark_tags


@given(st.lists(st.integers(-1, len(TAGS) - 1), max_size=30), st.sets(st.integers(0, len(TAGS) - 1)))
def test_marked_tags_are_the_wanted_ones(tags: list[int], wanted: set[int]) -> None:
    """The tag -1, no token, is never marked."""
    assert mark_tags(np.array(tags, dtype=np.int64), wanted).tolist() == [tag in wanted for tag in tags]
