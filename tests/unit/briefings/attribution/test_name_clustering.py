"""Spellings and initials are grouped into one person; two people with one surname are not."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution.name_clustering import NameCluster, cluster_names, is_meant_by, match_name

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


def test_middle_names_accents_hyphens_and_transcriptions_are_one_person() -> None:
    for name, spelling in (
        ("Ada Okoro Marsh", "Ada Marsh"),
        ("Lena Róssel", "Lena Rossel"),
        ("Ivo Strand-Quill", "Ivo Strand Quill"),
        ("Thawatsak Osatanakorn", "Thawatsak Osotthanakorn"),
        ("Lena Strand Quill", "Strand Quill"),
    ):
        assert len(cluster_names({name: 2, spelling: 1})) == 1, (name, spelling)


def test_generations_other_middle_names_and_relatives_are_other_people() -> None:
    for name, other_name in (
        ("Ada Marsh", "Ada Marsh Jr."),
        ("Tom A. Marsh", "Tom B. Marsh"),
        ("Tom Abel Marsh", "Tom Ivo Marsh"),
        ("Tom Richardson", "Tom Richards"),
        ("Bill Marsh", "Ada Marsh"),
    ):
        assert len(cluster_names({name: 2, other_name: 1})) == 2, (name, other_name)


def test_question_for_a_name_means_its_spellings_and_not_the_son() -> None:
    assert is_meant_by("Ada Okoro Marsh", "ada marsh")
    assert is_meant_by("Ada B. Marsh", "Ada Marsh")
    assert is_meant_by("Ada Marsh", "marsh")
    assert is_meant_by("Marsh", "Marsh")
    assert not is_meant_by("Ada Marsh Jr.", "Ada Marsh")
    assert is_meant_by("Ada Marsh Jr.", "Ada Marsh Jr")
    assert not is_meant_by("Marsh", "Ada Marsh")


@given(NAMES)
def test_every_name_belongs_to_one_person_and_every_person_matches_their_name(names: dict[str, int]) -> None:
    people = cluster_names(names)
    assert sorted(name for person in people for name in person.spellings) == sorted(names)
    assert sum(person.quotes for person in people) == sum(names.values())
    assert all(person in match_name(person.name, people) for person in people)
