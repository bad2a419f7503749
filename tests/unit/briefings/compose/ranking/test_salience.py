"""What makes a sentence matter in its story."""

from briefings.compose.ranking.coverage import Coverage
from briefings.compose.ranking.kinds import find_kinds
from briefings.compose.ranking.lead import find_article_roles
from briefings.compose.ranking.salience import BodySentence, StoryMeasures, measure_story
from tests.support.articles import make_article

VOTE = "The council voted to close the old library in Easton."
CLOSURE = "Easton council voted on Monday to close its library."
CAKE = "A baker sold cakes outside under a green umbrella."


def measure(*texts_by_article: tuple[str, ...]) -> StoryMeasures:
    sentences = [
        BodySentence(number, position, text, text)
        for number, texts in enumerate(texts_by_article)
        for position, text in enumerate(texts)
    ]
    count = len(texts_by_article)
    return measure_story(sentences, [None] * count, list(range(count)), [0.0] * count)


def test_what_another_outlet_tells_matters_more_than_what_one_tells() -> None:
    measures = measure((CAKE, VOTE), (CLOSURE,))
    assert measures.support[1] > measures.support[0]
    assert measures.salience[1] > measures.salience[0]


def test_one_article_or_none_can_be_measured() -> None:
    assert measure((VOTE,)).support.tolist() == [0.0]
    assert measure().salience.tolist() == []


def test_one_line_covers_all_reports_of_a_fact() -> None:
    measures = measure((VOTE,), (CLOSURE,), (CAKE,))
    coverage = Coverage(measures)
    coverage.add(0, measures.terms[0])
    assert coverage.compute_new_share(measures.terms[1]) < 0.5
    assert coverage.compute_new_share(measures.terms[2]) == 1.0


def test_new_value_grows_with_the_words_and_is_gone_when_they_are_covered() -> None:
    measures = measure((VOTE,), (CLOSURE,), (CAKE, "A baker sold cakes."))
    coverage = Coverage(measures)
    assert coverage.compute_new_value(measures.terms[2]) > coverage.compute_new_value(measures.terms[3]) > 0
    coverage.add(2, measures.terms[2])
    assert coverage.compute_new_value(measures.terms[3]) == 0


def test_short_repeat_shares_most_of_itself_with_the_longer_sentence() -> None:
    measures = measure(("The council voted to close the old library in Easton after years of debate.",), (CLOSURE,))
    assert measures.containment[0, 1] > measures.similarity[0, 1] > 0


def test_comment_is_distinguished_from_report() -> None:
    sentences = [BodySentence(0, place, text, text) for place, text in enumerate(["We must act now."] * 4)]
    sentences += [BodySentence(1, place, text, text) for place, text in enumerate([VOTE] * 4)]
    roles = find_article_roles(sentences, [make_article("a", "a"), make_article("b", "b")])
    assert [role.is_comment for role in roles] == [True, False]


def test_kinds_of_fact() -> None:
    assert {"denial", "inquiry"} <= find_kinds("She denied that the police were investigating it.")
    assert find_kinds("She went home.") == frozenset()
