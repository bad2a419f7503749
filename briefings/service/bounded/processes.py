"""Run the steps in processes that are killed when a text needs too much time or memory.

Rule: such a text fails alone, with one sentence. It is remembered, so that no one waits for it twice.
Rule: one long text does not delay the others: there are several processes, each with one step at a time. They start
with the first step, and a killed one is replaced. A step whose process died is tried once more, because the cause can
be another program.
"""

import os
from collections import OrderedDict
from hashlib import sha256
from queue import Empty, LifoQueue
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from briefings.errors import BadInput, LimitExceeded
from briefings.ingest.sandbox import CrashedProcess, SandboxedFunction
from briefings.model import Article
from briefings.service.bounded.steps import Steps

if TYPE_CHECKING:
    from briefings.attribution.analysis import Analysis
    from briefings.compose import ParsedDraft

#: most processes, and the share of the processors that they may use
MAX_PROCESSES, _PROCESSOR_SHARE = 4, 0.5
#: maximum seconds of one step, and of its processor time: news of a million characters takes 12, the dearest text 35
SECONDS, CPU_SECONDS = 600.0, 90.0
#: address space in bytes: a process needs 210 million, and the dearest text of 400,000 characters 70 million more
MEMORY_BYTES = 1_000_000_000
#: maximum seconds until a process is free
_MAX_WAIT_SECONDS = 120.0
#: texts that are remembered because they exceeded a limit
_MAX_REFUSALS = 1_000
#: drafts with fewer characters are parsed in this process, which takes a few milliseconds
_SHORT_DRAFT = 500


class BoundedSteps(Steps):
    """The steps, run in processes. Thread-safe. Its methods block. Use it as a context manager, or close it.

    They raise LimitExceeded if a text exceeds a limit, and BadInput if no process is free or can be started.
    """

    def __init__(
        self, count: int | None = None, seconds: float = SECONDS, memory: int = MEMORY_BYTES, wait: float | None = None
    ) -> None:
        self._functions = [
            SandboxedFunction(
                ("briefings.service.bounded.steps", "run_step"), seconds, memory, min(seconds, CPU_SECONDS)
            )
            for _ in range(count or _choose_count())
        ]
        self._idle: LifoQueue[SandboxedFunction] = LifoQueue()
        for function in self._functions:
            self._idle.put(function)
        self._wait = _MAX_WAIT_SECONDS if wait is None else wait
        self._refusals: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; steps in progress fail at once."""
        for function in self._functions:
            function.close(is_final=True)

    def parse_article(self, raw_article: Article) -> Article:
        """Return the article with the metadata and the boilerplate of its text."""
        article = self._run("parse_article", raw_article, _name_article(raw_article), raw_article.text)
        assert isinstance(article, Article)  # noqa: S101 - our process returns nothing else
        return article

    def analyse(self, article: Article) -> "Analysis":
        """Return the quotes and names of a parsed article."""
        from briefings.attribution.analysis import Analysis

        analysis = self._run("analyse", article, _name_article(article), article.text)
        assert isinstance(analysis, Analysis)  # noqa: S101 - our process returns nothing else
        return analysis

    def parse_draft(self, draft: str) -> "ParsedDraft":
        """Return the quotations of a draft, and what is not one."""
        if len(draft) < _SHORT_DRAFT:
            return super().parse_draft(draft)
        from briefings.compose import ParsedDraft  # only for long drafts

        parsed_draft = self._run("parse_draft", draft, "The draft", draft)
        assert isinstance(parsed_draft, ParsedDraft)  # noqa: S101 - our process returns nothing else
        return parsed_draft

    def _run(self, step: str, argument: object, location: str, text: str) -> object:
        key = sha256(f"{step} {text}".encode("utf-8", "surrogatepass")).hexdigest()
        with self._lock:
            refusal = self._refusals.get(key)
        if refusal is not None:
            raise LimitExceeded(f"{location} {refusal}")
        try:
            function = self._idle.get(timeout=self._wait)
        except Empty as error:
            raise BadInput(f"{location} was not read: too many texts are being read. Try again in a minute.") from error
        try:
            return _call_twice(function, location, step, argument)
        except LimitExceeded as error:
            self._remember(key, str(error).removeprefix(location).strip())
            raise
        finally:
            self._idle.put(function)

    def _remember(self, key: str, refusal: str) -> None:
        with self._lock:
            self._refusals[key] = refusal
            if len(self._refusals) > _MAX_REFUSALS:
                self._refusals.popitem(last=False)


def _call_twice(function: SandboxedFunction, location: str, step: str, argument: object) -> object:
    """Call the function, and once more if its process died."""
    try:
        return function.call(location, step, argument)
    except CrashedProcess:
        return function.call(location, step, argument)


def _name_article(article: Article) -> str:
    """Return how messages name an article: by its address or, without one, by its id."""
    return article.url or article.id


def _choose_count() -> int:
    return max(1, min(MAX_PROCESSES, int((os.cpu_count() or 1) * _PROCESSOR_SHARE)))
