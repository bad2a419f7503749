"""Start and serve the separate processes that read and analyse untrusted pages, feeds, documents and articles.

Rule: on Linux and macOS the process is a new program; on Windows it is one of `multiprocessing`, which can pass it a
pipe. Windows and macOS do not enforce the limit on memory.
Rule: the process never outlives its parent, even one that is killed. Linux ends it at once. Elsewhere it ends when it
waits for the next request, or when it has used its time.
"""

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from select import select
from subprocess import PIPE, Popen
from typing import Protocol

from briefings.errors import BadInput, LimitExceeded

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection

    AnyConnection = PipeConnection
else:
    AnyConnection = Connection

#: new objects after which garbage is collected; a page makes tens of thousands, nearly all without cycles
_COLLECTION_THRESHOLD = 20_000
#: seconds of processor time on top of a request's time limit: the parent process normally kills it before
_EXTRA_CPU_SECONDS = 5
#: added to the priority number: what someone waits for comes first
_NICENESS = 5
#: threads of numerical libraries would each reserve address space, and use more than one core
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class ReaderProcess(Protocol):
    """A running reader process."""

    def kill(self) -> None:
        """End the process at once."""

    def wait(self) -> object:
        """Wait until the process has ended."""

    def poll(self) -> int | None:
        """Return the exit status, or None while the process runs."""


def start_process(function_path: tuple[str, str], memory: int) -> tuple[ReaderProcess, AnyConnection]:
    """Start a process that serves requests, and return it with the connection to it.

    `function_path` is a module and the name of its function. `memory` is its limit in bytes. Raises OSError.
    """
    connection, child_connection = Pipe()
    try:
        with child_connection:
            process: ReaderProcess
            if sys.platform == "win32":
                process = SpawnedProcess(child_connection, function_path, memory)
            else:
                process = _ProgramProcess(_start_program(child_connection.fileno(), function_path, memory))
            return process, connection
    except BaseException:  # an interrupt too leaves nothing open
        connection.close()
        raise


def serve_descriptor(file_descriptor: int, function_path: tuple[str, str], memory: int) -> None:
    """Serve the requests of an inherited file descriptor; the program that `_start_program` starts."""
    if sys.platform != "win32":
        _end_with_pipe(sys.stdin.fileno())
        os.nice(_NICENESS)
        _serve(Connection(file_descriptor), function_path, memory)


class SpawnedProcess:
    """Reader process of `multiprocessing`: a script that uses it needs `if __name__ == "__main__":`."""

    def __init__(self, connection: AnyConnection, function_path: tuple[str, str], memory: int) -> None:
        self._process = get_context("spawn").Process(
            target=_serve_connection, args=(connection, function_path, memory), daemon=True
        )
        self._process.start()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def wait(self) -> None:
        """Wait until the process has ended."""
        self._process.join()

    def poll(self) -> int | None:
        """Return the exit status, or None while the process runs."""
        return self._process.exitcode


class _ProgramProcess:
    """Reader process that is a program. Its standard input is a pipe without data: see `_end_with_pipe`."""

    def __init__(self, program: "Popen[bytes]") -> None:
        self._program = program

    def kill(self) -> None:
        """End the process at once."""
        self._program.kill()

    def wait(self) -> None:
        """Wait until the process has ended."""
        self._program.wait()
        if self._program.stdin is not None:
            self._program.stdin.close()

    def poll(self) -> int | None:
        """Return the exit status, or None while the process runs."""
        return self._program.poll()


def _start_program(file_descriptor: int, function_path: tuple[str, str], memory: int) -> "Popen[bytes]":
    """Start a Python program that serves requests from a file descriptor.

    It is not a process of `multiprocessing`: that would run the caller's script again, which fails for a script from
    standard input and for one without `if __name__ == "__main__":`.
    """
    if sys.platform != "win32":
        arguments = (file_descriptor, function_path, memory)
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import {serve_descriptor.__name__} as serve; "
        command = [sys.executable, "-c", f"{code}serve(*{arguments!r})"]
        # the parent process handles Ctrl-C; the new process keeps this mask, so it never sees it
        old_mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            environment = {**os.environ, **_ENVIRONMENT}
            return Popen(command, stdin=PIPE, pass_fds=(file_descriptor,), env=environment)  # noqa: S603 - our code
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, old_mask)
    raise NotImplementedError("Windows can't pass a pipe to another program")


def _serve_connection(connection: AnyConnection, function_path: tuple[str, str], memory: int) -> None:
    """Serve the requests of a connection in a process of `multiprocessing`; the parent process handles Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(connection, function_path, memory)


def _serve(connection: AnyConnection, function_path: tuple[str, str], memory: int) -> None:
    """Read documents one by one until the parent process closes the connection."""
    module_name, function_name = function_path
    read_document = getattr(import_module(module_name), function_name)
    gc.freeze()  # what was imported lives as long as the process: the collector need not look at it again
    gc.set_threshold(_COLLECTION_THRESHOLD)
    _limit_memory(memory)
    with suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            location, arguments, seconds = connection.recv()
            _limit_cpu(seconds)
            try:
                answer: object = read_document(*arguments)
            except BadInput as error:
                answer = error
            except MemoryError:
                answer = LimitExceeded(f"{location} needs more than {memory // 1_000_000:,} MB of memory to read.")
            except Exception as error:  # noqa: BLE001 - a parser crash is reported as a failure of its page
                error_name = type(error).__name__
                answer = BadInput(f"{location} cannot be read: the parser failed ({error_name}).")
            connection.send(answer)


def _limit_memory(size: int) -> None:
    """Limit the address space of this process, and write no core file, where the system can do so."""
    if sys.platform != "win32":
        import resource  # Windows does not have it

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform != "darwin":  # macOS maps more than any useful limit at the start, and refuses to set one
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _limit_cpu(seconds: float) -> None:
    """Limit the processor time of one request, so that a process without a parent ends, where the system can do so."""
    if sys.platform != "win32":
        import resource  # Windows does not have it

        used_seconds = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, hard_limit = resource.getrlimit(resource.RLIMIT_CPU)
        limit = int(used_seconds + seconds) + 1 + _EXTRA_CPU_SECONDS
        if hard_limit == resource.RLIM_INFINITY or limit < hard_limit:
            resource.setrlimit(resource.RLIMIT_CPU, (limit, hard_limit))


def _end_with_pipe(file_descriptor: int) -> None:
    """End this process as soon as the parent process has closed its end of a pipe, or has died.

    Linux then sends a signal, which ends a process even during a long match of a pattern. A thread could not do that.
    """
    if sys.platform == "linux":
        import fcntl  # Windows does not have it

        fcntl.fcntl(file_descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(file_descriptor, fcntl.F_SETFL, fcntl.fcntl(file_descriptor, fcntl.F_GETFL) | os.O_ASYNC)
        if select([file_descriptor], [], [], 0)[0]:  # the parent died before this
            sys.exit(1)
