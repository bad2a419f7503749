"""Read untrusted pages and feeds in a separate process with limits on time and memory.

Rule: a page or feed that crashes the process or exceeds a limit is one failure. A new process reads the next one. So
does a new process after some hundreds of calls, because memory that is not given back adds up.
"""

import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from types import TracebackType
from typing import Self

from briefings.errors import BadInput, LimitExceeded
from briefings.ingest.context import ReadNote, ReadOptions
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.reader_process import AnyConnection, ReaderProcess, start_process
from briefings.ingest.syndication.feed import Feed
from briefings.model import Article

#: maximum seconds for one page; a long page takes 0.2
TIMEOUT_SECONDS = 10.0
#: maximum seconds until a new process is ready to read
_START_TIMEOUT_SECONDS = 60.0
#: address space in bytes: the process needs 50 million, and a page of 10 million bytes needs 90 million more
MAX_MEMORY_BYTES = 256_000_000
#: the same for one document: a newspaper's PDF of 100 pages takes a second
DOCUMENT_TIMEOUT_SECONDS = 60.0
MAX_DOCUMENT_MEMORY_BYTES = 400_000_000
#: calls after which a new process replaces the old one
_MAX_CALLS = 500


class CrashedProcess(LimitExceeded):
    """The process ended during a call: it crashed, or something killed it."""


class SandboxedFunction:
    """A function that runs in a separate process. Use it as a context manager.

    Calls block, so keep them off the event loop. Threads may share it; it serves one call at a time. The first call
    starts the process. `function_path` is a module and the name of its function. A call may take `seconds`, and
    `cpu_seconds` of processor time (default: the same), which do not pass while other programs use the processor.
    """

    def __init__(
        self, function_path: tuple[str, str], seconds: float, memory: int, cpu_seconds: float | None = None
    ) -> None:
        self._function_path = function_path
        self._seconds, self._memory = seconds, memory
        self._cpu_seconds = seconds if cpu_seconds is None else cpu_seconds
        self._process: ReaderProcess | None = None
        self._connection: AnyConnection | None = None
        self._lock = Lock()
        self._call_count = 0
        self._is_closing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self, *, is_final: bool = False) -> None:
        """Stop the process; a call in progress fails at once. With `is_final`, later calls fail too."""
        self._is_closing = True
        if (process := self._process) is not None:
            process.kill()
        with self._lock:
            self._stop()
            self._is_closing = is_final

    def call(self, location: str, *arguments: object) -> object:
        """Return the function's result. Raises its BadInput, or LimitExceeded if it needs too much time or memory.

        `location` starts the message of such an error.
        """
        with self._lock:
            if self._is_closing:
                raise _make_stop_error(location)
            connection = self._ensure_started()
            try:
                connection.send((location, arguments, self._cpu_seconds))
                answer = connection.recv() if connection.poll(self._seconds) else None
            except (EOFError, OSError) as error:
                if self._is_closing:  # a second attempt would start a process that no one stops
                    raise _make_stop_error(location) from error
                if self._has_used_its_time():
                    raise LimitExceeded(
                        f"{location} could not be read within {self._cpu_seconds:g} seconds."
                    ) from error
                raise CrashedProcess(f"{location} cannot be read: it crashed the reader process.") from error
            except BaseException:  # a later call must not receive the answer to this page
                self._stop()
                raise
            if answer is None:
                self._stop()
                raise LimitExceeded(f"{location} could not be read within {self._seconds:g} seconds.")
            self._call_count += 1
            if self._call_count >= _MAX_CALLS:
                self._stop()
        if isinstance(answer, BadInput):
            raise answer
        return answer

    def _ensure_started(self) -> AnyConnection:
        if self._process is not None and self._connection is not None and self._process.poll() is None:
            return self._connection
        self._stop()
        try:
            self._process, self._connection = start_process(self._function_path, self._memory)
            with suppress(EOFError, OSError):
                if self._connection.poll(_START_TIMEOUT_SECONDS) and self._connection.recv() == "ready":
                    return self._connection
        except OSError as error:
            self._stop()
            reason = (error.strerror or "unknown error").lower()
            raise BadInput(f"The reader process did not start: {reason}. Check the memory and limits.") from error
        except BaseException:  # interrupted: a later call starts another process
            self._stop()
            raise
        self._stop()
        raise BadInput("The reader process did not start. Check that enough memory is free.")

    def _has_used_its_time(self) -> bool:
        """Stop the process, which has ended, and tell whether the system ended it for its processor time."""
        process = self._process
        self._stop()
        return sys.platform != "win32" and process is not None and process.poll() == -signal.SIGXCPU

    def _stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None
        self._call_count = 0


def _make_stop_error(location: str) -> BadInput:
    return BadInput(f"{location} was not read: the program is stopping. Add it again later.")


class PageReader(SandboxedFunction):
    """Reader for web pages."""

    def __init__(self, seconds: float = TIMEOUT_SECONDS, memory: int = MAX_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.pages.html", "read_page"), seconds, memory)

    def read(self, data: bytes, url: str | None, content_type: str | None = None) -> Article:
        """Return the article of a page, like `html.read_page`. Raises BadInput also if a limit is exceeded."""
        answer = self.call(url or "this page", data, url, content_type)
        assert isinstance(answer, Article)  # noqa: S101 - our process returns nothing else
        return answer


class FeedReader(SandboxedFunction):
    """Reader for feeds."""

    def __init__(self, seconds: float = TIMEOUT_SECONDS, memory: int = MAX_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.syndication.feed", "read_feed"), seconds, memory)

    def read(self, data: bytes, address: str, content_type: str) -> Feed:
        """Return a parsed feed, like `feed.read_feed`. Raises BadInput also if a limit is exceeded."""
        answer = self.call(address, data, address, content_type)
        assert isinstance(answer, Feed)  # noqa: S101 - our process returns nothing else
        return answer


class DocumentReader(SandboxedFunction):
    """Reader for documents (PDF, Word, mail and so on)."""

    def __init__(self, seconds: float = DOCUMENT_TIMEOUT_SECONDS, memory: int = MAX_DOCUMENT_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.documents.registry", "read_document"), seconds, memory)

    def read(
        self, data: bytes, file_type: FileType, name: str, article_id: str, options: ReadOptions
    ) -> Sequence[Article | BadInput | ReadNote]:
        """Return the articles of a document, like `registry.read_document`.

        Raises BadInput also for exceeded limits.
        """
        answer = self.call(name, data, file_type, name, article_id, options)
        assert isinstance(answer, list | tuple)  # noqa: S101 - our process returns nothing else
        return answer
