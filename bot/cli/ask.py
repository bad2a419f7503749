"""The questions: briefing, whosaid, quotes, topics, people. Each prints its answer, as text or as JSON."""

import json
import shutil
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.cli import opened
from briefings.article import parse
from briefings.ingest.read import read
from briefings.quotes.stream import lines
from briefings.render import as_json, terminal
from briefings.render.plain import Style, printable
from briefings.text.days import spelt

_WIDEST = 100


def briefing(arguments: Namespace) -> int:
    """Prints a briefing."""
    with opened.desk(opened.settings(), arguments.articles) as desk:
        answer = desk.brief(
            " ".join(arguments.about), words=arguments.words, since=arguments.since, until=arguments.until
        )
    print_answer(as_json.briefing(answer) if arguments.json else terminal.briefing(answer, style()))
    return 0


def who_said(arguments: Namespace) -> int:
    """Prints who is quoted with the words."""
    with opened.desk(opened.settings(), arguments.articles) as desk:
        answer = desk.who_said(
            " ".join(arguments.words),
            by=arguments.by,
            about=arguments.about,
            outlet=arguments.outlet,
            since=arguments.since,
            until=arguments.until,
        )
    print_answer(as_json.who_said(answer) if arguments.json else terminal.who_said(answer, style()))
    return 0


def quotes(arguments: Namespace) -> int:
    """Prints everything the articles attribute to somebody, one JSON line an article, as they are read."""
    articles = map(parse, read(arguments.articles, sys.stdin.buffer))
    bar = tqdm(total=_count(arguments.articles), unit=" articles", disable=None, file=sys.stderr)
    with bar:
        for line in lines(articles, jobs=arguments.jobs):
            print(line)
            bar.update()
    return 0


def topics(arguments: Namespace) -> int:
    """Prints the topics with what the record holds on each."""
    with opened.desk(opened.settings()) as desk:
        found = desk.topics()
    if arguments.json:
        days = [(s, s.newest.isoformat() if s.newest else None) for s in found]
        print_answer(
            [{"slug": s.topic.slug, "title": s.topic.title, "articles": s.articles, "newest": d} for s, d in days]
        )
        return 0
    for summary in found:
        newest = f", newest {spelt(summary.newest)}" if summary.newest else ""
        title = printable(summary.topic.title)
        print(f"{summary.topic.slug}: {title} ({counted(summary.articles, 'article')}{newest})")
    return 0


def people(arguments: Namespace) -> int:
    """Prints the people quoted in the record, most quoted first."""
    with opened.desk(opened.settings()) as desk:
        found = desk.people()
    if arguments.json:
        print_answer(
            [{"name": p.name, "roles": list(p.roles), "quotes": p.quotes, "articles": p.articles} for p in found]
        )
        return 0
    for person in found:
        roles = f", {printable(', '.join(person.roles))}" if person.roles else ""
        counts = f"{counted(person.quotes, 'quote')} in {counted(person.articles, 'article')}"
        print(f"{printable(person.name)}{roles}: {counts}")
    return 0


def _count(path: str) -> int | None:
    """How many articles a plain file of JSON lines holds, for the progress bar; None for anything else."""
    file = Path(path)
    if file.suffix not in (".jsonl", ".ndjson") or not file.is_file():
        return None
    with file.open("rb") as lines_:
        return sum(1 for _ in lines_)


def style() -> Style:
    """As wide as the terminal, within reason; links and bold only on one."""
    width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
    return Style(width=max(40, width), rich=sys.stdout.isatty())


def print_answer(answer: str | dict[str, Any] | list[dict[str, Any]]) -> None:
    """Prints text as it is, anything else as JSON."""
    print(answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=2))


def counted(number: int, noun: str) -> str:
    """How many, in words: "1 quote", "2 quotes"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
