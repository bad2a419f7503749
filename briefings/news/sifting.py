"""Sifts what new articles tell for what is news: sentences, and what people say.

Rule: words that stood in what was read before are no news, whoever prints them again (a reprint, an article of which
only a comma was changed), and neither is an utterance that was told, in whichever of its wordings.
"""

from collections.abc import Iterable, Sequence

from briefings.compose.candidates import Candidates
from briefings.compose.narrative import SentenceVariant
from briefings.compose.quote_slot import QuotePassage
from briefings.facts import classify_factuality
from briefings.model import ELISION, Span
from briefings.news.judge import NoveltyJudge, NoveltyVerdict
from briefings.news.matter import Statement, extract_line_figures
from briefings.news.told import SentLine
from briefings.similarity.quote_matching import find_same_pairs
from briefings.text.folding import make_search_key


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
