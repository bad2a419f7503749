"""The audit of the lock files says "none" only for packages that were checked."""

import json
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tools import audit
from tools.audit import NOT_CHECKED, VULNERABLE, Audit, audit_offline, audit_online, describe, main

NOW = datetime(2026, 11, 30, tzinfo=UTC)
PACKAGES = {("left-pad", "1.4"): ["requirements.lock"], ("other", "2.0"): ["requirements.lock"]}


def write_advisory(folder: Path, affected: Any = None, **fields: Any) -> Path:
    folder.mkdir(exist_ok=True)
    entry = {"package": {"ecosystem": "PyPI", "name": "Left_Pad"}, "ranges": [make_range(introduced="0", fixed="1.5")]}
    advisory = {"id": "OSV-1", "modified": "2026-11-20T00:00:00Z", "affected": [affected or entry], **fields}
    (folder / f"{advisory['id']}.json").write_text(json.dumps(advisory))
    return folder


def make_range(**events: str) -> dict[str, Any]:
    return {"type": "ECOSYSTEM", "events": [{kind: version} for kind, version in events.items()]}


def affect(*ranges: dict[str, Any], versions: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"package": {"ecosystem": "PyPI", "name": "left-pad"}, "ranges": list(ranges), "versions": list(versions)}


@pytest.mark.parametrize(
    ("affected", "is_vulnerable"),
    [
        (affect(make_range(introduced="0", fixed="1.5")), True),
        (affect(make_range(introduced="0", fixed="1.4")), False),
        (affect(make_range(introduced="1.4")), True),
        (affect(make_range(introduced="1.5")), False),
        (affect(make_range(introduced="0", last_affected="1.4")), True),
        (affect(make_range(introduced="0", last_affected="1.3")), False),
        (affect(make_range(introduced="0", fixed="1.1"), make_range(introduced="1.3", fixed="1.9")), True),
        (affect(make_range(introduced="1.10")), False),
        (affect(make_range(introduced="not a version")), True),
        (affect(versions=("1.3", "1.4")), True),
        (affect(versions=("1.3",)), False),
        ({"package": {"ecosystem": "npm", "name": "left-pad"}, "versions": ["1.4"]}, False),
    ],
)
def test_stored_advisory_is_compared_by_version(tmp_path: Path, affected: dict[str, Any], is_vulnerable: bool) -> None:
    write_advisory(tmp_path / "db", id="OSV-2", affected=affect(versions=("0.1",)))
    result = audit_offline(PACKAGES, write_advisory(tmp_path / "db", affected), NOW)
    assert result.status == (VULNERABLE if is_vulnerable else 0)
    assert ("VULNERABLE left-pad 1.4: OSV-1" in describe(result, PACKAGES)) == is_vulnerable


def test_withdrawn_advisory_does_not_count(tmp_path: Path) -> None:
    write_advisory(tmp_path / "db", id="OSV-2", affected=affect(versions=("0.1",)))
    assert audit_offline(PACKAGES, write_advisory(tmp_path / "db", withdrawn="2026-01-01T00:00:00Z"), NOW).status == 0


def test_zip_of_advisories_is_read(tmp_path: Path) -> None:
    write_advisory(tmp_path / "db")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as package:
        package.write(tmp_path / "db" / "OSV-1.json", "OSV-1.json")
    assert audit_offline(PACKAGES, tmp_path / "all.zip", NOW).status == VULNERABLE


def test_old_database_is_not_a_check(tmp_path: Path) -> None:
    folder = write_advisory(tmp_path / "db", affect(versions=("0.1",)), modified="2026-09-01T00:00:00Z")
    result = audit_offline(PACKAGES, folder, NOW)
    assert result.status == NOT_CHECKED
    assert "NOT CHECKED: 2 of 2 packages" in describe(result, PACKAGES)
    assert "1 September 2026" in describe(result, PACKAGES).replace("01 ", "1 ")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"{}"])
def test_unusable_database_is_not_a_check(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "all.zip").write_bytes(content)
    assert audit_offline(PACKAGES, tmp_path / "all.zip", NOW).status == NOT_CHECKED
    assert audit_offline(PACKAGES, tmp_path / "missing.zip", NOW).status == NOT_CHECKED
    (tmp_path / "empty").mkdir()
    assert audit_offline(PACKAGES, tmp_path / "empty", NOW).status == NOT_CHECKED


def report(*entries: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(entries)})


@pytest.mark.parametrize(
    ("stdout", "status"),
    [
        (
            report(
                {"name": "left-pad", "version": "1.4", "vulns": []}, {"name": "Other", "version": "2.0", "vulns": []}
            ),
            0,
        ),
        (report({"name": "left-pad", "version": "1.4", "vulns": []}), NOT_CHECKED),
        (report({"name": "left-pad", "skip_reason": "not on PyPI"}), NOT_CHECKED),
        (report({"name": "left-pad", "version": "1.4", "vulns": [{"id": "CVE-1"}]}), VULNERABLE),
        ("", NOT_CHECKED),
        ("Traceback", NOT_CHECKED),
        ("[]", NOT_CHECKED),
    ],
)
def test_report_counts_only_for_packages_that_it_names(
    monkeypatch: pytest.MonkeyPatch, stdout: str, status: int
) -> None:
    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 0, stdout, "cannot reach the service")

    monkeypatch.setattr(audit.subprocess, "run", run)
    result = audit_online(PACKAGES)
    assert result.status == status
    assert ("none has a known vulnerability" in describe(result, PACKAGES)) == (status == 0)


def test_two_versions_of_a_package_are_checked_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock file has two versions of a package for different versions of Python; pip-audit refuses both at once."""
    calls: list[str] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        lines = Path(command[-1]).read_text().splitlines()
        calls.append(" ".join(lines))
        entries = [dict(zip(("name", "version"), line.split("=="), strict=True), vulns=[]) for line in lines]
        return subprocess.CompletedProcess([], 0, report(*entries), "")

    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit_online([("a", "1"), ("b", "1"), ("a", "2")]).status == 0
    assert calls == ["a==1 b==1", "a==2"]


def test_command_without_pip_audit_and_database_says_so_with_status_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit.sys, "executable", str(tmp_path / "no-python"))
    (tmp_path / "a.lock").write_text("left-pad==1.4\n")
    assert main([str(tmp_path / "a.lock")]) == NOT_CHECKED
    output = capsys.readouterr().out
    assert output.startswith("NOT CHECKED: 1 of 1 packages.")
    assert "make audit ADVISORIES=all.zip" in output


def test_vulnerability_outweighs_what_was_not_checked() -> None:
    assert Audit({("a", "1"): ["CVE-1"]}, {("b", "2")}).status == VULNERABLE
