"""A folder like the one that a reader of the documentation has: seeds, settings, and the command `ontherecord`."""

import csv
import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.docs.blocks import ROOT
from tests.support.articles import SEEDS

#: what a developer changes on the pages for developers
CODE = ("briefings", "bot", "seeds", "pyproject.toml", "tests/__init__.py", "tests/conftest.py", "tests/support")
_LIBRARY_TEST = "tests/unit/briefings/ingest/test_text_header.py"
_SECONDS = 300

#: files with made-up values of an app at Slack
_SLACK_VALUES = {"bot.txt": "xoxb-1-2-madeup", "app.txt": "xapp-1-A2-3-madeup", "secret.txt": "0123456789abcdef" * 2}
_COUNCIL = """\
Title: Easton library may close
Date: 2016-06-29
Outlet: The Easton Tribune

“We will not close the library,” said Jane Roe, the mayor of Easton.
"""


@dataclass(frozen=True)
class Sandbox:
    """The folder, and how to run a command in it."""

    folder: Path
    environment: dict[str, str]

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in bash, which stops at the first error. Output and errors are one stream."""
        return subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )


def make_sandbox(folder: Path, *, with_code: bool = False, database_url: str | None = None) -> Sandbox:
    """Fill an empty folder. With code, commands use a copy of the packages, which they may change."""
    binaries = folder / ".venv/bin"
    binaries.mkdir(parents=True)
    (binaries / "activate").touch()
    code = folder if with_code else ROOT
    start = "import sys; sys.argv[0] = 'ontherecord'; from bot.cli import main; sys.exit(main())"
    _write_program(binaries / "ontherecord", f'exec "{sys.executable}" -c "{start}" "$@"')
    _write_program(binaries / "python", f'exec "{sys.executable}" "$@"')
    if with_code:
        _copy_code(folder)
    else:
        shutil.copytree(SEEDS, folder / "seeds", ignore=shutil.ignore_patterns("__*"))
    shutil.copy(ROOT / ".env.example", folder)
    _write_articles(folder)
    kept = {name: value for name, value in os.environ.items() if name in ("LANG", "TMPDIR")}
    environment = kept | {
        "HOME": str(folder),  # commands of a page must not change the home of a developer
        "PATH": f"{binaries}{os.pathsep}{os.defpath}",
        "PYTHONPATH": str(code),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return Sandbox(folder, environment | ({"DATABASE_URL": database_url} if database_url else {}))


def make_seeded_sandbox(folder: Path, base: Path) -> Sandbox:
    """Fill an empty folder, and add the seeds as the first step of most pages does.

    All test processes copy the folder below `base`, where the command ran once.
    """
    seeded, ready = base / "seeded", base / "seeded.ready"
    with (base / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            added = make_sandbox(seeded).run("ontherecord add seeds")
            assert added.returncode == 0, added.stdout
            ready.touch()
    sandbox = make_sandbox(folder)
    shutil.copytree(seeded, folder, dirs_exist_ok=True)
    return sandbox


def _write_program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _copy_code(folder: Path) -> None:
    for name in (*CODE, _LIBRARY_TEST):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def _write_articles(folder: Path) -> None:
    """Write the files that the pages use as examples."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    lines = [json.dumps({"id": name, "text": text, "published": "2016-06-30"}) for name, text in texts.items()]
    (folder / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "council.txt").write_text(_COUNCIL, encoding="utf-8")
    (folder / "draft.txt").write_text("It was “like a lynch-mob”, said Roe.\n", encoding="utf-8")
    for name, value in _SLACK_VALUES.items():
        (folder / name).write_text(f"{value}\n", encoding="utf-8")
    (folder / "my-articles").mkdir()
    (folder / "my-articles/vote.txt").write_text(_COUNCIL.replace("may close", "stays").replace("29", "30"))
    with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(("body", "published", "source"))
        rows.writerow(("The council of Easton voted on Thursday. The library stays.", "2016-06-30", "The Tribune"))
