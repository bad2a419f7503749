"""The `ontherecord` command line: answer questions, manage the database, run the bot.

Rule: results go to standard output; problems go to standard error, as one sentence each. The exit status is 1 for bad
input, 2 for wrong usage, and 3 for a draft that `check --strict` does not accept.
"""

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence

from bot.cli.parser import build_parser
from bot.cli.safety.deeds import run_with_entry
from briefings import BriefingsError

_INTERRUPTED_STATUS = 130
#: what a shell shows for a command that a closed pipe ended
_CLOSED_PIPE_STATUS = 141
#: objects that are made before Python looks for cycles among them. By default it looks hundreds of times while a
#: command imports its modules, a tenth of the time to an answer.
_YOUNG_OBJECTS = 200_000
#: NumPy's threads: each costs time at the start, and the matrices of an answer are too small for several
_MATRIX_THREADS = "OPENBLAS_NUM_THREADS"
_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, by default the one of `sys.argv`, and return its exit status."""
    parser = build_parser()
    if "_ARGCOMPLETE" in os.environ:  # set by the script of `ontherecord completion`
        from bot.cli.completion.completer import complete_command_line

        complete_command_line(parser)
    arguments = parser.parse(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # some terminals cannot show “, and arguments can contain undecodable bytes: neither must stop an answer
        sys.stdout.reconfigure(errors="backslashreplace")
    _prepare_for_imports()
    try:
        status = run_with_entry(arguments.run, arguments, sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except BriefingsError as error:
        from briefings.render import make_printable  # only after a mistake

        # the sentence can quote a file name or words of an article, and a terminal would obey what is in them
        print(f"ontherecord: {make_printable(str(error))}", file=sys.stderr)
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


def _prepare_for_imports() -> None:
    """Make the imports of a command quick: few searches for cycles, and no threads for small matrices."""
    gc.set_threshold(_YOUNG_OBJECTS, *gc.get_threshold()[1:])
    os.environ.setdefault(_MATRIX_THREADS, "1")


def _discard_output() -> None:
    """Discard what is not written yet; without this, Python complains about it on exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
