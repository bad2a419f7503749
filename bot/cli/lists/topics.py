"""The command `topics`: list the topics, or suggest some."""

from argparse import Namespace

from bot.cli import resources
from bot.cli.queries import format_count
from bot.cli.terminal.lists import Column, Listing, apply_limit, print_list
from bot.cli.terminal.output import print_answer
from briefings import SuggestedTopic, TopicSummary
from briefings.render import make_printable
from briefings.text import format_day


def topics(arguments: Namespace) -> int:
    """Print the topics with the number and the newest date of their articles."""
    if arguments.suggest:
        return _print_suggestions(arguments)
    with resources.open_service(resources.load_record_settings(arguments)) as service:
        summaries = service.list_topics()
    if arguments.json:
        shown_summaries = apply_limit(summaries, arguments)
        days = [(summary, summary.newest.isoformat() if summary.newest else None) for summary in shown_summaries]
        print_answer(
            [
                {
                    "slug": summary.topic.slug,
                    "title": summary.topic.title,
                    "articles": summary.articles,
                    "newest": newest_day,
                }
                for summary, newest_day in days
            ],
            arguments,
        )
        return 0
    print_list(summaries, _TOPICS, arguments)
    return 0


def _print_suggestions(arguments: Namespace) -> int:
    """Print the stories of the last days that could become topics."""
    with resources.open_service(resources.load_record_settings(arguments)) as service:
        result = service.news.suggest_topics(resources.now().date())
    if arguments.json:
        print_answer(
            [
                {
                    "name": suggestion.name,
                    "words": list(suggestion.words),
                    "outlets": suggestion.outlets,
                    "articles": suggestion.articles,
                }
                for suggestion in apply_limit(result.suggestions, arguments)
            ],
            arguments,
        )
        return 0
    print(f"{format_day(result.since)} to {format_day(result.until)}: {len(result.suggestions)} suggested topics")
    print_list(result.suggestions, _SUGGESTIONS, arguments)
    return 0


def _format_topic(summary: TopicSummary) -> str:
    newest = f", newest {format_day(summary.newest)}" if summary.newest else ""
    title = make_printable(summary.topic.title)
    return f"{summary.topic.slug}: {title} ({format_count(summary.articles, 'article')}{newest})"


def _format_suggestion(suggestion: SuggestedTopic) -> str:
    counts = f"{format_count(suggestion.outlets, 'outlet')}, {format_count(suggestion.articles, 'article')}"
    return f"{make_printable(suggestion.name)} ({counts}): {make_printable(', '.join(suggestion.words))}"


_TOPICS: Listing[TopicSummary] = Listing(
    (Column("topic"), Column("title"), Column("articles", is_numeric=True), Column("newest")),
    lambda summary: (
        summary.topic.slug,
        summary.topic.title,
        f"{summary.articles:,}",
        format_day(summary.newest) if summary.newest else "",
    ),
    _format_topic,
    empty_message="",
)
_SUGGESTIONS: Listing[SuggestedTopic] = Listing(
    (Column("topic"), Column("outlets", is_numeric=True), Column("articles", is_numeric=True), Column("words")),
    lambda suggestion: (
        suggestion.name,
        f"{suggestion.outlets:,}",
        f"{suggestion.articles:,}",
        ", ".join(suggestion.words),
    ),
    _format_suggestion,
    empty_message="",
)
