"""Shows long text in the user's pager, as git does: $PAGER, or `less` if it is installed.

Rule: a pager that is missing or fails never costs an answer, which is printed instead.
"""

import math
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\")
#: `less` ends at once if the text fits, passes colours and links on, and leaves the text on the screen
_LESS_OPTIONS = "FRX"


def print_paged(text: str) -> None:
    """Show `text` in the pager if it is longer than the terminal, or else print it."""
    command = _find_pager()
    if not command or not _is_longer_than_screen(text) or not _run(command, text):
        print(text)


def _find_pager() -> list[str]:
    """Return the pager's command and arguments; [] if the text is to be printed."""
    setting = os.environ.get("PAGER")
    if os.environ.get("TERM") == "dumb":
        return []
    if setting is None:
        return ["less"] if shutil.which("less") else []
    try:
        command = shlex.split(setting, posix=os.name == "posix")
    except ValueError:  # an open quotation mark
        return []
    return [] if not command or command[0] == "cat" or shutil.which(command[0]) is None else command


def _is_longer_than_screen(text: str) -> bool:
    size = shutil.get_terminal_size()
    widths = (len(_ESCAPES.sub("", line)) for line in text.split("\n"))
    return sum(max(1, math.ceil(width / size.columns)) for width in widths) > size.lines - 1


def _run(command: list[str], text: str) -> bool:
    """Run the pager until the user leaves it. Return False if it could not be started, or failed."""
    sys.stdout.flush()
    environment = {"LESS": _LESS_OPTIONS, "LV": "-c", **os.environ}
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603  # the user's own choice
    except OSError:
        return False
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    with suppress(OSError):  # the user left before reading everything
        if pager.stdin:
            with pager.stdin:
                pager.stdin.write(f"{text}\n".encode(encoding, "backslashreplace"))
    is_interrupted = False
    while pager.poll() is None:
        try:
            pager.wait()
        except KeyboardInterrupt:  # Ctrl-C is for the pager, which has the terminal
            is_interrupted = True
    return pager.returncode <= 0 or is_interrupted
