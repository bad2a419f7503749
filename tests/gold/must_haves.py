"""Reads the must-have lists of `musthaves/` and says which facts a briefing tells.

A list is `## fact`, and under it one way to tell it a line: `- ` and phrases joined by ` + `, all of which must stand
in one line of the briefing (its text, its speaker, its day, whom its pronoun means); `*` ends the beginning of a word.
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
    """The facts of the list `name` that the briefing tells, and those that it does not."""
    lines = [_key(line) for line in briefing.lines if line.evidence]
    found: tuple[list[str], list[str]] = ([], [])
    for fact, ways in _facts(name).items():
        found[not any(_tells(line, way) for way in ways for line in lines)].append(fact)
    return found


def load_story(name: str) -> AnalysedArticles:
    """The articles that the list `name` is about, analysed; skips the test where they are missing."""
    if name == "seeds":
        return analyse_seeds()
    return load_basil(name.removeprefix("basil-"))


def load_basil(event: str) -> AnalysedArticles:
    """The articles of the BASIL events whose ids begin so, as one story."""
    if not BASIL.exists():
        pytest.skip("the BASIL development set is not beside this checkout")
    raw = (json.loads(line) for line in BASIL.read_text(encoding="utf-8").splitlines())
    return analyse_articles(*(_article(each) for each in raw if each["event"].startswith(event)))


def list_events() -> list[str]:
    """The ids of all BASIL events, none where the set is missing."""
    if not BASIL.exists():
        return []
    return sorted({json.loads(line)["event"] for line in BASIL.read_text(encoding="utf-8").splitlines()})


def _article(raw: dict[str, str]) -> Article:
    day = date.fromisoformat(raw["date"]) if raw["date"] else None
    return parse_article(Article(raw["id"], raw["text"], raw["publisher"], day, raw["url"], raw["title"]))


def _facts(name: str) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = {}
    for line in (LISTS / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            facts[line[3:]] = []
        elif line.startswith("- "):
            facts[list(facts)[-1]].append(line[2:])
    return facts


def _key(line: Line) -> str:
    speaker = line.speaker.name if line.speaker else ""
    pronoun = line.note if line.note and not line.speaker and len(line.evidence) == 1 else ""
    return make_search_key(f"{line.day} {speaker} {pronoun} {line.text}")


def _tells(line: str, way: str) -> bool:
    return all(
        re.search(rf"\b{re.escape(make_search_key(phrase))}" + ("" if phrase.endswith("*") else r"\b"), line)
        for phrase in way.split(" + ")
    )
