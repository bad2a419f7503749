"""Names are completed from the articles of a topic, which are read again only after a change."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Kind, Quote, Span, Speaker, Topic
from briefings.service.answers.story_completion import StoryCompleter
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.upsert import Arrival

FERRY = Topic("ferry", "The ferry", ("ferry strike",))
OTHER = Topic("bridge", "The bridge", ("new bridge",))
LATE = Article("late", "“It goes on,” said Berg about the ferry strike.", published=date(2031, 5, 2))
EARLY = Article("early", "Anna Berg, the mayor, spoke about the ferry strike.", published=date(2031, 5, 1))
QUOTE = Quote((Span(1, 11),), None, None, Speaker("Berg"), Kind.DIRECT, 0.9, "named beside the cue")


@pytest.fixture
def repository() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: datetime(2031, 5, 3, tzinfo=UTC))) as opened:
        yield opened


class Selector:
    """Returns the stored articles of a topic, and counts how often it is asked."""

    def __init__(self, repository: Repository) -> None:
        self._repository, self.call_count = repository, 0

    def __call__(self, topic: Topic) -> Sequence[Article]:
        self.call_count += 1
        return self._repository.get_articles(phrases=topic.words)


def add(repository: Repository, article: Article, *names: KnownPerson) -> None:
    repository.upsert_all([Arrival(article, (QUOTE,) if article is LATE else (), names)])


def complete(completer: StoryCompleter) -> str | None:
    ((_, quotes),) = completer.complete([(LATE, (QUOTE,))])
    speaker = quotes[0].speaker
    return speaker.name if speaker else None


def test_a_surname_is_completed_from_another_article_of_the_topic(repository: Repository) -> None:
    add(repository, LATE)
    add(repository, EARLY, KnownPerson("Anna Berg", ("mayor",)))
    selector = Selector(repository)
    assert complete(StoryCompleter(repository, [OTHER, FERRY], selector)) == "Anna Berg"
    assert selector.call_count == 1  # the other topic has none of the articles


def test_only_the_given_quotes_of_an_article_are_returned(repository: Repository) -> None:
    add(repository, LATE)
    completer = StoryCompleter(repository, [FERRY], Selector(repository))
    assert completer.complete([(LATE, ())]) == [(LATE, ())]


def test_the_articles_of_a_topic_are_read_once_until_the_repository_changes(repository: Repository) -> None:
    add(repository, LATE)
    selector = Selector(repository)
    completer = StoryCompleter(repository, [FERRY], selector)
    assert [complete(completer), complete(completer), selector.call_count] == ["Berg", "Berg", 1]
    add(repository, EARLY, KnownPerson("Anna Berg", ("mayor",)))
    assert [complete(completer), selector.call_count] == ["Anna Berg", 2]


def test_two_people_of_one_surname_in_a_topic_leave_it_open(repository: Repository) -> None:
    add(repository, LATE)
    add(repository, EARLY, KnownPerson("Anna Berg", ()), KnownPerson("Tom Berg", ()))
    assert complete(StoryCompleter(repository, [FERRY], Selector(repository))) == "Berg"


def test_nothing_is_read_for_quotes_that_are_not_relevant(repository: Repository) -> None:
    add(repository, LATE)
    selector = Selector(repository)
    completer = StoryCompleter(repository, [FERRY], selector)
    assert completer.complete([(LATE, (QUOTE,))], lambda *_: False) == [(LATE, (QUOTE,))]
    assert selector.call_count == 0
