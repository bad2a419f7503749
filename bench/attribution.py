"""Words a second of attribution on one core, beside textacy's quotation extractor on the same articles in the same run.

Ours is everything (tags, cues, contents, sources, people); the rate is that of the second half of the run, in processor
time. Where no trained model is installed, textacy runs on a blank spaCy pipeline with rules for verbs and names, which
costs next to nothing beside a real parse; it says so.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from bench.figures import Figure
from briefings.attribution.batch import to_json_line
from briefings.model import Article

#: articles are read over and over until so many words are through
WORDS = 120_000
_SET = Path(__file__).parents[2] / "shared" / "attribution" / "polnear-dev.jsonl"


def measure() -> Iterator[Figure]:
    """Words a second of both, on PolNeAR's dev articles where they are, on the seeds otherwise."""
    texts = _texts()
    ours = _rate(texts, lambda text: to_json_line(Article("bench", text)), WORDS)
    peer = _textacy()
    if peer is None:
        sys.stderr.write(f"bench: {ours:.0f} words a second; textacy and spacy (extra `bench`) are not installed\n")
        return
    name, run = peer
    yield Figure(f"attribution.{name}.words_per_s", ours, _rate(texts, run, WORDS // 8))


def _texts() -> list[str]:
    if _SET.exists():
        return [json.loads(row)["text"] for row in _SET.read_text(encoding="utf-8").splitlines()]
    return [path.read_text(encoding="utf-8") for path in files("seeds").iterdir() if path.name.endswith(".txt")]


def _rate(texts: list[str], run: Callable[[str], object], words: int) -> float:
    """Words a second over the second half."""
    done, half = 0, None
    for text in _again(texts):
        if half is None and done >= words / 2:
            half = (time.process_time(), done)
        if done >= words and half is not None:
            return (done - half[1]) / (time.process_time() - half[0])
        run(text)
        done += len(text.split())
    raise ValueError("no articles")


def _again(texts: list[str]) -> Iterable[str]:
    while texts:
        yield from texts


def _textacy() -> tuple[str, Callable[[str], object]] | None:
    """The peer and its name, or None where it is not installed."""
    try:
        import spacy
        from textacy.extract import direct_quotations
    except ImportError:
        return None
    try:
        pipeline, name = spacy.load("en_core_web_sm"), "textacy"
    except OSError:
        sys.stderr.write("bench: no spaCy model here: textacy runs on a blank pipeline with rules, not on a parse\n")
        pipeline, name = _stand_in(spacy.blank("en")), "textacy_rules"

    def run(text: str) -> object:
        found = []
        for paragraph in text.split("\n"):
            try:
                found.extend(direct_quotations(pipeline(paragraph)))
            except ValueError:  # one odd quotation mark: textacy gives up on the text
                continue
        return found

    return name, run


def _stand_in(blank: Callable[[str], Any]) -> Callable[[str], Any]:
    """A parse by rule: the first verb of speech is each sentence's root, capitals and pronouns are its subjects."""
    from spacy.tokens import Doc

    def parse(text: str) -> Doc:
        doc = blank(text)
        words = [token.text for token in doc]
        pos = [
            "VERB" if w.lower() in _VERBS else "PRON" if w.lower() in _PRONOUNS else "PROPN" if w.istitle() else "X"
            for w in words
        ]
        heads, start = [], 0
        for at, word in enumerate(words):
            if word in ".!?" or at == len(words) - 1:
                root = next((k for k in range(start, at + 1) if pos[k] == "VERB"), start)
                heads += [root] * (at + 1 - start)
                start = at + 1
        deps = [
            "ROOT" if heads[k] == k else "nsubj" if pos[k] in ("PRON", "PROPN") else "dep" for k in range(len(words))
        ]
        spaces = [bool(token.whitespace_) for token in doc]
        return Doc(
            doc.vocab, words, spaces, pos=pos, lemmas=[_VERBS.get(w.lower(), w) for w in words], heads=heads, deps=deps
        )

    return parse


_VERBS = {
    "said": "say",
    "says": "say",
    "told": "tell",
    "added": "add",
    "wrote": "write",
    "asked": "ask",
    "called": "call",
}
_PRONOUNS = frozenset(["he", "she", "they", "who", "it"])
