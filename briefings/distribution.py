"""The version of the product, and its extras: packages that only some installations need."""

import sys
from enum import StrEnum
from pathlib import Path

#: read by the build, the command line and the fetcher
__version__ = "0.1.0"


class Extra(StrEnum):
    """An extra, as it is named in `pip install "on-the-record[documents]"`."""

    ARCHIVES = "archives"
    CLUSTER = "cluster"
    DOCUMENTS = "documents"
    POSTGRES = "postgres"
    WORKSPACES = "workspaces"


def explain_missing(need: str, extra: Extra) -> str:
    """Return what to install. `need` is what cannot be done without it, in the plural: "PDF files".

    The quotation marks of the command are those that every shell knows; Windows does not know single ones.
    """
    return f'{need} need one more package. Install it with: {_get_installer()} "on-the-record[{extra}]"'


def _get_installer() -> str:
    """Return the command that adds packages to this environment. One of pipx has no `pip` that people can run."""
    is_made_by_pipx = Path(sys.prefix, "pipx_metadata.json").is_file()
    return "pipx inject on-the-record" if is_made_by_pipx else "pip install"
