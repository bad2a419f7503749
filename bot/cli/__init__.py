"""`ontherecord`, the command line: asks the desk, cares for the record, starts the bot.

Rule: what was asked for goes to standard output; what went wrong goes to standard error, as one sentence. Exit status 1
for bad input, 2 for bad usage, 3 for a draft that `check --strict` does not pass.
"""

import io
import os
import sys
from collections.abc import Sequence

from bot.cli.parser import build_parser
from briefings import BriefingsError

_INTERRUPTED_STATUS = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; gives its exit status."""
    arguments = build_parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal that cannot show “ or an argument that was no text must not end an answer half-way
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BriefingsError as error:
        print(f"ontherecord: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # whoever read the output has seen enough; Python would complain once more when it closes the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED_STATUS
    return status
