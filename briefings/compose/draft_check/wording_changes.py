"""Lists the words in which two reports of one utterance differ."""

from rapidfuzz.distance import Levenshtein, Opcode

from briefings.compose.draft_check.word_alignment import split_compounds, split_words
from briefings.draft_report import Change
from briefings.model import Article, Span

#: words compared of each wording, and extra words at one end up to which the difference counts as a change
_MAX_COMPARED_WORDS, _MAX_EXTRA_WORDS = 400, 6


def find_changes(article: Article, span: Span, other_article: Article, other_span: Span) -> tuple[Change, ...]:
    """Compare two wordings word by word. A report that only begins earlier or ends much later is not a change."""
    words, other_words = split_words(article.text, span), split_words(other_article.text, other_span)
    words, other_words = split_compounds(words, other_words.compounds), split_compounds(other_words, words.compounds)
    keys, other_keys = words.keys[:_MAX_COMPARED_WORDS], other_words.keys[:_MAX_COMPARED_WORDS]
    return tuple(
        Change(
            words.get_span(opcode.src_start, opcode.src_end), other_words.get_span(opcode.dest_start, opcode.dest_end)
        )
        for opcode in Levenshtein.opcodes(keys, other_keys)
        if opcode.tag != "equal" and not _is_longer_report(opcode, len(keys), len(other_keys))
    )


def _is_longer_report(opcode: Opcode, length: int, other_length: int) -> bool:
    """Whether a difference between texts of these lengths, in words, is that one is much longer at one end."""
    is_at_end = 0 == opcode.src_start == opcode.dest_start or (opcode.src_end, opcode.dest_end) == (
        length,
        other_length,
    )
    longer_size, shorter_size = sorted(
        (opcode.src_end - opcode.src_start, opcode.dest_end - opcode.dest_start), reverse=True
    )
    return is_at_end and not shorter_size and longer_size > _MAX_EXTRA_WORDS
