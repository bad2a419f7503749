"""Progress on standard error: a bar with the time left on a terminal, and lines or nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from bot.cli.queries import format_count

#: receives the numbers of completed and of all steps
ShowSteps = Callable[[int, int], None]
#: number of articles between two progress lines if standard error is not a terminal
_LOG_INTERVAL = 1_000


class ReadingProgress:
    """Progress of reading one source, in bytes and articles."""

    def __init__(self, name: str, progress_bar: "tqdm[None]") -> None:
        self._name = name
        self._progress_bar = progress_bar
        self._article_count = 0

    def add_bytes(self, byte_count: int) -> None:
        """Count bytes that were read. The bar never passes its total, even if a file grew."""
        total = self._progress_bar.total
        new_bytes = byte_count if total is None else min(byte_count, max(0, total - self._progress_bar.n))
        self._progress_bar.update(new_bytes)

    def add_article(self) -> None:
        """Count an article; where there is no bar, print a line every thousand."""
        self._article_count += 1
        sentence = f"{self._name}: {format_count(self._article_count, 'article')}"
        self._progress_bar.set_description_str(sentence, refresh=False)
        self._progress_bar.update(0)
        if self._progress_bar.disable and self._article_count % _LOG_INTERVAL == 0:
            print_line(f"ontherecord: {sentence} so far")

    def print_result(self, line: str) -> None:
        """Print a line on standard output, above the bar if one is shown."""
        tqdm.write(line, file=sys.stdout)


@contextmanager
def show_reading(name: str, total_bytes: int | None) -> Iterator[ReadingProgress]:
    """Show how much of a source was read; without a total, only the number of articles."""
    bar_format = "{desc} |{bar}| {n_fmt} of {total_fmt}B, about {remaining} left" if total_bytes else "{desc} so far"
    with tqdm(
        total=total_bytes or None,
        desc=name,
        disable=None,
        file=sys.stderr,
        bar_format=bar_format,
        leave=False,
        unit_scale=True,
    ) as progress_bar:
        yield ReadingProgress(name, progress_bar)


@contextmanager
def show_steps() -> Iterator[ShowSteps]:
    """Show a bar of completed and all steps on a terminal, and nothing otherwise."""
    bar_format = "{l_bar}{bar}| {n_fmt} of {total_fmt}, about {remaining} left"
    # the delay hides the bar until the number of steps is known
    with tqdm(disable=None, file=sys.stderr, bar_format=bar_format, leave=False, delay=1e-9) as progress_bar:

        def update_progress(completed_count: int, total_count: int) -> None:
            progress_bar.total, progress_bar.n = total_count, completed_count
            progress_bar.refresh()

        yield update_progress


def print_line(sentence: str) -> None:
    """Print a line on standard error, above the progress bar if one is shown."""
    tqdm.write(sentence, file=sys.stderr)
