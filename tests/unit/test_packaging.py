"""The lock files, the changelog and the list of dependencies agree with the project."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from briefings.distribution import __version__
from tools.install_lock import parse_lock

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
#: never needed to run the bot
TOOLS = ("pytest", "mypy", "ruff", "playwright", "hypothesis", "pyarrow", "dask", "distributed", "zstandard", "twine")
#: what follows "requirements" in the name of each lock file
LOCK_NAMES = sorted(path.stem.removeprefix("requirements") for path in ROOT.glob("requirements*.lock"))
SECTIONS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def read_lock(name: str) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for entry in parse_lock((ROOT / f"requirements{name}.lock").read_text()):
        versions.setdefault(entry.name, set()).add(entry.version)
    return versions


def list_direct(requirements: list[str]) -> set[str]:
    names = (re.split(r"[\[>=<;! ]", line, maxsplit=1)[0] for line in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names} - {"on-the-record"}


def test_run_lock_has_what_the_bot_needs_and_no_tool() -> None:
    locked = read_lock("")
    extras = PROJECT["optional-dependencies"]
    needed = list_direct([*PROJECT["dependencies"], *extras["documents"], *extras["postgres"]])
    assert needed <= locked.keys()
    assert not locked.keys() & set(TOOLS)


@pytest.mark.parametrize("name", LOCK_NAMES)
def test_lock_file_has_everything_of_its_task(name: str) -> None:
    extra = PROJECT["optional-dependencies"][name.removeprefix("-") or "run"]
    assert list_direct([*PROJECT["dependencies"], *extra]) <= read_lock(name).keys()


@pytest.mark.parametrize("name", LOCK_NAMES)
def test_make_updates_each_lock_file_and_a_target_installs_it(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert f"--extra {name.removeprefix('-') or 'run'} " in makefile
    assert f"--output-file requirements{name}.lock pyproject.toml" in makefile
    assert f".ready{name}" in makefile


@pytest.mark.parametrize("name", LOCK_NAMES)
def test_lock_files_agree_on_versions_so_that_switching_installs_the_difference(name: str) -> None:
    tests, other = read_lock("-dev"), read_lock(name)
    assert {package: other[package] for package in other.keys() & tests.keys()} == {
        package: tests[package] for package in other.keys() & tests.keys()
    }


def test_tests_install_everything_that_runs_and_every_extra() -> None:
    tests = read_lock("-dev")
    extras = [PROJECT["optional-dependencies"][name] for name in ("archives", "cluster", "documents", "postgres")]
    assert read_lock("").keys() <= tests.keys()
    assert set().union(*map(list_direct, extras)) <= tests.keys()


def test_documentation_weighs_every_dependency() -> None:
    page = (ROOT / "docs/reference/dependencies.md").read_text().lower()
    extras = [PROJECT["optional-dependencies"][name] for name in ("archives", "cluster", "documents", "postgres")]
    names = list_direct(PROJECT["dependencies"]).union(*map(list_direct, extras))
    assert {name for name in names if f"| {name} |" not in page} == set()


def test_documentation_has_the_versions_of_the_lock_file() -> None:
    page = (ROOT / "docs/reference/dependencies.md").read_text()
    rows = re.findall(r"^\| ([a-z][\w.-]*) \| (\d\S*) \|", page, re.MULTILINE)
    locked = read_lock("-dev")
    assert len(rows) > 30
    assert [(name, version) for name, version in rows if version not in locked[name]] == []


def test_changelog_has_the_form_of_keep_a_changelog() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    releases = [line for line in lines if line.startswith("## ")]
    assert releases[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", line) for line in releases[1:])
    blocks = "\n".join(lines).split("\n## ")[1:]
    for block in blocks:
        headings = re.findall(r"^### (.*)$", block, re.MULTILINE)
        assert [heading for heading in SECTIONS if heading in headings] == headings, "each once, in the usual order"
    if len(releases) > 1:
        assert releases[1].startswith(f"## [{__version__}]"), "the newest release is the version of the package"


def test_classifiers_and_addresses_are_real() -> None:
    assert "urls" not in PROJECT or all("example" not in url for url in PROJECT["urls"].values())
    versions = {line.rpartition(" :: ")[2] for line in PROJECT["classifiers"] if line.count(".") == 1}
    assert min(versions) == PROJECT["requires-python"].removeprefix(">=")
