"""Find whose words are passed on in so many words: "Doe quoted Roe as saying “...”" are Roe's words, not Doe's.

Rule: a verb of passing on, a person's name or description, and "as saying", outside marks and in the passage's
sentence. The passage follows at once, or stands before the one who passes it on.
"""

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.pos_tagger import VERBS
from briefings.text.tokenizer import WORD, hash_word

#: tokens between a passage and the verb of the one who passes it on
MAX_TOKENS_BEFORE = 9
_OPENINGS = frozenset([":", ",", "that", "“", '"', "”", "‘", "'", "«", "„"])
_CLOSINGS = frozenset([".", ",", ";", "!", "?", "in", "on", "at"])
#: tokens of the phrase between the verb and "as"
_MAX_PHRASE = 8
_AS = hash_word("as")
_SAYING = [hash_word(word) for word in ("saying", "telling", "writing", "tweeting", "asking", "warning", "responding")]
_PASSING_ON = frozenset(
    hash_word(verb + ending)
    for verb, endings in (
        ("quot", ("e", "es", "ed", "ing")),
        ("cit", ("e", "es", "ed", "ing")),
        ("recall", ("s", "ed", "ing")),
    )
    for ending in endings
)


def find_quoted_sayings(document: Document) -> dict[int, tuple[int, int]]:
    """Return the mention of the one quoted and the token of "saying", by the number of the passage."""
    word, result = document.shapes[:, WORD], {}
    is_said = (word[:-1] == _AS) & np.isin(word[1:], _SAYING) & (document.passage_ids[:-1] == 0)
    for index in np.flatnonzero(is_said).tolist():
        verb = _find_verb(document, index)
        mention = _find_mention_ending(document, index, verb) if verb >= 0 else -1
        if mention >= 0 and (number := _find_passage(document, index, verb)) >= 0:
            result[number] = (mention, index + 1)
    return result


def _find_verb(document: Document, index: int) -> int:
    """Return the token of the verb before "as", in its sentence and outside marks, or -1."""
    for token in range(index - 2, max(index - 2 - _MAX_PHRASE, -1), -1):
        if document.sentence[token] != document.sentence[index] or document.passage_ids[token]:
            return -1
        if int(document.shapes[token, WORD]) in _PASSING_ON:
            return token
    return -1


def _find_mention_ending(document: Document, index: int, verb: int) -> int:
    """Return the longest mention between the verb and "as" that ends there, or -1."""
    mentions = document.mentions
    fits = (mentions.first > verb) & (mentions.last == index)
    numbers = np.flatnonzero(fits).tolist()
    return max(numbers, key=lambda number: int(mentions.last[number] - mentions.first[number]), default=-1)


def _find_passage(document: Document, index: int, verb: int) -> int:
    """Return the number of the passage that is passed on, or -1.

    Behind "saying" only marks, a colon, a comma or "that" may be before it. A passage before the verb counts if
    "saying" ends its clause and the one who passes it on has no verb of their own.
    """
    words, sentence, passages = document.tokens.words, document.sentence, document.passage_ids
    token = index + 2
    while token < len(words) and words[token].lower() in _OPENINGS and not passages[token]:
        token += 1
    if token < len(words) and passages[token]:
        return int(passages[token]) - 1 if sentence[token] == sentence[index] else -1
    if token == index + 2 and token < len(words) and words[token] not in _CLOSINGS:
        return -1
    for before in range(verb - 1, max(verb - MAX_TOKENS_BEFORE, 0) - 1, -1):
        if passages[before]:
            return int(passages[before]) - 1
        if sentence[before] != sentence[index] or document.tags[before] in VERBS:
            return -1
    return -1
