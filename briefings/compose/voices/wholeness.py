"""Measure how well a passage is understood on its own: whole, about something named, and with its point.

Rule: a reader sees the words and the speaker, and nothing before or after. A passage loses weight if it lacks its
subject, stops before its point, or only keeps manners; with too many faults it is not shown.
"""

import re
from functools import cache

from briefings.model import Article, Quote, Span
from briefings.text import lexicon
from briefings.text.folding import fold_prose
from briefings.text.sentences import split_sentences

#: least wholeness of a passage that is shown
MIN_WHOLENESS = 0.3
#: what is left of a passage's weight for each fault
_CUT_FACTOR, _POINT_FACTOR, _MANNERS_FACTOR = 0.1, 0.5, 0.3
_TURN = re.compile(r"(?:but|however|instead|rather|so|yet)\b")
#: the opening of a clause that the article's sentence leads in with “that” or “said”
_SUBJECT = re.compile(rf"(?:{lexicon.build_alternation('subject_openings')})\b")
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|do|does|did"
    rf"|{lexicon.build_alternation('irregular_past')}|{lexicon.build_alternation('present_verbs')})\b"
    r"|['’](?:s|re|ve|ll|d|m)\b|n['’]t\b"
)


def measure_wholeness(article: Article, quote: Quote, span: Span, *, has_frame: bool) -> float:
    """Return what is left of a passage's weight, 0 to 1. A frame gives a cut passage its subject."""
    words = fold_prose(span.of(article.text))
    following = _find_following(article, quote, span)
    faults = (
        (_CUT_FACTOR, not has_frame and _is_cut(span.of(article.text))),
        (_POINT_FACTOR, bool(following) and comes_to_the_point_later(words, fold_prose(following))),
        (_MANNERS_FACTOR, keeps_manners(words)),
    )
    wholeness = 1.0
    for factor, is_fault in faults:
        wholeness *= factor if is_fault else 1.0
    return wholeness


def has_verb(folded_words: str) -> bool:
    """Tell whether words have a verb that makes them a clause."""
    return _VERB.search(folded_words) is not None


def comes_to_the_point_later(folded_words: str, folded_sentence: str) -> bool:
    """Tell whether the next sentence has the point: it turns, answers, or opens with the same two words."""
    is_question = folded_words.rstrip().endswith("?")
    is_series = folded_words.split()[:2] == folded_sentence.split()[:2]
    return is_question or is_series or _TURN.match(folded_sentence) is not None


def keeps_manners(folded_words: str) -> bool:
    """Tell whether words thank, greet, promise, decline to answer or tell a feeling."""
    return _build_manners_pattern().search(folded_words) is not None


def _is_cut(words: str) -> bool:
    """Tell whether words lost their subject or verb: “are aware of the launch”, “the trust of the voters”."""
    folded_words = fold_prose(words)
    return words[:1].islower() and not (_SUBJECT.match(folded_words) and has_verb(folded_words))


def _find_following(article: Article, quote: Quote, span: Span) -> str:
    """Return the sentence after a passage inside the same quotation marks, or ""."""
    fragment = next((fragment for fragment in quote.content if fragment.covers(span)), None)
    if fragment is None:
        return ""
    rest = article.text[span.end : fragment.end].strip(" ,\n")
    sentences = split_sentences(rest)
    return sentences[0].of(rest) if sentences else ""


@cache
def _build_manners_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon.build_alternation('manners')})\b")
