"""Answers are those of the slow way, which compares every stored quote and article, for all kinds of questions."""

from collections.abc import Iterator, Sequence, Set
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from bench.record_questions import Questions, draw_questions
from bench.reported_news import generate_arrivals
from briefings.model import Topic, WhoSaid
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.utterances.wordings import MAX_HOLDERS
from tests.support.plain_match_reader import PlainMatchReader
from tests.support.utterance_oracle import group_by_definition

QUOTES = 700
TOPICS = (Topic("urgent", "Urgent matters", ("as a matter of urgency",)),)
#: filters of the questions: a speaker is added where a question has one
FILTERS: tuple[dict[str, date | str], ...] = ({}, {"since": date(2018, 1, 1)}, {"outlet": "Courier"})


@pytest.fixture(scope="module")
def repository() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: datetime(2031, 5, 1, tzinfo=UTC))) as opened:
        opened.upsert_all(list(generate_arrivals(QUOTES)))
        yield opened


@pytest.fixture(scope="module")
def services(repository: Repository) -> tuple[BriefingService, BriefingService]:
    """The service, and one that reads the slow way."""
    utterances = repository.run_query(lambda db, _: group_by_definition(db, MAX_HOLDERS))

    def find_reports(ids: Sequence[int], max_utterances: int) -> Set[int]:
        numbers = {utterances.get(quote_id) or -quote_id for quote_id in ids}
        if len(numbers) > max_utterances:
            return set()
        return {quote_id for quote_id, number in utterances.items() if number in numbers} - set(ids)

    plain = BriefingService(repository, TOPICS)
    plain._quote_search._matches = PlainMatchReader(repository, find_reports)  # type: ignore[assignment]  # same methods
    return BriefingService(repository, TOPICS), plain


@pytest.fixture(scope="module")
def questions() -> Questions:
    return draw_questions(((a.article, list(a.quotes)) for a in generate_arrivals(QUOTES)), QUOTES)


def compare(services: tuple[BriefingService, BriefingService], words: Sequence[str]) -> list[WhoSaid]:
    """Ask both services, with each set of filters, and return the answers."""
    answers = []
    for text in words:
        for filters in FILTERS:
            answer, plain_answer = (service.who_said(text, **filters) for service in services)  # type: ignore[arg-type]  # each has its type
            assert answer == plain_answer, (text, filters)
            answers.append(answer)
    return answers


def test_answers_about_words_are_those_of_the_slow_way(
    services: tuple[BriefingService, BriefingService], questions: Questions
) -> None:
    answers = compare(services, questions.exact[::16])
    assert any(hit.variants for answer in answers for hit in answer.hits)


def test_answers_about_common_words_are_those_of_the_slow_way(
    services: tuple[BriefingService, BriefingService], questions: Questions
) -> None:
    answers = compare(services, [*questions.common[::6], "we are", "the"])
    assert any(answer.narration for answer in answers)


def test_answers_about_words_of_a_speaker_are_those_of_the_slow_way(
    services: tuple[BriefingService, BriefingService], questions: Questions
) -> None:
    for name, words in questions.by_speaker[::10]:
        answer, plain_answer = (service.who_said(words, by=name, relax=True) for service in services)
        assert answer == plain_answer, (words, name)


def test_answers_about_unknown_words_are_those_of_the_slow_way(
    services: tuple[BriefingService, BriefingService], questions: Questions
) -> None:
    compare(services, [*questions.absent[::20], *(phrase.misspelt for phrase in questions.misspelt[::20])])
