"""Without a package of an extra, everything else works, and what needs it says in one sentence what to install."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.fuzz.samples import write_samples

ROOT = Path(__file__).parents[2]
#: packages of the extras, by the name of their module
EXTRA_MODULES = (
    "dask",
    "distributed",
    "docx",
    "fsspec",
    "psycopg",
    "pyarrow",
    "pypdfium2",
    "python_calamine",
    "zstandard",
)
POSTGRESQL = {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:9/none"}


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    status: int
    out: str
    err: str


class Shell:
    """Runs commands in a folder with sample files, where some modules cannot be imported."""

    def __init__(self, folder: Path, samples: Path) -> None:
        self._folder, self._samples = folder, samples

    def run(self, *arguments: str, hidden: tuple[str, ...], settings: dict[str, str] | None = None) -> Result:
        fake_modules = self._folder / "hidden"
        fake_modules.mkdir()
        for module in hidden:
            (fake_modules / f"{module}.py").write_text(f"raise ModuleNotFoundError('hidden', name={module!r})\n")
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{fake_modules}{os.pathsep}{ROOT}",
            "DATABASE_URL": f"sqlite:///{self._folder}/record.db",
            **(settings or {}),
        }
        script = "import sys; from bot.cli import main; sys.exit(main())"
        result = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=self._samples,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Result(result.returncode, result.stdout, result.stderr)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


@pytest.fixture
def shell(tmp_path: Path, samples: Path) -> Shell:
    return Shell(tmp_path, samples)


@pytest.mark.parametrize(
    ("module", "arguments", "sentence", "extra"),
    [
        ("pypdfium2", ("add", "report.pdf"), "report.pdf: PDF files", "documents"),
        ("python_calamine", ("add", "sheet.xlsx"), "sheet.xlsx: Excel files", "documents"),
        ("python_calamine", ("add", "sheet.ods"), "sheet.ods: Excel files", "documents"),
        (
            "docx",
            ("export", "whosaid", "harbour", "--from", "text.txt", "--output", "new.docx"),
            "Word files",
            "documents",
        ),
        ("zstandard", ("add", "lines.jsonl.zst"), "lines.jsonl.zst: Files compressed with zstd", "archives"),
        ("pyarrow", ("add", "rows.parquet"), "rows.parquet: Parquet files", "archives"),
        ("dask", ("backfill", "lines.jsonl", "--workers", "1"), "Backfills", "cluster"),
        ("distributed", ("backfill", "lines.jsonl", "--workers", "1"), "Backfills", "cluster"),
        ("fsspec", ("backfill", "lines.jsonl", "--workers", "1"), "Archives", "cluster"),
    ],
)
def test_command_that_needs_a_missing_package_names_the_extra(
    shell: Shell, module: str, arguments: tuple[str, ...], sentence: str, extra: str
) -> None:
    result = shell.run(*arguments, hidden=(module,))
    said = f'{sentence} need one more package. Install it with: pip install "on-the-record[{extra}]"'
    assert said in " ".join((result.out + result.err).split())
    assert result.status == 1
    assert "Traceback" not in result.err


def test_postgresql_address_without_its_driver_names_the_extra(shell: Shell) -> None:
    result = shell.run("topics", hidden=("psycopg",), settings=POSTGRESQL)
    said = 'PostgreSQL databases need one more package. Install it with: pip install "on-the-record[postgres]"'
    assert (result.status, result.err) == (1, f"ontherecord: {said}\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("demo",), "Labour's leadership crisis"),
        (("whosaid", "harbour", "--from", "lines.jsonl"), "harbour"),
        (("add", "report.docx", "page.html", "mail.eml", "lines.jsonl.gz", "crawl.warc"), "articles added"),
        (("export", "briefing", "*", "--from", "text.txt", "--format", "md"), "# "),
        (("doctor",), "database"),
        (("manifest",), "slash_commands"),
    ],
)
def test_everything_else_works_without_any_extra(shell: Shell, arguments: tuple[str, ...], expected: str) -> None:
    result = shell.run(*arguments, hidden=EXTRA_MODULES)
    assert "Traceback" not in result.err
    assert expected in result.out, result.err


#: imports every module of the product where only some packages can be found; prints those that fail
IMPORT_ALL = """
import importlib, pkgutil, sys

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"{name} is hidden", name=name)

HIDDEN = set(sys.argv[1:])
sys.meta_path.insert(0, Hide())
for package in ("briefings", "bot"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if ".migrations." not in module.name:
            try:
                importlib.import_module(module.name)
            except ImportError as error:
                print(module.name, error.name)
"""
#: what is imported only where its absence is explained, and the package that it needs
OPTIONAL_PARTS = {
    "briefings.exports.word_document docx",
    "briefings.ingest.documents.pdf pypdfium2",
    "briefings.ingest.documents.spreadsheet python_calamine",
}


def list_required_packages() -> set[str]:
    """Return the packages that an installation without extras has: the dependencies of the project, and theirs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    open_requirements = [(Requirement(line), frozenset[str]()) for line in project["dependencies"]]
    seen = set[tuple[str, frozenset[str]]]()
    while open_requirements:
        requirement, extras = open_requirements.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        is_needed = requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        )
        if is_needed and key not in seen:
            seen.add(key)
            open_requirements += [(Requirement(line), key[1]) for line in importlib.metadata.requires(key[0]) or ()]
    return {name for name, _ in seen}


def test_every_module_is_imported_with_the_declared_dependencies_alone(tmp_path: Path) -> None:
    """A package that only the tests install must not be needed: the wheel and `make run` do not have it."""
    required_packages = list_required_packages()
    hidden = [
        module
        for module, packages in importlib.metadata.packages_distributions().items()
        if required_packages.isdisjoint(map(canonicalize_name, packages))
        and module not in {"bot", "briefings", "seeds"}
    ]
    assert {"docx", "pytest", "zstandard"} <= set(hidden)
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *hidden],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    assert set(re.sub(r"\.pdf\.\w+", ".pdf", result.stdout).splitlines()) == OPTIONAL_PARTS
