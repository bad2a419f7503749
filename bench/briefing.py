"""How long a briefing takes: asked of a running desk, and as a whole process that starts, answers and ends.

Rivals: reading the same four articles and their quotes from the record, and a process that only imports SQLAlchemy.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import briefing_quality
from bench.figures import Figure, in_turns
from bench.seeded import seeded

_ROUNDS, _PROCESSES = 100, 7
_DEMO = ("-c", "import sys; from bot.cli import main; sys.exit(main(['demo']))")
_IMPORT = ("-c", "import sqlalchemy")


def measure() -> Iterator[Figure]:
    """p50 ms of a briefing; median seconds of `ontherecord demo` with a new and a filled record; then the quality."""
    with TemporaryDirectory() as folder, seeded(Path(folder)) as (record, desk):
        ids = [article.id for article in record.get_articles()]
        ours, raw = in_turns(
            lambda: desk.brief("labour-crisis"), lambda: (record.get_articles(ids), record.get_quotes(ids)), _ROUNDS
        )
    yield Figure("briefing.seeds.p50_ms", ours, raw)
    with TemporaryDirectory() as new:
        names = (Path(new) / str(number) for number in range(_PROCESSES + 1))
        ours, raw = in_turns(lambda: _run(_DEMO, _made(next(names))), _importing(Path(new)), _PROCESSES)
    yield Figure("briefing.demo.new_record.process_s", ours / 1000, raw / 1000)
    with TemporaryDirectory() as kept:
        ours, raw = in_turns(lambda: _run(_DEMO, Path(kept)), _importing(Path(kept)), _PROCESSES)
    yield Figure("briefing.demo.process_s", ours / 1000, raw / 1000)
    yield from briefing_quality.measure()


def _importing(folder: Path) -> Callable[[], None]:
    return lambda: _run(_IMPORT, folder)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _run(arguments: Sequence[str], folder: Path) -> None:
    """Runs this Python in `folder`, with a record of its own there. Raises RuntimeError when it fails."""
    asyncio.run(_ended(arguments, folder))


async def _ended(arguments: Sequence[str], folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DATABASE_URL": f"sqlite:///{folder}/r.db"}
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=folder, env=environment, stdout=quiet, stderr=quiet
    )
    if await process.wait():
        raise RuntimeError(f"{arguments} ended with status {process.returncode}")
