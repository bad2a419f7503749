"""Tokens are slices of the text, in order, and together contain every letter."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.text.tokenizer import tokenise


@given(st.text(max_size=300))
def test_every_visible_character_is_in_exactly_one_token(text: str) -> None:
    tokens = tokenise(text)
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == tokens.words
    assert "".join("".join(tokens.words).split()) == "".join(text.split())


def test_abbreviations_possessives_and_figures_are_single_tokens() -> None:
    text = "Mr. Smith’s U.S. aide couldn’t pay $1,200.50 on Sept. 3 – e.g."
    assert tokenise(text).words == [
        "Mr.", "Smith", "’s", "U.S.", "aide", "couldn’t", "pay", "$", "1,200.50", "on",
        "Sept.", "3", "–", "e", ".", "g", ".",
    ]  # fmt: skip


def test_paragraphs_are_lines_with_words() -> None:
    assert tokenise("One two.\n\n \nThree.").paragraph.tolist() == [0, 0, 0, 1, 1]
