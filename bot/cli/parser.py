"""The command-line parser: every command of `ontherecord` with its options and help.

Rule: a command imports its module only when it runs, so that a question in the terminal does not load the Slack app.
"""

import argparse
from collections.abc import Callable
from importlib import import_module

from bot.cli.completion.command import COMPLETION_EPILOG, SHELLS
from bot.cli.days import parse_first_day, parse_last_day, parse_past_day
from bot.cli.exports.arguments import add_export_parser, add_format_option
from bot.cli.safety.arguments import add_safety_commands
from bot.cli.setup.arguments import INIT_EPILOG, add_init_options
from bot.cli.sources.arguments import add_feed_commands, add_outlet_commands, add_waiting_commands
from bot.cli.terminal.arguments import (
    add_limit_option,
    add_team_options,
    parse_jobs,
    parse_outlet,
    parse_word_count,
)
from bot.cli.terminal.command_parser import CommandParser
from briefings import __version__

Command = Callable[[argparse.Namespace], int]
_ADD_HELP = (
    "a file of any supported type (documents, e-mails, pages, tables, archives and more), a folder, the URL of an "
    "article or a feed, or - for standard input"
)
_ADD_EPILOG = "docs/reference/file-types.md lists what is read from each type, and what is refused."
_TRUST_HELP = "take outlets as the articles state them (default: for files), or judge them by their address"
_JOBS_HELP = "number of parallel processes (default: 1)"
_SKIP_HELP = "leave out damaged articles, and name them"
_SINCE_HELP = 'only articles published on or after this day, for example 2016-06-25, yesterday or "last week"'
_UNTIL_HELP = "only articles published on or before this day"


def build_parser() -> CommandParser:
    """Return the parser. The parsed arguments have `run`, which takes them and returns the exit status."""
    root_parser = CommandParser(
        is_root=True,
        prog="ontherecord",
        description="Briefings from the news. Every line is verbatim and links to its sentence.",
    )
    root_parser.add_argument("--version", action="version", version=f"ontherecord {__version__}")
    commands = root_parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_query_commands(commands)
    _add_maintenance_commands(commands)
    _add_digest_commands(commands)
    _add_watch_commands(commands)
    _add_server_commands(commands)
    _add_setup_commands(commands)
    add_safety_commands(commands, _import_later)
    add_team_options(commands)
    return root_parser


def _add_query_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    briefing = commands.add_parser("briefing", help="print a briefing on a topic or on words")
    briefing.add_argument(
        "about", nargs="+", metavar="TOPIC_OR_WORDS", help="a topic's slug, words, or * for all articles"
    )
    _add_from_option(briefing)
    _add_briefing_options(briefing)
    briefing.add_argument("--plain", action="store_true", help="print plain text, with numbered links at the end")
    add_format_option(_add_json_option(briefing, "queries", "briefing"))

    whosaid = commands.add_parser("whosaid", help="print who is quoted with these words")
    whosaid.add_argument(
        "words",
        nargs="*",
        metavar="WORDS",
        help="words of a quotation or a name, and filters: '\"lynch-mob\" by McDonnell since june 2016'",
    )
    _add_from_option(whosaid)
    _add_quote_options(whosaid)
    _add_people_options(whosaid)
    add_format_option(_add_json_option(whosaid, "queries", "who_said"))
    add_export_parser(
        commands,
        add_briefing_options=_add_briefing_options,
        add_quote_options=_add_quote_options,
        add_people_options=_add_people_options,
        add_from_option=_add_from_option,
        set_command=lambda command, function: command.set_defaults(run=_import_later("exports.command", function)),
    )

    check = commands.add_parser("check", help="check every quotation of a draft against the articles")
    check.add_argument("draft", metavar="FILE", help="the draft as UTF-8 text, or - for standard input")
    _add_from_option(check)
    check.add_argument("--strict", action="store_true", help="exit with status 3 unless every quotation is exact")
    _add_json_option(check, "queries", "check")

    quotes = commands.add_parser("quotes", help="print all quotes in some articles, one JSON line per article")
    quotes.add_argument(
        "articles", metavar="ARTICLES", help="a file of any supported type, a folder, or - for standard input"
    )
    quotes.add_argument("--jobs", type=parse_jobs, default=1, metavar="N", help=_JOBS_HELP)
    quotes.set_defaults(run=_import_later("queries", "quotes"))

    summarise = commands.add_parser("summarise", help="print the best summary sentences of each topic, as JSON lines")
    summarise.add_argument("topics", metavar="TOPICS", help="JSON lines of topics with their documents, or -")
    summarise.add_argument(
        "--words", type=parse_word_count, required=True, metavar="N", help="maximum number of words per topic"
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
        type=parse_word_count,
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
    topics.add_argument("--suggest", action="store_true", help="suggest topics from the stories of the last days")
    add_limit_option(topics)
    _add_json_option(topics, "lists.topics", "topics")
    people = commands.add_parser("people", help="list the people quoted, most quoted first")
    add_limit_option(people)
    add_format_option(_add_json_option(people, "lists.people", "people"))


def _add_maintenance_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    add = commands.add_parser("add", help="add articles to the database", epilog=_ADD_EPILOG)
    add.add_argument("paths", nargs="+", metavar="PATH_OR_URL", help=_ADD_HELP)
    add.add_argument("--outlet", type=parse_outlet, metavar="NAME", help="outlet of the articles that state none")
    add.add_argument(
        "--date",
        type=parse_past_day,
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
    add.add_argument("--trust", action=argparse.BooleanOptionalAction, help=_TRUST_HELP)
    add.add_argument("--dry-run", action="store_true", help="show how each file would be read, and store nothing")
    add.add_argument("--jobs", type=parse_jobs, default=1, metavar="N", help=_JOBS_HELP)
    # a closed pipe ends this command early, so that some articles are not added: that is a failure
    add.set_defaults(run=_import_later("add.command", "add"), must_finish=True)
    _add_backfill_command(commands)
    add_feed_commands(commands, _set_command)
    add_outlet_commands(commands, _set_command)
    add_waiting_commands(commands, _set_command)
    remove = commands.add_parser("remove", help="remove articles with their quotes and older versions")
    selection_group = remove.add_mutually_exclusive_group(required=True)
    selection_group.add_argument("ids", nargs="*", metavar="ID", default=[], help="id of an article")
    selection_group.add_argument("--outlet", metavar="NAME", help="all articles of the outlet with exactly this name")
    remove.set_defaults(run=_import_later("maintenance", "remove"))
    backup = commands.add_parser("backup", help="write the whole database into one file, while it is in use")
    backup.add_argument("file", metavar="FILE", help="output file (always SQLite, even for a PostgreSQL database)")
    backup.add_argument("--force", action="store_true", help="replace an existing file")
    backup.add_argument("--skip-damaged", action="store_true", help=_SKIP_HELP)
    backup.set_defaults(run=_import_later("maintenance", "backup"))
    restore = commands.add_parser("restore", help="fill the database from a backup")
    restore.add_argument("file", metavar="FILE", help="a file written by `ontherecord backup`")
    restore.add_argument("--force", action="store_true", help="replace everything in the database")
    restore.add_argument("--unsigned", action="store_true", help="accept a backup whose signature can't be checked")
    restore.add_argument("--skip-damaged", action="store_true", help=_SKIP_HELP)
    restore.set_defaults(run=_import_later("maintenance", "restore"))
    reanalyse = commands.add_parser("reanalyse", help="re-analyse articles processed by an older version")
    reanalyse.add_argument("--jobs", type=parse_jobs, default=1, metavar="N", help=_JOBS_HELP)
    reanalyse.set_defaults(run=_import_later("maintenance", "reanalyse"))
    reindex = commands.add_parser("reindex", help="rebuild the search index")
    reindex.set_defaults(run=_import_later("maintenance", "reindex"))
    doctor = commands.add_parser("doctor", help="check settings, topics, database, feeds and tokens; say what to fix")
    doctor.add_argument(
        "--thorough", action="store_true", help="check the whole database; adding articles may have to wait"
    )
    doctor.add_argument(
        "--repair", action="store_true", help="mend damaged articles, indexes and files, and report each one"
    )
    doctor.add_argument("--from", dest="backup", metavar="FILE", help="a backup to mend damaged articles from")
    doctor.add_argument("--unsigned", action="store_true", help="accept a backup whose signature can't be checked")
    doctor.add_argument(
        "--fix-permissions", action="store_true", help="make the database, .env and the key file private, and stop"
    )
    doctor.set_defaults(run=_import_later("doctor", "doctor"))

    feedback = commands.add_parser("feedback", help='list the reports from "This looks wrong" in Slack')
    feedback.add_argument("--close", type=int, metavar="NUMBER", help="close the report with this number")
    add_limit_option(feedback)
    feedback.set_defaults(run=_import_later("maintenance", "feedback"))


def _add_backfill_command(commands: "argparse._SubParsersAction[CommandParser]") -> None:
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
        "--workers", type=parse_jobs, metavar="N", help="number of processes on this machine (default: one per core)"
    )
    _add_json_option(backfill, "sources.backfill", "backfill")


def _add_digest_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    digest = commands.add_parser("digest", help="list the digests scheduled in Slack, or send those that are due")
    digest_commands = digest.add_subparsers(title="commands", metavar="COMMAND", required=True)
    list_command = digest_commands.add_parser("list", help="list digests with next and last run")
    add_limit_option(list_command)
    _add_json_option(list_command, "digests", "list_digests")
    run_due = digest_commands.add_parser("run-due", help="send the digests that are due, once")
    run_due.set_defaults(run=_import_later("digests", "run_due"))


def _add_watch_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    watch = commands.add_parser("watch", help="list the watches set up in Slack, or match what has arrived")
    watch_commands = watch.add_subparsers(title="commands", metavar="COMMAND", required=True)
    list_command = watch_commands.add_parser("list", help="list watches with what they look for")
    add_limit_option(list_command)
    _add_json_option(list_command, "watches", "list_watches")
    run = watch_commands.add_parser("run", help="match the articles that have arrived and post the matches, once")
    run.set_defaults(run=_import_later("watches", "run"))


def _add_server_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
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


def _add_setup_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    add_init_options(
        commands.add_parser("init", help="ask for Slack's values and save them in .env", epilog=INIT_EPILOG)
    )
    completion = commands.add_parser(
        "completion", help="print a script that completes commands, topics and names", epilog=COMPLETION_EPILOG
    )
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"{', '.join(SHELLS)}")
    completion.set_defaults(run=_import_later("completion.command", "print_script"))


def _add_people_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--timeline", action="store_true", help="what one person said, by day")
    command.add_argument("--compare", metavar="NAMES", help="what two people said, side by side: 'Corbyn and May'")


def _add_from_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--from",
        dest="articles",
        metavar="ARTICLES",
        help="use only these articles: a file of any supported type, a folder, or - for standard input",
    )


def _add_briefing_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--words", type=parse_word_count, default=400, metavar="N", help="maximum number of words (default: 400)"
    )
    _add_article_filters(command)


def _add_quote_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--by", metavar="NAME", help="only quotes by people with this name")
    command.add_argument("--about", metavar="TOPIC_OR_WORDS", help="only articles on this topic, or with these words")
    _add_article_filters(command)


def _add_article_filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("--outlet", metavar="NAME", help="only articles of this outlet")
    command.add_argument("--since", type=parse_first_day, metavar="DAY", help=_SINCE_HELP)
    command.add_argument("--until", type=parse_last_day, metavar="DAY", help=_UNTIL_HELP)


def _add_json_option(
    command: argparse.ArgumentParser, module: str, function: str
) -> "argparse._MutuallyExclusiveGroup":
    """Add `--json`, and run `function` of a module of this package. Return the group of other formats."""
    group = command.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_import_later(module, function))
    return group


def _set_command(command: argparse.ArgumentParser, module: str, function: str) -> None:
    command.set_defaults(run=_import_later(module, function))


def _import_later(module: str, function: str) -> Command:
    """Return a command that imports `function` from a module of this package when it is called."""

    def run_command(arguments: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"bot.cli.{module}"), function)(arguments)
        return status

    return run_command


def _parse_columns(text: str) -> dict[str, str]:
    from bot.cli.add.columns import parse_columns

    try:
        return parse_columns(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
