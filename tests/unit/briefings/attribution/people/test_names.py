"""Names are cut at the right place and grouped into people; their job titles are whole."""

import pytest

from briefings.attribution.features.document import parse_document
from briefings.attribution.models.weights import load_models
from briefings.attribution.people.models import load_people_models
from briefings.attribution.people.resolver import find_people_in_full


def _find_people(text: str) -> dict[str, tuple[str, ...]]:
    return dict(find_people_in_full(parse_document(text, load_models().tagger), load_people_models()))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rep. Carla Ortiz, R-Tampa, toured the base on Friday.", "Carla Ortiz"),
        ("Sen. Peter Moss (D-Tenn.) toured the base on Friday.", "Peter Moss"),
        ("Easton University President David Boren spoke to the students.", "David Boren"),
        ("On Tuesday Peter Moss said the base would close.", "Peter Moss"),
        ("The head of the party, Jo-Renee Formosa, said the base would close.", "Jo-Renee Formosa"),
        ("Rep. Peter Moss Peter (Pete) Ian Moss… MORE (D-Tenn.) said the base would close.", "Peter Moss"),
    ],
)
def test_name_has_no_title_party_or_day(text: str, name: str) -> None:
    assert list(_find_people(text)) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gov. Abdikadir Mohamed Nur Sidii spoke to the crowd.", "Abdikadir Mohamed Nur Sidii"),
        ("They asked Supervisor Susan Bucher about the count.", "Susan Bucher"),
        ("They asked Detective Peter Moss about the car.", "Peter Moss"),
        ("They met with Ngozi Mary Okafor at the harbour.", "Ngozi Mary Okafor"),
        ("They met with Rescuer Peter Moss, the rescuer of the boat.", "Peter Moss"),
    ],
)
def test_first_word_belongs_to_the_name_unless_it_is_an_office_or_a_word(text: str, name: str) -> None:
    assert list(_find_people(text)) == [name]


def test_middle_name_and_initial_are_one_person() -> None:
    text = "Peter Moss spoke first. Later Peter J. Moss left. Peter James Moss was not seen again."
    assert len(_find_people(text)) == 1


def test_father_and_son_are_two_people() -> None:
    assert len(_find_people("Peter Moss spoke first. Then his son, Peter Moss Jr., spoke to the reporters.")) == 2


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Under Secretary Peter Moss signed the paper.", "Under Secretary"),
        ("The shadow chancellor, Peter Moss, signed the paper.", "shadow chancellor"),
        ("Peter Moss, the general secretary of the union, signed the paper.", "general secretary of the union"),
    ],
)
def test_job_title_is_whole(text: str, role: str) -> None:
    assert _find_people(text)["Peter Moss"][:1] == (role,)


def test_place_and_body_are_no_people() -> None:
    assert not _find_people("The Easton City Council met in New York on Monday with the Wood Green Trust.")
