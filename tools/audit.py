"""Look for known vulnerabilities in lock files: `python -m tools.audit [--advisories all.zip] requirements*.lock`.

pip-audit asks its service. With --advisories, a stored database is used instead: OSV's export of PyPI, at most 30 days
old. Exit status: 0 if every package was checked and has no known vulnerability, 1 if one has, and 3 if a package could
not be checked. It never prints that all is well for a package that it did not check.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tools.advisories import Advisory, UnusableDatabase, read_advisories
from tools.lock_file import join_packages

VULNERABLE, NOT_CHECKED = 1, 3
#: services of pip-audit, in the order in which they are asked
_SERVICES = ("pypi", "osv")
_MAX_AGE = timedelta(days=30)
_TIMEOUT_SECONDS = 300
_ADVICE = (
    "Run it where PyPI or osv.dev can be reached, or give OSV's export of PyPI (PyPI/all.zip in its storage): "
    "make audit ADVISORIES=all.zip"
)

Package = tuple[str, str]


@dataclass(slots=True)
class Audit:
    """What is known: ids of vulnerabilities by package, the packages that were not checked, and why."""

    vulnerabilities: dict[Package, list[str]] = field(default_factory=dict)
    unchecked: set[Package] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Return the exit status."""
        if self.vulnerabilities:
            return VULNERABLE
        return NOT_CHECKED if self.unchecked else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the lock files, print what is known, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.audit", description=__doc__)
    parser.add_argument("locks", type=Path, nargs="+", help="hashed lock files")
    parser.add_argument("--advisories", type=Path, help="OSV's export of PyPI: all.zip, or a folder of its files")
    options = parser.parse_args(arguments)
    packages = join_packages({path.name: path.read_text(encoding="utf-8") for path in options.locks})
    audit = audit_offline(packages, options.advisories) if options.advisories else audit_online(packages)
    print(describe(audit, packages))
    return audit.status


def audit_online(packages: Iterable[Package]) -> Audit:
    """Ask the services of pip-audit until one has checked every package."""
    audit = Audit(unchecked=set(packages))
    for service in _SERVICES:
        for group in _group_by_version(sorted(audit.unchecked)):
            output, reason = _run_pip_audit(group, service)
            if reason:
                audit.reasons.append(f"{service}: {reason}")
                break
            read_report(output, audit)
        if not audit.unchecked:
            break
        audit.reasons.append(f"{service}: {len(audit.unchecked)} packages were not checked")
    return audit


def _group_by_version(packages: Sequence[Package]) -> list[list[Package]]:
    """Split packages so that each group has one version of each: pip-audit refuses two."""
    groups: list[dict[str, Package]] = []
    for package in packages:
        group = next((group for group in groups if package[0] not in group), None)
        if group is None:
            groups.append(group := {})
        group[package[0]] = package
    return [list(group.values()) for group in groups]


def audit_offline(packages: Iterable[Package], path: Path, now: datetime | None = None) -> Audit:
    """Compare the packages with a stored database."""
    audit = Audit()
    try:
        advisories = read_advisories(path)
    except UnusableDatabase as error:
        return Audit(unchecked=set(packages), reasons=[str(error)])
    newest = max(advisory.modified for advisory in advisories)
    if (now or datetime.now(UTC)) - newest > _MAX_AGE:
        audit.unchecked = set(packages)
        audit.reasons = [f"the newest advisory in {path} is of {newest:%d %B %Y}, more than {_MAX_AGE.days} days ago"]
    _compare(packages, advisories, audit)
    return audit


def _compare(packages: Iterable[Package], advisories: Iterable[Advisory], audit: Audit) -> None:
    by_name: dict[str, list[Advisory]] = {}
    for advisory in advisories:
        for name in advisory.affected:
            by_name.setdefault(name, []).append(advisory)
    for package in packages:
        ids = [advisory.id for advisory in by_name.get(package[0], ()) if advisory.affects(*package)]
        if ids:
            audit.vulnerabilities[package] = ids


def read_report(output: str, audit: Audit) -> None:
    """Add pip-audit's report in JSON: a package that it names without a reason to skip it was checked."""
    for entry in json.loads(output)["dependencies"]:
        package = (entry["name"].lower().replace("_", "-").replace(".", "-"), str(entry.get("version", "")))
        if "skip_reason" in entry or not isinstance(entry.get("vulns"), list):
            continue
        audit.unchecked.discard(package)
        if entry["vulns"]:
            audit.vulnerabilities[package] = [vulnerability["id"] for vulnerability in entry["vulns"]]


def _run_pip_audit(packages: Sequence[Package], service: str) -> tuple[str, str]:
    """Return the report of pip-audit, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        requirements.write_text("".join(f"{name}=={version}\n" for name, version in packages), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--progress-spinner", "off"]
        command += ["--format", "json", "--vulnerability-service", service, "--requirement", str(requirements)]
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
            json.loads(result.stdout)["dependencies"]
        except subprocess.TimeoutExpired:
            return "", f"no answer within {_TIMEOUT_SECONDS} seconds"
        except OSError as error:
            return "", f"pip-audit did not start: {error.strerror}"
        except (ValueError, KeyError, TypeError):
            lines = result.stderr.strip().splitlines() or ["no report"]
            return "", lines[-1][:200]
    return result.stdout, ""


def describe(audit: Audit, packages: Mapping[Package, Sequence[str]]) -> str:
    """Return the lines to print."""
    lines = [
        f"VULNERABLE {name} {version}: {', '.join(ids)} ({', '.join(packages.get((name, version), ()))})"
        for (name, version), ids in sorted(audit.vulnerabilities.items())
    ]
    checked = len(packages) - len(audit.unchecked)
    if audit.unchecked:
        lines += [
            f"NOT CHECKED: {len(audit.unchecked)} of {len(packages)} packages. {'; '.join(audit.reasons)}",
            _ADVICE,
        ]
    elif not audit.vulnerabilities:
        lines.append(f"{checked} packages were checked, and none has a known vulnerability.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
