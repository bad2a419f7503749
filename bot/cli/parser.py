"""The command-line parser: every command of `ontherecord` with its options and help.

Rule: a command imports its module only when it runs, so that a question in the terminal does not load the Slack app.
"""

import argparse
from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.metadata import version

from bot.cli.days import get_today, is_future_day

Command = Callable[[argparse.Namespace], int]
_MIN_WORDS = 20
_MAX_WORDS = 5_000
_MAX_JOBS = 256
#: characters; same limit as in `briefings.ingest`
_MAX_OUTLET_LENGTH = 500
#: minutes between two polls of a feed; same limits as in `briefings.feeds`, which is slow to import
_MIN_MINUTES = 5
_MAX_MINUTES = 10_080
_ADD_HELP = (
    "a file of any supported type (documents, e-mails, pages, tables, archives and more), a folder, the URL of an "
    "article or a feed, or - for standard input"
)
_ADD_EPILOG = "docs/sources.md lists the types of files, what is read from each, and what is refused."
_JOBS_HELP = "number of parallel processes (default: 1)"
_SINCE_HELP = 'only articles published on or after this day, for example 2016-06-25, yesterday or "last week"'
_UNTIL_HELP = "only articles published on or before this day"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser. The parsed arguments have `run`, which takes them and returns the exit status."""
    root_parser = argparse.ArgumentParser(
        prog="ontherecord",
        description="Briefings from the news. Every line is verbatim and links to its sentence.",
    )
    root_parser.add_argument("--version", action="version", version=f"ontherecord {version('on-the-record')}")
    commands = root_parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_query_commands(commands)
    _add_maintenance_commands(commands)
    _add_digest_commands(commands)
    _add_server_commands(commands)
    return root_parser


def _add_query_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    briefing = commands.add_parser("briefing", help="print a briefing on a topic or on words")
    briefing.add_argument(
        "about", nargs="+", metavar="TOPIC_OR_WORDS", help="a topic's slug, words, or * for all articles"
    )
    _add_from_option(briefing)
    briefing.add_argument(
        "--words", type=_parse_word_count, default=400, metavar="N", help="maximum number of words (default: 400)"
    )
    briefing.add_argument("--outlet", metavar="NAME", help="only articles of this outlet")
    briefing.add_argument("--since", type=_parse_first_day, metavar="DAY", help=_SINCE_HELP)
    briefing.add_argument("--until", type=_parse_last_day, metavar="DAY", help=_UNTIL_HELP)
    briefing.add_argument("--plain", action="store_true", help="print plain text, with numbered links at the end")
    _add_json_option(briefing, "queries", "briefing")

    whosaid = commands.add_parser("whosaid", help="print who is quoted with these words")
    whosaid.add_argument(
        "words",
        nargs="*",
        metavar="WORDS",
        help="words of a quotation or a name, and filters: '\"lynch-mob\" by McDonnell since june 2016'",
    )
    _add_from_option(whosaid)
    whosaid.add_argument("--by", metavar="NAME", help="only quotes by people with this name")
    whosaid.add_argument("--about", metavar="TOPIC_OR_WORDS", help="only articles on this topic, or with these words")
    whosaid.add_argument("--outlet", metavar="NAME", help="only articles of this outlet")
    whosaid.add_argument("--since", type=_parse_first_day, metavar="DAY", help=_SINCE_HELP)
    whosaid.add_argument("--until", type=_parse_last_day, metavar="DAY", help=_UNTIL_HELP)
    _add_json_option(whosaid, "queries", "who_said")

    check = commands.add_parser("check", help="check every quotation of a draft against the articles")
    check.add_argument("draft", metavar="FILE", help="the draft as UTF-8 text, or - for standard input")
    _add_from_option(check)
    check.add_argument("--strict", action="store_true", help="exit with status 3 unless every quotation is exact")
    _add_json_option(check, "queries", "check")

    quotes = commands.add_parser("quotes", help="print all quotes in some articles, one JSON line per article")
    quotes.add_argument(
        "articles", metavar="ARTICLES", help="a file of any supported type, a folder, or - for standard input"
    )
    quotes.add_argument("--jobs", type=_parse_jobs, default=1, metavar="N", help=_JOBS_HELP)
    quotes.set_defaults(run=_import_later("queries", "quotes"))

    summarise = commands.add_parser("summarise", help="print the best summary sentences of each topic, as JSON lines")
    summarise.add_argument("topics", metavar="TOPICS", help="JSON lines of topics with their documents, or -")
    summarise.add_argument(
        "--words", type=_parse_word_count, required=True, metavar="N", help="maximum number of words per topic"
    )
    summarise.set_defaults(run=_import_later("queries", "summarise"))

    stories = commands.add_parser("stories", help="group articles into stories, one JSON line per article")
    stories.add_argument("articles", metavar="ARTICLES", help="JSON lines, or - for standard input")
    stories.set_defaults(run=_import_later("queries", "stories"))

    updates = commands.add_parser("updates", help="print what each day adds to a story, one JSON line per day")
    updates.add_argument(
        "articles", metavar="ARTICLES", help="a file of any supported type, a folder, or - for standard input"
    )
    updates.add_argument(
        "--words",
        type=_parse_word_count,
        default=200,
        metavar="N",
        help="maximum number of words per day (default: 200)",
    )
    updates.set_defaults(run=_import_later("queries", "updates"))

    timeline = commands.add_parser("timeline", help="print the most important days of some articles, as one JSON line")
    timeline.add_argument("articles", metavar="ARTICLES", help="JSON lines, or - for standard input")
    timeline.add_argument("--topic", required=True, metavar="NAME", help="name of the topic in the output")
    timeline.set_defaults(run=_import_later("queries", "timeline"))

    topics = commands.add_parser("topics", help="list topics with their number of articles")
    _add_json_option(topics, "queries", "topics")
    people = commands.add_parser("people", help="list the people quoted, most quoted first")
    _add_json_option(people, "queries", "people")


def _add_maintenance_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = commands.add_parser("add", help="add articles to the database", epilog=_ADD_EPILOG)
    add.add_argument("paths", nargs="+", metavar="PATH_OR_URL", help=_ADD_HELP)
    add.add_argument("--outlet", type=_parse_outlet, metavar="NAME", help="outlet of the articles that state none")
    add.add_argument(
        "--date",
        type=_parse_past_day,
        metavar="DAY",
        help="day of the articles that state none, for example 2016-06-30",
    )
    add.add_argument(
        "--columns",
        type=_parse_columns,
        default={},
        metavar="FIELD=COLUMN,...",
        help="columns of a table, for example text=body,date=published",
    )
    add.add_argument("--dry-run", action="store_true", help="show how each file would be read, and store nothing")
    add.add_argument("--jobs", type=_parse_jobs, default=1, metavar="N", help=_JOBS_HELP)
    # a closed pipe ends this command early, so that some articles are not added: that is a failure
    add.set_defaults(run=_import_later("add.command", "add"), must_finish=True)
    _add_backfill_command(commands)
    _add_feed_commands(commands)
    remove = commands.add_parser("remove", help="remove articles with their quotes and older versions")
    selection_group = remove.add_mutually_exclusive_group(required=True)
    selection_group.add_argument("ids", nargs="*", metavar="ID", default=[], help="id of an article")
    selection_group.add_argument("--outlet", metavar="NAME", help="all articles of the outlet with exactly this name")
    remove.set_defaults(run=_import_later("maintenance", "remove"))
    backup = commands.add_parser("backup", help="write the whole database into one file, while it is in use")
    backup.add_argument("file", metavar="FILE", help="output file (always SQLite, even for a PostgreSQL database)")
    backup.add_argument("--force", action="store_true", help="replace an existing file")
    backup.set_defaults(run=_import_later("maintenance", "backup"))
    restore = commands.add_parser("restore", help="fill the database from a backup")
    restore.add_argument("file", metavar="FILE", help="a file written by `ontherecord backup`")
    restore.add_argument("--force", action="store_true", help="replace everything in the database")
    restore.set_defaults(run=_import_later("maintenance", "restore"))
    reanalyse = commands.add_parser("reanalyse", help="re-analyse articles processed by an older version")
    reanalyse.add_argument("--jobs", type=_parse_jobs, default=1, metavar="N", help=_JOBS_HELP)
    reanalyse.set_defaults(run=_import_later("maintenance", "reanalyse"))
    reindex = commands.add_parser("reindex", help="rebuild the search index")
    reindex.set_defaults(run=_import_later("maintenance", "reindex"))
    doctor = commands.add_parser("doctor", help="check settings, topics, database, feeds and tokens; say what to fix")
    doctor.add_argument(
        "--thorough", action="store_true", help="check the whole database; adding articles may have to wait"
    )
    doctor.set_defaults(run=_import_later("doctor", "doctor"))

    feedback = commands.add_parser("feedback", help='list the reports from "This looks wrong" in Slack')
    feedback.add_argument("--close", type=int, metavar="NUMBER", help="close the report with this number")
    feedback.set_defaults(run=_import_later("maintenance", "feedback"))


def _add_backfill_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backfill = commands.add_parser("backfill", help="add an archive of millions of articles, on all cores or a cluster")
    backfill.add_argument(
        "archives",
        nargs="+",
        metavar="ARCHIVE",
        help="JSON lines, Parquet or WARC files, plain or as .gz or .zst; folders of these; or URLs such as s3://...",
    )
    cluster_group = backfill.add_mutually_exclusive_group()
    cluster_group.add_argument(
        "--scheduler", metavar="ADDRESS", help="address of a Dask scheduler, for example tcp://10.0.0.1:8786"
    )
    cluster_group.add_argument(
        "--workers", type=_parse_jobs, metavar="N", help="number of processes on this machine (default: one per core)"
    )
    _add_json_option(backfill, "backfill", "backfill")


def _add_feed_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    feeds = commands.add_parser("feeds", help="list, follow, unfollow and poll feeds")
    feeds.add_argument("--gone", action="store_true", help="list the articles that disappeared from their sites")
    feeds.set_defaults(run=_import_later("feeds", "list_feeds"))
    feed_commands = feeds.add_subparsers(title="commands", metavar="COMMAND")
    list_command = feed_commands.add_parser("list", help="list followed feeds (default)")
    list_command.set_defaults(run=_import_later("feeds", "list_feeds"))
    follow = feed_commands.add_parser("follow", help="follow a feed (its articles are added while the bot runs)")
    follow.add_argument(
        "address", metavar="ADDRESS", help="URL of the feed or of a page that links to it, or an OPML file"
    )
    follow.add_argument("--outlet", metavar="NAME", help="name of the outlet, if its pages do not give one")
    follow.add_argument("--minutes", type=_parse_minutes, metavar="N", help="minutes between polls (default: 60)")
    follow.set_defaults(run=_import_later("feeds", "follow"))
    unfollow = feed_commands.add_parser("unfollow", help="unfollow a feed (its articles are kept)")
    unfollow.add_argument("address", metavar="ADDRESS", help="URL of the feed")
    unfollow.set_defaults(run=_import_later("feeds", "unfollow"))
    poll = feed_commands.add_parser("poll", help="poll the feeds that are due, once, and add their articles")
    poll.add_argument("--all", action="store_true", dest="all_feeds", help="poll all feeds, even those not due")
    poll.set_defaults(run=_import_later("feeds", "poll"))


def _add_digest_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    digest = commands.add_parser("digest", help="list the digests scheduled in Slack, or send those that are due")
    digest_commands = digest.add_subparsers(title="commands", metavar="COMMAND", required=True)
    list_command = digest_commands.add_parser("list", help="list digests with next and last run")
    _add_json_option(list_command, "digests", "list_digests")
    run_due = digest_commands.add_parser("run-due", help="send the digests that are due, once")
    run_due.set_defaults(run=_import_later("digests", "run_due"))


def _add_server_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="print two example answers, from sample articles if the database is empty")
    demo.set_defaults(run=_import_later("serve", "demo"))
    serve = commands.add_parser("serve", help="run the bot: in Slack with tokens, in the local workspace without")
    serve.set_defaults(run=_import_later("serve", "serve"))
    manifest = commands.add_parser("manifest", help="print the manifest to create the Slack app from")
    manifest.add_argument("--url", metavar="HTTPS", help="public https URL of the bot (without it: Socket Mode)")
    manifest.add_argument(
        "--many", action="store_true", help="for many workspaces, which install the app over OAuth (needs --url)"
    )
    manifest.add_argument(
        "--classic", action="store_true", help="for an app created before July 2026, with Slack's Assistant panel"
    )
    manifest.set_defaults(run=_import_later("serve", "manifest"))


def _add_from_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--from",
        dest="articles",
        metavar="ARTICLES",
        help="use only these articles: a file of any supported type, a folder, or - for standard input",
    )


def _add_json_option(command: argparse.ArgumentParser, module: str, function: str) -> None:
    """Add `--json`, and run `function` of a module of this package."""
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_import_later(module, function))


def _import_later(module: str, function: str) -> Command:
    """Return a command that imports `function` from a module of this package when it is called."""

    def run_command(arguments: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"bot.cli.{module}"), function)(arguments)
        return status

    return run_command


def _parse_first_day(text: str) -> date:
    return _parse_days(text)[0]


def _parse_last_day(text: str) -> date:
    return _parse_days(text)[1]


def _parse_day(text: str) -> date:
    """Return the single day of articles that state none: only an ISO date, because a guess would be stored."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid date {text!r}: write it as, for example, 2016-06-25") from None


def _parse_days(text: str) -> tuple[date, date]:
    """Return the first and last day of a date as users type it in Slack: "2016-06-25", "25 June", "last week"."""
    from bot.queries.filters import parse_days  # imports the parsers, which other commands do not need

    period = parse_days(text, get_today())
    if period is None:
        raise argparse.ArgumentTypeError(
            f"invalid date {text!r}: write it as, for example, 2016-06-25, yesterday or 'last week'"
        )
    return period.first, period.last


def _parse_past_day(text: str) -> date:
    """Parse the day of an article. It can be tomorrow in another time zone, but no later."""
    day = _parse_day(text)
    if is_future_day(day, get_today()):
        raise argparse.ArgumentTypeError(f"{text} has not come yet: give the day on which the articles were published")
    return day


def _parse_outlet(text: str) -> str:
    name = " ".join(text.split())
    if name and len(name) <= _MAX_OUTLET_LENGTH and name.isprintable():
        return name
    raise argparse.ArgumentTypeError(f"invalid outlet {text!r}: use 1 to {_MAX_OUTLET_LENGTH} characters on one line")


def _parse_columns(text: str) -> dict[str, str]:
    from bot.cli.add.columns import parse_columns

    try:
        return parse_columns(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parse_word_count(text: str) -> int:
    return _parse_number(text, "number of words", _MIN_WORDS, _MAX_WORDS)


def _parse_minutes(text: str) -> int:
    return _parse_number(text, "number of minutes", _MIN_MINUTES, _MAX_MINUTES)


def _parse_jobs(text: str) -> int:
    return _parse_number(text, "number of processes", 1, _MAX_JOBS)


def _parse_number(text: str, noun: str, minimum: int, maximum: int) -> int:
    if text.isascii() and text.isdigit() and minimum <= int(text) <= maximum:
        return int(text)
    raise argparse.ArgumentTypeError(f"invalid {noun} {text!r}: use {minimum} to {maximum}")
