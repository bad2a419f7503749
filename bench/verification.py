"""Measure what hashes and checksums cost when an answer is read.

Reference: the same question with the comparison of hashes and checksums left out.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from bench.figures import Figure, measure_in_turns
from bench.seeded import open_seeded_service
from briefings import BriefingService
from briefings.storage.db import row_mapping
from briefings.storage.search import results

_ROUNDS = 100


class _EqualToAnything:
    """A hash that fits every row."""

    __hash__ = None  # type: ignore[assignment]  # it is only compared

    def __eq__(self, _: object) -> bool:
        return True

    def __ne__(self, _: object) -> bool:
        return False


def measure() -> Iterator[Figure]:
    """Yield p50 ms of an answer with the checks, and without them."""
    with TemporaryDirectory() as folder, open_seeded_service(Path(folder)) as (repository, service):
        ids = [article.id for article in repository.get_articles()]
        questions: dict[str, Callable[[], object]] = {
            "whosaid": lambda: _ask_anew(service).who_said("lynch-mob"),
            "briefing": lambda: _ask_anew(service).brief("labour-crisis"),
            "articles": lambda: (repository.get_articles(ids), repository.get_quotes(ids)),
        }
        for name, ask in questions.items():
            ours, raw = measure_in_turns(ask, _leave_out_checks(ask), _ROUNDS)
            yield Figure(f"verification.{name}.p50_ms", ours, raw)


def _ask_anew(service: BriefingService) -> BriefingService:
    """Return the service without cached articles."""
    return service.with_topics(service.topics)


def _leave_out_checks(ask: Callable[[], object]) -> Callable[[], object]:
    def ask_without_checks() -> object:
        with ExitStack() as stack:
            for module in (row_mapping, results):
                for name in ("hash_text", "compute_article_checksum", "compute_quote_checksum"):
                    stack.enter_context(patch.object(module, name, lambda *_: _EqualToAnything()))
            return ask()

    return ask_without_checks
