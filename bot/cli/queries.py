"""The commands that read articles, and the helpers that print answers.

`briefing`, `whosaid` and `check` use the database, or the articles of `--from`. `quotes`,
`summarise`, `stories` and `timeline` use only the articles they are given.
Rule: what one command alone needs is imported in its function, so that a question does not wait for the others.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from bot.answers.question_reader import RecordNames
from bot.cli import resources, typed_questions
from bot.cli.people import questions as person_questions
from bot.cli.terminal.output import build_style, escape_json, format_json, print_answer
from bot.queries.queries import NewsQuery
from briefings import MAX_DRAFT_CHARACTERS, BadInput, Briefing
from briefings.article import parse_article
from briefings.render import to_json, to_terminal, update_line_to_json

#: exit status of `check --strict` for a draft with inexact quotations
NOT_EXACT_STATUS = 3
#: number of bytes that are read of a draft: every draft of the maximum length fits
_MAX_DRAFT_BYTES = 4 * MAX_DRAFT_CHARACTERS + 4


def briefing(arguments: Namespace) -> int:
    """Print a briefing, or write it in another format. Raises BadQuestion."""
    if arguments.export_format:
        from bot.cli.exports.command import export_briefing

        return export_briefing(arguments)
    with resources.open_service(resources.load_record_settings(arguments), arguments.articles) as service:
        # "today" is the day where the terminal is
        query = typed_questions.read_briefing(RecordNames(service), arguments, resources.now().astimezone().date())
        answer: Briefing
        if isinstance(query, NewsQuery):
            answer = service.news.get_news(query.since, query.until, outlet=query.outlet)
        else:
            answer = service.brief(
                query.words,
                words=arguments.words,
                outlet=query.outlet,
                since=query.since,
                until=query.until,
                relax=True,
            )
    style = build_style(arguments, is_plain=arguments.plain)
    print_answer(to_json(answer) if arguments.json else to_terminal(answer, style), arguments)
    return 0


def who_said(arguments: Namespace) -> int:
    """Print who is quoted with some words, a person's timeline, or two people side by side, perhaps in another format.

    Raises BadQuestion.
    """
    if arguments.export_format:
        from bot.cli.exports.command import export_whosaid

        return export_whosaid(arguments)
    with resources.open_service(resources.load_record_settings(arguments), arguments.articles) as service:
        names, today = RecordNames(service), resources.now().date()
        if person_query := person_questions.read_person_question(names, arguments, today):
            person_answer = person_questions.answer(service, person_query)
            style = build_style(arguments)
            print_answer(to_json(person_answer) if arguments.json else to_terminal(person_answer, style), arguments)
            return 0
        query = typed_questions.read_who_said(names, arguments, today)
        answer = service.who_said(
            query.words,
            by=query.by,
            about=query.about,
            outlet=query.outlet,
            since=query.since,
            until=query.until,
            relax=True,
        )
    print_answer(to_json(answer) if arguments.json else to_terminal(answer, build_style(arguments)), arguments)
    return 0


def check(arguments: Namespace) -> int:
    """Print the verdict on every quotation of a draft. Raises BadInput for an unreadable draft."""
    if arguments.draft == "-" == arguments.articles:
        raise BadInput("The draft and the articles can't both be standard input. Give one of them as a file.")
    draft = _read_draft(arguments.draft)
    with resources.open_service(resources.load_record_settings(arguments), arguments.articles) as service:
        answer = service.check(draft)
    print_answer(to_json(answer) if arguments.json else to_terminal(answer, build_style(arguments)), arguments)
    return 0 if answer.is_clean or not arguments.strict else NOT_EXACT_STATUS


def quotes(arguments: Namespace) -> int:
    """Print all quotes in some articles, one JSON line per article, while the articles are read."""
    from tqdm import tqdm

    from briefings.attribution import generate_json_lines

    articles = map(parse_article, resources.read_given_articles(arguments.articles))
    total, started_at = _count_articles(arguments.articles), time.monotonic()
    with tqdm(total=total, disable=None, file=sys.stderr, bar_format="{desc}", leave=False) as progress_bar:
        for count, line in enumerate(generate_json_lines(articles, jobs=arguments.jobs), start=1):
            print(escape_json(line))
            progress_bar.set_description_str(
                format_progress(count, total, "article", time.monotonic() - started_at), refresh=False
            )
            progress_bar.update()
    return 0


def summarise(arguments: Namespace) -> int:
    """Print the sentences that best summarise each topic of a file, one JSON line per topic."""
    from briefings.ingest import read_evaluation_topics
    from briefings.stories import summarise as select_sentences

    for topic, documents in read_evaluation_topics(Path(arguments.topics), sys.stdin.buffer):
        extracts = select_sentences(map(parse_article, documents), arguments.words)
        _print_json_line(
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
    """Print the story of each article, one JSON line per article, in the order of the file."""
    from briefings.ingest import read_evaluation_articles
    from briefings.stories import cluster_articles

    articles = list(read_evaluation_articles(Path(arguments.articles), sys.stdin.buffer))
    for article, story in zip(articles, cluster_articles(articles), strict=True):
        _print_json_line({"id": article.id, "story": story})
    return 0


def updates(arguments: Namespace) -> int:
    """Print what each day of publication adds to the story that the articles tell. Raises BadInput."""
    from briefings.attribution import extract_quotes
    from briefings.updates import replay_updates

    articles = [parse_article(article) for article in resources.read_given_articles(arguments.articles)]
    undated_count = sum(article.published is None for article in articles)
    if undated_count:
        print(f"Skipped {format_count(undated_count, 'article')} without a publication date.", file=sys.stderr)
    articles_with_quotes = [(article, extract_quotes(article)) for article in articles if article.published]
    for day, items in replay_updates(articles_with_quotes, max_words=arguments.words):
        lines = [update_line_to_json(item.line, item.kind.value) for item in items]
        _print_json_line({"day": day.isoformat(), "lines": lines})
    return 0


def timeline(arguments: Namespace) -> int:
    """Print the most important days of some articles, most important first, as one JSON line."""
    from briefings.ingest import read_evaluation_articles
    from briefings.stories import rank_days

    days = rank_days(map(parse_article, read_evaluation_articles(Path(arguments.articles), sys.stdin.buffer)))
    _print_json_line({"topic": arguments.topic, "days": [day.isoformat() for day in days]})
    return 0


def format_count(count: int, noun: str) -> str:
    """Return a count with its noun: "1 quote", "2 quotes"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def format_counts(entries: Iterable[tuple[int, str, bool]]) -> str:
    """Return "2 added, 1 failed" for (count, label, is always shown); other counts of 0 are left out."""
    return ", ".join(f"{count:,} {label}" for count, label, is_always_shown in entries if count or is_always_shown)


def format_progress(count: int, total: int | None, noun: str, elapsed_seconds: float) -> str:
    """Return "1 of 80 articles, about 20 s left", or "1 article so far" if the total is unknown."""
    if not total or not count:
        return f"{format_count(count, noun)} so far"
    seconds_left = elapsed_seconds / count * max(0, total - count)
    time_left = f"{seconds_left:.0f} s" if seconds_left < 120 else f"{seconds_left / 60:.0f} min"
    return f"{count} of {format_count(total, noun)}, about {time_left} left"


def _count_articles(path: str) -> int | None:
    """Return the number of lines of an uncompressed file of JSON lines; None for anything else."""
    file = Path(path)
    if file.suffix not in (".jsonl", ".ndjson") or not file.is_file():
        return None
    with file.open("rb") as json_lines:
        return sum(1 for _ in json_lines)


def _read_draft(path: str) -> str:
    """Return the text of a draft. Raises BadInput."""
    name = "standard input" if path == "-" else path
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(_MAX_DRAFT_BYTES + 1)
        else:
            from briefings.ingest import open_input_file  # a question reads no file

            with open_input_file(Path(path)) as file:
                raw = file.read(_MAX_DRAFT_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(f"{name} was not found. Check the name.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"Can't read {name}: {getattr(error, 'strerror', None) or error}.") from None
    if len(raw) > _MAX_DRAFT_BYTES:
        raise BadInput(f"{name} is too long. A draft can have up to {MAX_DRAFT_CHARACTERS:,} characters.")
    if b"\0" in raw:
        raise BadInput(f"{name} contains NUL bytes, so it is not UTF-8 text. Save the draft as plain text.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8 text (byte {error.start}). Save the draft as plain text.") from None


def _print_json_line(answer: dict[str, object]) -> None:
    print(format_json(answer), flush=True)
