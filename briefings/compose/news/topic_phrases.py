"""Chooses the phrases that select a story's articles among all others: the words of a suggested topic.

Rule: each phrase is verbatim words of a headline. A phrase is taken only if most articles with it belong to the story,
and if it adds articles that no earlier phrase has.
"""

from collections.abc import Sequence

from briefings.text.folding import make_search_key

#: most phrases of a topic
_MAX_PHRASES = 4
#: least share of the articles with a phrase that belong to the story
_MIN_PRECISION = 0.6


def choose_phrases(
    name: str, candidates: Sequence[str], story_keys: Sequence[str], other_keys: Sequence[str]
) -> tuple[str, ...]:
    """Return the name and other phrases of `candidates`, which are in order of quality.

    The keys are those of articles with their headlines (`make_text_key`): of the story, and of others.
    """
    phrases = [name]
    missing = [key for key in story_keys if not _has(key, name)]
    for candidate in candidates:
        if not missing or len(phrases) == _MAX_PHRASES:
            break
        story_count, other_count = (sum(_has(key, candidate) for key in keys) for keys in (story_keys, other_keys))
        still_missing = [key for key in missing if not _has(key, candidate)]
        if len(still_missing) < len(missing) and story_count >= _MIN_PRECISION * (story_count + other_count):
            phrases.append(candidate)
            missing = still_missing
    return tuple(phrases)


def _has(key: str, phrase: str) -> bool:
    return f" {make_search_key(phrase)} " in key
