"""Correct the tags that hide a speaker or the verb beside a quotation.

Rule: each correction needs a place where the grammar leaves one reading: an "a-of-b" word that ends its phrase is a
noun; the last word before a colon and a quotation is its verb. A tag inside a quotation is unchanged.
"""

import re
from collections.abc import Sequence

from briefings.text import lexicon
from briefings.text.learned_models import IntArray
from briefings.text.pos_tagger import TAG, VERBS

#: "gran-of-six", "mother-in-law", "father-to-be"
_HYPHENATED_NOUN = re.compile(r"[a-z]{3,}-(?:of|in|to)-[a-z0-9]+s?\Z")
_NOUN_TAGS = frozenset(TAG[tag] for tag in ("NN", "NNS", "NNP"))
_INSIDE_PHRASE = _NOUN_TAGS | {TAG["JJ"], TAG["CD"]}
_SUBJECT_TAGS = _NOUN_TAGS | {TAG["CD"], TAG["DT"], TAG["PRP"]}
_MARKS = frozenset(["“", "”", '"', "``", "''", "'", "‘", "’", "«", "»", "„"])
#: a cue of one word in the past: "tweeted", "wrote"
_IRREGULAR_PAST = frozenset(["wrote", "said", "told"])
#: maximum words of a clause beside a quotation: "the Easton Primary School recruit confesses"
MAX_CLAUSE_TOKENS = 14


def correct_phrase_tags(words: Sequence[str], tags: IntArray, sentence: IntArray, passage_ids: IntArray) -> IntArray:
    """Return the tags with corrected nouns, names and verbs beside quotations."""
    result, tag_list = tags.copy(), tags.tolist()
    sentence_list, passage_list = sentence.tolist(), passage_ids.tolist()
    for index in range(1, len(words) - 1):
        if passage_list[index]:
            continue
        word, next_word = words[index], words[index + 1]
        ends_sentence = sentence_list[index + 1] != sentence_list[index]
        if word in "!?" and tag_list[index - 1] == TAG["NNP"] and next_word in ("'s", "’s"):
            result[index] = TAG["NNP"]  # "Bravo!'s manager"
        elif _HYPHENATED_NOUN.match(word) and (ends_sentence or tag_list[index + 1] not in _INSIDE_PHRASE):
            result[index] = TAG["NN"]
        elif word.lower() == "another" and tag_list[index] == TAG["RB"]:
            result[index] = TAG["DT"]
        elif _is_hidden_past(words, tag_list, index):
            result[index] = TAG["VBD"]
    _correct_clause_verbs(words, result, sentence_list, passage_list)
    return result


def _is_hidden_past(words: Sequence[str], tags: Sequence[int], index: int) -> bool:
    """Tell whether a cue before a quotation is the verb of the subject before it: "another tweeted: “No.”"."""
    word = words[index]
    if tags[index] in VERBS and tags[index] != TAG["VBN"]:
        return False
    is_past = word in _IRREGULAR_PAST or (word.endswith("ed") and word in lexicon.load_words("cues"))
    if not is_past or tags[index - 1] not in _SUBJECT_TAGS:
        return False
    opens_here = words[index + 1] in (",", ":") and index + 2 < len(words) and words[index + 2] in _MARKS
    return opens_here or words[index + 1] in _MARKS


def _correct_clause_verbs(
    words: Sequence[str], tags: IntArray, sentence: Sequence[int], passage_ids: Sequence[int]
) -> None:
    """Make the last word of a clause without a verb beside a quotation its verb: “...,” the recruit confesses."""
    for index in range(2, len(words)):
        closes = words[index - 1] in _MARKS and passage_ids[index - 1] == 0 and passage_ids[index - 2] > 0
        if not closes or passage_ids[index] or words[index - 2] not in (",", "?", "!"):
            continue
        end = index
        while (
            end < min(len(words), index + MAX_CLAUSE_TOKENS)
            and sentence[end] == sentence[index - 1]
            and words[end] not in (".", ",", ":", ";", "–", "—", "(")
        ):
            end += 1
        last = end - 1
        if (
            last - index >= 2
            and tags[index] in (TAG["DT"], TAG["PRP$"])
            and not any(tags[token] in VERBS or tags[token] == TAG["MD"] for token in range(index, end))
            and not any(tags[token] in (TAG["IN"], TAG["CC"]) for token in range(index, end))
            and _is_third_person(words[last], tags[last])
            and tags[last - 1] in (TAG["NN"], TAG["NNP"])
        ):
            tags[last] = TAG["VBZ"]


def _is_third_person(word: str, tag: int) -> bool:
    return tag in (TAG["NNS"], TAG["NN"]) and word.islower() and word.endswith("s") and not word.endswith(("ss", "us"))
