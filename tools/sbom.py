"""Write what the program is made of, in CycloneDX JSON: `python -m tools.sbom --output dist requirements.lock`.

Several lock files give one list of all their packages, each once. Names, versions and hashes are those of
the lock files. Licences and dependencies are what the installed packages state. Equal inputs give equal files: there
is no time and no random number in it.
"""

import argparse
import json
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from briefings.distribution import __version__
from tools.lock_file import LockedPackage, read_packages

PROJECT = "on-the-record"
_SPEC_VERSION = "1.6"
_SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
_NAMESPACE = uuid.UUID("7d3b3f5c-54b5-5a3e-9a7c-6f0f6f5d7c01")
_LICENCE_PREFIX = "License :: OSI Approved :: "
_MAX_LICENCE = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.sbom", description=__doc__)
    parser.add_argument("locks", type=Path, nargs="+", help="hashed lock files of what the program needs")
    parser.add_argument("--output", type=Path, default=Path(), help="folder for the file")
    parser.add_argument("--project", type=Path, default=Path("pyproject.toml"), help="pyproject.toml of the program")
    options = parser.parse_args(arguments)
    project = tomllib.loads(options.project.read_text(encoding="utf-8"))["project"]
    packages = join_locks(path.read_text(encoding="utf-8") for path in options.locks)
    bom = build_bom(packages, __version__, project["dependencies"])
    path = options.output / f"on_the_record-{__version__}.cdx.json"
    path.write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path}: {len(bom['components'])} components")
    return 0


def join_locks(texts: Iterable[str]) -> list[LockedPackage]:
    """Return the packages of lock files, each once, sorted by name and version."""
    packages = {(package.name, package.version): package for text in texts for package in read_packages(text)}
    return [package for _, package in sorted(packages.items())]


def build_bom(packages: Sequence[LockedPackage], version: str, requirements: Sequence[str]) -> dict[str, Any]:
    """Build the bill of materials of the program, which has `requirements`, and the packages of its lock file."""
    refs = {package.name: _build_purl(package) for package in packages}
    root = f"pkg:pypi/{PROJECT}@{version}"
    direct = set(_parse_names(requirements, with_extras=False)) & refs.keys()
    required = _find_required(direct, refs)
    bom: dict[str, Any] = {
        "$schema": _SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": _SPEC_VERSION,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": PROJECT,
                "version": version,
                "purl": root,
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": [_build_component(package, package.name in required) for package in packages],
        "dependencies": [
            {"ref": root, "dependsOn": sorted(refs[name] for name in direct)},
            *(
                {
                    "ref": _build_purl(package),
                    "dependsOn": sorted({refs[name] for name in _list_dependencies(package.name, refs)}),
                }
                for package in packages
            ),
        ],
    }
    bom["serialNumber"] = f"urn:uuid:{uuid.uuid5(_NAMESPACE, json.dumps(bom, sort_keys=True))}"
    return bom


def _build_component(package: LockedPackage, is_required: bool) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _build_purl(package),
        "name": package.name,
        "version": package.version,
        "scope": "required" if is_required else "optional",
        "purl": _build_purl(package),
    }
    if licence := _find_licence(package):
        component["licenses"] = [licence]
    if package.marker:
        component["properties"] = [{"name": "ontherecord:marker", "value": package.marker}]
    component["hashes"] = [{"alg": "SHA-256", "content": file_hash} for file_hash in package.hashes]
    # a package has a file for each system, so each file is a reference with its own hash
    component["externalReferences"] = [
        {
            "type": "distribution",
            "url": f"https://pypi.org/project/{package.name}/{package.version}/#files",
            "hashes": [{"alg": "SHA-256", "content": file_hash}],
        }
        for file_hash in package.hashes
    ]
    return component


def _build_purl(package: LockedPackage) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def _find_licence(package: LockedPackage) -> dict[str, Any] | None:
    """Return the licence that the installed package states: an SPDX expression, or a name."""
    try:
        fields = metadata.metadata(package.name)
    except metadata.PackageNotFoundError:
        return None
    if expressions := fields.get_all("License-Expression"):
        return {"expression": expressions[0]}
    classifiers = [
        line.removeprefix(_LICENCE_PREFIX)
        for line in fields.get_all("Classifier") or ()
        if line.startswith(_LICENCE_PREFIX)
    ]
    name = ", ".join(classifiers) or "".join(fields.get_all("License") or ()).strip().split("\n")[0][:_MAX_LICENCE]
    return {"license": {"name": name}} if name and name != "UNKNOWN" else None


def _find_required(direct: set[str], refs: Mapping[str, str]) -> set[str]:
    """Return the packages that the program always needs: its dependencies without extras, and theirs."""
    required, waiting = set(direct), list(direct)
    while waiting:
        for name in _list_dependencies(waiting.pop(), refs, with_extras=False):
            if name not in required:
                required.add(name)
                waiting.append(name)
    return required


def _list_dependencies(name: str, refs: Mapping[str, str], *, with_extras: bool = True) -> set[str]:
    """Return the packages of the lock file that an installed package states as its dependencies."""
    try:
        requirements = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return set()
    return {dependency for dependency in _parse_names(requirements, with_extras=with_extras) if dependency in refs}


def _parse_names(requirements: Sequence[str], *, with_extras: bool) -> Iterator[str]:
    for text in requirements:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if with_extras or requirement.marker is None or "extra" not in str(requirement.marker):
            yield canonicalize_name(requirement.name)


if __name__ == "__main__":
    sys.exit(main())
