"""An article is in another language only if its running text shows it; too little text is unknown."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.article import parse_article
from briefings.article.metadata import MAX_CHARS, Language, detect_language
from briefings.model import Article, Span
from tests.support.generated import generate_articles
from tests.support.seed_service import SEEDS

OTHER_LANGUAGES: dict[str, str] = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
ENGLISH = (
    "The chairman of the council said on Tuesday that he would stay in spite of the criticism. It is for the members "
    "to decide whether they still want him, and he has no intention of leaving."
)


@pytest.mark.parametrize("name", OTHER_LANGUAGES)
def test_prose_in_another_language_is_detected(name: str) -> None:
    assert detect_language(Article("a", OTHER_LANGUAGES[name])) is Language.OTHER


def test_english_prose_that_quotes_another_language_is_english() -> None:
    assert detect_language(Article("a", ENGLISH)) is Language.ENGLISH
    assert detect_language(Article("a", f"{ENGLISH} “{OTHER_LANGUAGES['German'][:120]}”")) is Language.ENGLISH


def test_seeds_and_generated_articles_are_english() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")]
    assert [detect_language(parse_article(Article("a", text))) for text in texts] == [Language.ENGLISH] * 4
    assert {detect_language(article) for article in generate_articles(20)} == {Language.ENGLISH}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "1–0 2–2 3–1 " * 40,
        "Berg, Okoro, Lindqvist, Petrov, Adeyemi, Tarrant, Marsh\n" * 20,
        "COUNCIL CHAIRMAN STAYS IN SPITE OF CRITICISM FROM HIS OWN MEMBERS " * 5,
        "Der Rat tagt am Dienstag.",
        "委员会主席",
        "😀" * 100,
    ],
)
def test_too_little_text_is_unknown(text: str) -> None:
    assert detect_language(Article("a", text)) is Language.UNKNOWN


def test_boilerplate_is_ignored() -> None:
    text = f"{ENGLISH}\n{OTHER_LANGUAGES['Danish']}"
    assert detect_language(Article("a", text, boilerplate=(Span(0, len(ENGLISH)),))) is Language.OTHER


def test_only_the_opening_counts() -> None:
    opening = " ".join([ENGLISH] * 20)[:MAX_CHARS]
    assert detect_language(Article("a", f"{opening} {OTHER_LANGUAGES['Danish'] * 100}")) is Language.ENGLISH


@given(st.text())
def test_random_text_gives_a_result(text: str) -> None:
    assert detect_language(Article("a", text)) in Language
