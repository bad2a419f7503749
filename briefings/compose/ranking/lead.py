"""Score which sentence tells the story's news as the first line, and find articles that comment rather than report.

Rule: the news is told near the top of a new article, in the words of headlines and of other outlets' openings. An
opinion piece, an interview or a scene is no lede, however new it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from briefings.compose.ranking.salience import BodySentence, StoryMeasures
from briefings.compose.ranking.standalone import opens_with_joiner
from briefings.model import Article
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.words import count_words

#: shortest first line in words
MIN_LEAD_WORDS = 10
#: weights of newness, nearness to the top, own and newest headlines, and other outlets' openings
NEW, TOP, OWN, NEWEST, OPENING = 1.0, 0.8, 0.6, 1.0, 2.0
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
        hits[sentence.article] += _FIRST_PERSON.search(fold(sentence.unquoted_text)) is not None
    is_comment = [
        hit_count > _MAX_COMMENT_SHARE * max(4, count)
        or _COMMENT_TITLE.match(fold(article.title or "")) is not None
        for hit_count, count, article in zip(hits, counts, articles, strict=True)
    ]
    return [ArticleRole(flag and not all(is_comment)) for flag in is_comment]


def can_lead(words: str, note: str | None) -> bool:
    """Tell whether a sentence that stands alone can be the first line."""
    return (
        count_words(words) >= MIN_LEAD_WORDS
        and note is None
        and not opens_with_joiner(words)
        and not words.startswith(('"', "“", "‘", "'"))
    )


def compute_lead_scores(
    measures: StoryMeasures, articles: Sequence[int], roles: Sequence[ArticleRole]
) -> list[float]:
    """Return the score of each body sentence as a first line. `articles` are the sentences' article indexes."""
    scores = (
        NEW * measures.newness
        + TOP * measures.position
        + OWN * measures.own_title
        + NEWEST * measures.newest_title
        + OPENING * measures.opening
    )
    reports = np.array([not roles[article].is_comment for article in articles], dtype=np.float32)
    return [float(score) for score in np.round(scores - 2 * (1 - reports), 5)]
