"""The commands of `ontherecord` and what may be said to each. The work is done in the modules beside this one.

Rule: a command imports what it needs when it runs, so that a question in the terminal never waits for the Slack app.
"""

import argparse
from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.metadata import version

Command = Callable[[argparse.Namespace], int]
_MIN_WORDS = 20
_MAX_WORDS = 5_000
_MAX_JOBS = 256
#: between two polls of a feed (`briefings.gathering.schedule`, which is not imported for a question's sake)
_MIN_MINUTES = 5
_MAX_MINUTES = 10_080
_ADD_HELP = (
    "text, HTML, JSON lines, WARC or Parquet, plain or as .gz or .zst; a folder of them; the web address of an article "
    "or a feed; or - for JSON lines"
)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; `run` of what it parses takes the arguments and gives the exit status."""
    root_parser = argparse.ArgumentParser(
        prog="ontherecord", description="Briefings from the news, every line verbatim and linked to its sentence."
    )
    root_parser.add_argument("--version", action="version", version=f"ontherecord {version('on-the-record')}")
    commands = root_parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_query_commands(commands)
    _add_maintenance_commands(commands)
    _add_digest_commands(commands)
    _add_server_commands(commands)
    return root_parser


def _add_query_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    briefing = commands.add_parser("briefing", help="a briefing on a topic, or on words")
    briefing.add_argument(
        "about", nargs="+", metavar="TOPIC_OR_WORDS", help="a topic's slug, words, or * for everything"
    )
    _add_from_option(briefing)
    briefing.add_argument(
        "--words", type=_parse_word_count, default=400, metavar="N", help="words at most (default: 400)"
    )
    briefing.add_argument(
        "--since", type=_parse_day, metavar="DAY", help="only articles published on or after, 2016-06-25"
    )
    briefing.add_argument("--until", type=_parse_day, metavar="DAY", help="only articles published on or before")
    briefing.add_argument("--plain", action="store_true", help="plain text; links are numbered and listed at the end")
    _add_json_option(briefing, "queries", "briefing")

    whosaid = commands.add_parser("whosaid", help="who is quoted with these words")
    whosaid.add_argument("words", nargs="*", metavar="WORDS", help='words of a quotation, "lynch-mob", or a name')
    _add_from_option(whosaid)
    whosaid.add_argument("--by", metavar="NAME", help="only what somebody of that name said")
    whosaid.add_argument(
        "--about", metavar="TOPIC_OR_WORDS", help="only in articles on a topic, or that hold these words"
    )
    whosaid.add_argument("--outlet", metavar="NAME", help="only in articles of an outlet of that name")
    whosaid.add_argument(
        "--since", type=_parse_day, metavar="DAY", help="only in articles published on or after, 2016-06-25"
    )
    whosaid.add_argument("--until", type=_parse_day, metavar="DAY", help="only in articles published on or before")
    _add_json_option(whosaid, "queries", "who_said")

    check = commands.add_parser("check", help="every quotation of a draft, beside the record")
    check.add_argument("draft", metavar="FILE", help="the draft as text in UTF-8, or - for standard input")
    _add_from_option(check)
    check.add_argument("--strict", action="store_true", help="exit status 3 unless every quotation is exact")
    _add_json_option(check, "queries", "check")

    quotes = commands.add_parser("quotes", help="everything said in the articles, one JSON line an article")
    quotes.add_argument(
        "articles", metavar="ARTICLES", help="JSON lines, a .txt file, a folder, or - for standard input"
    )
    quotes.add_argument(
        "--jobs", type=_parse_jobs, default=1, metavar="N", help="processes that work side by side (default: 1)"
    )
    quotes.set_defaults(run=_import_later("queries", "quotes"))

    summarise = commands.add_parser("summarise", help="the sentences that tell each topic best, one JSON line a topic")
    summarise.add_argument("topics", metavar="TOPICS", help="JSON lines of topics with their documents, or -")
    summarise.add_argument("--words", type=_parse_word_count, required=True, metavar="N", help="words at most")
    summarise.set_defaults(run=_import_later("queries", "summarise"))

    stories = commands.add_parser("stories", help="which articles tell one story, one JSON line an article")
    stories.add_argument("articles", metavar="ARTICLES", help="JSON lines, or -")
    stories.set_defaults(run=_import_later("queries", "stories"))

    updates = commands.add_parser("updates", help="what each day adds to a story, one JSON line per day of publication")
    updates.add_argument(
        "articles", metavar="ARTICLES", help="JSON lines, a .txt file, a folder, or - for standard input"
    )
    updates.add_argument(
        "--words", type=_parse_word_count, default=200, metavar="N", help="words per day at most (default: 200)"
    )
    updates.set_defaults(run=_import_later("queries", "updates"))

    timeline = commands.add_parser("timeline", help="the days that matter in the articles, as one JSON line")
    timeline.add_argument("articles", metavar="ARTICLES", help="JSON lines, or -")
    timeline.add_argument("--topic", required=True, metavar="NAME", help="what the answer is called")
    timeline.set_defaults(run=_import_later("queries", "timeline"))

    _add_json_option(
        commands.add_parser("topics", help="the topics, and how much the record holds on each"), "queries", "topics"
    )
    _add_json_option(commands.add_parser("people", help="the people quoted in the record"), "queries", "people")


def _add_maintenance_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = commands.add_parser("add", help="adds articles to the record")
    add.add_argument("paths", nargs="+", metavar="PATH_OR_URL", help=_ADD_HELP)
    add.add_argument("--jobs", type=_parse_jobs, default=1, metavar="N", help="processes that read (default: 1)")
    add.set_defaults(run=_import_later("maintenance", "add"))
    _add_backfill_command(commands)
    _add_feed_commands(commands)
    remove = commands.add_parser("remove", help="removes articles from the record, with all that was found in them")
    selection_group = remove.add_mutually_exclusive_group(required=True)
    selection_group.add_argument("ids", nargs="*", metavar="ID", default=[], help="an article's id")
    selection_group.add_argument("--outlet", metavar="NAME", help="everything from the outlet of this very name")
    remove.set_defaults(run=_import_later("maintenance", "remove"))
    backup = commands.add_parser("backup", help="writes the whole record into one file, while it is in use")
    backup.add_argument("file", metavar="FILE", help="the file, an SQLite database whichever the record is")
    backup.add_argument("--force", action="store_true", help="replace the file if it is there")
    backup.set_defaults(run=_import_later("maintenance", "backup"))
    restore = commands.add_parser("restore", help="fills the record from a backup")
    restore.add_argument("file", metavar="FILE", help="a file that `ontherecord backup` wrote")
    restore.add_argument("--force", action="store_true", help="replace all that the record holds")
    restore.set_defaults(run=_import_later("maintenance", "restore"))
    reanalyse = commands.add_parser("reanalyse", help="reads again what another engine than today's has read")
    reanalyse.add_argument(
        "--jobs", type=_parse_jobs, default=1, metavar="N", help="processes that work side by side (default: 1)"
    )
    reanalyse.set_defaults(run=_import_later("maintenance", "reanalyse"))
    reindex = commands.add_parser("reindex", help="builds the record's search index anew")
    reindex.set_defaults(run=_import_later("maintenance", "reindex"))
    doctor = commands.add_parser("doctor", help="checks settings, topics, record and Slack tokens, and says what to do")
    doctor.add_argument(
        "--thorough", action="store_true", help="look at all of the record; whoever adds may have to wait"
    )
    doctor.set_defaults(run=_import_later("doctor", "doctor"))

    feedback = commands.add_parser("feedback", help='what people say looks wrong ("This looks wrong" in Slack)')
    feedback.add_argument("--close", type=int, metavar="NUMBER", help="marks one of them as dealt with")
    feedback.set_defaults(run=_import_later("maintenance", "feedback"))


def _add_backfill_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backfill = commands.add_parser("backfill", help="adds an archive of millions, on all cores or on a cluster")
    backfill.add_argument(
        "archives",
        nargs="+",
        metavar="ARCHIVE",
        help="files of JSON lines, Parquet or WARC, plain or as .gz or .zst, or folders of them; s3://... and the like",
    )
    cluster_group = backfill.add_mutually_exclusive_group()
    cluster_group.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler, tcp://10.0.0.1:8786")
    cluster_group.add_argument(
        "--workers", type=_parse_jobs, metavar="N", help="processes of this machine (default: one a core)"
    )
    _add_json_option(backfill, "backfill", "backfill")


def _add_feed_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    feeds = commands.add_parser("feeds", help="the feeds that are followed; follow, unfollow, poll")
    feeds.add_argument("--gone", action="store_true", help="the articles that were taken from their sites instead")
    feeds.set_defaults(run=_import_later("feeds", "list_feeds"))
    feed_commands = feeds.add_subparsers(title="commands", metavar="COMMAND")
    feed_commands.add_parser("list", help="the same as nothing").set_defaults(run=_import_later("feeds", "list_feeds"))
    follow = feed_commands.add_parser("follow", help="follows a feed: what it brings is added while the bot serves")
    follow.add_argument("address", metavar="ADDRESS", help="the feed's address, or that of a page which names it")
    follow.add_argument("--outlet", metavar="NAME", help="what its outlet is called, where its pages do not say")
    follow.add_argument("--minutes", type=_parse_minutes, metavar="N", help="minutes between two polls (default: 60)")
    follow.set_defaults(run=_import_later("feeds", "follow"))
    unfollow = feed_commands.add_parser("unfollow", help="follows a feed no more; its articles stay")
    unfollow.add_argument("address", metavar="ADDRESS", help="the feed's address")
    unfollow.set_defaults(run=_import_later("feeds", "unfollow"))
    poll = feed_commands.add_parser("poll", help="polls the feeds that are due, once, and adds what they bring")
    poll.add_argument("--all", action="store_true", dest="all_feeds", help="those that are not due, too")
    poll.set_defaults(run=_import_later("feeds", "poll"))


def _add_digest_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    digest = commands.add_parser("digest", help="the digests that are scheduled in Slack")
    digest_commands = digest.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_json_option(
        digest_commands.add_parser("list", help="what is scheduled, when next, what became of the last"),
        "digests",
        "list_digests",
    )
    run_due = digest_commands.add_parser("run-due", help="sends what is due, once, and ends")
    run_due.set_defaults(run=_import_later("digests", "run_due"))


def _add_server_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="loads the seeds into an empty record and prints two answers")
    demo.set_defaults(run=_import_later("serve", "demo"))
    serve = commands.add_parser("serve", help="the bot: in Slack with tokens, in the local workspace without")
    serve.set_defaults(run=_import_later("serve", "serve"))
    manifest = commands.add_parser("manifest", help="the manifest from which Slack creates the app")
    manifest.add_argument("--url", metavar="HTTPS", help="where Slack reaches the bot (without it: Socket Mode)")
    manifest.add_argument(
        "--many", action="store_true", help="for many workspaces, which install it over OAuth (needs --url)"
    )
    manifest.set_defaults(run=_import_later("serve", "manifest"))


def _add_from_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--from", dest="articles", metavar="ARTICLES", help="these articles alone: JSON lines, a .txt file, a folder, -"
    )


def _add_json_option(command: argparse.ArgumentParser, module: str, function: str) -> None:
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=_import_later(module, function))


def _import_later(module: str, function: str) -> Command:
    """`function` of the module of that name beside this one, imported when it is called."""

    def run_command(arguments: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"bot.cli.{module}"), function)(arguments)
        return status

    return run_command


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2016-06-25") from None


def _parse_word_count(text: str) -> int:
    if text.isascii() and text.isdigit() and _MIN_WORDS <= int(text) <= _MAX_WORDS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of words from {_MIN_WORDS} to {_MAX_WORDS}")


def _parse_minutes(text: str) -> int:
    if text.isascii() and text.isdigit() and _MIN_MINUTES <= int(text) <= _MAX_MINUTES:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes from {_MIN_MINUTES} to {_MAX_MINUTES}")


def _parse_jobs(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MAX_JOBS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes from 1 to {_MAX_JOBS}")
