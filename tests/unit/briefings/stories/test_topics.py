"""Which articles tell a story, and which topic was meant."""

from briefings.model import Topic
from briefings.stories import filter_by_topic, filter_by_words, suggest_topics
from tests.support.articles import article

TOPICS = [
    Topic("labour-crisis", "Labour's leadership crisis", ("no-confidence vote", "Corbyn")),
    Topic("steel", "The steel works", ("steel",)),
]


def ids(found: list[object]) -> list[str]:
    return [getattr(each, "id", "") for each in found]


def test_a_phrase_of_the_topic_must_stand_there_in_whole_words() -> None:
    articles = [
        article("Corbyn’s allies met.", "a"),
        article("A NO CONFIDENCE vote was held.", "b"),
        article("Corbynites met.", "c"),
        article("He has no confidence in the vote.", "d"),
    ]
    assert ids(filter_by_topic(TOPICS[0], articles)) == ["a", "b"]


def test_boilerplate_puts_no_article_under_a_topic() -> None:
    """A link to another story is not what an article is about."""
    assert filter_by_topic(TOPICS[1], [article("He left.\n\nRelated: steel works to close\n\nShe stayed.")]) == []


def test_a_title_does() -> None:
    assert ids(filter_by_topic(TOPICS[1], [article("Steel works to close\n\nHe left.")])) == ["a"]


def test_words_asked_for_must_all_stand_there_stop_words_aside() -> None:
    articles = [article("The rally of the union was loud.", "a"), article("The union met.", "b")]
    assert ids(filter_by_words("the union rally", articles)) == ["a"]
    assert ids(filter_by_words("The", articles)) == ["a", "b"]
    assert filter_by_words("", articles) == []
    assert filter_by_words("“”", articles) == []


def test_the_topic_somebody_meant_is_found_by_its_slip() -> None:
    assert suggest_topics("labor crisis", TOPICS)[0] == "labour-crisis"
    assert suggest_topics("stele works", TOPICS)[0] == "steel"
    assert suggest_topics("zzz", TOPICS) == ()
    assert suggest_topics("", TOPICS) == ()
