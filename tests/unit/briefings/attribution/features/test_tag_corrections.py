"""The tagger's mistakes about names are mended, and nothing else is touched."""

import numpy as np

from briefings.attribution.features.document import correct_tags, find_mistagged_verbs
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import compute_shapes


def _amended(words: str, tags: str, known: int = 1) -> list[int]:
    names = words.split()
    numbers = np.array([TAG[tag] for tag in tags.split()])
    flat = np.zeros(len(names), dtype=np.int64)
    return correct_tags(numbers, flat + known, compute_shapes(names), flat, flat).tolist()


def test_a_speaker_taken_for_an_adjective_is_a_name() -> None:
    """ "said Devine." names somebody, whatever the tagger made of it."""
    assert _amended("said Devine .", "VBD JJ .")[1] == TAG["NNP"]


def test_an_adjective_before_its_noun_stays_one() -> None:
    """ "the American people" is nobody called American."""
    assert _amended("the American people", "DT JJ NN")[1] == TAG["JJ"]


def test_an_unknown_name_that_opens_a_sentence_is_no_adverb() -> None:
    """ "Braynard, a native, said" but "Ironically, he said"."""
    assert _amended("Braynard , a", "RB , DT", known=0)[0] == TAG["NNP"]
    assert _amended("Ironically , he", "RB , PRP", known=0)[0] == TAG["RB"]


def test_an_age_stands_for_the_person() -> None:
    """ "the 46-year-old said" has a noun to be the speaker."""
    assert _amended("the 46 - year-old said", "DT CD : JJ VBD")[2:4] == [TAG["JJ"], TAG["NN"]]


def test_a_verb_behind_a_name_is_no_plural() -> None:
    """ "Kovak answers" reports speech once the cue model says so; "Kovak supporters" does not."""
    words = ["Kovak", "answers", "."]
    tags = np.array([TAG["NNP"], TAG["NNS"], TAG["."]])
    known = np.zeros(3, dtype=np.int64)
    for likely, verb in ((0.3, True), (0.01, False)):
        cue = np.array([0, likely, 0], dtype=np.float32)
        assert find_mistagged_verbs(tags, known, cue, compute_shapes(words)).tolist() == [False, verb, False]
