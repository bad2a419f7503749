"""Words a second of attribution on one core, beside textacy's quotation extractor on the same articles in the same run.

usage: python bench/attribution.py ARTICLES.jsonl [ARTICLES ...]
Prints one figure a line: `attribution.words_per_s OURS textacy THEIRS ratio R`. Ours is everything
(tags, cues, contents, sources, people); the rate is that of the second half of the run, in processor time. Where no
trained model is installed, textacy runs on a blank spaCy pipeline with rules for verbs and names, which is faster than
a real parse; it says so.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from briefings.model import Article
from briefings.quotes.stream import line

#: articles are read over and over until so many words are through
WORDS = 120_000


def main(paths: list[str]) -> None:
    """Measures both and prints the figures."""
    texts = [json.loads(row)["text"] for path in paths for row in Path(path).read_text(encoding="utf-8").splitlines()]
    ours = _rate(texts, lambda text: line(Article("bench", text)), WORDS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peer = _textacy()
    if peer is None:
        print(f"attribution.words_per_s {ours:.0f}")
        print("# textacy or spacy is not installed (extra `bench`): no peer to compare with", file=sys.stderr)
    else:
        name, run = peer
        theirs = _rate(texts, run, WORDS // 8)
        print(f"attribution.words_per_s {ours:.0f} {name} {theirs:.0f} ratio {ours / theirs:.2f}")
    print(f"attribution.memory_mb {memory:.0f}")


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
        print("# no spaCy model here: textacy runs on a blank pipeline with rules, not on a parse", file=sys.stderr)
        pipeline, name = _stand_in(spacy.blank("en")), "textacy-rules"

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


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
