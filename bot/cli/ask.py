"""The questions: briefing, whosaid, quotes, topics, people. Each prints its answer, as text or as JSON."""

import json
import shutil
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.cli import opened
from briefings.article import parse_article
from briefings.attribution.batch import generate_json_lines
from briefings.ingest.reader import read_raw_articles
from briefings.render import json_output, terminal
from briefings.render.terminal import Style, make_printable
from briefings.text.dates import format_day

_MAX_WIDTH = 100


def briefing(arguments: Namespace) -> int:
    """Prints a briefing."""
    with opened.open_service(opened.load_settings(), arguments.articles) as service:
        answer = service.brief(
            " ".join(arguments.about), words=arguments.words, since=arguments.since, until=arguments.until
        )
    print_answer(
        json_output.render_briefing(answer) if arguments.json else terminal.render_briefing(answer, build_style())
    )
    return 0


def who_said(arguments: Namespace) -> int:
    """Prints who is quoted with the words."""
    with opened.open_service(opened.load_settings(), arguments.articles) as service:
        answer = service.who_said(
            " ".join(arguments.words),
            by=arguments.by,
            about=arguments.about,
            outlet=arguments.outlet,
            since=arguments.since,
            until=arguments.until,
        )
    print_answer(
        json_output.render_who_said(answer) if arguments.json else terminal.render_who_said(answer, build_style())
    )
    return 0


def quotes(arguments: Namespace) -> int:
    """Prints everything the articles attribute to somebody, one JSON line an article, as they are read."""
    articles = map(parse_article, read_raw_articles(arguments.articles, sys.stdin.buffer))
    progress_bar = tqdm(total=_count_articles(arguments.articles), unit=" articles", disable=None, file=sys.stderr)
    with progress_bar:
        for line in generate_json_lines(articles, jobs=arguments.jobs):
            print(line)
            progress_bar.update()
    return 0


def topics(arguments: Namespace) -> int:
    """Prints the topics with what the record holds on each."""
    with opened.open_service(opened.load_settings()) as service:
        summaries = service.list_topics()
    if arguments.json:
        days = [(entry, entry.newest.isoformat() if entry.newest else None) for entry in summaries]
        print_answer(
            [
                {"slug": entry.topic.slug, "title": entry.topic.title, "articles": entry.articles, "newest": newest_day}
                for entry, newest_day in days
            ]
        )
        return 0
    for summary in summaries:
        newest = f", newest {format_day(summary.newest)}" if summary.newest else ""
        title = make_printable(summary.topic.title)
        print(f"{summary.topic.slug}: {title} ({format_count(summary.articles, 'article')}{newest})")
    return 0


def people(arguments: Namespace) -> int:
    """Prints the people quoted in the record, most quoted first."""
    with opened.open_service(opened.load_settings()) as service:
        speakers = service.list_people()
    if arguments.json:
        print_answer(
            [
                {
                    "name": speaker.name,
                    "roles": list(speaker.roles),
                    "quotes": speaker.quotes,
                    "articles": speaker.articles,
                }
                for speaker in speakers
            ]
        )
        return 0
    for person in speakers:
        roles = f", {make_printable(', '.join(person.roles))}" if person.roles else ""
        counts = f"{format_count(person.quotes, 'quote')} in {format_count(person.articles, 'article')}"
        print(f"{make_printable(person.name)}{roles}: {counts}")
    return 0


def _count_articles(path: str) -> int | None:
    """How many articles a plain file of JSON lines holds, for the progress bar; None for anything else."""
    file = Path(path)
    if file.suffix not in (".jsonl", ".ndjson") or not file.is_file():
        return None
    with file.open("rb") as lines_:
        return sum(1 for _ in lines_)


def build_style() -> Style:
    """As wide as the terminal, within reason; links and bold only on one."""
    width = min(_MAX_WIDTH, shutil.get_terminal_size((_MAX_WIDTH, 24)).columns)
    return Style(width=max(40, width), rich=sys.stdout.isatty())


def print_answer(answer: str | dict[str, Any] | list[dict[str, Any]]) -> None:
    """Prints text as it is, anything else as JSON."""
    print(answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=2))


def format_count(number: int, noun: str) -> str:
    """How many, in words: "1 quote", "2 quotes"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
