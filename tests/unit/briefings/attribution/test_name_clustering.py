"""Spellings and initials are grouped into one person; two people with one surname are not."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution.name_clustering import NameCluster, cluster_names, match_name

NAMES = st.dictionaries(
    st.sampled_from(["Ada Marsh", "Ada Marshe", "Ada B. Marsh", "Tom Marsh", "Marsh", "Ada", "Tom Okoro", "X"]),
    st.integers(1, 99),
)


def test_single_surname_belongs_to_the_only_person_with_it() -> None:
    assert cluster_names({"Ada Marsh": 3, "Marsh": 5}) == (NameCluster(("Ada Marsh", "Marsh"), 8),)


def test_shared_surname_belongs_to_neither_person() -> None:
    people = cluster_names({"Ada Marsh": 3, "Tom Marsh": 4, "Marsh": 5})
    assert {person.name for person in people} == {"Ada Marsh", "Tom Marsh", "Marsh"}
    assert match_name("marsh", people) == people
    assert [person.name for person in match_name("ada marsh", people)] == ["Ada Marsh"]


def test_initials_and_double_letters_are_one_person_with_the_most_common_spelling() -> None:
    (person,) = cluster_names({"Diane Abbott": 2, "Diane Abbot": 1, "Diane J. Abbott": 1})
    assert (person.name, person.quotes) == ("Diane Abbott", 4)
    matches = match_name("Diane Abbot", cluster_names({"Diane Abbott": 2}))
    assert [match.name for match in matches] == ["Diane Abbott"]


def test_first_name_or_another_surname_matches_no_person() -> None:
    people = cluster_names({"Ada Marsh": 3})
    assert match_name("Ada", people) == ()
    assert match_name("Ada Okoro", people) == ()


@given(NAMES)
def test_every_name_belongs_to_one_person_and_every_person_matches_their_name(names: dict[str, int]) -> None:
    people = cluster_names(names)
    assert sorted(name for person in people for name in person.spellings) == sorted(names)
    assert sum(person.quotes for person in people) == sum(names.values())
    assert all(person in match_name(person.name, people) for person in people)
