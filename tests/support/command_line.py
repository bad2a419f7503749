"""Types for tests of the command line."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class CommandResult:
    """Result of a command: exit status, standard output and standard error."""

    status: int
    out: str
    err: str


RunCommand = Callable[..., CommandResult]
