"""What cannot be kept byte for byte is named."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.text.spans import explain_unstorable


def test_nul_and_lone_surrogates_are_named() -> None:
    assert "NUL" in (explain_unstorable("a\0b") or "")
    assert "surrogate" in (explain_unstorable("a\udce9b") or "")


@given(st.text(st.characters()))
def test_the_rest_is_exactly_what_utf8_can_write_without_nul(text: str) -> None:
    refused = "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)
    assert (explain_unstorable(text) is not None) == refused
