"""Who said it: one hit per utterance, separate narration, and the nearest quotes when nothing matches."""

from briefings.compose import answer_who_said, build_hits, group_quotes_by
from briefings.model import SearchTotals, WhoSaid
from tests.support.articles import analyse_articles, make_article

TOTALS = SearchTotals(2, 4)
PAPER = make_article(
    'The secretary, Jane Roe, said: "It was like a lynch-mob without a rope."\n'
    '"The members will decide," said John Doe.\n'
    "Nobody there had seen a lynch mob before.\n\n"
    "Related: Lynch mob on the loose – live\n\n"
    "The hall was empty by ten.",
    "a",
)
POST = make_article('"Like a lynch mob without the rope," Jane Roe told them.', "b", "The Post")


def ask(words: str) -> WhoSaid:
    articles_with_quotes = analyse_articles(PAPER, POST)
    return answer_who_said(words, articles_with_quotes, TOTALS, nearest=articles_with_quotes)


def test_utterance_in_two_wordings_is_one_hit_with_a_variant() -> None:
    (hit,) = ask("lynch mob").hits
    assert hit.speaker is not None
    assert (hit.speaker.name, hit.quote) == ("Jane Roe", "It was like a lynch-mob without a rope.")
    variants = [(variant.quote, variant.publisher) for variant in hit.variants]
    assert variants == [("Like a lynch mob without the rope", "The Post")]
    assert hit.outlets == 2


def test_articles_own_words_are_narration_and_boilerplate_is_ignored() -> None:
    assert [n.text for n in ask("LYNCH-MOB").narration] == ["Nobody there had seen a lynch mob before."]


def test_words_without_a_match_give_the_nearest_quotes() -> None:
    answer = ask("the members shall decide")
    assert (answer.hits, answer.narration) == ((), ())
    assert [hit.quote for hit in answer.nearest] == ["The members will decide"]


def test_words_without_similar_quotes_give_an_empty_answer() -> None:
    answer = ask("quarterly dividend yield")
    assert (answer.hits, answer.narration, answer.nearest) == ((), (), ())


def test_narration_suppresses_nearest_quotes() -> None:
    assert ask("empty by ten").nearest == ()


def test_all_quotes_of_a_speaker_are_listed_newest_first() -> None:
    hits = build_hits(group_quotes_by("roe", analyse_articles(PAPER, POST)))
    assert [(hit.quote[:7], len(hit.variants)) for hit in hits] == [("It was ", 1)]


def test_unattributed_quotes_are_never_one_utterance() -> None:
    """Two papers may quote two unnamed people with the same words."""
    articles = (
        make_article('It read "We want him to stay" there.', "a"),
        make_article('It said "We want him to stay".', "b", "P"),
    )
    answer = answer_who_said("want him to stay", analyse_articles(*articles), TOTALS)
    assert len([hit for hit in answer.hits if hit.speaker is None]) == len(answer.hits) == 2
