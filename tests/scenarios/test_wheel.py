"""The wheel works away from its checkout: built, installed without a network, run from an empty folder.

Its dependencies are those of the environment that runs the tests, put behind the new one's own packages.
"""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: what is no Python module and must be aboard all the same, and one module that nothing imports by name
PACKAGED = (
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "seeds").iterdir()) if path.is_file()),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "briefings/text/lexicon").glob("*.txt"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "bot.simulator").glob("static/*"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "bot.simulator").glob("templates/*"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "briefings/storage/migrations").rglob("*.py"))),
    "briefings/py.typed",
    "bot/py.typed",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it."""
    built, home = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(ROOT))
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    wheel = next(built.glob("*.whl"))
    run(sys.executable, "-m", "pip", f"--python={python}", "install", "--no-deps", "--no-index", "--quiet", str(wheel))
    # a path in a .pth file is searched last, and the .pth files it holds itself (an editable checkout's) are not read
    (get_site_packages(home) / "behind.pth").write_text(sysconfig.get_path("purelib"))
    return home


@pytest.fixture
def ontherecord(installed: Path, tmp_path: Path) -> "Command":
    return Command(installed / "bin" / "ontherecord", tmp_path)


class Command:
    """The installed command, run in an empty folder with nothing of ours in its environment."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self._folder = path, folder

    def __call__(self, *arguments: str) -> str:
        return run(str(self._path), *arguments, folder=self._folder)


def run(*command: str, folder: Path = ROOT) -> str:
    """Standard output of a command that ends well."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PIP_NO_INDEX": "1"}
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def get_site_packages(home: Path) -> Path:
    """Where an environment's own packages are."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))


def test_all_that_the_program_reads_is_aboard(installed: Path) -> None:
    """Seeds, word lists, templates, static files, migrations; no tests, no benchmarks."""
    assert len(PACKAGED) > 30
    assert [name for name in PACKAGED if not (get_site_packages(installed) / name).is_file()] == []
    assert not {"tests", "bench", "docs"} & {path.name for path in get_site_packages(installed).iterdir()}


def test_it_runs_from_its_own_files(ontherecord: Command, installed: Path) -> None:
    """What runs is the wheel, not the checkout behind it."""
    python, where = str(installed / "bin" / "python"), "import bot, briefings; print(bot.__file__, briefings.__file__)"
    paths = run(python, "-c", where, folder=installed).split()
    assert all(path.startswith(str(get_site_packages(installed))) for path in paths)
    assert "loads the seeds" in ontherecord("--help")


def test_the_demo_answers(ontherecord: Command) -> None:
    """The seeds are loaded into a new record, and both questions answered."""
    assert "usage: ontherecord demo" in ontherecord("demo", "--help")
    output = ontherecord("demo")
    assert "Labour's leadership crisis" in output
    assert "John McDonnell, shadow chancellor" in output
    assert "labour-crisis: Labour's leadership crisis (4 articles" in ontherecord("topics")


def test_the_manifest_is_printed(ontherecord: Command) -> None:
    """JSON with both commands."""
    commands = json.loads(ontherecord("manifest"))["features"]["slash_commands"]
    assert [command["command"] for command in commands] == ["/briefing", "/whosaid", "/digest"]
