"""Notes of a verdict in our own words: what a quotation leaves out, and what the article puts between its words."""

from collections.abc import Sequence
from itertools import pairwise

from briefings.compose.draft_check.evidence import Utterance
from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.folding import fold

#: omitted words are shown in full up to this many; of more, this many words at each end
_MAX_WHOLE_WORDS, _END_WORDS = 12, 4


def describe_omissions(article: Article, spans: Sequence[Span]) -> str:
    """List the source's words between the pieces of a quotation."""
    omitted_texts = [article.text[first.end : second.start].strip(" ,.;:") for first, second in pairwise(spans)]
    omissions = ", ".join(f"“{_shorten_words(omitted_text)}”" for omitted_text in omitted_texts if omitted_text)
    if not omissions:
        return ""
    negations = lexicon.load_words("negations").intersection(
        word for omitted_text in omitted_texts for word in fold(omitted_text).split()
    )
    warning = " These words can change the meaning: check that the quote still means the same." if negations else ""
    return f"Left out: {omissions}.{warning}"


def _shorten_words(words: str) -> str:
    tokens = words.split()
    return " ".join(tokens if len(tokens) <= _MAX_WHOLE_WORDS else [*tokens[:_END_WORDS], "…", *tokens[-_END_WORDS:]])


def describe_interruption(utterance: Utterance) -> str:
    """Say that the article has two quotations where the draft has one."""
    return "The article interrupts these words: there they are two quotes." if utterance.is_interrupted else ""
