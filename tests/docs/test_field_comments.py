"""Fields in the Python reference are described by the comments above them."""

import pytest

pytest.importorskip("griffe", reason="no griffe: `make docs` installs it")

from docsite.field_comments import read_comment


@pytest.mark.parametrize(
    ("lines", "comment"),
    [
        (["#: name of the outlet", "x = 1"], "Name of the outlet."),
        (["    #: one line,", "    # and another.", "    x = 1"], "One line, and another."),
        (["# a remark", "x = 1"], ""),
        (["#: of another field", "y = 1", "x = 1"], ""),
        (["x = 1"], ""),
    ],
)
def test_comment_above_a_field_becomes_a_sentence(lines: list[str], comment: str) -> None:
    assert read_comment(lines, len(lines)) == comment
