"""The `ontherecord` command line: answer questions, manage the database, run the bot.

Rule: results go to standard output; problems go to standard error, as one sentence each. The exit status is 1 for bad
input, 2 for wrong usage, and 3 for a draft that `check --strict` does not accept.
"""

import io
import os
import sys
from collections.abc import Sequence

from bot.cli.parser import build_parser
from briefings import BriefingsError

_INTERRUPTED_STATUS = 130


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
    except BrokenPipeError:
        # the reader closed the pipe, as `head` does; without this, Python complains again on exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED_STATUS
    return status
