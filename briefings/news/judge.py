"""Whether a line is news beside what was told, and why.

Rule: the same matter is no news, whoever prints it and in whichever words, unless it has another figure, another day,
or has gone from expected or alleged to done, or from done to denied. What is compared is lines, never articles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from briefings.facts import Factuality
from briefings.news.matter import Figure, Similarity, Statement
from briefings.news.told import SentLine, UpdateKind

#: likeness from which two lines tell the same matter, and from which one may move on from the other
SAME_SIMILARITY, NEAR_SIMILARITY = 0.42, 0.25
#: days before its article's that an undated line may tell of
_RECENT_PERIOD = timedelta(days=1)
#: what a state moves on to
_NEXT_STATES = {
    Factuality.EXPECTED: (Factuality.HAPPENED, Factuality.DENIED),
    Factuality.ALLEGED: (Factuality.HAPPENED, Factuality.DENIED),
    Factuality.HAPPENED: (Factuality.DENIED,),
    Factuality.DENIED: (Factuality.HAPPENED,),
}


@dataclass(frozen=True, slots=True)
class NoveltyVerdict:
    """Why a line is news, and from which line told before it moves on."""

    kind: UpdateKind
    previous: SentLine | None = None


class NoveltyJudge:
    """Knows what was told, as `told` and, in the same order, as `matters`; `candidates` are the texts to be judged."""

    def __init__(
        self, sent_lines: Sequence[SentLine], statements: Sequence[Statement], candidate_texts: Sequence[str]
    ) -> None:
        self._sent_statements = list(zip(sent_lines, statements, strict=True))
        self._similarity = Similarity([statement.text for statement in statements], candidate_texts)

    def judge(self, statement: Statement) -> NoveltyVerdict | None:
        """Why `line` is news; None when it is none."""
        near_lines = [
            (score, *self._sent_statements[index])
            for score, index in self._similarity.find_similar(statement.text, NEAR_SIMILARITY)
        ]
        same_statements = [sent_statement for score, _, sent_statement in near_lines if score >= SAME_SIMILARITY]
        later_lines = [
            (sent_line, sent_statement)
            for _, sent_line, sent_statement in near_lines
            if not _is_older(statement, sent_statement)
        ]
        if same_statements and not _has_new_details(statement, same_statements):
            return None
        for sent_line, sent_statement in later_lines:
            if statement.state in _NEXT_STATES[sent_statement.state] and not _was_sent(statement, same_statements):
                return NoveltyVerdict(UpdateKind.STATE, sent_line)
        changed_lines = [
            (sent_line, sent_statement)
            for sent_line, sent_statement in later_lines
            if _has_changed_figure(statement, sent_statement, [near_statement for _, _, near_statement in near_lines])
        ]
        if changed_lines:
            return NoveltyVerdict(UpdateKind.FIGURE, _find_last_sent(changed_lines, same_statements))
        return NoveltyVerdict(UpdateKind.FACT)


def _find_last_sent(
    changed_lines: Sequence[tuple[SentLine, Statement]], same_statements: Sequence[Statement]
) -> SentLine:
    """The one told last of those that tell the same matter; of lines less like, the likest."""
    same_lines = [
        sent_line
        for sent_line, sent_statement in changed_lines
        if any(sent_statement is same_statement for same_statement in same_statements)
    ]
    return max(same_lines, key=lambda sent_line: sent_line.sent_on, default=changed_lines[0][0])


def _has_new_details(statement: Statement, same_statements: Sequence[Statement]) -> bool:
    """Whether `line` tells more of a matter than `same`, which tell it, have told."""
    if not _was_sent(statement, same_statements):
        return True
    if any(
        not new_figure.is_small
        or any(
            new_figure.is_changed_from(old_figure)
            for figure_statement in same_statements
            for old_figure in figure_statement.figures
        )
        for new_figure in _find_new_figures(statement, same_statements)
    ):
        return True
    known_days = {day for sent_statement in same_statements for day in sent_statement.days}
    recent_days = {
        day
        for sent_statement in same_statements
        if sent_statement.published
        for day in _get_recent_days(sent_statement.published)
    }
    return bool(
        statement.days
        - known_days
        - (recent_days if any(not sent_statement.days for sent_statement in same_statements) else set())
    )


def _was_sent(statement: Statement, same_statements: Sequence[Statement]) -> bool:
    """Whether the matter was told before as far as `line` has it, or farther."""
    return not same_statements or not all(
        statement.state in _NEXT_STATES[sent_statement.state] for sent_statement in same_statements
    )


def _has_changed_figure(statement: Statement, sent_statement: Statement, near_statements: Sequence[Statement]) -> bool:
    """Whether `line` has another figure in the place of one of `told`, which it has not itself; `near` have neither."""
    missing_figures = [
        old_figure
        for old_figure in sent_statement.figures
        if not any(old_figure.is_same(figure) for figure in statement.figures)
    ]
    return any(
        new_figure.is_changed_from(old_figure)
        for new_figure in _find_new_figures(statement, near_statements)
        for old_figure in missing_figures
    )


def _find_new_figures(statement: Statement, sent_statements: Sequence[Statement]) -> list[Figure]:
    """The figures of `line` that none of `told` has."""
    return [
        figure
        for figure in statement.figures
        if not any(
            figure.is_same(old_figure) for sent_statement in sent_statements for old_figure in sent_statement.figures
        )
    ]


def _is_older(statement: Statement, sent_statement: Statement) -> bool:
    return (
        statement.published is not None
        and sent_statement.published is not None
        and statement.published < sent_statement.published
    )


def _get_recent_days(day: date) -> tuple[date, date]:
    return day, day - _RECENT_PERIOD
