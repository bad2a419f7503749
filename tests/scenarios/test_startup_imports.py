"""A command imports only what it needs: the guard is the list of modules, because a time depends on the machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: never needed by a question in a terminal
SERVER = ("aiohttp", "slack_bolt", "slack_sdk", "jinja2", "prometheus_client", "jwt", "aiosmtplib", "structlog")
READERS = ("trafilatura", "courlan", "lxml", "babel", "feedparser", "warcio", "zstandard", "pyarrow", "pypdfium2")
WRITERS = ("docx", "tqdm")
DATABASES = ("alembic", "mako", "psycopg", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.oracle")
MODELS = ("briefings.attribution.attributions", "briefings.stories.summarizer", "briefings.updates.updates")
#: modules with many patterns, which only articles need
FILES = ("briefings.ingest.publication_days", "briefings.ingest.addresses", "briefings.ingest.text_header.header")
SLOW = (*SERVER, *READERS, *WRITERS, *DATABASES)
SCRIPT = """
import sys
from bot.cli import main
try:
    main()
except SystemExit:
    pass
sys.stderr.write("\\n".join(sys.modules))
"""


def list_modules(folder: Path, *arguments: str) -> set[str]:
    """Run a command and return the names of the modules that it imported, with those of their packages."""
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert result.stdout
    return set(result.stderr.split("\n"))


@pytest.fixture(scope="module")
def set_up_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database of an earlier demo."""
    folder = tmp_path_factory.mktemp("set-up")
    list_modules(folder, "demo")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("briefing", "labour-crisis"),
        ("briefing", "labour-crisis", "--json"),
        ("whosaid", "lynch-mob"),
        ("whosaid", "--by", "McDonnell"),
        ("topics",),
        ("people",),
    ],
)
def test_question_imports_no_server_reader_migration_or_model(set_up_folder: Path, arguments: tuple[str, ...]) -> None:
    modules = list_modules(set_up_folder, *arguments)
    assert sorted(modules.intersection(SLOW + MODELS + FILES)) == []


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_command_searches_for_cycles_rarely_and_has_one_matrix_thread_unless_told(
    set_up_folder: Path, given: dict[str, str], threads: str
) -> None:
    """Both cost a fifth of the time to an answer, as hundreds of searches and as a thread that waits."""
    script = (
        "import gc, os, sys; from bot.cli import main; main(['topics']); "
        "print(os.environ['OPENBLAS_NUM_THREADS'], gc.get_stats()[0]['collections'] < 40)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=set_up_folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | given,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert result.stdout.split("\n")[-2] == f"{threads} True"


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("whosaid", "--help"), ("serve", "--help")])
def test_help_imports_no_package_of_others(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    modules = list_modules(tmp_path, *arguments)
    assert sorted(modules.intersection((*SLOW, "numpy", "sqlalchemy", "rapidfuzz", "dotenv", "asyncio"))) == []


def test_first_demo_creates_its_database_without_the_packages_that_migrate_or_serve(tmp_path: Path) -> None:
    modules = list_modules(tmp_path, "demo")
    assert (tmp_path / "var" / "ontherecord.db").exists()
    assert sorted(modules.intersection((*SERVER, *DATABASES, "trafilatura", "courlan", "babel", "docx"))) == []


@pytest.mark.parametrize("package", ["briefings", "briefings.ingest", "briefings.compose", "bot.cli"])
def test_importing_a_package_imports_no_package_of_others(tmp_path: Path, package: str) -> None:
    script = f"import sys, {package}; print('\\n'.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(set(result.stdout.split()).intersection((*SLOW, "numpy", "sqlalchemy"))) == []
