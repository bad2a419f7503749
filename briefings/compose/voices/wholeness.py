"""Measure how well a passage is understood on its own: whole, about something named, and with its point.

Rule: a reader sees the words and the speaker, and nothing before or after. A passage loses weight if it lacks its
subject, points back, stops before its point, or only keeps manners; with too many faults it is not shown.
"""

import re
from functools import cache

from briefings.compose.selection import stem
from briefings.model import Article, Quote, Span
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold_prose
from briefings.text.sentences import split_sentences
from briefings.text.words import count_words

#: least wholeness of a passage that is shown
MIN_WHOLENESS = 0.3
#: words below which a passage is joined with its neighbour if it can be
_SHORT_WORDS = 9
#: significant words with which a short passage that has a word of the news stands alone
_TELLING_TERMS = 4
#: fewest significant words of a passage without a frame
_MIN_TERMS = 3
#: what is left of a passage's weight for each fault
_CUT_FACTOR, _LOWER_CASE_FACTOR, _POINTING_FACTOR, _FRAME_FACTOR = 0.1, 0.8, 0.8, 0.3
_EMPTY_FACTOR, _NEIGHBOUR_FACTOR, _POINT_FACTOR, _MANNERS_FACTOR = 0.6, 0.6, 0.5, 0.3
_BARE_OPENING = re.compile(
    r"(?:(?:and|because|but|look|no|so|to me|well|yes|i (?:don['’]t )?think),? )*"
    r"(?:it|that|this|they|he|she|these|those|his|her|their|its)(?:['’]\w+)?\b"
)
#: "it is wrong to", "this is a day when": the passage itself tells what is meant
_ANNOUNCED = re.compile(
    r"(?:it|that|this)(?:['’]s| is| was| would be| will be| seems)(?: not| so| very| really| an?)? "
    r"(?:[\w-]+ ){1,3}(?:that|to|for|when|if|how)\b"
)
#: "this operation", not "this is"
_NAMED_THING = re.compile(
    r"(?:this|that|these|those|his|her|their|its) "
    r"(?!(?:does|just|were|will|would|could|might|must|should|means|made|makes)\b|\w+ly\b)\w{4,}"
)
_TURN = re.compile(r"(?:but|however|instead|rather|so|yet)\b")
#: the opening of a clause that the article's sentence leads in with “that” or “said”
_SUBJECT = re.compile(rf"(?:{lexicon.build_alternation('subject_openings')})\b")
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|do|does|did"
    rf"|{lexicon.build_alternation('irregular_past')}|{lexicon.build_alternation('present_verbs')})\b"
    r"|['’](?:s|re|ve|ll|d|m)\b|n['’]t\b"
)


def measure_wholeness(
    article: Article, quote: Quote, span: Span, news_stems: frozenset[str], *, has_frame: bool, is_label: bool
) -> float:
    """Return what is left of a passage's weight, 0 to 1. `news_stems` are the stems of the words of the news."""
    words = fold_prose(span.of(article.text))
    terms = set(extract_terms(span.of(article.text)))
    before, after = _find_neighbours(article, quote, span)
    is_short = not has_frame and count_words(words) < _SHORT_WORDS and bool(before or after)
    is_telling = len(terms) >= _TELLING_TERMS and not news_stems.isdisjoint(map(stem, terms))
    faults = (
        (_FRAME_FACTOR, has_frame and not is_label),
        (_LOWER_CASE_FACTOR, not has_frame and span.of(article.text)[:1].islower()),
        (_CUT_FACTOR, not has_frame and _is_cut(span.of(article.text))),
        (_POINTING_FACTOR, not has_frame and points_back(words)),
        (_EMPTY_FACTOR, not has_frame and len(terms) < _MIN_TERMS),
        (_NEIGHBOUR_FACTOR, is_short and not is_telling),
        (_POINT_FACTOR, bool(after) and comes_to_the_point_later(words, fold_prose(after))),
        (_MANNERS_FACTOR, keeps_manners(words)),
    )
    wholeness = 1.0
    for factor, is_fault in faults:
        wholeness *= factor if is_fault else 1.0
    return wholeness


def has_verb(folded_words: str) -> bool:
    """Tell whether words have a verb that makes them a clause."""
    return _VERB.search(folded_words) is not None


def points_back(folded_words: str) -> bool:
    """Tell whether words open with a pronoun for something said before: “it makes no sense”, not “this operation”."""
    is_named = _ANNOUNCED.match(folded_words) or _NAMED_THING.match(folded_words)
    return _BARE_OPENING.match(folded_words) is not None and not is_named


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


def _find_neighbours(article: Article, quote: Quote, span: Span) -> tuple[str, str]:
    """Return the text before a passage, and the sentence after it, inside the same quotation marks."""
    fragment = next((fragment for fragment in quote.content if fragment.covers(span)), None)
    if fragment is None:
        return "", ""
    rest = article.text[span.end : fragment.end].strip(" ,\n")
    sentences = split_sentences(rest)
    return article.text[fragment.start : span.start].strip(), sentences[0].of(rest) if sentences else ""


@cache
def _build_manners_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon.build_alternation('manners')})\b")
