"""Writes an entry into the audit log for every command that changes something.

Rule: each command of the parser is in exactly one of the three tables below; a test checks it. The entry is written
when the command has ended, also when it has failed halfway.
"""

import re
import shlex
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from briefings import BadSettings, BriefingsError

#: commands that change the database, with the action of their entry
CHANGES: Mapping[str, str] = {
    "add": "added",
    "remove": "removed",
    "backup": "backed up",
    "restore": "restored",
    "reanalyse": "reanalysed",
    "reindex": "reindexed",
    "feedback": "closed feedback",
    "backfill": "backfilled",
    "feeds follow": "followed",
    "feeds unfollow": "unfollowed",
    "feeds poll": "polled",
    "digest run-due": "ran digests",
    "watch run": "ran watches",
    "outlets confirm": "confirmed outlet",
    "outlets remove": "removed outlet",
    "keys rotate": "rotated keys",
    "doctor": "repaired",
}
#: commands that only read, or change nothing that others see, with the reason where it is not plain
READS: Mapping[str, str] = {
    **dict.fromkeys(
        [
            *("briefing", "whosaid", "check", "quotes", "summarise", "stories", "updates", "timeline", "topics"),
            *("people", "outlets", "outlets list", "waiting", "waiting list", "feeds", "feeds list", "digest list"),
            *("watch list", "audit", "audit verify", "manifest"),
            *("completion", "export briefing", "export whosaid", "export search", "export person", "export article"),
        ],
        "",
    ),
    "demo": "adds only the sample articles, and only to an empty database",
    "serve": "what people do in Slack leaves its own entries",
    "init": "writes .env, not the database",
    "keys new": "writes a key file, not the database",
}
#: commands that write their entry themselves, because it names the workspace of a link
OWN_ENTRY = frozenset({"waiting add", "waiting refuse"})
#: commands that change something only with one of these options
_CHANGING_OPTIONS: Mapping[str, Sequence[str]] = {"feedback": ["close"], "doctor": ["repair", "fix_permissions"]}
#: commands that run although the key of the audit log is missing, because they mend that
_WITHOUT_OLD_KEY = frozenset({"keys rotate"})
_MAX_CHARACTERS = 500
_CREDENTIALS = re.compile(r"(?<=//)[^/\s@]+@")
_TOKENS = re.compile(r"\bx(?:ox[a-z]|app|oxe\.xox[bp])-[\w.-]+")


def get_command(arguments: Namespace) -> str:
    """Return the words of the command: "feeds follow"."""
    return str(arguments.parser.prog).partition(" ")[2]


def changes_something(arguments: Namespace) -> bool:
    """Tell whether the command with these options changes what others see."""
    command = get_command(arguments)
    if getattr(arguments, "dry_run", False) or command not in CHANGES:
        return False
    options = _CHANGING_OPTIONS.get(command)
    return options is None or any(getattr(arguments, option, None) not in (None, False) for option in options)


def run_with_entry(run: Callable[[Namespace], int], arguments: Namespace, argv: Sequence[str]) -> int:
    """Run a command, and write its entry. Returns 1 if the entry can't be written; what was done stays done.

    Raises BadSettings before the command runs if the key of the audit log is missing.
    """
    if not changes_something(arguments):
        return run(arguments)
    command = get_command(arguments)
    # a key file that others can read is no key until its permissions are mended
    if command not in _WITHOUT_OLD_KEY and not getattr(arguments, "fix_permissions", False):
        _check_key()
    outcome = "interrupted"
    try:
        status = run(arguments)
        outcome = "done" if status == 0 else "failed"
    except BriefingsError:
        outcome = "failed"
        raise
    finally:
        try:
            _write_entry(command, argv, outcome)
        except BriefingsError as error:
            print(f"ontherecord: This is not in the audit log: {error}", file=sys.stderr)
            status = 1
    return status


def _check_key() -> None:
    """Raise BadSettings if entries are sealed with a key that this terminal does not have."""
    from bot.cli import resources  # as in the function below

    try:
        with resources.open_operator_store(resources.load_settings()) as store:
            store.audit_log.check_key()
    except BadSettings:
        raise
    except BriefingsError:
        pass  # the command says itself why it can't open the database


def _write_entry(command: str, argv: Sequence[str], outcome: str) -> None:
    from bot.cli import resources  # imported for these commands only, so that questions are answered sooner
    from bot.core.encryption.keys import list_secrets
    from bot.core.log_sink.redaction import Redaction
    from bot.storage.audit_log import AuditAction  # imports Slack's libraries

    settings = resources.load_settings()
    with resources.open_operator_store(settings) as store:
        if command not in _WITHOUT_OLD_KEY:
            store.audit_log.check_key()  # an entry under another key would make the log look changed
        redaction = Redaction((*settings.secrets, *list_secrets(store.keys)))
        subject = _shorten(redaction.redact(_describe(argv)))
        action = AuditAction("", _find_person(), CHANGES[command], subject, {"outcome": outcome})
        store.database.write(lambda db: store.audit_log.add_in_transaction(db, action))


def _find_person() -> str:
    import getpass  # imports what reads passwords, which no question needs

    try:
        return f"terminal:{getpass.getuser()}"
    except (KeyError, OSError, ImportError):  # a user id without a name, as in containers
        return "terminal"


def _describe(argv: Sequence[str]) -> str:
    """Return the command line without credentials, on one line."""
    text = _TOKENS.sub("[token]", _CREDENTIALS.sub("[credentials]@", " ".join(shlex.join(argv).split())))
    return text.encode("utf-8", "replace").decode()


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}…"
