"""Finds what the answers in a channel leave out."""

from bot.answers.left_out import EVERYTHING, LeftOut
from bot.mutes import views
from bot.mutes.current_channel import get_current_channel
from bot.mutes.model import build_filter
from bot.mutes.repository import MuteRepository


async def find_left_out(repository: MuteRepository, team: str, channel: str) -> LeftOut:
    """Return what the answers in a channel leave out, and the line that says so. Raises DatabaseUnavailable."""
    mutes = await repository.list_mutes(team, channel, cached=True)
    return LeftOut(build_filter(mutes), views.format_note(len(mutes))) if mutes else EVERYTHING


async def find_current_left_out(repository: MuteRepository) -> LeftOut:
    """Return what the answer to the current request leaves out, as it was when the request first needed it."""
    current = get_current_channel()
    if current is None:
        return EVERYTHING
    if current.left_out is None:
        left_out = await find_left_out(repository, current.team, current.channel)
        # another task of the request may have read it meanwhile
        current.left_out = current.left_out or left_out
    return current.left_out
