"""How much a line tells a reader who sees nothing else."""

from datetime import date

import pytest

from briefings.compose.ranking.substance import (
    BACKGROUND_FACTOR,
    SURNAME_FACTOR,
    opens_as_known,
    rate_age,
    rate_substance,
    rate_surname,
)
from briefings.facts import Anchor, extract_facts
from briefings.model import Span

NEWEST = date(2016, 6, 28)


@pytest.mark.parametrize(
    ("thin", "full"),
    [
        ("The court document does not elaborate on its reasons.", "The court document names Jane Roe."),
        ("The strike was aimed at Easton.", "A strike was aimed at Easton."),
        ("Jane Roe also spoke in Easton.", "Jane Roe spoke in Easton."),
        ("But Jane Roe spoke in Easton.", "Jane Roe spoke in Easton."),
        ("On the radio, however, Jane Roe spoke.", "On the radio, Jane Roe spoke."),
        ("Jane Roe disputes that characterization.", "Jane Roe disputes that she left."),
    ],
)
def test_line_that_says_little_alone_is_rated_lower(thin: str, full: str) -> None:
    assert rate_substance(thin) < rate_substance(full) == 1.0


@pytest.mark.parametrize(
    "words", ["Voters in Easton waited.", "Some 40 people waited.", "Hundreds waited, three left."]
)
def test_name_or_figure_gives_substance(words: str) -> None:
    assert rate_substance(words) == 1.0


def test_noun_with_its_description_does_not_open_as_known() -> None:
    assert opens_as_known("The company said that it would close.")
    assert opens_as_known("The formula shook Easton.")
    assert not opens_as_known("The mayor of Easton said that it would close.")


@pytest.mark.parametrize("words", ["But Doe said there has been progress.", "There has been progress, said Doe."])
def test_words_of_a_surname_in_one_outlet_are_rated_lower(words: str) -> None:
    assert rate_surname(words, {"doe": 0.25}, 0.25) == SURNAME_FACTOR
    assert rate_surname(words, {"doe": 0.94}, 0.25) == 1.0


def test_words_of_a_full_name_are_not_rated_lower() -> None:
    assert rate_surname("John Doe said there has been progress.", {"doe": 0.25}, 0.25) == 1.0


@pytest.mark.parametrize(
    ("text", "outlet_count", "factor"),
    [
        ("John Doe was mayor of Easton in 2006.", 1, BACKGROUND_FACTOR),
        ("John Doe was mayor of Easton in 2006.", 2, 1.0),
        ("John Doe resigned on 27 June 2016.", 1, 1.0),
        ("John Doe resigned.", 1, 1.0),
    ],
)
def test_old_background_in_one_outlet_is_rated_lower(text: str, outlet_count: int, factor: float) -> None:
    facts = extract_facts(text, text, Span(0, len(text)), Anchor(NEWEST, "a", is_own=True))
    assert rate_age(facts, outlet_count, NEWEST) == factor
