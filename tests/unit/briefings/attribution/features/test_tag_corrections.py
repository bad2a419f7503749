"""Tag corrections fix the tagger's errors about names and change nothing else."""

import numpy as np

from briefings.attribution.features.document import correct_tags, find_mistagged_verbs
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import compute_shapes


def _correct(words: str, tags: str, word_class: int = 1) -> list[int]:
    word_list = words.split()
    tag_numbers = np.array([TAG[tag] for tag in tags.split()])
    zeros = np.zeros(len(word_list), dtype=np.int64)
    return correct_tags(tag_numbers, zeros + word_class, compute_shapes(word_list), zeros, zeros).tolist()


def test_speaker_tagged_as_an_adjective_becomes_a_name() -> None:
    """ "said Devine." names a person, even if the tagger sees an adjective."""
    assert _correct("said Devine .", "VBD JJ .")[1] == TAG["NNP"]


def test_adjective_before_its_noun_is_unchanged() -> None:
    """In "the American people", American is not a name."""
    assert _correct("the American people", "DT JJ NN")[1] == TAG["JJ"]


def test_unknown_name_that_opens_a_sentence_is_not_an_adverb() -> None:
    """ "Braynard, a native, said" opens with a name, "Ironically, he said" with an adverb."""
    assert _correct("Braynard , a", "RB , DT", word_class=0)[0] == TAG["NNP"]
    assert _correct("Ironically , he", "RB , PRP", word_class=0)[0] == TAG["RB"]


def test_age_becomes_a_noun() -> None:
    """In "the 46-year-old said", the age is the speaker."""
    assert _correct("the 46 - year-old said", "DT CD : JJ VBD")[2:4] == [TAG["JJ"], TAG["NN"]]


def test_plural_after_a_name_is_a_verb_if_it_is_a_likely_cue() -> None:
    """ "Kovak answers" reports speech if the cue model says so; "Kovak supporters" does not."""
    words = ["Kovak", "answers", "."]
    tags = np.array([TAG["NNP"], TAG["NNS"], TAG["."]])
    word_classes = np.zeros(3, dtype=np.int64)
    for probability, is_verb in ((0.3, True), (0.01, False)):
        cue = np.array([0, probability, 0], dtype=np.float32)
        assert find_mistagged_verbs(tags, word_classes, cue, compute_shapes(words)).tolist() == [False, is_verb, False]
