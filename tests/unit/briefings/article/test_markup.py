"""Pasted HTML is found in a text: it is never quoted, a headline, or a source's name."""

import pytest

from briefings.article import find_headline, find_markup, parse_article
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


def test_hostile_markup_takes_little_time() -> None:
    for text in ("<script>" * 50_000, "<" * 100_000, "<a " * 50_000, "<a b=" * 50_000):
        find_markup(text)


def test_words_of_a_script_are_boilerplate_and_markup_is_no_headline() -> None:
    article = parse_article(Article("a", '<script>\nalert("yes")\n</script>\n\nHall is full\n\nThe hall was full.'))
    assert article.title == "Hall is full"
    assert article.boilerplate[0].of(article.text).startswith("<script>")
    assert 'alert("yes")' in article.boilerplate[0].of(article.text)
    assert find_headline(Article("a", "<p>\n<br>")) is None
