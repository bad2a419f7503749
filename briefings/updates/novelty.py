"""Whether a line is news beside what was told, and why.

Rule: the same matter is no news, whoever prints it and in whichever words, unless it has another figure, another day,
or has gone from expected or alleged to done, or from done to denied. What is compared is lines, never articles.

Sifts what new articles tell for what is news: sentences, and what people say.

Rule: words that stood in what was read before are no news, whoever prints them again (a reprint, an article of which
only a comma was changed), and neither is an utterance that was told, in whichever of its wordings.

Which lines told before their articles no longer bear out.

Rule: a line is taken back only when its words no longer stand in the article, marks and case aside, or the article is
no longer held; another text around the same words takes nothing back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from briefings.compose.candidates import Candidates
from briefings.compose.narrative import SentenceVariant
from briefings.compose.quote_slot import QuotePassage
from briefings.facts import Factuality, classify_factuality
from briefings.model import ELISION, Article, Evidence, Span
from briefings.similarity.quote_matching import find_same_pairs
from briefings.text.folding import contains_phrase, make_search_key
from briefings.updates.model import Correction, SentLine, UpdateKind
from briefings.updates.statement import Figure, Similarity, Statement, extract_line_figures

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


class NoveltyFilter:
    """Judges the sentences of `material` beside what was `told`; `old` (`joined`) is all that was read before."""

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

    def is_new(self, variant: SentenceVariant) -> bool:
        """Whether a sentence, in this length, is news."""
        return self.judge(variant) is not None

    def judge(self, variant: SentenceVariant) -> NoveltyVerdict | None:
        """Why it is news; None when it is none."""
        key = (variant.sentence.article.id, variant.pieces)
        if key not in self._verdicts:
            is_old = is_contained_in(variant.sentence.text, self._old_text)
            self._verdicts[key] = None if is_old else self._judge.judge(self._make_statement(variant))
        return self._verdicts[key]

    def _make_statement(self, variant: SentenceVariant) -> Statement:
        """What it tells in this length, likened by the whole sentence."""
        article = variant.sentence.article
        view_text = ELISION.join(piece.of(self._candidates.get_unquoted_text(article)) for piece in variant.pieces)
        state = classify_factuality(view_text, Span(0, len(view_text)))
        return Statement(
            variant.sentence.text, variant.days, state, article.published, extract_line_figures(variant.text)
        )


def filter_new_quotes(passages: Sequence[QuotePassage], sent_texts: Sequence[str], old_text: str) -> list[QuotePassage]:
    """Those of `found` whose words are neither among the utterances `said` nor in the `old` texts."""
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
    """Texts as one that `stands_in` searches."""
    return "\n".join(f" {make_search_key(text)} " for text in texts)


def is_contained_in(text: str, old_text: str) -> bool:
    """Whether the words of `text` stand in a row in one of the texts `joined` to `old`."""
    return bool(old_text) and f" {make_search_key(text)} " in old_text


def find_corrections(sent_lines: Sequence[SentLine], articles_by_id: Mapping[str, Article]) -> tuple[Correction, ...]:
    """Those of `told` that were taken back, in their order; `held` are their articles as they are now, by id."""
    return tuple(correction for line in sent_lines if (correction := _find_correction(line, articles_by_id)))


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
