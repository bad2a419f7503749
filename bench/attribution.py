"""Measure attribution in words per second on one core, compared with textacy's quotation extractor.

Our rate covers the whole analysis (tags, cues, contents, sources, people). Rates are CPU time in the second half of the
run. Without a trained spaCy model, textacy runs on a blank pipeline with rules for verbs and names. These rules cost
almost nothing compared with a real parse, so the output says when they are used.
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

#: number of words to process; articles are repeated until it is reached
WORDS = 120_000
_EVALUATION_SET = Path(__file__).parents[2] / "shared" / "attribution" / "polnear-dev.jsonl"
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


def measure() -> Iterator[Figure]:
    """Yield words per second of both, on the PolNeAR dev articles if available, or else on the seeds."""
    texts = load_texts()
    ours = _measure_rate(texts, lambda text: to_json_line(Article("bench", text)), WORDS)
    peer = _load_textacy()
    if peer is None:
        sys.stderr.write(f"bench: {ours:.0f} words a second; textacy and spacy (extra `bench`) are not installed\n")
        return
    name, extract_quotes = peer
    yield Figure(f"attribution.{name}.words_per_s", ours, _measure_rate(texts, extract_quotes, WORDS // 8))


def load_texts() -> list[str]:
    """Return the texts of the PolNeAR dev articles if available, or else of the seeds."""
    if _EVALUATION_SET.exists():
        return [json.loads(row)["text"] for row in _EVALUATION_SET.read_text(encoding="utf-8").splitlines()]
    return [path.read_text(encoding="utf-8") for path in files("seeds").iterdir() if path.name.endswith(".txt")]


def _measure_rate(texts: list[str], process_text: Callable[[str], object], words: int) -> float:
    """Return words per second of CPU time, measured in the second half of the run."""
    word_count, halfway = 0, None
    for text in _repeat(texts):
        if halfway is None and word_count >= words / 2:
            halfway = (time.process_time(), word_count)
        if word_count >= words and halfway is not None:
            return (word_count - halfway[1]) / (time.process_time() - halfway[0])
        process_text(text)
        word_count += len(text.split())
    raise ValueError("no articles")


def _repeat(texts: list[str]) -> Iterable[str]:
    while texts:
        yield from texts


def _load_textacy() -> tuple[str, Callable[[str], object]] | None:
    """Return the name of the textacy variant and its function, or None if textacy is not installed."""
    try:
        import spacy
        from textacy.extract import direct_quotations
    except ImportError:
        return None
    try:
        pipeline, name = spacy.load("en_core_web_sm"), "textacy"
    except OSError:
        sys.stderr.write("bench: no spaCy model is installed, so textacy runs on a blank pipeline with rules\n")
        pipeline, name = _build_rule_parser(spacy.blank("en")), "textacy_rules"

    def extract_quotes(text: str) -> object:
        quotations = []
        for paragraph in text.split("\n"):
            try:
                quotations.extend(direct_quotations(pipeline(paragraph)))
            except ValueError:  # textacy fails on an unpaired quotation mark
                continue
        return quotations

    return name, extract_quotes


def _build_rule_parser(blank_pipeline: Callable[[str], Any]) -> Callable[[str], Any]:
    """Build a rule-based parser: a sentence's first verb of speech is the root, capitals and pronouns are subjects."""
    from spacy.tokens import Doc

    def parse(text: str) -> Doc:
        doc = blank_pipeline(text)
        words = [token.text for token in doc]
        tags = [
            "VERB"
            if word.lower() in _VERBS
            else "PRON"
            if word.lower() in _PRONOUNS
            else "PROPN"
            if word.istitle()
            else "X"
            for word in words
        ]
        heads, start = [], 0
        for position, word in enumerate(words):
            if word in ".!?" or position == len(words) - 1:
                root = next((index for index in range(start, position + 1) if tags[index] == "VERB"), start)
                heads += [root] * (position + 1 - start)
                start = position + 1
        deps = [
            "ROOT" if heads[index] == index else "nsubj" if tags[index] in ("PRON", "PROPN") else "dep"
            for index in range(len(words))
        ]
        spaces = [bool(token.whitespace_) for token in doc]
        return Doc(
            doc.vocab,
            words,
            spaces,
            pos=tags,
            lemmas=[_VERBS.get(word.lower(), word) for word in words],
            heads=heads,
            deps=deps,
        )

    return parse
