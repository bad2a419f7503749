"""Pasted HTML is found in a text: it is never quoted, a headline, or a source's name."""

import pytest

from briefings.article import find_headline, find_markup, parse_article
from briefings.attribution.analysis import extract_quotes
from briefings.model import Article


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("The hall was full.", []),
        ("Five < six, and <7 or > 3.", []),
        ("The price fell <b>sharply</b>.", ["<b>", "</b>"]),
        ('<iframe src="https://video.example/1" width="790">', ['<iframe src="https://video.example/1" width="790">']),
        ('One.\n<iframe src="https://video.example/1"\nTwo.', ['<iframe src="https://video.example/1"']),
        ("<script>say('“no”');\nmore()</SCRIPT >\nOne.", ["<script>say('“no”');\nmore()</SCRIPT >"]),
        ("<style type='a'>p { }</style>", ["<style type='a'>p { }</style>"]),
        ("<script>never closed. The hall was full.", ["<script>"]),
        ("a <b and\nc> d", []),
    ],
)
def test_tags_and_code_are_markup(text: str, markup: list[str]) -> None:
    assert [span.of(text) for span in find_markup(text)] == markup


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script> was in the page",
        "<script> was in the page",
        "The page began with <title> and ended",
        "<b>Nobody may leave the hall",
        "The page had </marquee>",
        "A <blink> tag, or <style>p { }</style>",
    ],
)
@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "‘{}’", "«{}»"])
def test_quoted_tags_are_words(words: str, marks: str) -> None:
    text = f"Jane Roe said {marks.format(words)} at noon."
    assert find_markup(text) == ()
    if marks == "‘{}’" and words[0] == "<":
        return  # an attribution does not read a single mark before a sign
    article = parse_article(Article("a", text))
    quoted_texts = [span.of(text) for quote in extract_quotes(article) for span in quote.content]
    assert words in quoted_texts


@pytest.mark.parametrize(
    "words", ["We will <b>count</b> every vote", "We go.</p><p>We stay<br>", '<a href="x">We</a> go now <img src="y">']
)
def test_formatting_of_a_quotation_is_markup(words: str) -> None:
    assert find_markup(f"“{words}”, said Jane Roe.")


def test_hostile_markup_takes_little_time() -> None:
    for text in (
        "<script>" * 50_000,
        "<" * 100_000,
        "<a " * 50_000,
        "<a b=" * 50_000,
        "“<i>a</i>”" * 20_000,
        "“<i>" * 50_000,
        '"<b>' * 50_000,
    ):
        find_markup(text)


def test_words_of_a_script_are_boilerplate_and_markup_is_no_headline() -> None:
    article = parse_article(Article("a", '<script>\nalert("yes")\n</script>\n\nHall is full\n\nThe hall was full.'))
    assert article.title == "Hall is full"
    assert article.boilerplate[0].of(article.text).startswith("<script>")
    assert 'alert("yes")' in article.boilerplate[0].of(article.text)
    assert find_headline(Article("a", "<p>\n<br>")) is None
