"""Print the problems of a file, up to 50 with one reason, and count the rest."""

import re
from collections import Counter
from collections.abc import Callable

from briefings.render import make_printable

#: number of lines that are printed for one reason in one file
MAX_LINES = 50
_LOCATION = re.compile(
    r"[,:] (?:line|row|record|entry|document|message|element|item|article|page|cue|part|chapter|sheet|story) "
    r"\d[\d,]*(?=[\s,:;.]|$)",
    re.IGNORECASE,
)
#: what differs between two sentences with one reason: numbers and quoted words
_VARYING_WORDS = re.compile(r"[\d,.]*\d|“[^”]*”|\"[^\"]*\"|'[^']*'")


class CappedLines:
    """Lines about the parts of files, at most `MAX_LINES` per reason and file."""

    def __init__(self, prefix: str, print_line: Callable[[str], None]) -> None:
        self._prefix = prefix
        self._print_line = print_line
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, sentence: str) -> None:
        """Print a sentence that begins with the name of its file, unless its reason was printed often enough."""
        sentence = make_printable(sentence)
        reason = _split_reason(sentence)
        self._counts[reason] += 1
        if self._counts[reason] <= MAX_LINES:
            self._print_line(f"{self._prefix}{sentence}")

    def end_file(self) -> None:
        """Print how many sentences were left out since the last call."""
        for (name, _), count in self._counts.items():
            if count > MAX_LINES:
                self._print_line(f"{self._prefix}and {count - MAX_LINES:,} more in {name}")
        self._counts.clear()


def _split_reason(sentence: str) -> tuple[str, str]:
    """Return the name of the file and the reason without the place in the file; the same words have one reason."""
    location = _LOCATION.search(sentence)
    if location is None:
        return sentence.partition(": ")[0], sentence
    return sentence[: location.start()], _VARYING_WORDS.sub("#", sentence[location.end() :])
