"""Names of stories: verbatim, whole noun phrases of headlines, no outlets."""

from datetime import date

import pytest

from briefings.compose.news.naming import Rarity, propose_names
from briefings.compose.news.topic_phrases import choose_phrases
from briefings.model import Article
from briefings.text.folding import make_text_key


def make_articles(*headlines: str, text: str) -> list[Article]:
    """Return articles with these headlines and the same running text."""
    return [
        Article(f"a{number}", f"{text} Report {number}.", f"Outlet {number}", date(2031, 3, 3), title=headline)
        for number, headline in enumerate(headlines)
    ]


FLOOD_TEXT = (
    "The flood at Easton drove hundreds of people from their homes, the mayor said. She resigned in the evening."
)
STRIKE_TEXT = (
    "Crews of the Milldon ferry began their strike on Monday. The minister urges both sides to talk, and Jane Roe, "
    "who leads the union, expels nobody."
)


@pytest.mark.parametrize(
    ("headlines", "text", "expected"),
    [
        (("Easton flood drives hundreds from homes", "Mayor resigns after Easton flood"), FLOOD_TEXT, "Easton flood"),
        (("EASTON FLOOD: what we know", "Easton flood in pictures"), FLOOD_TEXT, "EASTON FLOOD"),
        (("Milldon Ferry Strike Begins", "Milldon ferry strike: day one"), STRIKE_TEXT, "Milldon Ferry Strike"),
        (
            ("Minister Urges End Of Milldon Ferry Strike", "Milldon ferry strike hits trade"),
            STRIKE_TEXT,
            "Milldon Ferry Strike",
        ),
    ],
)
def test_story_is_named_with_whole_phrases_of_its_headlines(
    headlines: tuple[str, ...], text: str, expected: str
) -> None:
    articles = make_articles(*headlines, text=text)
    names = propose_names(articles, Rarity(articles))
    assert names.phrases[0].casefold() == expected.casefold()
    assert any(names.phrases[0] in headline for headline in headlines)


@pytest.mark.parametrize("outlet", ["The Easton Flood", "Easton flood"])
def test_name_of_an_outlet_is_no_name_of_a_story(outlet: str) -> None:
    articles = make_articles("Easton flood drives hundreds out", "The Easton flood goes on", text=FLOOD_TEXT)
    names = propose_names(articles, Rarity(articles), [outlet])
    assert all("easton flood" not in name.casefold() for name in names.phrases) or outlet.startswith("The")


@pytest.mark.parametrize(
    "headline",
    ["", "Jane", "What now?", "…", "1,400", "<b>&amp;</b>", "\x00\x01", "“” ‘’", "to be or not to be", "x" * 5_000],
)
def test_any_headline_gives_names_of_two_to_six_words_that_it_contains(headline: str) -> None:
    articles = make_articles(headline, headline, text=FLOOD_TEXT)
    for name in propose_names(articles, Rarity(articles)).phrases:
        assert name in headline
        assert 2 <= len(name.split()) <= 6


def test_story_without_headlines_has_no_names() -> None:
    articles = [Article("a", FLOOD_TEXT), Article("b", FLOOD_TEXT)]
    assert propose_names(articles, Rarity(articles)).phrases == ()


def test_phrases_are_added_only_if_they_find_more_of_the_story_and_little_else() -> None:
    story = ["the Easton flood", "water in Easton", "the river Tarn rises", "the government met"]
    others = ["the government met again", "the government fell", "the government won"]
    keys = ([make_text_key(text) for text in texts] for texts in (story, others))
    assert choose_phrases("Easton flood", ["Easton", "government", "river Tarn"], *keys) == (
        "Easton flood",
        "Easton",
        "river Tarn",
    )
