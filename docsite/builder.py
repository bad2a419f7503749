"""Builds the site: prepares the pages, runs MkDocs with every warning as an error, and adds the content policy."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from docsite.content_policy import add_policy
from docsite.pages import ROOT, prepare_pages

#: modules that the extra `docs` installs
REQUIRED = ("mkdocs", "material", "mkdocstrings")
#: the theme announces its end of life in every build; decision 54 says what we do about it
_ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1"}


class BuildFailed(Exception):
    """The site could not be built; the text says why."""


def build_site(folder: Path) -> int:
    """Build the site into `folder`, which is replaced, and return the number of its pages. Raises BuildFailed."""
    missing = [module for module in REQUIRED if importlib.util.find_spec(module) is None]
    if missing:
        raise BuildFailed(f"Can't build the site without {', '.join(missing)}: install the extra docs.")
    with TemporaryDirectory() as pages:
        try:
            prepare_pages(Path(pages))
        except ValueError as error:
            raise BuildFailed(str(error)) from error
        _run_mkdocs(Path(pages), folder.resolve())
    files = sorted(folder.rglob("*.html"))
    for file in files:
        file.write_text(add_policy(file.read_text(encoding="utf-8")), encoding="utf-8")
    return len(files)


def _run_mkdocs(pages: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "--site-dir", str(folder)]
    environment = os.environ | _ENVIRONMENT | {"SITE_PAGES": str(pages)}
    ran = subprocess.run(  # noqa: S603  # our own command
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    problems = [line for line in (ran.stdout + ran.stderr).splitlines() if not line.startswith("INFO")]
    if ran.returncode or problems:
        raise BuildFailed("\n".join(["MkDocs reports:", *problems]).strip())
