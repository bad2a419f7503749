"""The index of mentions gives the answers of a plain search, however the texts change."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.story.mention_index import MentionIndex

_TEXTS = st.dictionaries(st.sampled_from("abcdef"), st.text("xyz ", max_size=6), max_size=6)


@given(st.lists(st.tuples(_TEXTS, st.text("xyz ", max_size=3)), max_size=40))
def test_finds_what_a_search_finds(steps: list[tuple[dict[str, str], str]]) -> None:
    """After any changes of the texts, the texts with some words are those of a search through all."""
    index = MentionIndex()
    for texts, words in steps:
        index.set_texts(texts)
        assert sorted(index.find_texts(words)) == sorted(item for item in texts.items() if words in item[1])
