"""While the bot serves, the garbage collector looks at few objects at a time, so its pauses are short."""

import gc
from contextlib import closing
from datetime import UTC, datetime

from aiohttp.test_utils import TestClient, TestServer

from bot.core.settings import Settings
from bot.server.server import YOUNG_OBJECTS, build_web_app
from briefings import BriefingService
from briefings.storage import open_repository


async def test_server_has_short_pauses_and_gives_back_the_threshold_of_the_command() -> None:
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        with closing(open_repository("sqlite://", lambda: datetime(2016, 6, 30, tzinfo=UTC))) as repository:
            app = build_web_app(Settings(), BriefingService(repository))
            async with TestClient(TestServer(app)):
                assert gc.get_threshold() == (YOUNG_OBJECTS, *usual[1:])
                assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (200_000, *usual[1:])
    finally:
        gc.set_threshold(*usual)
