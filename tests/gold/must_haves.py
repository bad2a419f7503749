"""Reads the must-have lists of `musthaves/` and finds the facts that a briefing contains.

Below a heading `## fact`, each line that starts with `- ` is a pattern: phrases joined by ` + `. A pattern matches a
line of the briefing with all its phrases in the text, the speaker, the day or the note on a pronoun.
A `*` at the end of a phrase matches any word ending.
"""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from briefings.article import parse_article
from briefings.model import Article, Briefing, Line
from briefings.text.folding import make_search_key
from tests.support.articles import AnalysedArticles, analyse_articles, analyse_seeds

LISTS = Path(__file__).parent / "musthaves"
BASIL = Path(__file__).parents[3] / "shared" / "topics" / "basil-dev.jsonl"


def split_facts(name: str, briefing: Briefing) -> tuple[list[str], list[str]]:
    """Return the facts of a list that the briefing contains, and those that it does not."""
    lines = [_build_line_key(line) for line in briefing.lines if line.evidence]
    contained_facts: list[str] = []
    missing_facts: list[str] = []
    for fact, patterns in _load_facts(name).items():
        is_contained = any(_matches(line, pattern) for pattern in patterns for line in lines)
        (contained_facts if is_contained else missing_facts).append(fact)
    return contained_facts, missing_facts


def load_story(name: str) -> AnalysedArticles:
    """Return the analysed articles for a list. Skip the test if they are missing."""
    if name == "seeds":
        return analyse_seeds()
    return load_basil(name.removeprefix("basil-"))


def load_basil(event: str) -> AnalysedArticles:
    """Return the articles of the BASIL events whose ids start with `event`, as one story."""
    if not BASIL.exists():
        pytest.skip("the BASIL development set is missing: ../shared/topics/basil-dev.jsonl")
    rows = (json.loads(line) for line in BASIL.read_text(encoding="utf-8").splitlines())
    return analyse_articles(*(_build_article(row) for row in rows if row["event"].startswith(event)))


def list_events() -> list[str]:
    """Return the ids of all BASIL events, or nothing if the set is missing."""
    if not BASIL.exists():
        return []
    return sorted({json.loads(line)["event"] for line in BASIL.read_text(encoding="utf-8").splitlines()})


def _build_article(row: dict[str, str]) -> Article:
    day = date.fromisoformat(row["date"]) if row["date"] else None
    return parse_article(Article(row["id"], row["text"], row["publisher"], day, row["url"], row["title"]))


def _load_facts(name: str) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = {}
    for line in (LISTS / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            facts[line[3:]] = []
        elif line.startswith("- "):
            facts[list(facts)[-1]].append(line[2:])
    return facts


def _build_line_key(line: Line) -> str:
    speaker = line.speaker.name if line.speaker else ""
    pronoun = line.note if line.note and not line.speaker and len(line.evidence) == 1 else ""
    return make_search_key(f"{line.day} {speaker} {pronoun} {line.text}")


def _matches(line: str, pattern: str) -> bool:
    return all(
        re.search(rf"\b{re.escape(make_search_key(phrase))}" + ("" if phrase.endswith("*") else r"\b"), line)
        for phrase in pattern.split(" + ")
    )
