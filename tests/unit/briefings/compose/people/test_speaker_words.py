"""A title, a pronoun or a name in a paraphrase can contradict the person, and nothing else does."""

import pytest

from briefings.compose.people.speaker_words import contradicts_person
from briefings.model import Article, Kind, Quote, Span, Speaker


@pytest.mark.parametrize(
    ("source", "name", "contradicts"),
    [
        ("Mr Roe", "Jane Roe", True),
        ("Mr. Roe", "Jane Roe", True),
        ("Mrs Roe", "Peter Roe", True),
        ("he", "Jane Roe", True),
        ("She", "Jane Roe", False),
        ("Mrs Roe", "Jane Roe", False),
        ("Dr Roe", "Jane Roe", False),
        ("the mayor", "Jane Roe", False),
        ("Mr Roe", "Zorka Roe", False),
        ("Mr Roe", "Roe", False),
        ("Ms James", "James", False),
        ("King", "Angela King", False),
        ("King, the mayor,", "Angela King", False),
        ("…", "Jane Roe", False),
    ],
)
def test_titles_and_pronouns_of_the_other_gender_contradict_a_person(source: str, name: str, contradicts: bool) -> None:
    text = f"“The ferry will sail,” said {source}."
    quote = Quote((Span(1, 20),), Span(28, 28 + len(source)), Span(23, 27), Speaker(name), Kind.DIRECT, 0.9, "named")
    assert contradicts_person(Article("a", text), quote, name) == contradicts


@pytest.mark.parametrize(
    ("source", "words", "kind", "contradicts"),
    [
        ("He", "that he never paid Roe for the ferry", Kind.INDIRECT, True),
        ("He", "he did not know whether Roe was on the ferry", Kind.INDIRECT, True),
        ("Peter Roe", "that he never paid Roe for the ferry", Kind.INDIRECT, False),
        ("He", "that neither the ferry nor Roe was late", Kind.INDIRECT, False),
        ("He", "that he never paid Monroe for the ferry", Kind.INDIRECT, False),
        ("He", "he is the old Roe", Kind.DIRECT, False),
    ],
)
def test_a_paraphrase_that_names_the_person_is_not_of_a_he_who_is_that_person(
    source: str, words: str, kind: Kind, contradicts: bool
) -> None:
    text = f"{source} said {words}."
    start = len(source) + 6
    quote = Quote(
        (Span(start, start + len(words)),), Span(0, len(source)), None, Speaker("Peter Roe"), kind, 0.9, "named"
    )
    assert contradicts_person(Article("a", text), quote, "Peter Roe") == contradicts


def test_a_quotation_without_words_for_its_speaker_contradicts_nobody() -> None:
    quote = Quote((Span(0, 3),), None, None, Speaker("Jane Roe"), Kind.DIRECT, 0.9, "named")
    assert not contradicts_person(Article("a", "Yes."), quote, "Jane Roe")
