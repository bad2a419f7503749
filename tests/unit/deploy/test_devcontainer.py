"""The development container builds with a target of the Makefile, and installs what the tests need."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
SETTINGS = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))


def test_environment_is_built_by_a_target_of_the_makefile() -> None:
    command, target = SETTINGS["postCreateCommand"].split()
    assert command == "make"
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_system_packages_are_those_of_the_ci() -> None:
    ci_packages = re.findall(r"missing\+=\(([\w-]+)\)", (ROOT / ".ci/run").read_text(encoding="utf-8"))
    # the image has its own Python, and `make container` needs root
    for name in set(ci_packages) - {"python3-venv", "debootstrap"}:
        assert name in SETTINGS["onCreateCommand"].split()


def test_image_has_a_python_that_the_project_supports() -> None:
    version = re.search(r"/python:3\.(\d+)", SETTINGS["image"])
    oldest = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert version
    assert oldest
    assert int(version[1]) >= int(oldest[1])


def test_port_and_interpreter_are_those_of_the_project() -> None:
    assert SETTINGS["forwardPorts"] == [3000]
    interpreter = SETTINGS["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert interpreter.endswith("/.venv/bin/python")
