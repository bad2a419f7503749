"""The list of parts has what the lock file has, and is valid CycloneDX."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tools.lock_file import LockedPackage, read_packages
from tools.sbom import build_bom, join_locks, main

ROOT = Path(__file__).parents[3]
LOCK = ROOT / "requirements.lock"
DIRECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
PACKAGES = list(read_packages(LOCK.read_text()))


def build() -> dict[str, Any]:
    return build_bom(PACKAGES, "1.2.3", DIRECT)


def test_every_locked_package_is_a_component_with_hashes_licence_and_address() -> None:
    components = {(part["name"], part["version"]): part for part in build()["components"]}
    assert components.keys() == {(package.name, package.version) for package in PACKAGES}
    for package in PACKAGES:
        part = components[package.name, package.version]
        assert part["purl"] == f"pkg:pypi/{package.name}@{package.version}"
        assert [entry["content"] for entry in part["hashes"]] == list(package.hashes) != []
        assert part["licenses"], package.name


def test_required_parts_are_those_that_are_always_installed() -> None:
    scopes = {part["name"]: part["scope"] for part in build()["components"]}
    assert (scopes["aiohttp"], scopes["multidict"], scopes["rich"]) == ("required",) * 3
    assert (scopes["python-docx"], scopes["hatchling"]) == ("optional",) * 2


def test_every_reference_between_parts_exists_once() -> None:
    bom = build()
    refs = [part["bom-ref"] for part in (bom["metadata"]["component"], *bom["components"])]
    assert len(refs) == len(set(refs))
    assert [entry["ref"] for entry in bom["dependencies"]] == refs
    assert {ref for entry in bom["dependencies"] for ref in entry["dependsOn"]} <= set(refs)


def test_equal_inputs_give_equal_files_and_another_version_another_number() -> None:
    assert build() == build()
    assert build()["serialNumber"] != build_bom(PACKAGES, "1.2.4", DIRECT)["serialNumber"]


def test_several_lock_files_give_each_package_once() -> None:
    texts = [LOCK.read_text(), (ROOT / "requirements-workspaces.lock").read_text()]
    refs = [part["bom-ref"] for part in build_bom(join_locks(texts), "1.2.3", DIRECT)["components"]]
    assert len(refs) == len(set(refs))
    assert {"cryptography", "aiohttp", "python-docx"} <= {package.name for package in join_locks(texts)}


def test_command_writes_a_file_that_is_valid_cyclonedx(tmp_path: Path) -> None:
    assert main(["--output", str(tmp_path), "--project", str(ROOT / "pyproject.toml"), str(LOCK)]) == 0
    (path,) = tmp_path.glob("*.cdx.json")
    text = path.read_text(encoding="utf-8")
    assert json.loads(text)["bomFormat"] == "CycloneDX"
    validation = pytest.importorskip(
        "cyclonedx.validation.json", reason="cyclonedx-python-lib is not installed: make audit installs it"
    )
    schema = pytest.importorskip("cyclonedx.schema")
    assert validation.JsonStrictValidator(schema.SchemaVersion.V1_6).validate_str(text) is None


def test_marker_of_a_package_is_read() -> None:
    text = "a-b==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "0" * 64 + "\nc==2\n"
    assert list(read_packages(text)) == [
        LockedPackage("a-b", "1.0", ("0" * 64,), "sys_platform == 'win32'"),
        LockedPackage("c", "2", ()),
    ]
