"""Print results: one line a finding, then one line a figure."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.language.checks import Result

_MOST_FREQUENT = 15


def format_results(results: Iterable[Result], *, with_all: bool = False) -> Iterator[str]:
    """Yield the findings of the broken checks, or of all checks, and then the summary."""
    shown_results = list(results)
    for result in shown_results:
        if result.is_broken or with_all:
            yield from (str(finding) for finding in result.findings)
    yield from (_format_summary(result) for result in shown_results)
    if with_all:
        yield from (line for result in shown_results if (line := _format_frequencies(result)))


def _format_summary(result: Result) -> str:
    state = "FAIL" if result.is_broken else "ok"
    unit = f"per 1,000 words of {result.words:,}" if result.words else "in all"
    figure = f"{result.figure:.1f}" if result.words else f"{result.figure:.0f}"
    return f"{state:4} {result.title}: {figure} {unit} (limit {result.limit:g}, files {result.files})"


def _format_frequencies(result: Result) -> str:
    """List the most frequent messages of a check."""
    counts = Counter(finding.message for finding in result.findings)
    frequencies = ", ".join(f"{message} ×{count}" for message, count in counts.most_common(_MOST_FREQUENT))
    return f"most frequent, {result.title}: {frequencies}" if frequencies else ""
