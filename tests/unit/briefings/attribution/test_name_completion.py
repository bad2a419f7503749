"""Names are completed from the articles of one story, and only if they can mean just one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution import complete_speakers, extract_quotes
from briefings.attribution.features.person_names import differ_by_one_letter
from briefings.attribution.name_completion import (
    KnownPerson,
    collect_people,
    complete_by_surname,
    list_possible_spellings,
    select_related_people,
)
from briefings.model import Article, Kind, Quote, Span, Speaker

_SHORT = Article("short", "“We will not give in to this,” Quill said.")


def _complete_names(*articles: Article) -> list[str | None]:
    resolved = complete_speakers([(article, extract_quotes(article)) for article in articles])
    return [quote.speaker.name if quote.speaker else None for quote in resolved[0][1]]


def test_surname_is_completed_from_another_article_with_the_job_title() -> None:
    full_article = Article("long", "The housing minister, Sarah Quill, said the bridge would stay closed.")
    resolved = complete_speakers([(_SHORT, extract_quotes(_SHORT)), (full_article, extract_quotes(full_article))])
    speaker = resolved[0][1][0].speaker
    assert speaker is not None
    assert (speaker.name, speaker.role) == ("Sarah Quill", "housing minister")


def test_shared_surname_is_unchanged() -> None:
    article = Article("both", "Sarah Quill met the mayor on Monday. Peter Quill said the talks had failed.")
    assert _complete_names(_SHORT, article) == ["Quill"]


def test_two_spellings_of_one_name_are_one_person() -> None:
    first = Article("one", "“We will not give in to this,” Diane Abbot said.")
    second = Article("other", "Diane Abbott said the vote was lost. Diane Abbott left.")
    assert _complete_names(first, second) == _complete_names(second, first)[:1]


def test_anonymous_source_has_no_name() -> None:
    article = Article("a", "Senior party sources said the leader had lost the support of his members.")
    (quote,) = extract_quotes(article)
    assert quote.speaker is not None
    assert quote.speaker.anonymous


def test_speakers_with_other_surnames_are_unchanged() -> None:
    full_article = Article("long", "The housing minister, Sarah Quill, said the bridge would stay closed.")
    batch = [(_SHORT, extract_quotes(_SHORT)), (full_article, extract_quotes(full_article))]
    for surnames, expected_name in (({"quill"}, "Sarah Quill"), ({"frost"}, "Quill"), (set[str](), "Quill")):
        speaker = complete_speakers(batch, surnames=surnames)[0][1][0].speaker
        assert speaker is not None
        assert speaker.name == expected_name


#: surnames one letter apart, equal and different first names
_PEOPLE = st.builds(
    KnownPerson,
    st.builds(
        "{} {}".format, st.sampled_from(["Anna", "Tom"]), st.sampled_from(["Bergmann", "Bergman", "Frost", "Reed"])
    ),
    st.lists(st.sampled_from(["mayor", "minister"]), max_size=1).map(tuple),
)


@given(
    st.lists(st.lists(_PEOPLE, max_size=4), max_size=4),
    st.sets(st.sampled_from(["bergmann", "bergman", "frost", "reed", "stone"]), max_size=2),
)
def test_selected_people_give_the_same_result_for_some_surnames_as_everyone(
    people_by_article: list[list[KnownPerson]], surnames: set[str]
) -> None:
    articles = {Article(str(number), ""): people for number, people in enumerate(people_by_article)}
    selected_people = select_related_people({article.id: people for article, people in articles.items()}, surnames)
    full_result = collect_people(articles, lambda article: articles[article])
    selected_result = collect_people(articles, lambda article: selected_people[article.id])
    assert {key: full_result.get(key) for key in surnames} == {key: selected_result.get(key) for key in surnames}


@pytest.mark.parametrize(
    ("name", "other_name"),
    [("anders", "sanders"), ("elson", "nelson"), ("orman", "norman"), ("olan", "nolan"), ("ates", "yates")],
)
def test_a_surname_with_another_first_letter_is_another_surname(name: str, other_name: str) -> None:
    """Only a letter within or after a name can be doubled: "Anders" and "Sanders" are two people."""
    assert not differ_by_one_letter(name, other_name)
    assert not differ_by_one_letter(other_name, name)


@given(st.text("aehst", max_size=7), st.text("aehst", max_size=7))
def test_possible_spellings_are_those_that_differ_by_one_letter(name: str, other_name: str) -> None:
    """The list agrees with the comparison of two surnames."""
    assert (other_name in list_possible_spellings(name)) == differ_by_one_letter(name, other_name)


@pytest.mark.parametrize(
    ("stories", "name"),
    [
        ({"berg": [["Anna Berg"]]}, "Anna Berg"),
        ({"berg": [["Anna Berg"], ["Tom Berg"]]}, "Berg"),
        ({"berg": [["Anna Berg", "Tom Okoro"], ["Anna Bergh"], ["Anna Bergh"]]}, "Anna Bergh"),
        ({"berg": [["Anna Bergh"]]}, "Berg"),
        ({"berg": [["Tom Okoro"]]}, "Berg"),
        ({"okoro": [["Anna Berg"]]}, "Berg"),
        ({}, "Berg"),
    ],
)
def test_each_surname_is_completed_from_its_own_articles(stories: dict[str, list[list[str]]], name: str) -> None:
    """A surname that two people have, or that only articles of another surname name in full, stays as it is."""
    quote = Quote((Span(0, 1),), None, None, Speaker("Berg"), Kind.DIRECT, 0.9, "")
    people = {
        surname: [[KnownPerson(person, ()) for person in article] for article in articles]
        for surname, articles in stories.items()
    }
    [completed_quote] = complete_by_surname((quote,), people)
    assert completed_quote.speaker is not None
    assert completed_quote.speaker.name == name
