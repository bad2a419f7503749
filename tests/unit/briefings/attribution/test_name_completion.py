"""Names are completed over the articles of one story, and only when one person can be meant."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution import complete_speakers, extract_quotes
from briefings.attribution.name_completion import KnownPerson, collect_people, select_related_people
from briefings.model import Article

_SHORT = Article("short", "“We will not give in to this,” Quill said.")


def _names(*articles: Article) -> list[str | None]:
    resolved = complete_speakers([(article, extract_quotes(article)) for article in articles])
    return [quote.speaker.name if quote.speaker else None for quote in resolved[0][1]]


def test_a_surname_is_completed_by_another_article_with_the_office_it_gives() -> None:
    long = Article("long", "The housing minister, Sarah Quill, said the bridge would stay closed.")
    resolved = complete_speakers([(_SHORT, extract_quotes(_SHORT)), (long, extract_quotes(long))])
    speaker = resolved[0][1][0].speaker
    assert speaker is not None
    assert (speaker.name, speaker.role) == ("Sarah Quill", "housing minister")


def test_a_surname_that_two_people_bear_stays_as_it_is() -> None:
    both = Article("both", "Sarah Quill met the mayor on Monday. Peter Quill said the talks had failed.")
    assert _names(_SHORT, both) == ["Quill"]


def test_two_spellings_of_one_name_are_one_person() -> None:
    one = Article("one", "“We will not give in to this,” Diane Abbot said.")
    other = Article("other", "Diane Abbott said the vote was lost. Diane Abbott left.")
    assert _names(one, other) == _names(other, one)[:1]


def test_an_anonymous_source_is_nobody_by_name() -> None:
    article = Article("a", "Senior party sources said the leader had lost the support of his members.")
    (quote,) = extract_quotes(article)
    assert quote.speaker is not None
    assert quote.speaker.anonymous


def test_whoever_is_not_asked_for_is_left_as_the_article_names_them() -> None:
    long = Article("long", "The housing minister, Sarah Quill, said the bridge would stay closed.")
    batch = [(_SHORT, extract_quotes(_SHORT)), (long, extract_quotes(long))]
    for surnames, told in (({"quill"}, "Sarah Quill"), ({"frost"}, "Quill"), (set[str](), "Quill")):
        speaker = complete_speakers(batch, surnames=surnames)[0][1][0].speaker
        assert speaker is not None
        assert speaker.name == told


#: surnames one letter apart, first names shared and not
_NAMES = st.builds(
    KnownPerson,
    st.builds(
        "{} {}".format, st.sampled_from(["Anna", "Tom"]), st.sampled_from(["Bergmann", "Bergman", "Frost", "Reed"])
    ),
    st.lists(st.sampled_from(["mayor", "minister"]), max_size=1).map(tuple),
)


@given(
    st.lists(st.lists(_NAMES, max_size=4), max_size=4),
    st.sets(st.sampled_from(["bergmann", "bergman", "frost", "reed", "stone"]), max_size=2),
)
def test_those_who_bear_on_some_surnames_tell_the_same_of_them_as_everybody(
    named: list[list[KnownPerson]], surnames: set[str]
) -> None:
    articles = {Article(str(at), ""): found for at, found in enumerate(named)}
    bearing = select_related_people({article.id: found for article, found in articles.items()}, surnames)
    every, few = (
        collect_people(articles, lambda article: articles[article]),
        collect_people(articles, lambda a: bearing[a.id]),
    )
    assert {key: every.get(key) for key in surnames} == {key: few.get(key) for key in surnames}
