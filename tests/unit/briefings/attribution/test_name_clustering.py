"""Which names are one person: spellings and initials are, two people of one surname are not."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution.name_clustering import NameCluster, cluster_names, match_name

NAMES = st.dictionaries(
    st.sampled_from(["Ada Marsh", "Ada Marshe", "Ada B. Marsh", "Tom Marsh", "Marsh", "Ada", "Tom Okoro", "X"]),
    st.integers(1, 99),
)


def test_a_surname_alone_is_the_one_person_who_bears_it() -> None:
    assert cluster_names({"Ada Marsh": 3, "Marsh": 5}) == (NameCluster(("Ada Marsh", "Marsh"), 8),)


def test_a_surname_that_two_bear_is_nobodys() -> None:
    people = cluster_names({"Ada Marsh": 3, "Tom Marsh": 4, "Marsh": 5})
    assert {one.name for one in people} == {"Ada Marsh", "Tom Marsh", "Marsh"}
    assert match_name("marsh", people) == people
    assert [one.name for one in match_name("ada marsh", people)] == ["Ada Marsh"]


def test_initials_and_a_letter_doubled_are_one_person_under_the_commoner_spelling() -> None:
    (one,) = cluster_names({"Diane Abbott": 2, "Diane Abbot": 1, "Diane J. Abbott": 1})
    assert (one.name, one.quotes) == ("Diane Abbott", 4)
    assert [found.name for found in match_name("Diane Abbot", cluster_names({"Diane Abbott": 2}))] == ["Diane Abbott"]


def test_nobody_is_guessed_from_a_first_name_or_another_surname() -> None:
    people = cluster_names({"Ada Marsh": 3})
    assert match_name("Ada", people) == ()
    assert match_name("Ada Okoro", people) == ()


@given(NAMES)
def test_every_name_is_one_persons_and_every_person_is_found_by_their_own(names: dict[str, int]) -> None:
    people = cluster_names(names)
    assert sorted(name for one in people for name in one.spellings) == sorted(names)
    assert sum(one.quotes for one in people) == sum(names.values())
    assert all(one in match_name(one.name, people) for one in people)
