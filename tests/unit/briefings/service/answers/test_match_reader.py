"""An answer reads the quotes of an article only if someone else may have said the words, or the article itself."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from briefings import compose
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.service.answers.match_reader import MatchReader
from briefings.storage.db.types import ANYWHERE, QuoteScope
from briefings.storage.repository import Repository, open_repository

ANNA, TOM = Speaker("Anna Berg"), Speaker("Tom Okoro")


class CountingRepository(Repository):
    """A repository that notes whose quotes it was asked for."""

    asked_ids: tuple[str, ...] = ()

    def get_quotes(self, ids: Iterable[str]) -> dict[str, tuple[Quote, ...]]:
        self.asked_ids = tuple(ids)
        return super().get_quotes(self.asked_ids)


@pytest.fixture
def repository() -> Iterator[CountingRepository]:
    with closing(open_repository("sqlite://", lambda: datetime(2031, 5, 1, tzinfo=UTC))) as opened:
        yield CountingRepository(*opened.connections)


def build_article(article_id: str, *sentences: tuple[str, Speaker | None]) -> tuple[Article, list[Quote]]:
    """Return an article with these sentences. Those with a speaker are quotes."""
    quotes, text = [], ""
    for words, speaker in sentences:
        if speaker:
            span = Span(len(text) + 1, len(text) + 1 + len(words))
            text += f"“{words},” said {speaker.name}.\n"
            quotes.append(Quote((span,), None, None, speaker, Kind.DIRECT, 0.9, "named beside the cue"))
        else:
            text += f"{words}.\n"
    return Article(article_id, text), quotes


def read(repository: Repository, words: str, scope: QuoteScope = ANYWHERE) -> dict[str, list[str]]:
    """Return the quoted words that are read for a question, by article."""
    matches = MatchReader(repository).read(words, scope, compose.make_matcher(words))
    return {
        article.id: [quote.content[0].of(article.text) for quote in quotes]
        for article, quotes in matches.articles_with_quotes
    }


def test_of_an_article_with_the_words_in_one_quote_only_that_quote_is_read(repository: CountingRepository) -> None:
    repository.upsert(*build_article("a", ("the old harbour closes tonight", ANNA), ("we will all miss it", TOM)))
    assert read(repository, "harbour closes") == {"a": ["the old harbour closes tonight"]}
    assert repository.asked_ids == ()


def test_of_an_article_that_uses_the_words_itself_all_quotes_are_read(repository: CountingRepository) -> None:
    repository.upsert(
        *build_article(
            "a", ("the old harbour closes tonight", ANNA), ("The harbour closes for good", None), ("a sad day", TOM)
        )
    )
    assert read(repository, "harbour closes") == {"a": ["the old harbour closes tonight", "a sad day"]}


def test_of_an_article_in_which_another_person_says_the_words_all_quotes_are_read(
    repository: CountingRepository,
) -> None:
    repository.upsert(
        *build_article("a", ("the old harbour closes tonight", ANNA), ("no, the harbour closes tomorrow", TOM))
    )
    assert read(repository, "harbour closes", QuoteScope(by="Berg")) == {
        "a": ["the old harbour closes tonight", "no, the harbour closes tomorrow"]
    }


def test_an_article_with_the_words_outside_quotes_is_read(repository: CountingRepository) -> None:
    repository.upsert(*build_article("a", ("The harbour closes for good", None), ("a sad day", TOM)))
    assert read(repository, "harbour closes") == {"a": ["a sad day"]}


def test_words_around_a_quote_count_as_outside(repository: CountingRepository) -> None:
    repository.upsert(*build_article("a", ("Now the harbour", None), ("we are glad", TOM), ("closes its gates", None)))
    assert read(repository, "harbour we are glad closes") == {}


def test_an_article_with_the_words_in_two_quotes_is_listed_once(repository: CountingRepository) -> None:
    repository.upsert(
        *build_article("a", ("the harbour closes tonight", ANNA), ("the harbour closes, they say", TOM), ("right", TOM))
    )
    assert read(repository, "harbour closes") == {"a": ["the harbour closes tonight", "the harbour closes, they say"]}
    assert repository.asked_ids == ()
