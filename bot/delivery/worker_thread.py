"""One thread for the blocking work of a runner, so that a slow database delays nothing else."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

T = TypeVar("T")


class WorkerThread:
    """Runs one piece of work at a time. Close it at the end."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, work: Callable[..., T], *arguments: object, **keywords: object) -> T:
        """Run `work` on the thread, with the caller's context variables, and return its result."""
        call = partial(contextvars.copy_context().run, partial(work, *arguments, **keywords))
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def close(self) -> None:
        """Stop the thread after the work in progress. Work that waits is dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)
