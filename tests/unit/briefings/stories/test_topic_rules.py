"""Names, slugs and phrases of topics that people make."""

import pytest

from briefings.errors import BadQuestion
from briefings.model import Topic
from briefings.stories import clean_name, clean_phrases, find_topic, make_slug, suggest_topics


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Easton flood", "easton-flood"),
        ("  Labour’s   crisis! ", "labour-s-crisis"),
        ("Café – été", "cafe-ete"),
        ("日本 選挙", "日本-選挙"),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_slug_is_the_folded_words(name: str, slug: str) -> None:
    assert make_slug(name)[:64] == slug[: len(make_slug(name))]
    assert len(make_slug(name)) <= 64


@pytest.mark.parametrize("text", ["", "   ", "???", "\u200b\u200b", "\x00", "x" * 81])
def test_name_without_letters_or_too_long_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadQuestion) as error:
        clean_name(text)
    assert "\n" not in str(error.value)


def test_invisible_characters_are_removed_from_names() -> None:
    assert clean_name("Easton\u202e \x07flood\n") == "Easton flood"


@pytest.mark.parametrize("words", [(), ("",), ("!!", "—"), ("the",), ("a",), ("y" * 200,), ("one " * 30,)])
def test_words_that_match_nothing_or_everything_are_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(BadQuestion):
        clean_phrases(words)


def test_repeated_words_count_once() -> None:
    assert clean_phrases(["Flood", "flood", "high  water"]) == ("Flood", "high water")


def test_current_names_win_over_former_ones() -> None:
    renamed = Topic("weather", "Weather", ("rain",), former_names=("flood", "Floods"))
    current = Topic("flood", "Flood", ("flood",))
    assert find_topic([renamed, current], "flood") is current
    assert find_topic([renamed, current], "floods") is renamed
    assert find_topic([renamed, current], "") is None


def test_muted_topics_are_not_suggested() -> None:
    assert suggest_topics("floods", [Topic("flood", "Flood", ("flood",), is_muted=True)]) == ()
