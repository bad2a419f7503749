"""Who said it: one hit per utterance, separate narration, and the nearest quotes when nothing matches."""

from briefings.compose import answer_who_said, build_hits, group_quotes_by
from briefings.model import Searched, WhoSaid
from tests.support.articles import article, read_articles

TOTALS = Searched(2, 4)
PAPER = article(
    'The secretary, Jane Roe, said: "It was like a lynch-mob without a rope."\n'
    '"The members will decide," said John Doe.\n'
    "Nobody there had seen a lynch mob before.\n\n"
    "Related: Lynch mob on the loose – live\n\n"
    "The hall was empty by ten.",
    "a",
)
POST = article('"Like a lynch mob without the rope," Jane Roe told them.', "b", "The Post")


def ask(words: str) -> WhoSaid:
    articles_with_quotes = read_articles(PAPER, POST)
    return answer_who_said(words, articles_with_quotes, TOTALS, nearest=articles_with_quotes)


def test_utterance_in_two_wordings_is_one_hit_with_a_variant() -> None:
    (hit,) = ask("lynch mob").hits
    assert hit.speaker is not None
    assert (hit.speaker.name, hit.quote) == ("Jane Roe", "It was like a lynch-mob without a rope.")
    variants = [(variant.quote, variant.publisher) for variant in hit.variants]
    assert variants == [("Like a lynch mob without the rope", "The Post")]
    assert hit.outlets == 2


def test_the_papers_own_words_are_narration_and_boilerplate_is_nothing() -> None:
    assert [n.text for n in ask("LYNCH-MOB").narration] == ["Nobody there had seen a lynch mob before."]


def test_words_nobody_said_give_the_closest_quotes() -> None:
    found = ask("the members shall decide")
    assert (found.hits, found.narration) == ((), ())
    assert [hit.quote for hit in found.nearest] == ["The members will decide"]


def test_words_far_from_everything_give_nothing() -> None:
    found = ask("quarterly dividend yield")
    assert (found.hits, found.narration, found.nearest) == ((), (), ())


def test_words_of_the_paper_need_no_closest_quotes() -> None:
    assert ask("empty by ten").nearest == ()


def test_all_that_somebody_said_the_newest_first() -> None:
    hits = build_hits(group_quotes_by("roe", read_articles(PAPER, POST)))
    assert [(hit.quote[:7], len(hit.variants)) for hit in hits] == [("It was ", 1)]


def test_quotes_of_nobody_are_never_one_utterance() -> None:
    """Two papers may report two unnamed people with the same words."""
    one, two = (
        article('It read "We want him to stay" there.', "a"),
        article('It said "We want him to stay".', "b", "P"),
    )
    found = answer_who_said("want him to stay", read_articles(one, two), TOTALS)
    assert len([hit for hit in found.hits if hit.speaker is None]) == len(found.hits) == 2
