"""Text that cannot be stored byte for byte is reported with the reason."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.text.spans import explain_unstorable


def test_nul_and_lone_surrogates_are_reported() -> None:
    assert "NUL" in (explain_unstorable("a\0b") or "")
    assert "surrogate" in (explain_unstorable("a\udce9b") or "")


@given(st.text(st.characters()))
def test_all_other_text_can_be_stored(text: str) -> None:
    is_unstorable = "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)
    assert (explain_unstorable(text) is not None) == is_unstorable
