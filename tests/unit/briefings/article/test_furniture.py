"""Which sentences belong to a site's pages and not to its reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.article import boilerplate, furniture
from briefings.article.boilerplate import find_boilerplate
from briefings.article.furniture import is_furniture


@pytest.mark.parametrize(
    "sentence",
    [
        "The Example Agency contributed to this report.",
        "Jane Roe reported from Leeds.",
        "Jane Roe, left, speaks with John Doe after the vote.",
        "In this May 3, 2019, photo, Jane Roe leaves the hall.",
        "Jane Roe arrives at the court in Leeds, England, May 3, 2019.",
        "What a day it was — Jane Roe (@janeroe) July 3, 2018",
        "Watch it again pic.twitter.com/abcdef",
        "(PHOTOS: Ten views of the hall)",
        "Sign up for our newsletter and never miss a vote.",
        "Updated at 3:58 p.m. ET with the result.",
        "An earlier version of this article misspelled a name.",
        "Jane RoeMORE (D-Ohio) said no.",
        "Council votes on library Read more",
        "Your browser does not support this player.",
        "The full interview is available here.",
        "Visit The Tribune's homepage for more stories.",
        "Members vote as Jane Roe stands on the dais in Easton, Wednesday, May 3, 2019.",
    ],
)
def test_furniture_is_recognised(sentence: str) -> None:
    assert is_furniture(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Jane Roe left the council on May 3, 2019.",
        "Two people reported from the hall that they had seen smoke.",
        "The council signed up to the plan and reported its costs.",
        "She arrived in Leeds on May 3, 2019, police said.",
        "More than ten people watched the vote.",
        "The library stands by the harbour and was built for the town of Easton in 2019.",
        "Help is available for people in Easton who lost their homes.",
    ],
)
def test_report_is_not_furniture(sentence: str) -> None:
    assert not is_furniture(sentence)


def test_credit_is_recognised_and_a_very_long_word_in_it_is_read_quickly() -> None:
    """The pattern must not try every split of a word; this call would never end."""
    assert is_furniture("Jane Roe and John Doe reported from Easton, Weston.")
    assert not is_furniture(f"Jane Roe reported from {'a' * 5_000}!")


_PIECES = (
    "Jane Roe", "MORE", " ", "\n", ".", "(", ")", "@roe", "@ roe", "REUTERS", "AFP", "/Getty", "Reuters/", "A",
    "Read more",
    "in the background", "in the foreground ", "is", "©", "(c) 2019", "(C)", "copyright 2019", "Copyright ", "19",
    "All rights reserved", "This article was written by", "photo", "NEWS", ", ", "D-Ohio", "’s", "more", "EPA ",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_looking_for_words_first_changes_no_answer(text: str) -> None:
    """Every text has the empty word, so that with it each shape is searched in each sentence."""
    answers = is_furniture(text), find_boilerplate(text, None)
    with pytest.MonkeyPatch.context() as patches:
        for name in ("_SHAPES_BY_WORDS", "_CASED_SHAPES_BY_WORDS"):
            patches.setattr(furniture, name, [(("",), shape) for _, shape in getattr(furniture, name)])
        patches.setattr(boilerplate, "_NOTICE_WORDS", ("",))
        assert (is_furniture(text), find_boilerplate(text, None)) == answers
