"""Build the Containerfile into a folder, run it, ask it a question and stop it: `python -m tests.container`.

Needs root, `debootstrap` and a network connection. Prints what it measured; the exit status is 1 if a promise fails.
"""

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession
from aiohttp.test_utils import TestServer, unused_port

from tests.container.builder import build, create_base
from tests.container.containerfile import read_stages
from tests.container.image import Image
from tests.container.runner import Container, run
from tests.scenarios.conftest import SECRET, Slack, StandIn
from tests.stand_ins.slack import get_visible_text

ROOT = Path(__file__).parents[2]
CONTAINERFILE = ROOT / "docs/deploy/Containerfile"
_PROGRAMS = ("unshare", "nsenter", "chroot", "setpriv")
#: seconds that the service manager of docs/deploy waits for the end
_STOP_SECONDS = 40
_START_SECONDS = 120


def find_missing(*, has_base: bool) -> str | None:
    """Return what keeps this from running here, or None."""
    if os.geteuid() != 0:
        return "the container can be tried by root only"
    needed_programs = _PROGRAMS if has_base else ("debootstrap", *_PROGRAMS)
    missing_programs = [name for name in needed_programs if shutil.which(name) is None]
    return f"not installed: {', '.join(missing_programs)}" if missing_programs else None


def main() -> int:
    """Build and try the image, and print each figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.container", description=__doc__)
    parser.add_argument("--base", type=Path, help="root folder to use in place of a new one of debootstrap")
    parser.add_argument("--context", type=Path, default=ROOT, help="project folder, by default this one")
    parser.add_argument("--suite", default="trixie", help="Debian release of the base")
    parser.add_argument("--keep", type=Path, help="new folder to build in, which stays")
    arguments = parser.parse_args()
    if reason := find_missing(has_base=arguments.base is not None):
        print(reason, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="container-") as name:
        folder = arguments.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        base = arguments.base
        if not base:
            base = folder / "base"
            with _measure("base"):
                create_base(base, arguments.suite)
        with _measure("build"):
            image = build(read_stages(CONTAINERFILE.read_text(encoding="utf-8")), base, arguments.context, folder)
        print(f"size: {_measure_size(image.root)} MB, {_measure_size(base)} MB of it the base")
        with _measure("demo"):
            _try_demo(image, folder / "data")
        asyncio.run(_try_serve(image, folder / "data"))
        _try_early_stop(image, folder / "data")
    return 0


def _try_demo(image: Image, data: Path) -> None:
    """Load the sample articles into the volume and read the two answers."""
    with run(image, data, ["demo"]) as container:
        output, _ = container.process.communicate(timeout=_START_SECONDS)
        _check("the demo answers", container.process.returncode == 0 and "without the rope" in output, output)


async def _try_serve(image: Image, data: Path) -> None:
    """Ask a question as Slack would, check the limits of the process, and end it with the stop signal."""
    stand_in, port = StandIn(), str(unused_port())
    async with TestServer(stand_in.app) as inbox, ClientSession() as session:
        environment = {
            "PORT": port,
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": str(inbox.make_url("/api/")),
        }
        home = f"http://127.0.0.1:{port}"
        started_at = time.perf_counter()
        with run(image, data, environment=environment) as container:
            await _wait_until_ready(session, home, container)
            print(f"start: {time.perf_counter() - started_at:.1f} s until /readyz")
            slack = Slack(session, home, inbox, stand_in)
            asked_at = time.perf_counter()
            response = await slack.post(slack.command("/whosaid", '"lynch-mob"'))
            _check("a signed question is acknowledged", response.status == 200)
            answer = get_visible_text(await stand_in.wait_for_answer())
            print(f"answer: {time.perf_counter() - asked_at:.2f} s")
            _check("the answer names the speaker", "John McDonnell" in answer, answer)
            _check_limits(container, image, environment)
            stopped_at = time.perf_counter()
            os.kill(container.process_id, signal.Signals[image.stop_signal])
            status = await asyncio.to_thread(container.process.wait, _STOP_SECONDS)
            print(f"stop: {time.perf_counter() - stopped_at:.1f} s")
            _check("the stop signal ends it with status 0", status == 0, str(status))


def _check_limits(container: Container, image: Image, environment: Mapping[str, str]) -> None:
    """Check user, capabilities, file system and healthcheck from inside."""
    status = Path(f"/proc/{container.process_id}/status").read_text(encoding="ascii")
    fields = {name: value.split() for name, _, value in (line.partition(":") for line in status.splitlines())}
    _check("it runs as user 10001", set(fields["Uid"]) == {"10001"} == set(fields["Gid"]), str(fields["Uid"]))
    _check("it has no capabilities", int(fields["CapEff"][0], 16) == 0 and fields["NoNewPrivs"] == ["1"])
    _check("it is the first process", fields["NSpid"][-1] == "1")
    for place in ("/", "/opt/ontherecord", "/etc", "/usr/bin"):
        result = container.execute("touch", f"{place}/written", environment={})
        _check(f"{place} is read-only", result.returncode != 0, result.stderr)
    for place in ("/tmp", image.volumes[0]):  # noqa: S108 - inside the container
        result = container.execute("touch", f"{place}/written", environment={})
        _check(f"{place} can be written", result.returncode == 0, result.stderr)
    healthy = container.execute(*image.healthcheck, environment=environment)
    _check("the healthcheck passes", healthy.returncode == 0, healthy.stderr)
    unhealthy = container.execute(*image.healthcheck, environment={"PORT": str(unused_port())})
    _check("the healthcheck fails when nothing answers", unhealthy.returncode != 0)


def _try_early_stop(image: Image, data: Path) -> None:
    """Send the stop signal while the program starts: a first process would ignore it without a handler."""
    with run(image, data, environment={"HOST": "127.0.0.1", "PORT": str(unused_port())}) as container:
        stopped_at = time.perf_counter()
        while container.process.poll() is None and time.perf_counter() < stopped_at + _STOP_SECONDS:
            time.sleep(0.2)  # until it stops
            try:
                os.kill(container.process_id, signal.Signals[image.stop_signal])
            except (IndexError, OSError):
                continue  # not started yet, or ended just now
        _check("a stop during the start ends it too", container.process.poll() is not None)
        print(f"early stop: {time.perf_counter() - stopped_at:.1f} s, status {container.process.returncode}")


async def _wait_until_ready(session: ClientSession, home: str, container: Container) -> None:
    until = time.perf_counter() + _START_SECONDS
    while time.perf_counter() < until and container.process.poll() is None:
        try:
            if (await session.get(f"{home}/readyz")).status == 200:
                return
        except ClientError:
            await asyncio.sleep(0.02)
    container.process.kill()
    _check("it starts", False, container.process.communicate()[0])


def _measure_size(folder: Path) -> int:
    result = subprocess.run(["du", "--summarize", "--block-size=1MB", str(folder)], check=True, capture_output=True)
    return int(result.stdout.split()[0])


@contextmanager
def _measure(name: str) -> Iterator[None]:
    started_at = time.perf_counter()
    yield
    print(f"{name}: {time.perf_counter() - started_at:.1f} s", flush=True)


def _check(promise: str, is_kept: bool, details: str = "") -> None:
    if not is_kept:
        print(f"FAILED: {promise}\n{details[-2000:]}")
        raise SystemExit(1)
    print(f"ok: {promise}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
