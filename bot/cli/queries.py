"""The questions: briefing, whosaid, quotes, topics, people. Each prints its answer, as text or as JSON.

The check of a draft: reads it, asks the desk, prints the verdicts.

Rule: what is no text is refused in one sentence; a draft may differ from the record without that being an error, unless
`--strict` says so.

The commands whose answers are scored: summarise, stories, timeline. Each prints JSON lines as it has them.
"""

import json
import shutil
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.cli import resources
from briefings import MAX_DRAFT_CHARACTERS, BadInput
from briefings.article import parse_article
from briefings.attribution import extract_quotes, generate_json_lines
from briefings.ingest import read_evaluation_articles, read_evaluation_topics, read_raw_articles
from briefings.render import Style, make_printable, to_json, to_terminal, update_line_to_json
from briefings.stories import cluster_articles, rank_days
from briefings.stories import summarise as summarised
from briefings.text import format_day
from briefings.updates import replay_updates

_MAX_WIDTH = 100


def briefing(arguments: Namespace) -> int:
    """Prints a briefing."""
    with resources.open_service(resources.load_settings(), arguments.articles) as service:
        answer = service.brief(
            " ".join(arguments.about), words=arguments.words, since=arguments.since, until=arguments.until
        )
    print_answer(to_json(answer) if arguments.json else to_terminal(answer, build_style(is_plain=arguments.plain)))
    return 0


def who_said(arguments: Namespace) -> int:
    """Prints who is quoted with the words."""
    with resources.open_service(resources.load_settings(), arguments.articles) as service:
        answer = service.who_said(
            " ".join(arguments.words),
            by=arguments.by,
            about=arguments.about,
            outlet=arguments.outlet,
            since=arguments.since,
            until=arguments.until,
        )
    print_answer(to_json(answer) if arguments.json else to_terminal(answer, build_style()))
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
    with resources.open_service(resources.load_settings()) as service:
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
    with resources.open_service(resources.load_settings()) as service:
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


def build_style(*, is_plain: bool = False) -> Style:
    """Return a style as wide as the terminal, within reason. Only a terminal gets links and bold, unless `is_plain`."""
    width = min(_MAX_WIDTH, shutil.get_terminal_size((_MAX_WIDTH, 24)).columns)
    return Style(width=max(40, width), rich=sys.stdout.isatty() and not is_plain)


def print_answer(answer: str | dict[str, Any] | list[dict[str, Any]]) -> None:
    """Prints text as it is, anything else as JSON."""
    print(answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=2))


def format_count(number: int, noun: str) -> str:
    """How many, in words: "1 quote", "2 quotes"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


#: exit status of a draft that is not exact, where that was asked for
NOT_EXACT_STATUS = 3
#: bytes read of a draft: whatever is longer is refused by its first characters
_MAX_BYTES = 4 * MAX_DRAFT_CHARACTERS + 4


def check(arguments: Namespace) -> int:
    """Prints the verdict on every quotation of a draft."""
    if arguments.draft == "-" == arguments.articles:
        raise BadInput("The draft and the articles cannot both be standard input: give one of them as a file.")
    draft = _read_draft(arguments.draft)
    with resources.open_service(resources.load_settings(), arguments.articles) as service:
        answer = service.check(draft)
    print_answer(to_json(answer) if arguments.json else to_terminal(answer, build_style()))
    return 0 if answer.is_clean or not arguments.strict else NOT_EXACT_STATUS


def _read_draft(path: str) -> str:
    """The draft as text. Raises BadInput."""
    name = "standard input" if path == "-" else path
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(f"{name} does not exist.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(raw) > _MAX_BYTES:
        raise BadInput(f"{name} is too long: at most {MAX_DRAFT_CHARACTERS:,} characters are checked at once.")
    if b"\0" in raw:
        raise BadInput(f"{name} holds NUL bytes, so it is not UTF-8 text: save the draft as plain text.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8 text (byte {error.start}): save the draft as plain text.") from None


def summarise(arguments: Namespace) -> int:
    """Prints, for each topic of the file, the sentences that tell it best in so many words."""
    for topic, documents in read_evaluation_topics(Path(arguments.topics), sys.stdin.buffer):
        extracts = summarised(map(parse_article, documents), arguments.words)
        _print_json(
            {
                "topic": topic,
                "lines": [
                    {"doc": extract.article.id, "start": extract.span.start, "end": extract.span.end}
                    for extract in extracts
                ],
            }
        )
    return 0


def stories(arguments: Namespace) -> int:
    """Prints the story of each article, in the order of the file."""
    articles = list(read_evaluation_articles(Path(arguments.articles), sys.stdin.buffer))
    for article, story in zip(articles, cluster_articles(articles), strict=True):
        _print_json({"id": article.id, "story": story})
    return 0


def updates(arguments: Namespace) -> int:
    """Print what each day of publication adds to the story that the articles tell. Raises BadInput."""
    articles = [parse_article(article) for article in read_raw_articles(arguments.articles, sys.stdin.buffer)]
    undated_count = sum(article.published is None for article in articles)
    if undated_count:
        print(f"Skipped {format_count(undated_count, 'article')} without a publication date.", file=sys.stderr)
    articles_with_quotes = [(article, extract_quotes(article)) for article in articles if article.published]
    for day, items in replay_updates(articles_with_quotes, max_words=arguments.words):
        _print_json(
            {
                "day": day.isoformat(),
                "lines": [update_line_to_json(item.line, item.kind.value) for item in items],
            }
        )
    return 0


def timeline(arguments: Namespace) -> int:
    """Prints the days that matter in the articles, most important first."""
    days = rank_days(map(parse_article, read_evaluation_articles(Path(arguments.articles), sys.stdin.buffer)))
    _print_json({"topic": arguments.topic, "days": [day.isoformat() for day in days]})
    return 0


def _print_json(answer: dict[str, object]) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)
