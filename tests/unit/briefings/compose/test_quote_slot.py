"""Whose words are shown: first those whom the articles quote most, in passages that can be understood alone."""

from briefings.compose import compose
from briefings.model import Line, Slot
from tests.support.articles import article, read_articles


def voices(*texts: str, words: int = 100) -> list[Line]:
    articles = [article(text, f"a{at}", f"Paper {at}") for at, text in enumerate(texts)]
    return list(compose("s", "S", read_articles(*articles), max_words=words).get_slot_lines(Slot.QUOTES))


def test_a_passage_from_the_middle_that_points_back_is_not_shown() -> None:
    text = '"Some members want another leader in her post before the conference of the party in the autumn. '
    text += 'They made that abundantly clear to everybody," said Jane Roe.'
    assert not any(line.text.startswith("They") for line in voices(text, words=400))


def test_who_is_quoted_by_every_article_is_heard_before_who_is_quoted_by_one() -> None:
    both = '"The members elected the leader of this party," said Jane Roe.'
    other = '"The unions funded the campaign of this party," said John Doe.'
    lines = voices(f"{both}\n{other}", both.replace("party", "party again"), words=60)
    assert lines[0].speaker is not None
    assert lines[0].speaker.name == "Jane Roe"


def test_what_a_difference_shows_is_no_voice_as_well() -> None:
    one, other = "Yes, I am here for good.", "Yes, I am here for good, thank you."
    assert voices(f'Jane Roe said: "{one}"', f'Jane Roe said: "{other}"', words=400) == []
