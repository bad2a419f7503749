"""Names and roles are shown only if they are clean: no headline scraps, no cut offices, no rival first names."""

import pytest

from briefings.compose.candidates import Candidates
from briefings.compose.voices.names import StoryNames, is_clean_name, is_noun_phrase, is_same_person
from briefings.model import Article, Speaker


def clean(speaker: Speaker, *texts: str, mention: str = "") -> Speaker | None:
    articles = [(Article(str(number), text, publisher=f"Paper {number}"), ()) for number, text in enumerate(texts)]
    return StoryNames(Candidates(articles)).clean(speaker, mention)


@pytest.mark.parametrize(
    "name", ["Jane Roe", "J. K. Roe", "Anna van der Berg", "John Roe Jr.", "Easton Council", "ABC"]
)
def test_name_of_person_or_body_is_clean(name: str) -> None:
    assert is_clean_name(name)


@pytest.mark.parametrize(
    "name",
    ["Team Roe, Mayor", "Q. Given", "JANE ROE", "U.S. Health", "Ohio Republican", "Should Easton", "Roe said", "GM GM"],
)
def test_scrap_of_a_page_is_no_name(name: str) -> None:
    assert not is_clean_name(name)


@pytest.mark.parametrize(
    "role",
    ["mayor", "shadow harbour secretary", "Harbour Secretary", "co-founder of Acme", "former President"],
)
def test_whole_noun_phrase_is_a_role(role: str) -> None:
    assert is_noun_phrase(role)


@pytest.mark.parametrize(
    "role",
    [
        "decision President",
        "Historian calls",
        "both President",
        "town's mayor",
        "another lawyer",
        "Secretary",
        "rival 2016 mayor",
    ],
)
def test_fragment_is_no_role(role: str) -> None:
    assert not is_noun_phrase(role)


def test_office_before_a_name_is_no_part_of_it() -> None:
    assert clean(Speaker("Acme CEO Jane Roe"), "Acme CEO Jane Roe wrote it.") == Speaker("Jane Roe", "Acme CEO")


def test_role_beside_the_name_is_shown() -> None:
    text = "The harbour minister Jane Roe left. It was raining in Easton."
    assert clean(Speaker("Jane Roe", "harbour minister"), text) == Speaker("Jane Roe", "harbour minister")


@pytest.mark.parametrize("role", ["Deputy Foreign Minister", "Acting Foreign Minister", "Trade and Foreign Minister"])
def test_role_cut_from_another_is_completed(role: str) -> None:
    text = f"{role} Jane Roe left the town."
    assert clean(Speaker("Jane Roe", "Foreign Minister"), text) == Speaker("Jane Roe", role)


def test_role_away_from_the_name_is_not_shown() -> None:
    text = "The Foreign Minister of Easton was absent. It rained for many days, and the town slept. Jane Roe left."
    assert clean(Speaker("Jane Roe", "Foreign Minister"), text) == Speaker("Jane Roe")


def test_office_belongs_to_the_namesake_who_has_it_before_the_full_name() -> None:
    text = (
        "Mayor John Roe spoke. His daughter Jane Roe left. The daughter of the Mayor Jane Roe smiled. Mayor Roe left."
    )
    assert clean(Speaker("Jane Roe", "Mayor"), text, mention="Roe") == Speaker("John Roe", "Mayor")
    assert clean(Speaker("Jane Roe", "Mayor"), text, mention="Jane Roe") == Speaker("Jane Roe")


def test_person_named_only_as_a_relative_does_not_speak() -> None:
    text = "Jane Roe, the wife of former mayor John Roe, spoke."
    assert clean(Speaker("John Roe"), text) is None


def test_rarer_of_two_first_names_for_one_surname_is_doubtful() -> None:
    texts = ("Peter Roe spoke. Peter Roe left.", "Peter Roe spoke in Easton.", "Martin Roe spoke in Easton.")
    assert clean(Speaker("Martin Roe"), *texts) is None
    assert clean(Speaker("Peter Roe"), *texts) == Speaker("Peter Roe")


def test_two_people_whom_one_article_tells_apart_are_shown() -> None:
    text = "Peter Roe spoke. His brother Martin Roe spoke too."
    assert clean(Speaker("Martin Roe"), text) == Speaker("Martin Roe")


@pytest.mark.parametrize(("first", "second"), [("Nick Roe", "Nicholas Roe"), ("Jane Roe", "Jane Mary Roe")])
def test_short_and_long_name_are_one_person(first: str, second: str) -> None:
    assert is_same_person(first, second)


def test_father_and_son_are_two_people() -> None:
    assert not is_same_person("John Roe", "John Roe Jr.")
