"""The starts: demo, serve, manifest."""

import asyncio
from argparse import Namespace
from collections.abc import Callable

from bot.cli import opened
from bot.cli.ask import style
from bot.settings import Mode, Settings
from briefings.desk import Desk
from briefings.errors import BriefingsError
from briefings.ingest.read import read
from briefings.render import terminal


def demo(_: Namespace) -> int:
    """Fills an empty record with the seeds and prints what the two slash commands answer."""
    with opened.desk(opened.settings()) as desk:
        if not desk.searched().articles:
            desk.add(read(opened.seeds()))
        for question, answer in (("/briefing labour-crisis", _briefing), ('/whosaid "lynch-mob"', _who_said)):
            print(f"> {question}\n\n{_answered(answer, desk)}\n")
    return 0


def serve(_: Namespace) -> int:
    """Serves the bot until it is told to stop."""
    told = opened.settings()
    with opened.desk(told) as desk:
        asyncio.run(_serve(told, desk))
    return 0


def manifest(arguments: Namespace) -> int:
    """Prints the manifest for Socket Mode, or for HTTP at `--url`, for one workspace or `--many`."""
    from bot.manifest import manifest as written

    print(written(arguments.url, many=arguments.many), end="")
    return 0


def _briefing(desk: Desk) -> str:
    return terminal.briefing(desk.brief("labour-crisis"), style())


def _who_said(desk: Desk) -> str:
    return terminal.who_said(desk.who_said("lynch-mob"), style())


def _answered(answer: Callable[[Desk], str], desk: Desk) -> str:
    """The answer, or the sentence that a person would get instead, as from a record that holds other articles."""
    try:
        return answer(desk)
    except BriefingsError as error:
        return str(error)


async def _serve(told: Settings, desk: Desk) -> None:
    from bot import logs
    from bot.gathering import gathering
    from bot.metrics import Metrics
    from bot.polling import Polling
    from bot.serve import build_web_app, serve

    metrics = Metrics()
    logs.configure(told.log_level, secrets=told.secrets, on_error=metrics.failed)
    listed = opened.feeds(told)
    async with gathering(told, desk) as gathers:
        polling = Polling(gathers, listed[0] if listed else None)
        if told.mode is not Mode.LOCAL:
            with opened.store(told) as store:
                app = build_web_app(told, desk, store=store, metrics=metrics, gathering=gathers, polling=polling)
                await serve(app, told, listening=_listening)
            return
        from bot.local.clock import TurnableClock
        from bot.local.mount import with_workspace

        clock = TurnableClock()
        with opened.store(told, clock.seconds) as store:
            app, settings = with_workspace(
                told, desk, clock=clock, store=store, metrics=metrics, gathering=gathers, polling=polling
            )
            await serve(app, settings, listening=_local)


def _listening(address: str) -> None:
    print(f"On the Record listens at {address} and answers in Slack. Ctrl-C stops it.", flush=True)


def _local(address: str) -> None:
    print(
        f"No Slack tokens are set: open the local workspace at {address}/ and type /briefing labour-crisis", flush=True
    )
    print("Ctrl-C stops it.", flush=True)
