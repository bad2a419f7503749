"""Output of every `ontherecord` command: answers, lists, help and error messages."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.golden.compare import compare
from tests.stand_ins.briefing_service import GUARDIAN
from tests.support.command_line import CommandResult, RunCommand
from tests.support.seed_service import SEEDS

QUESTIONS = {
    "briefing": ("briefing", "labour-crisis"),
    "briefing_short": ("briefing", "labour-crisis", "--words", "100"),
    "briefing_days": ("briefing", "labour-crisis", "--since", "2016-06-28", "--until", "2016-06-30"),
    "briefing_everything": ("briefing", "*"),
    "briefing_words": ("briefing", "no-confidence", "vote"),
    "briefing_unknown": ("briefing", "zeppelin"),
    "briefing_slip": ("briefing", "labour-crysis"),
    "briefing_from": ("briefing", "labour-crisis", "--from", str(SEEDS)),
    "whosaid": ("whosaid", "lynch-mob"),
    "whosaid_several": ("whosaid", "leadership"),
    "whosaid_by": ("whosaid", "--by", "Corbyn"),
    "whosaid_by_unknown": ("whosaid", "--by", "Merkel"),
    "whosaid_filters": ("whosaid", "party", "--by", "Corbyn", "--about", "labour-crisis", "--outlet", "Guardian"),
    "whosaid_days": ("whosaid", "party", "--since", "2016-06-28", "--until", "2016-06-29"),
    "whosaid_narration": ("whosaid", "Noisy pro-Corbyn demonstrators gathered"),
    "whosaid_nearest": ("whosaid", "like a lynch mob without the hope"),
    "whosaid_nothing": ("whosaid", "xylophone zeppelin"),
    "check": ("check", "draft.txt"),
    "check_strict": ("check", "draft.txt", "--strict"),
    "check_from": ("check", "draft.txt", "--from", str(SEEDS)),
    "topics": ("topics",),
    "people": ("people",),
    "digest_list": ("digest", "list"),
}
OUTPUTS: dict[str, Sequence[str]] = {
    "version": ("--version",),
    "nothing": (),
    "unknown_command": ("breifing",),
    "quotes": ("quotes", str(SEEDS)),
    "stories": ("stories", "articles.jsonl"),
    "timeline": ("timeline", "articles.jsonl", "--topic", "labour-crisis"),
    "summarise": ("summarise", "topics.jsonl", "--words", "100"),
    "feeds": ("feeds",),
    "feeds_list": ("feeds", "list"),
    "feeds_gone": ("feeds", "--gone"),
    "feeds_poll": ("feeds", "poll"),
    "feeds_follow_private": ("feeds", "follow", "http://127.0.0.1:9/feed"),
    "feeds_unfollow_unknown": ("feeds", "unfollow", "https://paper.example/feed"),
    "doctor": ("doctor",),
    "doctor_thorough": ("doctor", "--thorough"),
    "manifest": ("manifest",),
    "manifest_url": ("manifest", "--url", "https://bot.example.org"),
    "manifest_many": ("manifest", "--url", "https://bot.example.org", "--many"),
    "manifest_many_without_url": ("manifest", "--many"),
    "manifest_bad_url": ("manifest", "--url", "http://bot.example.org"),
    "demo": ("demo",),
    "feedback": ("feedback",),
    "feedback_close": ("feedback", "--close", "1"),
    "feedback_close_unknown": ("feedback", "--close", "9"),
    "digest_run_due": ("digest", "run-due"),
    "add_again": ("add", "articles.jsonl"),
    "add_missing": ("add", "nowhere.txt"),
    "add_private": ("add", "http://127.0.0.1:9/article"),
    "remove": ("remove", GUARDIAN),
    "remove_unknown": ("remove", "nope"),
    "remove_outlet": ("remove", "--outlet", "Sharecast"),
    "remove_nothing": ("remove",),
    "backup": ("backup", "backup.db"),
    "restore_missing": ("restore", "nowhere.db"),
    "reanalyse": ("reanalyse",),
    "reindex": ("reindex",),
    "bad_words": ("briefing", "x", "--words", "5"),
    "bad_day": ("whosaid", "x", "--since", "someday"),
    "bad_jobs": ("add", "x", "--jobs", "0"),
    "bad_minutes": ("feeds", "follow", "https://paper.example/feed", "--minutes", "1"),
    "whosaid_no_words": ("whosaid",),
    "check_missing": ("check", "nowhere.txt"),
    "both_from_stdin": ("check", "-", "--from", "-"),
    "backfill_missing": ("backfill", "nowhere.jsonl"),
}
HELP = (
    "",
    *("briefing", "whosaid", "check", "quotes", "summarise", "stories", "timeline", "topics", "people", "add"),
    *("backfill", "feeds", "feeds list", "feeds follow", "feeds unfollow", "feeds poll", "remove", "backup", "restore"),
    *("reanalyse", "reindex", "doctor", "feedback", "digest", "digest list", "digest run-due", "demo", "serve"),
    "manifest",
    "init",
    "completion",
)


def terminal_text(result: CommandResult) -> str:
    """Return the exit status and everything that a person sees in the terminal."""
    error_text = f"\n--- standard error\n{result.err}" if result.err else ""
    text = f"exit status {result.status}\n{result.out}{error_text}"
    return text.replace(str(Path.cwd()), "/FOLDER").replace(str(SEEDS.parent), "/CHECKOUT")


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer(run: RunCommand, name: str) -> None:
    """The answer as text and as JSON."""
    compare(f"commands/{name}.txt", terminal_text(run(*QUESTIONS[name])))
    result = run(*QUESTIONS[name], "--json")
    if result.out:
        compare(f"commands/{name}.json", json.loads(result.out))


@pytest.mark.parametrize("name", OUTPUTS)
def test_output(run: RunCommand, name: str) -> None:
    """Lists, error messages and exit statuses."""
    compare(f"commands/{name}.txt", terminal_text(run(*OUTPUTS[name])))


@pytest.mark.parametrize("command", HELP)
def test_help(run: RunCommand, command: str) -> None:
    """The help of the program and of each command."""
    name = command.replace(" ", "_") or "ontherecord"
    compare(f"commands/help/{name}.txt", terminal_text(run(*command.split(), "--help")))


def test_commands_on_an_empty_database(run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command on an empty database. Then articles are added, backed up and restored."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/empty.db")
    steps: tuple[tuple[str, ...], ...] = (
        ("briefing", "labour-crisis"),
        ("whosaid", "lynch-mob"),
        ("check", "draft.txt"),
        ("topics",),
        ("people",),
        ("digest", "list"),
        ("feedback",),
        ("doctor",),
        ("add", str(SEEDS)),
        ("add", str(SEEDS)),
        ("backup", "backup.db"),
        ("backup", "backup.db"),
        ("restore", "backup.db"),
        ("restore", "backup.db", "--force"),
        ("demo",),
    )
    lines = [f"$ ontherecord {' '.join(step)}\n{terminal_text(run(*step))}" for step in steps]
    compare("commands/from_empty.txt", "\n".join(lines).replace(str(SEEDS.parent), "/CHECKOUT"))
