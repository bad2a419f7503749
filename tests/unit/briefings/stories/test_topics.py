"""Articles of a topic or a search, and suggestions for misspelt topics."""

from briefings.model import Article, Topic
from briefings.stories import TopicMatcher, filter_by_topic, filter_by_words, suggest_topics
from tests.support.articles import make_article

TOPICS = [
    Topic("labour-crisis", "Labour's leadership crisis", ("no-confidence vote", "Corbyn")),
    Topic("steel", "The steel works", ("steel",)),
]


def get_ids(articles: list[Article]) -> list[str]:
    return [article.id for article in articles]


def test_topic_needs_a_phrase_as_whole_words() -> None:
    articles = [
        make_article("Corbyn’s allies met.", "a"),
        make_article("A NO CONFIDENCE vote was held.", "b"),
        make_article("Corbynites met.", "c"),
        make_article("He has no confidence in the vote.", "d"),
    ]
    assert get_ids(filter_by_topic(TOPICS[0], articles)) == ["a", "b"]


def test_boilerplate_does_not_count_for_a_topic() -> None:
    """A link to another story does not show what an article is about."""
    assert filter_by_topic(TOPICS[1], [make_article("He left.\n\nRelated: steel works to close\n\nShe stayed.")]) == []


def test_title_counts_for_a_topic() -> None:
    assert get_ids(filter_by_topic(TOPICS[1], [make_article("Steel works to close\n\nHe left.")])) == ["a"]


def test_search_needs_all_words_except_stop_words() -> None:
    articles = [make_article("The rally of the union was loud.", "a"), make_article("The union met.", "b")]
    assert get_ids(filter_by_words("the union rally", articles)) == ["a"]
    assert get_ids(filter_by_words("The", articles)) == ["a", "b"]
    assert filter_by_words("", articles) == []
    assert filter_by_words("“”", articles) == []


def test_misspelt_topic_is_suggested() -> None:
    assert suggest_topics("labor crisis", TOPICS)[0] == "labour-crisis"
    assert suggest_topics("stele works", TOPICS)[0] == "steel"
    assert suggest_topics("zzz", TOPICS) == ()
    assert suggest_topics("", TOPICS) == ()


def test_matcher_counts_the_articles_that_each_topic_has() -> None:
    articles = [
        Article("a", "The flood reached Easton. High-water marks were broken.", title="Easton flood"),
        Article("b", "The ferry crews of Milldon went on strike.", title="Ferry strike"),
        Article("c", "Nothing happened."),
    ]
    topics = (
        Topic("flood", "Flood", ("flood", "high water", "reached Easton")),
        Topic("strike", "Strike", ("Ferry Strike", "“crews of Milldon”")),
        Topic("none", "None", ("water mark", "!!")),
    )
    counts = TopicMatcher(topics).count(articles)
    assert counts == {topic.slug: n for topic in topics if (n := len(filter_by_topic(topic, articles)))}
    assert counts == {"flood": 1, "strike": 1}


def test_many_topics_are_found_like_a_few() -> None:
    """Whether phrases are looked for one by one or by their first words makes no difference."""
    few = [Topic("vote", "Vote", ("no-confidence vote",)), Topic("rail", "Rail", ("rail strike", "train drivers"))]
    many = [*few, *(Topic(f"other-{number}", "Other", (f"phrase {number}",)) for number in range(100))]
    texts = ("Train drivers voted.", "A no confidence vote, phrase 7 and phrases 8.", "Rail, then strike.", "")
    articles = [Article(str(number), text) for number, text in enumerate(texts)]
    assert [TopicMatcher(few).find(article) for article in articles] == [{"rail"}, {"vote"}, set(), set()]
    assert TopicMatcher(many).find(articles[1]) == {"vote", "other-7"}
