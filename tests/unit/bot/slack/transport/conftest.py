"""Fixtures of the bot's database for the request gate."""

from tests.unit.bot.storage.conftest import address, clock, store

__all__ = ["address", "clock", "store"]
