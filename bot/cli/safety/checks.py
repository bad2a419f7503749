"""The checks of `doctor` on files, keys and the audit log, and the repair of permissions.

A finding is a sentence, and whether it is a problem.
"""

import shlex
from collections.abc import Iterator
from pathlib import Path

from bot.cli import resources
from bot.cli.queries import format_count
from bot.cli.safety.audit import format_entry_count
from bot.core.encryption.key_file import find_key_file, load_keys
from bot.core.settings import Mode, Settings
from briefings.storage import TeamDatabases, list_database_files, list_readable_by_others, restrict_files

Findings = Iterator[tuple[str, bool]]
#: files that one command line names
_MAX_FILES = 5


def check_files(settings: Settings) -> Findings:
    """Find private files that users other than their owner can read or change."""
    files = list_private_files(settings)
    open_files = tuple(list_readable_by_others(files))
    if not open_files:
        yield f"only their owner can read them ({format_count(len(files), 'file')})", False
        return
    command = f"chmod go= {shlex.join(map(str, open_files[:_MAX_FILES]))}"
    for file in open_files:
        yield f"other users of this machine can read or change {file}", True
    yield (
        f"run: {command}{' ...' if len(open_files) > _MAX_FILES else ''}, or: ontherecord doctor --fix-permissions",
        True,
    )


def check_hosts(settings: Settings) -> Findings:
    """Find out whether Slack can reach the server: it answers only to names that it knows."""
    from bot.server.guard.hosts import HostPolicy  # imports aiohttp

    names = HostPolicy(settings).public_names
    if names:
        yield f"the server answers to {', '.join(names)}. Add other names to ALLOWED_HOSTS", False
        return
    yield (
        "the server knows no name but this machine's, so it answers 421 to Slack. Set PUBLIC_URL to the URL that Slack "
        "calls, or add its host to ALLOWED_HOSTS",
        True,
    )


def fix_permissions(settings: Settings) -> int:
    """Take the permissions of other users from all private files. Returns the exit status."""
    try:
        changed_files = restrict_files(list_private_files(settings))
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        print(f"files: can't change the permissions of {error.filename}: {reason}")
        return 1
    for file in changed_files:
        print(f"files: only the owner can read {file} now")
    if not changed_files:
        print("files: only their owner could read them already")
    return 0


def list_private_files(settings: Settings) -> tuple[Path, ...]:
    """Return the files with secrets or stored data that exist: database, .env, key file, databases of workspaces."""
    key_file = find_key_file(settings.encryption, settings.database_url)
    files = [*list_database_files(settings.database_url), resources.ENV_FILE, *([key_file] if key_file else [])]
    if settings.record_policy.is_per_team:
        databases = TeamDatabases(settings.database_url)
        for team in databases.list_teams():
            files += list_database_files(databases.build_address(team))
        databases.close()
    return tuple(file for file in files if file.exists())


def check_keys(settings: Settings) -> Findings:
    """Find a missing key, and tokens that are not encrypted with the newest one."""
    from bot.cli.safety.startup import check_needed_keys

    keys = load_keys(settings.encryption, settings.database_url)
    check_needed_keys(settings, keys)
    if keys is None and settings.mode is Mode.LOCAL:
        yield "none, which the local workspace does not need", False
        return
    if keys is None:
        sentence = "none yet. The bot creates a key file when it starts" if _has_place(settings) else "none"
        hint = "" if _has_place(settings) else ". Run `ontherecord keys new` and set ENCRYPTION_KEYS"
        yield f"{sentence}{hint}", settings.mode is Mode.OAUTH and not _has_place(settings)
        return
    source = "ENCRYPTION_KEYS" if settings.encryption.keys else "the key file"
    older = f" and {format_count(len(keys.ids) - 1, 'older key')}" if len(keys.ids) > 1 else ""
    yield f"{keys.ids[0]}{older} from {source}", False
    if settings.mode is Mode.OAUTH:
        yield from _check_tokens(settings)


def check_audit_log(settings: Settings) -> Findings:
    """Check that no one changed the audit log."""
    with resources.open_operator_store(settings) as store:
        report = store.audit_log.check()
    if report.fault:
        yield report.fault, True
        return
    yield f"{format_entry_count(report.sealed + report.unsealed)}, none changed", False


def _check_tokens(settings: Settings) -> Findings:
    from bot.storage.protection.token_cipher import TokenCipher  # these import Slack's libraries
    from bot.storage.protection.token_rotation import count_rows_to_mend

    with resources.open_operator_store(settings) as store:
        if store.keys is None:
            return
        other_count, lost_count = count_rows_to_mend(store.database, TokenCipher(store.keys))
    if lost_count:
        rows = format_count(lost_count, "stored installation")
        yield f"{rows} can't be decrypted. Forget them with: ontherecord keys rotate --forget-lost", True
    elif other_count:
        rows = format_count(other_count, "stored installation")
        yield f"{rows} in clear or under an older key. Encrypt with: ontherecord keys rotate", True


def _has_place(settings: Settings) -> bool:
    return find_key_file(settings.encryption, settings.database_url) is not None
