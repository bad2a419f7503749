"""Decide which lines are new to readers, and find sent lines that must be corrected.

Rule: a statement is not new in other words or in another outlet. It is new with another figure or day. It
is also new when it went from expected or alleged to done, or from done to denied. Lines are compared, never articles.

Rule: words that are in an earlier text are not new, even in a reprint or a lightly edited article. An utterance that
was sent is not new in any wording.

Rule: a line is corrected only when its article was removed or no longer contains its words. Punctuation, case and
changes elsewhere in the article do not matter.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from briefings.compose.candidates import Candidates
from briefings.compose.narrative import SentenceVariant
from briefings.compose.quote_slot import QuotePassage
from briefings.facts import Factuality, classify_factuality
from briefings.model import ELISION, Article, Evidence, Span
from briefings.similarity.quote_matching import find_same_pairs
from briefings.text.folding import contains_phrase, fold, make_search_key
from briefings.text.words import load_table
from briefings.updates.model import Correction, SentLine, UpdateKind
from briefings.updates.outcomes import find_plan
from briefings.updates.statement import Figure, Similarity, Statement, extract_line_figures

#: minimum similarity of two lines with the same statement, and of a line that may update another
SAME_SIMILARITY, NEAR_SIMILARITY = 0.42, 0.25
#: an undated line may be about the publication day of its article or this long before it
_RECENT_PERIOD = timedelta(days=1)
_PAST_PLAN = re.compile(
    rf"\b(?:{'|'.join(re.escape(cue) for cue, kind in sorted(load_table('openness').items()) if kind == 'past')})\b"
)
#: states that can follow each state
_NEXT_STATES = {
    Factuality.EXPECTED: (Factuality.HAPPENED, Factuality.DENIED),
    Factuality.ALLEGED: (Factuality.HAPPENED, Factuality.DENIED),
    Factuality.HAPPENED: (Factuality.DENIED,),
    Factuality.DENIED: (Factuality.HAPPENED,),
}


@dataclass(frozen=True, slots=True)
class NoveltyVerdict:
    """Reason why a line is new, and the sent line that it updates."""

    kind: UpdateKind
    previous: SentLine | None = None


class NoveltyJudge:
    """Judge of single statements. `statements` belong to `sent_lines`, in the same order.

    `candidate_texts` are the texts that may be judged.
    """

    def __init__(
        self, sent_lines: Sequence[SentLine], statements: Sequence[Statement], candidate_texts: Sequence[str]
    ) -> None:
        self._sent_statements = list(zip(sent_lines, statements, strict=True))
        self._plans = [
            (sent_line, statement, plan)
            for sent_line, statement in self._sent_statements
            if (plan := find_plan(statement.text))
        ]
        self._similarity = Similarity([statement.text for statement in statements], candidate_texts)

    def judge(self, statement: Statement) -> NoveltyVerdict | None:
        """Return why `statement` is new, or None when it is not."""
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
        outcome_line = self._find_announced(statement)
        if same_statements and not outcome_line and not _has_new_details(statement, same_statements):
            return None
        if outcome_line:
            return NoveltyVerdict(UpdateKind.STATE, outcome_line)
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

    def measure_similarity(self, text: str) -> float:
        """Return how alike `text`, one of the candidate texts, and the most similar sent line are, 0 to 1."""
        similar_lines = self._similarity.find_similar(text, 0.0)
        return similar_lines[0][0] if similar_lines else 0.0

    def _find_announced(self, statement: Statement) -> SentLine | None:
        """Return the last sent line that announced what `statement` reports as done, unless a line reports it done."""
        if statement.state is not Factuality.HAPPENED:
            return None
        plans = [
            (sent_line, plan)
            for sent_line, sent_statement, plan in self._plans
            if plan.is_done_in(statement.text) and not _is_older(statement, sent_statement)
        ]
        if not plans or any(plans[-1][1].is_done_in(earlier.text) for _, earlier in self._sent_statements):
            return None
        return plans[-1][0]


class NoveltyFilter:
    """Filter for the sentences of `candidates`. `old_text` has all texts that were read before (`join_texts`)."""

    def __init__(self, candidates: Candidates, sent_lines: Sequence[SentLine], old_text: str) -> None:
        self._candidates = candidates
        self._old_text = old_text
        statements = [
            Statement(
                sent_line.text,
                frozenset(sent_line.days),
                sent_line.state,
                sent_line.published,
                extract_line_figures(sent_line.text),
            )
            for sent_line in sent_lines
        ]
        self._judge = NoveltyJudge(sent_lines, statements, [sentence.text for sentence in candidates.sentences])
        self._verdicts: dict[tuple[str, tuple[Span, ...]], NoveltyVerdict | None] = {}

    def is_old(self, text: str) -> bool:
        """Tell whether a text that was read before has the words of `text`."""
        return is_contained_in(text, self._old_text)

    def is_new(self, variant: SentenceVariant) -> bool:
        """Tell whether a sentence is new in this length."""
        return self.judge(variant) is not None

    def judge(self, variant: SentenceVariant) -> NoveltyVerdict | None:
        """Return why a sentence is new in this length, or None when it is not."""
        key = (variant.sentence.article.id, variant.pieces)
        if key not in self._verdicts:
            is_old = self.is_old(variant.sentence.text)
            self._verdicts[key] = None if is_old else self._judge.judge(self._make_statement(variant))
        return self._verdicts[key]

    def measure_similarity(self, variant: SentenceVariant) -> float:
        """Return how alike a whole sentence and the most similar sent line are, 0 to 1."""
        return self._judge.measure_similarity(variant.sentence.text)

    def classify_state(self, variant: SentenceVariant) -> Factuality:
        """Return the factuality of a sentence in this length, in the article's own words."""
        unquoted_text = self._candidates.get_unquoted_text(variant.sentence.article)
        return classify_state(ELISION.join(piece.of(unquoted_text) for piece in variant.pieces))

    def _make_statement(self, variant: SentenceVariant) -> Statement:
        """Return the statement of this length, with the whole sentence as the text to compare."""
        return Statement(
            variant.sentence.text,
            variant.days,
            self.classify_state(variant),
            variant.sentence.article.published,
            extract_line_figures(variant.text),
        )


def classify_state(unquoted_text: str) -> Factuality:
    """Return the factuality of a line. "Was expected" is as open as "is expected": neither reports it as done."""
    state = classify_factuality(unquoted_text, Span(0, len(unquoted_text)))
    was_ahead = state is Factuality.HAPPENED and _PAST_PLAN.search(fold(unquoted_text)) is not None
    return Factuality.EXPECTED if was_ahead else state


def filter_new_quotes(passages: Sequence[QuotePassage], sent_texts: Sequence[str], old_text: str) -> list[QuotePassage]:
    """Return the passages whose words are neither among the sent quotes nor in the old texts."""
    texts = [*sent_texts, *(passage.text for passage in passages)]
    known_indexes = {
        index - len(sent_texts)
        for pair in find_same_pairs(texts)
        if min(pair) < len(sent_texts) <= max(pair)
        for index in pair
        if index >= len(sent_texts)
    }
    return [
        passage
        for index, passage in enumerate(passages)
        if index not in known_indexes and not is_contained_in(passage.text, old_text)
    ]


def join_texts(texts: Iterable[str]) -> str:
    """Join texts into one string that `is_contained_in` can search."""
    return "\n".join(f" {make_search_key(text)} " for text in texts)


def is_contained_in(text: str, old_text: str) -> bool:
    """Tell whether one of the texts in `old_text` (`join_texts`) contains the words of `text` in a row."""
    return bool(old_text) and f" {make_search_key(text)} " in old_text


def find_corrections(sent_lines: Sequence[SentLine], articles_by_id: Mapping[str, Article]) -> tuple[Correction, ...]:
    """Return the corrections of `sent_lines`, in order. `articles_by_id` has their articles as they are now."""
    return tuple(correction for line in sent_lines if (correction := _find_correction(line, articles_by_id)))


def _find_last_sent(
    changed_lines: Sequence[tuple[SentLine, Statement]], same_statements: Sequence[Statement]
) -> SentLine:
    """Return the line that was sent last among those with the same statement.

    Without one, return the most similar line.
    """
    same_lines = [
        sent_line
        for sent_line, sent_statement in changed_lines
        if any(sent_statement is same_statement for same_statement in same_statements)
    ]
    return max(same_lines, key=lambda sent_line: sent_line.sent_on, default=changed_lines[0][0])


def _has_new_details(statement: Statement, same_statements: Sequence[Statement]) -> bool:
    """Tell whether `statement` adds to the sent statements that are the same: a state, a figure or a day."""
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
    """Tell whether the statement was sent before in this state or a later one."""
    return not same_statements or not all(
        statement.state in _NEXT_STATES[sent_statement.state] for sent_statement in same_statements
    )


def _has_changed_figure(statement: Statement, sent_statement: Statement, near_statements: Sequence[Statement]) -> bool:
    """Tell whether a new figure replaces one of `sent_statement`.

    Neither the old figure is in `statement`, nor the new one in `near_statements`.
    """
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
    """Return the figures of `statement` that no sent statement has."""
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


def _find_correction(line: SentLine, articles_by_id: Mapping[str, Article]) -> Correction | None:
    articles = [articles_by_id.get(piece.article) for piece in line.evidence]
    if not all(articles):
        return Correction(line, is_article_removed=True)
    is_unchanged = all(
        article and _is_still_printed(piece, article) for piece, article in zip(line.evidence, articles, strict=True)
    )
    return None if is_unchanged else Correction(line, is_article_removed=False)


def _is_still_printed(piece: Evidence, article: Article) -> bool:
    return article.text[piece.start : piece.end] == piece.text or contains_phrase(article.text, piece.text)
