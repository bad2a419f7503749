"""Score which sentence tells the story's news as the first line, and find articles that comment rather than report.

Rule: the news is near the top of a new article, in the words of headlines and of other outlets' openings. An opinion
piece, an interview or a scene is never the lede, even if it is new.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from briefings.compose.ranking.salience import HALF_NEWNESS, BodySentence, FloatArray, StoryMeasures
from briefings.compose.ranking.standalone import opens_with_joiner, points_back
from briefings.compose.ranking.substance import opens_as_known
from briefings.model import Article
from briefings.text import lexicon
from briefings.text.folding import fold, fold_prose
from briefings.text.words import count_words

#: minimum words of a first line; a shorter one is used only without an alternative
MIN_LEAD_WORDS = 10
_SHORT_PENALTY = 3.0
#: what is expected tells the news only where little has happened
_EXPECTED_PENALTY = 0.3
#: what a first line loses that opens with a noun as if it were known, and that tells what may have been
KNOWN_PENALTY, HEDGE_PENALTY = 0.7, 0.5
_HEDGE = re.compile(r"(?<!\w)(?:may|might|could) have(?!\w)")
#: weights of the newness of article and event, nearness to the top, own and newest headlines, other outlets' openings
#: and their best matches; averaged over the hundred best of a grid, chosen by cross-validation over stories
NEW, EVENT, TOP, OWN, NEWEST, OPENING, SUPPORT = 0.6, 0.7, 0.5, 0.5, 1.0, 2.0, 0.7
#: penalty for a first line with less than this share of the words of its article's headline: it paints a scene
SCENE_PENALTY, _MIN_OWN_TITLE = 0.9, 0.2
#: share of an article's sentences that speak as "I", "we" or "you" from which it is a comment
_MAX_COMMENT_SHARE = 0.3
_FIRST_PERSON = re.compile(r"(?<!\w)(?:i|i'm|i've|my|we|we're|we've|our|us|you|your|you're)(?!\w)")
_COMMENT_TITLE = re.compile(rf"(?:{lexicon.build_alternation('comment_titles')})(?!\w)")


@dataclass(frozen=True, slots=True)
class ArticleRole:
    """What an article is: a report, or a comment, interview or explainer."""

    is_comment: bool


def find_article_roles(sentences: Sequence[BodySentence], articles: Sequence[Article]) -> list[ArticleRole]:
    """Return the role of each article. If all of them comment, they count as reports."""
    counts, hits = [0] * len(articles), [0] * len(articles)
    for sentence in sentences:
        counts[sentence.article] += 1
        hits[sentence.article] += _is_in_first_person(sentence.unquoted_text)
    is_comment = [
        hit_count > _MAX_COMMENT_SHARE * max(4, count) or _COMMENT_TITLE.match(fold(article.title or "")) is not None
        for hit_count, count, article in zip(hits, counts, articles, strict=True)
    ]
    return [ArticleRole(flag and not all(is_comment)) for flag in is_comment]


@lru_cache(maxsize=4_096)
def _is_in_first_person(unquoted_text: str) -> bool:
    return _FIRST_PERSON.search(fold_prose(unquoted_text)) is not None


def adjust_lead_score(score: float, words: str, note: str | None, *, is_expected: bool) -> float | None:
    """Return the score of a sentence as the first line, or None if it is unclear without the text before it."""
    faults = None if note is not None else _find_faults(words)
    if faults is None:
        return None
    is_short, is_known, is_hedged = faults
    return (
        score
        - _SHORT_PENALTY * is_short
        - _EXPECTED_PENALTY * is_expected
        - KNOWN_PENALTY * is_known
        - HEDGE_PENALTY * is_hedged
    )


@lru_cache(maxsize=4_096)
def _find_faults(words: str) -> tuple[bool, bool, bool] | None:
    """Tell whether a sentence is short, opens as if known, and hedges; None if it is unclear alone."""
    if opens_with_joiner(words) or points_back(words) or words.startswith(('"', "“", "‘", "'")):
        return None
    return count_words(words) < MIN_LEAD_WORDS, opens_as_known(words), _HEDGE.search(fold(words)) is not None


def compute_lead_scores(
    measures: StoryMeasures, event_ages: Sequence[float], has_old_title: Sequence[bool]
) -> FloatArray:
    """Return the score of each body sentence as a first line.

    `event_ages` are the days from the event that each sentence tells to the newest article. `has_old_title` marks the
    sentences of pages that were rewritten after their date: the headline may be the old one.
    """
    event_newness = 0.5 ** (np.array(event_ages, dtype=np.float32) / HALF_NEWNESS)
    scores: FloatArray = (
        NEW * measures.newness
        + EVENT * event_newness
        + TOP * measures.position
        + OWN * measures.own_title
        + NEWEST * measures.newest_title
        + OPENING * measures.opening
        + SUPPORT * measures.support
        - SCENE_PENALTY * ((measures.own_title < _MIN_OWN_TITLE) & ~np.array(has_old_title, dtype=bool))
    )
    return np.round(scores, 5)
