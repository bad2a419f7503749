"""Says how the articles of a story use a word of a headline: with which capitals, and as a noun or a verb.

Headlines capitalise words at will and drop half of the grammar, so the running text below them decides.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from briefings.attribution.models.weights import load_models
from briefings.model import Article
from briefings.text.pos_tagger import TAG, VERBS
from briefings.text.tokenizer import compute_shapes, stem, tokenise

#: text of an article that shows how its words are used, in characters
_MAX_OPENING = 1_500
#: words longer than this are capitalised in a headline in title case
_MIN_LONG_WORD = 3
#: share of capitalised longer words from which a line is in title case
_TITLE_CASE_SHARE = 0.7

NOUNS = frozenset((TAG["NN"], TAG["NNS"], TAG["NNP"]))


class WordUsage:
    """Counts the forms of the words in the openings of some articles, and their tags."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._forms: Counter[str] = Counter()
        self._nouns: Counter[str] = Counter()
        self._verbs: Counter[str] = Counter()
        self._adjectives: Counter[str] = Counter()
        for article in articles:
            self._read(article.text[:_MAX_OPENING])

    def restore_capitals(self, words: Sequence[str]) -> list[str]:
        """Return the words of a headline as running text writes them."""
        is_title_case = _is_title_case([word for word in words if word[:1].isalpha()])
        return [
            self._restore(word, is_doubtful=is_title_case or number == 0 or not words[number - 1][:1].isalnum())
            for number, word in enumerate(words)
        ]

    def can_be_verb(self, word: str) -> bool:
        """Whether the articles use a word, in any of its forms, as a verb too."""
        return self._verbs[stem(word.lower())] > 0

    def is_adjective(self, word: str) -> bool:
        """Whether the articles use a word, in any of its forms, as an adjective."""
        return self._adjectives[stem(word.lower())] > 0

    def is_noun(self, word: str) -> bool:
        """Whether the articles use a word, in all its forms, more often as a noun than as a verb or an adjective."""
        word_stem = stem(word.lower())
        return self._nouns[word_stem] > max(self._verbs[word_stem], self._adjectives[word_stem])

    def _read(self, opening: str) -> None:
        lines = [line for line in opening.split("\n") if not _is_title_case(re.findall(r"[^\W\d_]+", line))]
        tokens = tokenise("\n".join(lines))
        words = tokens.words
        self._forms.update(word for previous, word in pairwise(words) if previous[-1].isalnum())
        if not words:
            return
        tags = load_models().tagger.tag(words, compute_shapes(words), tokens.paragraph).tolist()
        for word, tag in zip(words, tags, strict=True):
            if tag in VERBS:
                self._verbs[stem(word.lower())] += 1
            elif tag in NOUNS:
                self._nouns[stem(word.lower())] += 1
            elif tag == TAG["JJ"]:
                self._adjectives[stem(word.lower())] += 1

    def _restore(self, word: str, *, is_doubtful: bool) -> str:
        """Return a word with its usual capitals; a doubtful one that the articles do not have gets none."""
        if not word[:1].isupper() or "." in word:
            return word
        lower, capitalised = word.lower(), word[:1] + word[1:].lower()
        as_lower = self._forms[lower]
        as_name = sum(self._forms[form] for form in {word, capitalised})
        if as_name > as_lower or (word.isupper() and len(word) > 1 and not as_lower):
            return word
        return lower if as_lower or is_doubtful else word


def _is_title_case(words: Sequence[str]) -> bool:
    """Whether most longer words of a line are capitalised, so that its capitals mean nothing."""
    longer_words = [word for word in words if len(word) > _MIN_LONG_WORD]
    return sum(word[0].isupper() for word in longer_words) > _TITLE_CASE_SHARE * len(longer_words)
