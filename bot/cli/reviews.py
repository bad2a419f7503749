"""What people say looks wrong, for those who look after the record: feedback."""

import asyncio
import sys
from argparse import Namespace

from bot.cli import opened
from bot.store.feedback import Kept
from briefings.desk import Desk
from briefings.errors import NothingFound
from briefings.render.plain import printable

#: characters of the words in doubt that are printed
_MOST_WORDS = 300


def feedback(arguments: Namespace) -> int:
    """Prints what is open, newest first, with the words in doubt; or closes one."""
    told = opened.settings()
    with opened.store(told) as store:
        every = asyncio.run(store.feedback.of(None))
        if arguments.close is not None:
            one = next((kept for kept in every if kept.id == arguments.close), None)
            if one is None or not asyncio.run(store.feedback.close(one.doubt.team, one.id)):
                print(f"ontherecord: no open feedback has the number {arguments.close}.", file=sys.stderr)
                return 1
            print(f"{one.id} is closed.")
            return 0
    with opened.desk(told) as desk:
        print("\n\n".join(_shown(kept, desk) for kept in every) or "No feedback is open.")
    return 0


def _shown(kept: Kept, desk: Desk) -> str:
    doubt = kept.doubt
    told = {
        "asked": doubt.asked,
        "words": f"{_words(kept, desk)} ({doubt.article} {doubt.start}..{doubt.end})",
        "comment": doubt.comment,
    }
    head = f"{kept.id}  {kept.at:%Y-%m-%d %H:%M} UTC  {doubt.kind}, says {doubt.person} in {doubt.team}"
    return "\n".join([head, *(f"    {name:9} {printable(value)}" for name, value in told.items() if value)])


def _words(kept: Kept, desk: Desk) -> str:
    doubt = kept.doubt
    try:
        words = " ".join(desk.context(doubt.article, doubt.start, doubt.end).words.split())
    except NothingFound:
        return "gone from the record"
    return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS]}…"
