"""The installer of lock files adds what is missing, says how far it is, and falls back to pip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import install_lock
from tools.install_lock import Progress, list_installed, parse_lock, select_missing

ROOT = Path(__file__).parents[3]
LOCK = """\
alpha==1.2.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
beta-lib==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:cc
beta-lib==2.1 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
Gamma.Ray==0.9.post1 \\
    --hash=sha256:ee
"""


def test_lock_file_is_read_into_packages_with_their_hashes() -> None:
    entries = parse_lock(LOCK)
    assert [(entry.name, entry.version) for entry in entries] == [
        ("alpha", "1.2.0"),
        ("beta-lib", "2.0"),
        ("beta-lib", "2.1"),
        ("gamma-ray", "0.9.post1"),
    ]
    assert "".join(entry.lines for entry in entries) == LOCK


@pytest.mark.parametrize("lock_file", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.stem)
def test_every_lock_file_of_the_project_is_read_completely(lock_file: Path) -> None:
    text = lock_file.read_text()
    assert "".join(entry.lines for entry in parse_lock(text)) == text
    assert all("--hash=sha256:" in entry.lines for entry in parse_lock(text))


@pytest.mark.parametrize(
    ("installed", "missing"),
    [
        ({}, ["alpha", "beta-lib", "beta-lib", "gamma-ray"]),
        ({"alpha": "1.2.0", "beta-lib": "2.1", "gamma-ray": "0.9.post1", "other": "1"}, []),
        ({"alpha": "1.1", "beta-lib": "2.0"}, ["alpha", "gamma-ray"]),
    ],
)
def test_only_packages_that_are_missing_or_differ_are_selected(installed: dict[str, str], missing: list[str]) -> None:
    assert [entry.name for entry in select_missing(parse_lock(LOCK), installed)] == missing


def test_packages_of_this_environment_are_listed_by_normal_names() -> None:
    assert {"pytest", "pytest-asyncio"} <= list_installed().keys()


def test_terminal_sees_packages_and_megabytes_on_one_line() -> None:
    written: list[str] = []
    progress = Progress(3, write=written.append, is_terminal=True)
    for line in (
        "Collecting alpha==1.2.0\n",
        "  Downloading alpha.whl (1.5 MB)\n",
        "Ignoring beta: markers\n",
        "noise\n",
    ):
        progress.read(line)
    progress.finish()
    assert written[-2:] == ["\r  2 of 3 packages, 2 MB", "\n"]


def test_log_file_is_not_filled_with_progress() -> None:
    written: list[str] = []
    progress = Progress(900, write=written.append, is_terminal=False)
    for number in range(900):
        progress.read(f"Collecting package-{number}\n")
    progress.finish()
    assert len(written) <= 1


def test_nothing_is_run_if_everything_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = list_installed()["pytest"]
    lock_file = tmp_path / "small.lock"
    lock_file.write_text(f"pytest=={version} \\\n    --hash=sha256:aa\n")
    monkeypatch.setattr(install_lock.subprocess, "call", lambda *_: pytest.fail("started a process"))
    assert install_lock.install([lock_file]) == 0


@pytest.mark.parametrize("uv_status", [None, 0, 1])
def test_uv_installs_if_it_is_there_and_pip_if_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uv_status: int | None
) -> None:
    commands: list[list[str]] = []

    def call(command: list[str]) -> int:
        commands.append(command)
        return (uv_status or 0) if command[0] == "uv" else 0

    lock_file = tmp_path / "small.lock"
    lock_file.write_text(LOCK)
    monkeypatch.delenv("INSTALLER", raising=False)
    monkeypatch.setattr(install_lock.shutil, "which", lambda _: None if uv_status is None else "uv")
    monkeypatch.setattr(install_lock.subprocess, "call", call)
    monkeypatch.setattr(install_lock, "_download", lambda _, __, files: files.mkdir() is None)
    assert install_lock.install([lock_file]) == 0
    programs = ["uv" if command[0] == "uv" else "pip" for command in commands]
    assert programs == {None: ["pip"], 0: ["uv"], 1: ["uv", "pip"]}[uv_status]
    assert all("--require-hashes" in command for command in commands)


def test_source_archives_are_built_with_the_index_and_wheels_installed_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name in ("alpha-1.2.0-py3-none-any.whl", "beta_lib-2.1-py3-none-any.whl", "gamma_ray-0.9.post1.tar.gz"):
        (files / name).touch()
    commands: list[list[str]] = []
    monkeypatch.setattr(install_lock.subprocess, "call", lambda command: commands.append(command) or 0)
    assert install_lock._install_files(parse_lock(LOCK), tmp_path, files) == 0
    contents = [Path(command[-1]).read_text() for command in commands]
    assert ["--no-index" in command for command in commands] == [True, False]
    assert ["alpha" in contents[0], "Gamma.Ray" in contents[0]] == [True, False]
    assert contents[1].startswith("Gamma.Ray==0.9.post1")


def test_failed_download_is_tried_again_by_one_pip_that_says_what_is_wrong(tmp_path: Path) -> None:
    lock_file = tmp_path / "small.lock"
    lock_file.write_text("no-such-package==1.0 \\\n    --hash=sha256:" + "a" * 64 + "\n")
    result = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "install_lock.py"), str(lock_file)],
        env={"PATH": os.environ["PATH"], "PIP_NO_INDEX": "1", "INSTALLER": "pip"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 1
    assert "no-such-package" in result.stderr
    assert "Traceback" not in result.stderr
