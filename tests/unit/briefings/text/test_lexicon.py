"""Every entry of the word lists can match."""

import re
from importlib.resources import files

import pytest

from briefings.text import lexicon
from briefings.text.folding import fold

TEXTS = {path.name.removesuffix(".txt"): path.read_text("utf-8") for path in files(lexicon).iterdir() if path.is_file()}
#: lists of plain entries; the others are tables of an entry and its kind
LISTS = sorted(name for name, text in TEXTS.items() if not name.endswith(".py") and "\t" not in text)


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_is_folded_and_matches_itself(name: str) -> None:
    """An entry in capitals or with a curly mark would never match in a folded text."""
    assert lexicon.load_words(name)
    for entry in lexicon.load_words(name):
        assert fold(entry) == entry
        assert re.fullmatch(lexicon.build_alternation(name), entry)


@pytest.mark.parametrize("name", LISTS)
def test_no_entry_is_duplicated(name: str) -> None:
    lines = files(lexicon).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    assert len(entries) == len(set(entries))


def test_longest_entry_is_tried_first_and_spaces_match_any_white_space() -> None:
    match = re.match(lexicon.build_alternation("cues"), "went on\n to say")
    assert match is not None
    assert match.group() == "went on\n to say"
