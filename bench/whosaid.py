"""Measure whole answers to /whosaid, as Slack gets them, by kind of question and size of the record.

Each answer is computed and rendered to the payload of its first page, without a cache of answers. The garbage collector
is set as in the server.
References: the search for the same words in the raw full-text index of the same database, which returns only ids; for
building, the raw index as in `record`. WHOSAID_QUOTES sets the sizes (default "10000,100000,1000000", which takes half
an hour on two cores), WHOSAID_DATABASES the databases (default "sqlite,postgresql").
"""

import gc
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, compute_percentile, measure_consumption, measure_milliseconds
from bench.generated import generate_speakers
from bench.record_questions import Questions, draw_questions
from bench.record_rivals import RawPostgresql, RawSqlite, Rival
from bench.reported_news import generate_arrivals
from bot.answers.answer_cache import render_page, run_query
from bot.queries.queries import WhoSaidQuery
from bot.server.server import YOUNG_OBJECTS
from briefings.model import Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import BATCH_SIZE, Repository, open_repository
from tests.support.postgresql import PostgresqlMissing, run_server

_SIZES, _DATABASES = "10000,100000,1000000", "sqlite,postgresql"
#: questions of each kind
_SAMPLE_SIZE = 200
_PERCENTILES = (50, 95, 99)
#: a word of each topic: topics must not be free
_TOPIC_PHRASES = ("as a matter of urgency", "in no uncertain terms", "sooner rather than later")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the words and the surname that the raw index searches for."""

    query: WhoSaidQuery
    words: str
    surname: str | None = None


def measure() -> Iterator[Figure]:
    """Yield quotes stored per second, and p50, p95 and p99 milliseconds of each kind of question, for each size."""
    sizes = [int(size) for size in os.environ.get("WHOSAID_QUOTES", _SIZES).split(",")]
    databases = os.environ.get("WHOSAID_DATABASES", _DATABASES).split(",")
    for size in sizes:
        questions = build_questions(
            draw_questions(((a.article, list(a.quotes)) for a in generate_arrivals(size)), size)
        )
        for name, repository, raw in _open_databases(databases):
            prefix = f"whosaid.{name}.{size}"
            yield _measure_building(f"{prefix}.build.quotes_per_s", repository, raw, size)
            service = BriefingService(repository, make_topics())
            yield from measure_questions(prefix, service, raw, questions)


def build_questions(drawn: Questions) -> dict[str, list[Question]]:
    """Return the questions by kind, the most frequent kinds of real use first."""
    kinds = {
        "exact": [Question(WhoSaidQuery(words), words) for words in drawn.exact],
        "words_by_speaker": [Question(WhoSaidQuery(words, by=name), words, name) for name, words in drawn.by_speaker],
        "speaker": [
            Question(WhoSaidQuery(speaker.name), "", speaker.name.split()[-1])
            for speaker in islice(generate_speakers(), 0, None, 10)
        ],
        "nothing_found": [Question(WhoSaidQuery(words), words) for words in drawn.absent],
        "misspelt": [Question(WhoSaidQuery(phrase.misspelt), phrase.words) for phrase in drawn.misspelt],
        "common": [Question(WhoSaidQuery(words), words) for words in drawn.common],
        "since": [Question(WhoSaidQuery(words, since=date(2020, 1, 1)), words) for words in drawn.exact[1::2]],
    }
    return {kind: _spread(questions) for kind, questions in kinds.items()}


def make_topics() -> tuple[Topic, ...]:
    """Return topics with many articles, whose people complete names."""
    return tuple(Topic(f"topic-{number}", f"Topic {number}", (phrase,)) for number, phrase in enumerate(_TOPIC_PHRASES))


def measure_questions(
    prefix: str, service: BriefingService, raw: Rival, questions: Mapping[str, Sequence[Question]]
) -> Iterator[Figure]:
    """Yield the percentiles of each kind, and of a mix: as many exact ones as by a speaker, and a tenth of others."""
    mixed: list[tuple[float, float]] = []
    gc.collect()
    gc.freeze()  # as the server does when it starts
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    for kind, kind_questions in questions.items():
        for question in kind_questions[: len(kind_questions) // 10]:  # a warm-up
            answer(service, question.query)
            search_raw(raw, question)
        times = [
            (
                measure_milliseconds(partial(answer, service, question.query)),
                measure_milliseconds(partial(search_raw, raw, question)),
            )
            for question in kind_questions
        ]
        mixed += times if kind in ("exact", "words_by_speaker") else times[:: 10 if kind != "common" else 5]
        yield from _build_figures(f"{prefix}.{kind}", times)
    yield from _build_figures(f"{prefix}.mix", mixed)


def answer(service: BriefingService, query: WhoSaidQuery) -> str:
    """Return the payload of the answer's first page."""
    message = render_page(run_query(service, query), query, 0)
    return json.dumps([message.text, [block.to_dict() for block in message.blocks]])


def search_raw(raw: Rival, question: Question) -> object:
    """Search the raw index for a question's words."""
    if question.surname and question.words:
        return raw.find_ids_by_speaker(question.surname, question.words)
    return raw.find_ids(question.words or question.surname or "")


def _spread(questions: Sequence[Question]) -> list[Question]:
    return list(questions[:: max(1, len(questions) // _SAMPLE_SIZE)])[:_SAMPLE_SIZE]


def _measure_building(name: str, repository: Repository, raw: Rival, size: int) -> Figure:
    seconds = measure_consumption(repository.load, generate_arrivals(size))
    raw_seconds = raw.build(
        ((arrival.article, list(arrival.quotes)) for arrival in generate_arrivals(size)), BATCH_SIZE
    )
    return Figure(name, size / seconds, size / raw_seconds)


def _build_figures(name: str, times: Sequence[tuple[float, float]]) -> Iterator[Figure]:
    for percent in _PERCENTILES:
        ours, theirs = (compute_percentile(side, percent / 100) for side in zip(*times, strict=True))
        yield Figure(f"{name}.p{percent}_ms", ours, theirs)


def _open_databases(names: Sequence[str]) -> Iterator[tuple[str, Repository, Rival]]:
    if "sqlite" in names:
        with TemporaryDirectory() as folder_name:
            folder = Path(folder_name)
            with (
                closing(_open_repository(f"sqlite:///{folder / 'record.db'}")) as repository,
                closing(RawSqlite(folder / "raw.db")) as raw,
            ):
                yield "sqlite", repository, raw
    if "postgresql" in names:
        try:
            with (
                run_server() as server,
                closing(_open_repository(server.build_url(server.create_database()))) as repository,
                server.connect(server.create_database()) as raw_db,
            ):
                yield "postgresql", repository, RawPostgresql(raw_db)
        except PostgresqlMissing as error:
            sys.stderr.write(f"bench: {error}\n")


def _open_repository(address: str) -> Repository:
    return open_repository(address, lambda: datetime.now(UTC))
