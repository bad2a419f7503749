"""What people say looks wrong, for those who look after the record: feedback."""

import asyncio
import sys
from argparse import Namespace

from bot.cli import opened
from bot.storage.feedback import StoredFeedback
from briefings.errors import NothingFound
from briefings.render.terminal import make_printable
from briefings.service.service import BriefingService

#: characters of the words in doubt that are printed
_MAX_WORDS_LENGTH = 300


def feedback(arguments: Namespace) -> int:
    """Prints what is open, newest first, with the words in doubt; or closes one."""
    settings = opened.load_settings()
    with opened.open_bot_store(settings) as store:
        entries = asyncio.run(store.feedback.list_items(None))
        if arguments.close is not None:
            target = next((entry for entry in entries if entry.id == arguments.close), None)
            if target is None or not asyncio.run(store.feedback.close(target.item.team, target.id)):
                print(f"ontherecord: no open feedback has the number {arguments.close}.", file=sys.stderr)
                return 1
            print(f"{target.id} is closed.")
            return 0
    with opened.open_service(settings) as service:
        print("\n\n".join(_format_entry(entry, service) for entry in entries) or "No feedback is open.")
    return 0


def _format_entry(entry: StoredFeedback, service: BriefingService) -> str:
    item = entry.item
    fields = {
        "asked": item.question,
        "words": f"{_load_words(entry, service)} ({item.article} {item.start}..{item.end})",
        "comment": item.comment,
    }
    heading = f"{entry.id}  {entry.at:%Y-%m-%d %H:%M} UTC  {item.kind}, says {item.person} in {item.team}"
    return "\n".join([heading, *(f"    {name:9} {make_printable(value)}" for name, value in fields.items() if value)])


def _load_words(entry: StoredFeedback, service: BriefingService) -> str:
    item = entry.item
    try:
        words = " ".join(service.get_context(item.article, item.start, item.end).words.split())
    except NothingFound:
        return "gone from the record"
    return words if len(words) <= _MAX_WORDS_LENGTH else f"{words[:_MAX_WORDS_LENGTH]}…"
