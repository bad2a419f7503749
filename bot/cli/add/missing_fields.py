"""Articles that state no outlet or no day: ask for them once on a terminal, or say how to fill them in."""

import shlex
import sys
from collections.abc import Callable, Sequence
from datetime import date

from bot.cli.days import get_today, is_future_day
from bot.cli.progress import print_line
from bot.cli.queries import format_count
from briefings import ArticleDefaults, BriefingService, IngestedArticle
from briefings.storage import ArticleStatus

#: number of articles that can be filled in at once
_MAX_ARTICLES = 100_000
_MAX_ATTEMPTS = 3
_MAX_NAME_LENGTH = 500
#: prints a question and returns the answer; empty at the end of the input
Ask = Callable[[str], str]


class MissingFields:
    """Ids of the articles that were added without an outlet or a day. `get_today` returns the current day."""

    def __init__(self, get_today: Callable[[], date] = get_today) -> None:
        self._get_today = get_today
        self._without_outlet: set[str] = set()
        self._without_day: set[str] = set()

    def add(self, ingested: IngestedArticle) -> None:
        """Note an article that was added or updated, and that states no outlet or no day."""
        article = ingested.article
        if ingested.outcome not in (ArticleStatus.NEW, ArticleStatus.UPDATED):
            return
        for ids, value in ((self._without_outlet, article.publisher), (self._without_day, article.published)):
            if value:
                ids.discard(article.id)
            elif len(ids) < _MAX_ARTICLES:
                ids.add(article.id)

    def complete(self, service: BriefingService, paths: Sequence[str], *, jobs: int, ask: Ask | None) -> None:
        """Ask for the missing outlet and day and fill them in, or without `ask` say how to fill them in."""
        if not self._without_outlet and not self._without_day:
            return
        if ask is None:
            print_line(f"ontherecord: note: {self._describe(paths)}")
            return
        try:
            outlet = self._ask_for_outlet(ask) if self._without_outlet else None
            day = self._ask_for_day(ask) if self._without_day else None
        except KeyboardInterrupt:  # nothing more is asked
            print_line(f"\nontherecord: note: {self._describe(paths)}")
            raise
        ids = (self._without_outlet if outlet else set()) | (self._without_day if day else set())
        if ids:
            updated_count = service.fill_in(sorted(ids), ArticleDefaults(outlet, day), jobs=jobs)
            print(f"Completed {format_count(updated_count, 'article')}.")

    def _describe(self, paths: Sequence[str]) -> str:
        counts = [
            *([f"{len(self._without_outlet):,} no outlet"] if self._without_outlet else []),
            *([f"{len(self._without_day):,} no day"] if self._without_day else []),
        ]
        first_count, *other_counts = counts
        number, noun = first_count.split(" ", 1)
        verb = "article has" if number == "1" else "articles have"
        options = [
            *(["--outlet NAME"] if self._without_outlet else []),
            *(["--date DAY"] if self._without_day else []),
        ]
        sentence = " and ".join([f"{number} {verb} {noun}", *other_counts])
        path = shlex.join(paths) if len(paths) == 1 else "PATH"
        pronoun = "it" if len(counts) == 1 and number == "1" else "them"
        return f"{sentence}. To fill {pronoun} in: ontherecord add {path} {' '.join(options)}"

    def _ask_for_outlet(self, ask: Ask) -> str | None:
        count = len(self._without_outlet)
        subject = "1 article does not name its" if count == 1 else f"{count:,} articles do not name their"
        answer = ask(f"{subject} outlet. Outlet (Enter to leave it empty): ")
        return answer[:_MAX_NAME_LENGTH] or None

    def _ask_for_day(self, ask: Ask) -> date | None:
        count = len(self._without_day)
        subject = "1 article does not state its" if count == 1 else f"{count:,} articles do not state their"
        question = f"{subject} day. Day, for example 2016-06-30 (Enter to leave it empty): "
        for _ in range(_MAX_ATTEMPTS):
            answer = ask(question)
            if not answer:
                return None
            try:
                day = date.fromisoformat(answer)
            except ValueError:
                question = "This is not a day. Write it as 2016-06-30 (Enter to leave it empty): "
                continue
            if not is_future_day(day, self._get_today()):
                return day
            question = "This day has not come yet. Day of publication (Enter to leave it empty): "
        return None


def find_terminal(paths: Sequence[str]) -> Ask | None:
    """Return a function that asks on the terminal, or None if there is none, or articles came from it."""
    if "-" in paths or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return _ask_on_terminal


def _ask_on_terminal(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    try:
        answer = sys.stdin.readline()
    except UnicodeDecodeError:
        answer = ""
    if not answer.endswith("\n"):
        print(file=sys.stderr)
    return " ".join(answer.split())
