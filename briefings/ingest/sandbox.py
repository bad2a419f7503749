"""Reads strangers' pages and feeds in a process of its own, which is ended when one takes too long or too much memory.

Rule: whatever a page or feed does to its reader, it is one that failed: the next one is read by a new process.
"""

import resource
import signal
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock
from types import TracebackType
from typing import Self

from briefings.errors import BadInput
from briefings.ingest.formats.feed import Feed
from briefings.model import Article

#: seconds a page may take; a long one takes 0.2
TIMEOUT_SECONDS = 10.0
#: seconds a new process may take until it is ready to read
_START_TIMEOUT_SECONDS = 60.0
#: bytes of address space: 50 million of its own; a page of 10 million bytes takes 90 million more
MAX_MEMORY_BYTES = 256_000_000


class _SandboxedReader:
    """Reads one at a time; for several threads, which wait for each other. Use it as a context manager.

    Blocking: call it off the event loop. The process is started with the first thing to read. `work` names what reads:
    a module and a function of data, address and content type.
    """

    def __init__(self, function_path: tuple[str, str], seconds: float, memory: int) -> None:
        self._function_path = function_path
        self._seconds, self._memory = seconds, memory
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process, if there is one."""
        with self._lock:
            self._stop()

    def _request(self, data: bytes, url: str | None, content_type: str | None) -> object:
        """What `work` gives. Raises BadInput as it does, and when time or memory do not suffice."""
        location = url or "this page"
        with self._lock:
            connection = self._ensure_started()
            try:
                connection.send((data, url, content_type))
                answer = connection.recv() if connection.poll(self._seconds) else None
            except (EOFError, OSError) as error:
                self._stop()
                raise BadInput(f"{location} cannot be read: its reader was ended by it.") from error
            except BaseException:  # the answer to this page must not be taken for the next one's
                self._stop()
                raise
            if answer is None:
                self._stop()
                raise BadInput(f"{location} cannot be read within {self._seconds:g} seconds.")
        if isinstance(answer, BadInput):
            raise answer
        return answer

    def _ensure_started(self) -> Connection:
        if self._process is not None and self._connection is not None and self._process.is_alive():
            return self._connection
        self._stop()
        # started anew rather than forked: it has no business with our connections
        context = get_context("spawn")
        self._connection, child_connection = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(child_connection, self._function_path, self._memory), daemon=True
        )
        self._process.start()
        child_connection.close()
        with suppress(EOFError, OSError):
            if self._connection.poll(_START_TIMEOUT_SECONDS) and self._connection.recv() == "ready":
                return self._connection
        self._stop()
        raise BadInput("The process that reads does not start: is there too little memory?")

    def _stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._connection = None


class PageReader(_SandboxedReader):
    """Reads pages."""

    def __init__(self, seconds: float = TIMEOUT_SECONDS, memory: int = MAX_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.formats.html", "read_page"), seconds, memory)

    def read(self, data: bytes, url: str | None, content_type: str | None = None) -> Article:
        """What `html.read_page` gives. Raises BadInput as it does, and when time or memory do not suffice."""
        answer = self._request(data, url, content_type)
        assert isinstance(answer, Article)  # noqa: S101 - our own process gives nothing else
        return answer


class FeedReader(_SandboxedReader):
    """Reads feeds."""

    def __init__(self, seconds: float = TIMEOUT_SECONDS, memory: int = MAX_MEMORY_BYTES) -> None:
        super().__init__(("briefings.ingest.formats.feed", "read_feed"), seconds, memory)

    def read(self, data: bytes, address: str, content_type: str) -> Feed:
        """What `feed.read_feed` gives. Raises BadInput as it does, and when time or memory do not suffice."""
        answer = self._request(data, address, content_type)
        assert isinstance(answer, Feed)  # noqa: S101 - our own process gives nothing else
        return answer


def _serve(connection: Connection, function_path: tuple[str, str], memory: int) -> None:
    """Reads one after the other until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked decides what is ended
    module_name, function_name = function_path
    read_document = getattr(import_module(module_name), function_name)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            data, url, content_type = connection.recv()
            try:
                answer: object = read_document(data, url, content_type)
            except BadInput as error:
                answer = error
            except MemoryError:
                answer = BadInput(f"{url or 'The page'} cannot be read in {memory // 1_000_000:,} MB of memory.")
            except Exception as error:  # noqa: BLE001 - a parser's own fault is that page's failure, and told as such
                error_name = type(error).__name__
                answer = BadInput(f"{url or 'The page'} cannot be read: it confuses its reader ({error_name}).")
            connection.send(answer)
