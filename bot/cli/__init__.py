"""The `ontherecord` command line: answer questions, manage the database, run the bot.

Rule: results go to standard output; problems go to standard error, as one sentence each. The exit status is 1 for bad
input, 2 for wrong usage, and 3 for a draft that `check --strict` does not accept.
"""

import errno
import io
import os
import sys
from collections.abc import Sequence

from bot.cli.parser import build_parser
from briefings import BriefingsError

_INTERRUPTED_STATUS = 130
#: what a shell shows for a command that a closed pipe ended
_CLOSED_PIPE_STATUS = 141
_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, by default the one of `sys.argv`, and return its exit status."""
    arguments = build_parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # some terminals cannot show “, and arguments can contain undecodable bytes: neither must stop an answer
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BriefingsError as error:
        print(f"ontherecord: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader closed the pipe, as `head` does
        _discard_output()
        return _CLOSED_PIPE_STATUS if getattr(arguments, "must_finish", False) else 0
    except OSError as error:
        if error.errno not in _FULL_DISK:
            raise
        _discard_output()
        print(f"ontherecord: Writing failed: {(error.strerror or 'the disk is full').lower()}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED_STATUS
    return status


def _discard_output() -> None:
    """Discard what is not written yet; without this, Python complains about it on exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
