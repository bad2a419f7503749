"""Finds the nearest question with an answer: the same one with as few filters left out as possible.

Rule: the words that are searched for are never left out, and the speaker only if nothing else helps. The answer names
what was left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from briefings.model import WhoSaid
from briefings.service.article_selection import ArticleSelection
from briefings.service.quote_lookup import SearchFilters
from briefings.service.quote_search import QuoteSearch
from briefings.text.folding import make_search_key

#: groups of filters in the order in which they are left out
_OUTLET, _DAYS, _ABOUT, _BY = ("outlet",), ("since", "until"), ("about",), ("by",)
_DROP_ORDER = (_OUTLET, _DAYS, _ABOUT, _BY)


def generate_relaxed_filters(
    filters: SearchFilters, *, can_drop_speaker: bool
) -> Iterator[tuple[SearchFilters, tuple[str, ...]]]:
    """Yield the filters with some left out, and the descriptions of these.

    The fewest left out come first, and those without the speaker last.
    """
    groups = [group for group in _DROP_ORDER if any(getattr(filters, name) for name in group)]
    if not can_drop_speaker:
        groups = [group for group in groups if group is not _BY]
    choices = [choice for count in range(1, len(groups) + 1) for choice in combinations(groups, count)]
    # quotes of another person are the last resort
    for dropped_groups in sorted(choices, key=lambda choice: _BY in choice):
        dropped_names = [name for group in dropped_groups for name in group]
        yield (
            replace(filters, **dict.fromkeys(dropped_names)),
            tuple(_describe_group(filters, group) for group in dropped_groups),
        )


def select_relaxed_articles(
    filters: SearchFilters, select: Callable[[SearchFilters], ArticleSelection], *, relax: bool
) -> tuple[ArticleSelection, tuple[str, ...]]:
    """Return the articles with all filters or, with `relax`, with as few left out as possible, and those left out."""
    selection = select(filters)
    if selection.articles or not relax:
        return selection, ()
    for relaxed_filters, dropped in generate_relaxed_filters(filters, can_drop_speaker=False):
        relaxed_selection = select(relaxed_filters)
        if relaxed_selection.articles:
            return relaxed_selection, dropped
    return selection, ()


def find_relaxed_answer(words: str, filters: SearchFilters, search: QuoteSearch) -> WhoSaid:
    """Return the answer with all filters if it has quotes, or else the nearest one that has, with `dropped`.

    If none has quotes, sentences of articles that contain the words count.
    """

    def find_answer(some_filters: SearchFilters) -> WhoSaid:
        return search.find_answer(words, some_filters)

    answer = find_answer(filters)
    if answer.hits:
        return answer
    can_drop_speaker = bool(make_search_key(words))
    choices = list(generate_relaxed_filters(filters, can_drop_speaker=can_drop_speaker))
    for relaxed_filters, dropped in choices:
        if search.has_quotes(words, relaxed_filters):
            relaxed_answer = find_answer(relaxed_filters)
            if relaxed_answer.hits:
                return replace(relaxed_answer, dropped=dropped)
    if answer.narration or not choices or not find_answer(choices[-1][0]).narration:
        return answer
    for relaxed_filters, dropped in choices:
        relaxed_answer = find_answer(relaxed_filters)
        if relaxed_answer.narration:
            return replace(relaxed_answer, dropped=dropped)
    return answer


def describe_question(words: str, filters: SearchFilters, speaker: str | None, about: str | None) -> str:
    """Return what is searched for in words: 'with “lynch-mob” by John McDonnell, June 2016'.

    `speaker` and `about` are the full name and the title to show.
    """
    parts = [
        f"with “{words}”" if make_search_key(words) else "",
        f"by {speaker}" if speaker else "",
        f"about {about}" if about else "",
        f"in {filters.outlet}" if filters.outlet else "",
    ]
    question, days = " ".join(filter(None, parts)), describe_days(filters.since, filters.until)
    if not question:  # "articles from June 2016", "articles since 9 March 2026"
        return days if not days or days.startswith(("since", "until")) else f"from {days}"
    return ", ".join(filter(None, (question, days)))


def describe_days(since: date | None, until: date | None) -> str:
    """Return days as people write them: "June 2016", "1–15 June 2016", "since 9 March 2026"; "" for none."""
    if since is None or until is None:
        preposition = "since" if since else "until"
        day = since or until
        return f"{preposition} {_format(day)}" if day else ""
    if since == until:
        return _format(since)
    is_month_end = until < date.max and (until + timedelta(1)).day == 1
    if since.day == 1 and is_month_end and since.year == until.year:
        if since.month == until.month:
            return f"{since:%B} {since.year}"
        return str(since.year) if (since.month, until.month) == (1, 12) else f"{since:%B} to {until:%B} {since.year}"
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day}–{_format(until)}"
    return f"{f'{since.day} {since:%B}' if since.year == until.year else _format(since)} to {_format(until)}"


def _describe_group(filters: SearchFilters, group: tuple[str, ...]) -> str:
    if group is _DAYS:
        return describe_days(filters.since, filters.until)
    value = getattr(filters, group[0])
    return f"{'in' if group is _OUTLET else group[0]} {value}"


def _format(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
