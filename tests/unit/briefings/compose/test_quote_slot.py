"""The quotes slot prefers frequently quoted speakers and passages that need no context."""

from briefings.compose import compose
from briefings.model import Line, Slot
from tests.support.articles import analyse_articles, make_article


def compose_quotes(*texts: str, words: int = 100) -> list[Line]:
    articles = [make_article(text, f"a{number}", f"Paper {number}") for number, text in enumerate(texts)]
    return list(compose("s", "S", analyse_articles(*articles), max_words=words).get_slot_lines(Slot.QUOTES))


def test_later_passage_that_refers_back_is_not_shown() -> None:
    text = '"Some members want another leader in her post before the conference of the party in the autumn. '
    text += 'They made that abundantly clear to everybody," said Jane Roe.'
    assert not any(line.text.startswith("They") for line in compose_quotes(text, words=400))


def test_speaker_in_every_article_comes_before_speaker_in_one() -> None:
    frequent_quote = '"The members elected the leader of this party," said Jane Roe.'
    rare_quote = '"The unions funded the campaign of this party," said John Doe.'
    texts = (f"{frequent_quote}\n{rare_quote}", frequent_quote.replace("party", "party again"))
    lines = compose_quotes(*texts, words=60)
    assert lines[0].speaker is not None
    assert lines[0].speaker.name == "Jane Roe"


def test_quote_in_a_difference_is_not_repeated() -> None:
    texts = (
        'Jane Roe said: "Yes, I am here for the harbour vote."',
        'Jane Roe said: "Yes, I am here for the harbour vote tomorrow."',
    )
    assert compose_quotes(*texts, words=400) == []
