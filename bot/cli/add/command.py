"""The command `add`: store the articles at each path or URL, and say what became of each.

Rule: what was not taken is named on standard error, and then the exit status is 1. It never stops the rest.
Rule: the outlets that files state are trusted, unless the user says otherwise. Those of fetched pages are judged.
Rule: an outlet or a day that articles do not state comes from the user, or stays empty.
"""

import sys
from argparse import Namespace

from bot.cli import resources
from bot.cli.add import dry_run
from bot.cli.add.missing_fields import MissingFields, find_terminal
from bot.cli.add.report import ReadingReport, measure_source, name_source
from bot.cli.progress import print_line, show_reading
from bot.cli.queries import format_count
from bot.core.settings import Settings
from briefings import ArticleDefaults, BriefingsError, BriefingService
from briefings.ingest import ReadOptions, read_raw_articles

_INTERRUPTED_STATUS = 130


def add(arguments: Namespace) -> int:
    """Add the articles at each path or URL, or show how they would be read; return 1 if anything was not taken."""
    if arguments.dry_run:
        options = ReadOptions(arguments.columns, arguments.outlet, arguments.date)
        return max([_show_path_or_url(path, options) for path in arguments.paths])
    settings = resources.load_record_settings(arguments)
    with resources.open_service(settings) as service:
        return Addition(settings, service, arguments).run()


class Addition:
    """One run of the command: its options, and the fields that the added articles do not state."""

    def __init__(self, settings: Settings, service: BriefingService, arguments: Namespace) -> None:
        self._settings = settings
        self._service = service
        self._arguments = arguments
        self._defaults = ArticleDefaults(arguments.outlet, arguments.date)
        self._missing_fields = MissingFields()

    def run(self) -> int:
        """Add all sources; return 1 if anything was not taken, and 130 after an interruption."""
        paths = self._arguments.paths
        try:
            status = max([self._add_path_or_url(path) for path in paths])
            self._missing_fields.complete(self._service, paths, jobs=self._arguments.jobs, ask=find_terminal(paths))
        except KeyboardInterrupt:
            return _INTERRUPTED_STATUS
        return status

    def _add_path_or_url(self, path: str) -> int:
        if "://" not in path:
            return self._add_path(path)
        from bot.cli.sources import feeds  # imports aiohttp, which paths do not need

        if self._arguments.columns or self._defaults != ArticleDefaults():
            print_line(
                f"ontherecord: note: --outlet, --date and --columns are for files, so {path} is added without them."
            )
        return feeds.add_url(self._settings, self._service, path, is_trusted=self._arguments.trust is True)

    def _add_path(self, path: str) -> int:
        name = name_source(path)
        with show_reading(name, measure_source(path)) as progress:
            report = ReadingReport(progress)
            try:
                articles = read_raw_articles(
                    path, sys.stdin.buffer, observer=report, options=ReadOptions(self._arguments.columns)
                )
                articles = report.watch(articles)
                if self._arguments.trust is False:
                    articles = map(self._service.outlets.judge, articles)
                for ingested in self._service.ingest(articles, jobs=self._arguments.jobs, defaults=self._defaults):
                    report.count_article(ingested)
                    self._missing_fields.add(ingested)
            except KeyboardInterrupt:
                count = format_count(report.stored_count, "article")
                print_line(f"ontherecord: Stopped. Stored from {name}: {count}. Run it again to add the rest.")
                raise
            except BriefingsError as error:
                report.add_refusal(error)
            report.end(name)
            report.note_unused_columns(name, self._arguments.columns)
        if not report.has_only_one_problem:  # its message is enough
            print(report.summarise(name))
        return 1 if report.has_problems else 0


def _show_path_or_url(path: str, options: ReadOptions) -> int:
    if "://" not in path:
        return dry_run.show(path, options)
    print_line(f"ontherecord: {path} was not read, because --dry-run reads only files. Leave --dry-run out to add it.")
    return 1
