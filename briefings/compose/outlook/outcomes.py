"""Find the plans of a story that are over: their day has passed, or a later article reports their outcome.

Rule: no slot shows a plan of an older article that is already done.
"""

from datetime import date
from functools import cached_property

from briefings.compose.candidates import Candidates
from briefings.compose.outlook.openness import judge_openness
from briefings.compose.outlook.plans import Outcome, find_plan, read_outcome
from briefings.compose.story.article_reading import ArticleReading
from briefings.facts import find_anchor
from briefings.facts.temporal import is_ahead
from briefings.model import Article, Span
from briefings.text.dates import find_day_expressions, resolve_day


class Outcomes:
    """What the articles of one story report as done, to compare the plans of older articles with."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._recall = candidates.memory.recall
        self._answers: dict[tuple[str, Span], bool] = {}
        self._outcomes_since: dict[date, list[tuple[date, str, Outcome]]] = {}

    def is_over(self, article: Article, sentence: Span) -> bool:
        """Tell whether a sentence announces something, or tells an open state, that is over by the newest article."""
        key = article.id, sentence
        if key not in self._answers:
            self._answers[key] = self._find_end(article, sentence)
        return self._answers[key]

    def _find_end(self, article: Article, sentence: Span) -> bool:
        published, newest_day = article.published, self._candidates.newest_day
        if published is None or newest_day is None:
            return False
        words = sentence.of(self._candidates.get_unquoted_text(article))
        return self._has_day_passed(article, sentence, newest_day) or self._find_report(article, words, published)

    def _has_day_passed(self, article: Article, sentence: Span, newest_day: date) -> bool:
        """Tell whether a plan names a day, counted forward from its article, that is before the newest article."""
        unquoted_text = self._candidates.get_unquoted_text(article)
        last_day = self._recall((article.id, sentence), _find_last_day, article, sentence, unquoted_text)
        return last_day is not None and last_day < newest_day and judge_openness(sentence.of(unquoted_text)).score > 0

    def _find_report(self, article: Article, words: str, published: date) -> bool:
        """Tell whether a later article tells the outcome of what `words` announce, or another one of the same day.

        On the same day, only steps count: reports of an ended state have no verb to match, so the end may be older.
        """
        plan = self._recall(words, find_plan, words)
        return plan is not None and any(
            (day > published and plan.is_ended_by(outcome))
            or (day == published and article_id != article.id and plan.is_carried_out_by(outcome))
            for day, article_id, outcome in self._list_outcomes_since(published)
        )

    def _list_outcomes_since(self, day: date) -> list[tuple[date, str, Outcome]]:
        if day not in self._outcomes_since:
            self._outcomes_since[day] = [each for each in self._outcomes if each[0] >= day]
        return self._outcomes_since[day]

    @cached_property
    def _outcomes(self) -> list[tuple[date, str, Outcome]]:
        """Return what the sentences of dated articles can report as done, with the day and the id of the article."""
        return [
            (reading.article.published, reading.article.id, outcome)
            for reading in self._candidates.readings
            if reading.article.published is not None
            for outcome in reading.derive(_list_outcomes)
        ]


def _find_last_day(article: Article, sentence: Span, unquoted_text: str) -> date | None:
    """Return the last day that a sentence names, counted forward from its article."""
    anchor = find_anchor(article)
    return max(
        (
            day
            for expression in find_day_expressions(unquoted_text, sentence)
            if anchor
            and is_ahead(unquoted_text, sentence, expression.span)
            and (day := resolve_day(expression, anchor.day, is_future=True))
            and day >= anchor.day
        ),
        default=None,
    )


def _list_outcomes(reading: ArticleReading) -> tuple[Outcome, ...]:
    """Return what the sentences of one article can report as done."""
    outcomes = (read_outcome(span.of(reading.unquoted_text)) for span in reading.spans)
    return tuple(outcome for outcome in outcomes if outcome is not None)
