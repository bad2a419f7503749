"""Search for phrases in indexes without positions, by words and by pairs of common words.

Rule: an index stores each word, and each pair of adjacent common words as one lexeme (the "common grams" of search
engines). A phrase is searched by its rarest lexemes, and each candidate is then compared in full.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefings.storage.db.full_text import AnyOf
from briefings.text import lexicon

#: between the two words of a pair: not a letter or digit, so no word looks like a pair
_PAIR_SEPARATOR = "_"
_COMMON_WORDS = lexicon.load_words("commonest_words")

#: lexemes that a phrase is searched by even if they are common words
_MIN_LEXEMES = 2

WordChoices = Sequence[Sequence[str]]
#: picks, from the lexemes that a text must have, the best ones to search by
LexemeChooser = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Syntax:
    """Query syntax of a full-text index: the format of a lexeme (with "{}"), and the operators."""

    lexeme_format: str
    and_operator: str
    or_operator: str


def make_pairs(words: Sequence[str]) -> list[str]:
    """Return the pairs of adjacent common words, in order, as lexemes."""
    return [
        f"{word}{_PAIR_SEPARATOR}{next_word}"
        for word, next_word in pairwise(words)
        if word in _COMMON_WORDS and next_word in _COMMON_WORDS
    ]


def build_expression(phrases: AnyOf, syntax: Syntax, choose: LexemeChooser, mark: str = "") -> str:
    """Build a query that matches every text with one of the phrases, and few others; `mark` precedes each word."""
    return syntax.or_operator.join(
        f"({_build_phrase(word_choices, syntax, choose, mark)})" for word_choices in merge_phrases(phrases)
    )


def omit_common_words(lexemes: Sequence[str]) -> Sequence[str]:
    """Omit words that are common from the lexemes of a longer phrase, unless it has no others: a `LexemeChooser`.

    Unlike the rarest lexemes, these do not depend on the database.
    """
    if len(lexemes) <= _MIN_LEXEMES:
        return lexemes
    return [lexeme for lexeme in lexemes if lexeme not in _COMMON_WORDS] or lexemes


def filter_known_phrases(phrases: AnyOf, known_words: set[str]) -> list[Sequence[str]]:
    """Return the phrases whose words are all known."""
    return [phrase for phrase in phrases if known_words.issuperset(phrase)]


def list_required_lexemes(phrase: Sequence[str], mark: str = "") -> list[str]:
    """Return the lexemes that a text with the phrase has: its pairs, and words in no pair. Names have no pairs."""
    lexemes: dict[str, None] = {}
    for position, word in enumerate(phrase):
        own_pairs = () if mark else make_pairs(phrase[max(0, position - 1) : position + 2])
        lexemes.update(dict.fromkeys(own_pairs or (f"{mark}{word}",)))
    return list(lexemes)


def merge_phrases(phrases: AnyOf) -> list[WordChoices]:
    """Merge phrases that differ in one position into one, with a list of possible words per position.

    With hundreds of corrections of one word, the index then looks up the other words only once.
    """
    remaining = dict.fromkeys(map(tuple, phrases))
    similar_phrases: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[str, ...]]] = {}
    for phrase in remaining:
        for position in range(len(phrase)):
            similar_phrases.setdefault((phrase[:position], phrase[position + 1 :]), []).append(phrase)
    merged_phrases: list[WordChoices] = []
    for (before, after), group in sorted(similar_phrases.items(), key=lambda item: -len(item[1])):
        if members := [phrase for phrase in group if phrase in remaining]:
            words = [phrase[len(before)] for phrase in members]
            merged_phrases.append([*([word] for word in before), words, *([word] for word in after)])
            for phrase in members:
                del remaining[phrase]
    return merged_phrases


def _build_phrase(word_choices: WordChoices, syntax: Syntax, choose: LexemeChooser, mark: str) -> str:
    """Build the query for a merged phrase; lexemes that all its variants share appear once."""

    def join_lexemes(lexemes: Sequence[str]) -> str:
        return syntax.and_operator.join(map(syntax.lexeme_format.format, lexemes))

    open_position = next((position for position, words in enumerate(word_choices) if len(words) > 1), None)
    if open_position is None:
        return join_lexemes(choose(list_required_lexemes([words[0] for words in word_choices], mark)))
    before, after = (
        [words[0] for words in part] for part in (word_choices[:open_position], word_choices[open_position + 1 :])
    )
    fixed_lexemes = dict.fromkeys(lexeme for part in (before, after) for lexeme in list_required_lexemes(part, mark))
    alternatives = [
        (not mark and make_pairs([*before[-1:], word, *after[:1]])) or [f"{mark}{word}"]
        for word in word_choices[open_position]
    ]
    any_alternative = f"({syntax.or_operator.join(f'({join_lexemes(lexemes)})' for lexemes in alternatives)})"
    return syntax.and_operator.join(
        [*([join_lexemes(choose(list(fixed_lexemes)))] if fixed_lexemes else ()), any_alternative]
    )
