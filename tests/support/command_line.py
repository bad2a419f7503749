"""What a test of the command line runs and gets."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class CommandResult:
    """What a command gave: its exit status, and what it printed where."""

    status: int
    out: str
    err: str


RunCommand = Callable[..., CommandResult]
