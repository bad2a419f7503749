"""Install what is missing of hashed lock files: `python tools/install_lock.py requirements.lock ...`

Runs in the environment that it installs into. uv installs if this machine has it. Without uv, several pips download at
once, because one pip asks for one package after the other; then one pip installs the files.

Rule: every package is checked against its hash. Rule: packages that are installed in their version are left alone, so
that a second lock file adds only the difference. Rule: it says what it does, because a download takes its time.
"""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

#: downloads at once; more of them are no faster, and each is a process
_MAX_DOWNLOADS = 6
#: a package of a lock file: its name and version, then its marker and hashes up to the next one
_ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)(?:.*\n?)(?:[ \t]+.*\n?)*", re.MULTILINE)
#: what pip prints for each package, and how large a file is
_TAKEN_UP = re.compile(r"^(?:Collecting|Ignoring) ")
_SIZE = re.compile(r"^ *Downloading \S+ \((\d+(?:\.\d+)?) ([kM])B\)")
#: seconds between two messages where output is not a terminal
_REPORT_INTERVAL = 5.0
#: compiled modules take 50 MB and half of the time; Python compiles what it imports
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
_INSTALL = (*_PIP, "install", "--quiet", "--no-deps", "--no-compile", "--require-hashes")


@dataclass(frozen=True, slots=True)
class Entry:
    """A package of a lock file, and its lines there. A package can have several entries, each with a marker."""

    name: str
    version: str
    lines: str


@dataclass(slots=True)
class Progress:
    """Counts packages and megabytes, and prints them on one line of a terminal, or a line every few seconds."""

    total: int
    write: Callable[[str], object] = sys.stdout.write
    is_terminal: bool = field(default_factory=sys.stdout.isatty)
    count: int = 0
    megabytes: float = 0.0
    _printed_at: float = field(default_factory=time.monotonic)
    _lock: Lock = field(default_factory=Lock)

    def read(self, line: str) -> None:
        """Count what a line of pip's output says."""
        with self._lock:
            if _TAKEN_UP.match(line):
                self.count = min(self.count + 1, self.total)
            elif match := _SIZE.match(line):
                self.megabytes += float(match[1]) / (1 if match[2] == "M" else 1_000)
            else:
                return
            now = time.monotonic()
            if self.is_terminal or now - self._printed_at >= _REPORT_INTERVAL:
                self._printed_at = now
                message = f"  {self.count} of {self.total} packages, {self.megabytes:.0f} MB"
                self.write(f"\r{message}" if self.is_terminal else f"{message}\n")
                sys.stdout.flush()

    def finish(self) -> None:
        """End the line of a terminal."""
        if self.is_terminal and self.count:
            self.write("\n")


def parse_lock(text: str) -> list[Entry]:
    """Return the packages of a lock file, in order."""
    return [Entry(_normalize(match[1]), match[2], match[0]) for match in _ENTRY.finditer(text)]


def select_missing(entries: Iterable[Entry], installed: dict[str, str]) -> list[Entry]:
    """Return the entries of packages that are not installed in one of their versions."""
    entry_list = list(dict.fromkeys(entries))
    satisfied = {entry.name for entry in entry_list if installed.get(entry.name) == entry.version}
    return [entry for entry in entry_list if entry.name not in satisfied]


def list_installed() -> dict[str, str]:
    """Return the version of each package of this environment, by name."""
    return {_normalize(package.name): package.version for package in importlib.metadata.distributions()}


def install(lock_files: Sequence[Path]) -> int:
    """Install what is missing of the lock files, and return the exit status."""
    entries = [entry for file in lock_files for entry in parse_lock(file.read_text(encoding="utf-8"))]
    missing = select_missing(entries, list_installed())
    if not missing:
        return 0
    names = {entry.name for entry in missing}
    print(f"Installing {len(names)} packages of {', '.join(file.name for file in lock_files)} ...", flush=True)
    with tempfile.TemporaryDirectory(prefix="install-lock-") as folder:
        wanted = Path(folder, "missing.lock")
        wanted.write_text("".join(entry.lines for entry in missing), encoding="utf-8")
        if _install_with_uv(wanted):
            return 0
        files = Path(folder, "files")
        if _download(missing, Path(folder), files):
            print("  All downloaded; now unpacking ...", flush=True)
            if _install_files(missing, Path(folder), files) == 0:
                return 0
        # one pip tries again, and says what is wrong
        return subprocess.call([*_INSTALL, "-r", str(wanted)])


def _install_with_uv(lock_file: Path) -> bool:
    """Install with uv, and return whether that was possible: it may not know the mirror that pip is set up for."""
    uv = shutil.which("uv")
    if uv is None or os.environ.get("INSTALLER") == "pip":
        return False
    command = [uv, "pip", "install", "--python", sys.executable, "--no-deps", "--require-hashes", "-r", str(lock_file)]
    if subprocess.call(command) == 0:
        return True
    print("uv could not install them; trying pip ...", flush=True)
    return False


def _download(entries: Sequence[Entry], folder: Path, files: Path) -> bool:
    """Download the files of all entries, and return whether nothing failed."""
    parts = [entries[start::_MAX_DOWNLOADS] for start in range(min(_MAX_DOWNLOADS, len(entries)))]
    progress = Progress(len(entries))

    def download(number: int) -> bool:
        part = folder / f"part-{number}.lock"
        part.write_text("".join(entry.lines for entry in parts[number]), encoding="utf-8")
        command = [*_PIP, "download", "--no-deps", "--require-hashes", "--progress-bar", "off"]
        with subprocess.Popen(
            [*command, "--dest", str(files), "-r", str(part)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                progress.read(line)
        return process.returncode == 0

    files.mkdir()
    with ThreadPoolExecutor(len(parts)) as pool:
        is_complete = all(list(pool.map(download, range(len(parts)))))
    progress.finish()
    return is_complete


def _install_files(entries: Sequence[Entry], folder: Path, files: Path) -> int:
    """Install downloaded files, and return the exit status. Source archives are built, which needs the index."""
    sources = {_normalize(file.name.rpartition("-")[0]) for file in files.iterdir() if file.suffix != ".whl"}
    wheels = [entry for entry in entries if entry.name not in sources]
    others = [entry for entry in entries if entry.name in sources]
    status = 0
    for number, (part, options) in enumerate(((wheels, ["--no-index"]), (others, []))):
        if part and status == 0:
            lock_file = folder / f"install-{number}.lock"
            lock_file.write_text("".join(entry.lines for entry in part), encoding="utf-8")
            status = subprocess.call([*_INSTALL, *options, "--find-links", str(files), "-r", str(lock_file)])
    return status


def _normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(install([Path(argument) for argument in sys.argv[1:]]))
