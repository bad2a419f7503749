"""The wheel works without its checkout: it is built, installed offline and run from an empty folder.

`make wheel` does the same with the package index and with every Python. Here, its dependencies come from the
environment that runs the tests, with lower priority than its own packages.
"""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from importlib.util import find_spec
from pathlib import Path

import pytest

from briefings.distribution import Extra, __version__
from tools.try_wheel import try_serve

ROOT = Path(__file__).parents[2]
#: data files and dynamically loaded modules that the wheel must contain
PACKAGED = (
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "seeds").iterdir()) if path.is_file()),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "briefings/text/lexicon").glob("*.txt"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "bot/simulator").glob("static/*"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "bot/simulator").glob("templates/*"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "bot/web").glob("static/*"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "bot/web").glob("templates/*"))),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "briefings/storage/migrations").rglob("*.py"))),
    "briefings/py.typed",
    "bot/py.typed",
)


#: prints the extras of a wheel
READ_METADATA = """
import email, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    print(*email.message_from_bytes(wheel.read(name)).get_all("Provides-Extra"))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and the wheel from it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create an environment with the wheel installed."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", f"--python={python}", "install", "--no-deps", "--no-index", "--quiet", str(wheel))
    # Python searches a path in a .pth file last and ignores the .pth files there, such as an editable checkout's
    (get_site_packages(home) / "behind.pth").write_text(sysconfig.get_path("purelib"))
    return home


@pytest.fixture
def ontherecord(installed: Path, tmp_path: Path) -> "Command":
    return Command(installed / "bin" / "ontherecord", tmp_path)


class Command:
    """Installed command, run in an empty folder with a minimal environment."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self._folder = path, folder

    def __call__(self, *arguments: str) -> str:
        return run(str(self._path), *arguments, folder=self._folder)


def run(*command: str, folder: Path = ROOT) -> str:
    """Run a command that must succeed and return its standard output."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PIP_NO_INDEX": "1"}
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def get_site_packages(home: Path) -> Path:
    """Return the site-packages folder of an environment."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))


def test_wheel_contains_all_data_files(installed: Path) -> None:
    """The wheel has seeds, word lists, templates, static files and migrations, but no tests or benchmarks."""
    assert len(PACKAGED) > 30
    assert [name for name in PACKAGED if not (get_site_packages(installed) / name).is_file()] == []
    assert not {"tests", "bench", "docs"} & {path.name for path in get_site_packages(installed).iterdir()}


def test_command_runs_from_installed_files(ontherecord: Command, installed: Path) -> None:
    """The imported packages are the wheel's, not the checkout's."""
    python, where = str(installed / "bin" / "python"), "import bot, briefings; print(bot.__file__, briefings.__file__)"
    paths = run(python, "-c", where, folder=installed).split()
    assert all(path.startswith(str(get_site_packages(installed))) for path in paths)
    assert "print two example answers" in ontherecord("--help")


def test_demo_answers_both_questions(ontherecord: Command) -> None:
    """The demo loads the seeds into a new database."""
    assert "usage: ontherecord demo" in ontherecord("demo", "--help")
    output = ontherecord("demo")
    assert "Labour's leadership crisis" in output
    assert "John McDonnell, shadow chancellor" in output
    assert "labour-crisis: Labour's leadership crisis (4 articles" in ontherecord("topics")


def test_server_answers_a_question_and_ends_on_sigterm(installed: Path, tmp_path: Path) -> None:
    """Templates, static files and migrations of the server are those of the wheel."""
    command = installed / "bin" / "ontherecord"
    run(str(command), "demo", folder=tmp_path)
    try_serve(str(command), tmp_path)


def test_version_has_one_source(ontherecord: Command, wheel: Path) -> None:
    """The wheel's name, its metadata and `--version` agree with `briefings.distribution`."""
    assert wheel.name == f"on_the_record-{__version__}-py3-none-any.whl"
    assert ontherecord("--version") == f"ontherecord {__version__}\n"


def test_wheel_and_source_archive_are_valid_for_a_package_index(wheel: Path) -> None:
    """The README is rendered and the metadata is complete."""
    if find_spec("twine") is None:
        pytest.skip("twine is missing: make develop")
    run(sys.executable, "-m", "twine", "check", "--strict", *map(str, wheel.parent.iterdir()))


def test_extras_are_those_that_messages_name(wheel: Path) -> None:
    """Each extra that a message tells people to install exists."""
    metadata = run(sys.executable, "-c", READ_METADATA, str(wheel))
    assert {str(extra) for extra in Extra} <= set(metadata.split())


def test_manifest_is_printed_as_json(ontherecord: Command) -> None:
    """The manifest has all slash commands."""
    commands = json.loads(ontherecord("manifest"))["features"]["slash_commands"]
    names = " ".join(command["command"] for command in commands)
    assert names == "/briefing /whosaid /digest /watch /topic /sources"
