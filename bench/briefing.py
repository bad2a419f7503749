"""Measure the time of a briefing, both from a running service and as a whole process from start to exit.

References: reading the same four articles and their quotes from the database, and a process that only imports
SQLAlchemy.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import briefing_after_news, briefing_quality
from bench.figures import Figure, measure_in_turns
from bench.seeded import open_seeded_service

_ROUNDS, _PROCESSES = 100, 7
_DEMO = ("-c", "import sys; from bot.cli import main; sys.exit(main(['demo']))")
_IMPORT = ("-c", "import sqlalchemy")


def measure() -> Iterator[Figure]:
    """Yield p50 ms of a briefing, and median seconds of `ontherecord demo` with a new and a filled database.

    The figures of `briefing_after_news` and `briefing_quality` follow.
    """
    with TemporaryDirectory() as folder, open_seeded_service(Path(folder)) as (repository, service):
        ids = [article.id for article in repository.get_articles()]
        ours, raw = measure_in_turns(
            lambda: service.brief("labour-crisis"),
            lambda: (repository.get_articles(ids), repository.get_quotes(ids)),
            _ROUNDS,
        )
    yield Figure("briefing.seeds.p50_ms", ours, raw)
    with TemporaryDirectory() as new_folder:
        folders = (Path(new_folder) / str(number) for number in range(_PROCESSES + 1))
        ours, raw = measure_in_turns(
            lambda: _run(_DEMO, _create_folder(next(folders))), _build_import_run(Path(new_folder)), _PROCESSES
        )
    yield Figure("briefing.demo.new_record.process_s", ours / 1000, raw / 1000)
    with TemporaryDirectory() as filled_folder:
        ours, raw = measure_in_turns(
            lambda: _run(_DEMO, Path(filled_folder)), _build_import_run(Path(filled_folder)), _PROCESSES
        )
    yield Figure("briefing.demo.process_s", ours / 1000, raw / 1000)
    yield from briefing_after_news.measure()
    yield from briefing_quality.measure()


def _build_import_run(folder: Path) -> Callable[[], None]:
    return lambda: _run(_IMPORT, folder)


def _create_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _run(arguments: Sequence[str], folder: Path) -> None:
    """Run Python in `folder` with a separate database there. Raises RuntimeError if the process fails."""
    asyncio.run(_run_process(arguments, folder))


async def _run_process(arguments: Sequence[str], folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DATABASE_URL": f"sqlite:///{folder}/r.db"}
    devnull = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=folder, env=environment, stdout=devnull, stderr=devnull
    )
    if await process.wait():
        raise RuntimeError(f"{arguments} exited with status {process.returncode}")
