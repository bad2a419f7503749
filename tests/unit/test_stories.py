"""Which articles tell a story, and which topic was meant."""

from briefings.model import Topic
from briefings.stories import about, nearest, under
from tests.articles import article

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
    assert ids(under(TOPICS[0], articles)) == ["a", "b"]


def test_boilerplate_puts_no_article_under_a_topic() -> None:
    """A link to another story is not what an article is about."""
    assert under(TOPICS[1], [article("He left.\n\nRelated: steel works to close\n\nShe stayed.")]) == []


def test_a_title_does() -> None:
    assert ids(under(TOPICS[1], [article("Steel works to close\n\nHe left.")])) == ["a"]


def test_words_asked_for_must_all_stand_there_stop_words_aside() -> None:
    articles = [article("The rally of the union was loud.", "a"), article("The union met.", "b")]
    assert ids(about("the union rally", articles)) == ["a"]
    assert ids(about("The", articles)) == ["a", "b"]
    assert about("", articles) == []
    assert about("“”", articles) == []


def test_the_topic_somebody_meant_is_found_by_its_slip() -> None:
    assert nearest("labor crisis", TOPICS)[0] == "labour-crisis"
    assert nearest("stele works", TOPICS)[0] == "steel"
    assert nearest("zzz", TOPICS) == ()
    assert nearest("", TOPICS) == ()
