"""Install a wheel as a stranger would, and try it: `python tools/try_wheel.py [--ends] dist/*.whl [PYTHON ...]`

For each Python: an empty environment, an empty folder, `ontherecord demo`, `ontherecord serve` with one question,
SIGTERM; then the extra `documents`. Without a list it tries every python3.11 and newer that this machine has, and with
`--ends` only the oldest and the newest of them. Needs the package index.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

_OLDEST, _NEWEST = 11, 20
_ENDS = "--ends"
#: seconds to wait for a server, an answer and an end
_PATIENCE = 60.0
_ANSWER = "John McDonnell"


def find_pythons() -> list[str]:
    """Return a command for each version of Python that can be used, oldest first."""
    managed_folder = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates = [str(path) for path in sorted(managed_folder.glob("3.*/bin/python"))]
    candidates += [path for minor in range(_OLDEST, _NEWEST) if (path := shutil.which(f"python3.{minor}"))]
    by_version: dict[tuple[int, int], str] = {}
    for command in (sys.executable, *candidates):
        version = _read_version(command)
        if version is not None and version >= (3, _OLDEST):
            by_version.setdefault(version, command)
    return [by_version[version] for version in sorted(by_version)]


def select_pythons(pythons: Sequence[str], *, only_ends: bool) -> list[str]:
    """Return all of the Pythons, or only the first and the last."""
    return list(dict.fromkeys((pythons[0], pythons[-1]))) if only_ends else list(pythons)


def try_wheel(wheel: Path, python: str, folder: Path) -> None:
    """Install and try the wheel. Raises CalledProcessError or AssertionError for what does not work."""
    started_at = time.monotonic()
    environment, empty_folder = folder / "environment", folder / "empty"
    empty_folder.mkdir()
    _run(python, "-m", "venv", str(environment))
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = (str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, str(wheel))
    installed_at = time.monotonic()
    command = str(programs / "ontherecord")
    version = _run(command, "--version", folder=empty_folder).split()[-1]
    _expect(version == wheel.name.split("-")[1], f"--version prints {version}")
    _expect(_ANSWER in _run(command, "demo", folder=empty_folder), "the demo does not answer")
    answered_at = time.monotonic()
    _run(command, "demo", folder=empty_folder)
    again_at = time.monotonic()
    try_serve(command, empty_folder)
    _run(*pip, f"{wheel}[documents]")
    _run(command, "export", "briefing", "labour-crisis", "--output", "labour.docx", folder=empty_folder)
    _expect((empty_folder / "labour.docx").read_bytes().startswith(b"PK"), "no Word file was written")
    print(
        f"{_run(python, '--version').strip()}: installed in {installed_at - started_at:.1f} s, first answer after "
        f"{answered_at - installed_at:.1f} s, again {again_at - answered_at:.1f} s; served; documents",
        flush=True,
    )


def try_serve(command: str, folder: Path) -> None:
    """Start the server, ask it one question in its local workspace, and end it with SIGTERM."""
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        home = f"http://127.0.0.1:{free_socket.getsockname()[1]}"
    settings = {**_build_environment(), "PORT": home.rpartition(":")[2]}
    with subprocess.Popen([command, "serve"], cwd=folder, env=settings, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for_server(home, process)
            _expect(_ANSWER in _ask(home, '/whosaid "lynch-mob"'), "the server does not answer")
            process.send_signal(signal.SIGTERM)
            status = process.wait(_PATIENCE)
            # Windows has no SIGTERM to catch: the process just ends
            _expect(status == 0 or os.name == "nt", f"the server ends with status {status}")
        finally:
            if process.poll() is None:
                process.kill()


def _wait_for_server(home: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if _fetch(f"{home}/healthz"):
                return
        except OSError:
            time.sleep(0.1)  # until it listens
    raise AssertionError("the server does not start")


def _ask(home: str, question: str) -> str:
    """Type a question in the local workspace and return what it shows of the answer."""
    page = _fetch(home)
    epoch, channel = (re.findall(rf'data-{name}="(\w+)"', page)[0] for name in ("epoch", "channel"))
    message = {"do": "type", "channel": channel, "text": question}
    _fetch(f"{home}/local/send", json.dumps(message).encode(), home)
    deadline, version, html = time.monotonic() + _PATIENCE, 0, ""
    while _ANSWER not in html and time.monotonic() < deadline:
        query = urlencode({"channel": channel, "epoch": epoch, "after": version})
        changes: dict[str, Any] = json.loads(_fetch(f"{home}/local/events?{query}"))
        version, html = changes["version"], html + "".join(entry["html"] for entry in changes["messages"])
    return html


def _fetch(address: str, body: bytes | None = None, origin: str = "") -> str:
    headers = {"Origin": origin, "Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - an address of this machine
    with urllib.request.urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310 - the same
        content: bytes = response.read()
    return content.decode()


def _read_version(python: str) -> tuple[int, int] | None:
    script = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    result = subprocess.run([python, "-c", script], capture_output=True, text=True, check=False)
    major, _, minor = result.stdout.strip().partition(" ")
    return (int(major), int(minor)) if result.returncode == 0 and minor else None


def _run(*command: str, folder: Path | None = None) -> str:
    """Run a command that must succeed, and return its output."""
    result = subprocess.run(
        command, cwd=folder, env=_build_environment(), capture_output=True, encoding="utf-8", check=False
    )
    _expect(result.returncode == 0, f"{' '.join(command)} ends with status {result.returncode}\n{result.stderr}")
    return result.stdout


def _build_environment() -> dict[str, str]:
    """Return the environment without what would let the checkout be found instead of the wheel."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "DATABASE_URL")
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _expect(is_right: bool, problem: str) -> None:
    if not is_right:
        raise AssertionError(problem)


def main(arguments: Sequence[str]) -> int:
    """Try the wheel with each Python, and return 1 if it fails with one of them."""
    wheel_name, *pythons = (argument for argument in arguments if argument != _ENDS)
    wheel, pythons = Path(wheel_name).resolve(), select_pythons(pythons or find_pythons(), only_ends=_ENDS in arguments)
    failures = 0
    for python in pythons:
        with tempfile.TemporaryDirectory(prefix="try-wheel-") as folder:
            try:
                try_wheel(wheel, python, Path(folder))
            except (AssertionError, OSError, subprocess.SubprocessError) as problem:
                failures += 1
                print(f"{python}: {problem}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
