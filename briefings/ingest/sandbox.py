"""Read untrusted pages and feeds in a separate process with limits on time and memory.

Rule: a page or feed that crashes the process or exceeds a limit is one failure. A new process reads the next one.
"""

import gc
import resource
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from subprocess import DEVNULL, Popen
from threading import Lock
from types import TracebackType
from typing import Self

from briefings.errors import BadInput
from briefings.ingest.context import ReadNote, ReadOptions
from briefings.ingest.formats.file_type import FileType
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
#: new objects after which garbage is collected; a page makes tens of thousands, nearly all without cycles
_COLLECTION_THRESHOLD = 20_000


class _SandboxedReader:
    """Reader that runs one function in a separate process. Use it as a context manager.

    Calls block, so keep them off the event loop. Threads may share a reader; it serves one call at a time. The first
    call starts the process. `function_path` is a module and the name of its function of data, URL and content type.
    """

    def __init__(self, function_path: tuple[str, str], seconds: float, memory: int) -> None:
        self._function_path = function_path
        self._seconds, self._memory = seconds, memory
        self._process: Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the process if it is running."""
        with self._lock:
            self._stop()

    def _request(self, location: str, *arguments: object) -> object:
        """Return the function's result. Raises its BadInput, or BadInput if a limit on time or memory is exceeded.

        `location` starts the message of such an error.
        """
        with self._lock:
            connection = self._ensure_started()
            try:
                connection.send((location, arguments))
                answer = connection.recv() if connection.poll(self._seconds) else None
            except (EOFError, OSError) as error:
                self._stop()
                raise BadInput(f"{location} cannot be read: it crashed the reader process.") from error
            except BaseException:  # a later call must not receive the answer to this page
                self._stop()
                raise
            if answer is None:
                self._stop()
                raise BadInput(f"{location} could not be read within {self._seconds:g} seconds.")
        if isinstance(answer, BadInput):
            raise answer
        return answer

    def _ensure_started(self) -> Connection:
        if self._process is not None and self._connection is not None and self._process.poll() is None:
            return self._connection
        self._stop()
        self._connection, child_connection = Pipe()
        try:
            with child_connection:
                self._process = _start_process(child_connection.fileno(), self._function_path, self._memory)
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

    def _stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None


def _start_process(file_descriptor: int, function_path: tuple[str, str], memory: int) -> "Popen[bytes]":
    """Start a Python process that serves requests from a connection.

    It is a new program, not a process of `multiprocessing`: that would run the caller's script again, which fails for
    a script from standard input and for one without `if __name__ == "__main__":`.
    """
    arguments = (file_descriptor, function_path, memory)
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve(*{arguments!r})"
    old_mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the new process keeps it: see `serve`
    try:
        return Popen([sys.executable, "-c", code], stdin=DEVNULL, pass_fds=(file_descriptor,))  # noqa: S603 - our code
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old_mask)


class PageReader(_SandboxedReader):
    """Reader for web pages."""

    def __init__(self, seconds: float = TIMEOUT_SECONDS, memory: int = MAX_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.pages.html", "read_page"), seconds, memory)

    def read(self, data: bytes, url: str | None, content_type: str | None = None) -> Article:
        """Return the article of a page, like `html.read_page`. Raises BadInput also if a limit is exceeded."""
        answer = self._request(url or "this page", data, url, content_type)
        assert isinstance(answer, Article)  # noqa: S101 - our process returns nothing else
        return answer


class FeedReader(_SandboxedReader):
    """Reader for feeds."""

    def __init__(self, seconds: float = TIMEOUT_SECONDS, memory: int = MAX_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.syndication.feed", "read_feed"), seconds, memory)

    def read(self, data: bytes, address: str, content_type: str) -> Feed:
        """Return a parsed feed, like `feed.read_feed`. Raises BadInput also if a limit is exceeded."""
        answer = self._request(address, data, address, content_type)
        assert isinstance(answer, Feed)  # noqa: S101 - our process returns nothing else
        return answer


class DocumentReader(_SandboxedReader):
    """Reader for documents (PDF, Word, mail and so on)."""

    def __init__(self, seconds: float = DOCUMENT_TIMEOUT_SECONDS, memory: int = MAX_DOCUMENT_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.documents.registry", "read_document"), seconds, memory)

    def read(
        self, data: bytes, file_type: FileType, name: str, article_id: str, options: ReadOptions
    ) -> Sequence[Article | BadInput | ReadNote]:
        """Return the articles of a document, like `registry.read_document`.

        Raises BadInput also for exceeded limits.
        """
        answer = self._request(name, data, file_type, name, article_id, options)
        assert isinstance(answer, list | tuple)  # noqa: S101 - our process returns nothing else
        return answer


def serve(file_descriptor: int, function_path: tuple[str, str], memory: int) -> None:
    """Read documents one by one until the parent process closes the connection; runs in the separate process.

    Ctrl-C is blocked from its start, because the parent process handles it.
    """
    connection = Connection(file_descriptor)
    module_name, function_name = function_path
    read_document = getattr(import_module(module_name), function_name)
    gc.freeze()  # what was imported lives as long as the process: the collector need not look at it again
    gc.set_threshold(_COLLECTION_THRESHOLD)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            location, arguments = connection.recv()
            try:
                answer: object = read_document(*arguments)
            except BadInput as error:
                answer = error
            except MemoryError:
                answer = BadInput(f"{location} needs more than {memory // 1_000_000:,} MB of memory to read.")
            except Exception as error:  # noqa: BLE001 - a parser crash is reported as a failure of its page
                error_name = type(error).__name__
                answer = BadInput(f"{location} cannot be read: the parser failed ({error_name}).")
            connection.send(answer)
