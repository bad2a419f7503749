"""The commands `audit` and `audit verify`."""

import asyncio
import json
import sys
from argparse import Namespace
from datetime import UTC, datetime, time

from bot.cli import resources
from bot.storage.audit_log import AuditEntry
from briefings.render import make_printable


def list_entries(arguments: Namespace) -> int:
    """Print entries, newest first."""
    since = arguments.since and datetime.combine(arguments.since, time(), UTC)
    with resources.open_operator_store(resources.load_settings()) as store:
        entries = asyncio.run(store.audit_log.list_entries(arguments.team, arguments.limit, since))
    for entry in entries:
        print(_to_json(entry) if arguments.json else _to_line(entry))
    if not entries and not arguments.json:
        print("No entries.")
    return 0


def verify(arguments: Namespace) -> int:
    """Check the chain of all entries; return 1 if it is broken."""
    with resources.open_operator_store(resources.load_settings()) as store:
        report = store.audit_log.check(arguments.seal)
        has_key = store.keys is not None
    if report.fault:
        print(f"ontherecord: {report.fault}", file=sys.stderr)
        return 1
    print(f"{format_entry_count(report.sealed)} checked, none changed. Last seal: {report.last_seal or 'none'}")
    if report.unsealed:
        print(f"{format_entry_count(report.unsealed)} from before the audit log had seals.")
    if report.unkeyed:
        print(f"{format_entry_count(report.unkeyed)} sealed without a key: this shows mistakes, but no attacks.")
    if not has_key:
        print("Create a key with: ontherecord keys new --file")
    return 0


def format_entry_count(count: int) -> str:
    """Return "1 entry", "2 entries"."""
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def _to_line(entry: AuditEntry) -> str:
    action = entry.action
    detail = " ".join(f"{name}={value}" for name, value in action.detail.items())
    words = (action.team or "-", action.person or "Slack", action.action, action.subject, detail)
    return make_printable(f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  {'  '.join(word for word in words if word)}")


def _to_json(entry: AuditEntry) -> str:
    action = entry.action
    values = {"team": action.team, "person": action.person, "action": action.action, "subject": action.subject}
    return json.dumps({"at": entry.at.isoformat(), **values, "detail": dict(action.detail)})
