"""The built site for tests: built once for all test processes."""

import fcntl
import importlib.util
import os
from pathlib import Path

import pytest

from docsite.builder import REQUIRED, build_site


def get_site(base: Path) -> Path:
    """Return the folder of the built site below `base`, which all test processes share.

    Without the programs that build it, skip, or fail when REQUIRE_ALL=1.
    """
    missing = [module for module in REQUIRED if importlib.util.find_spec(module) is None]
    if missing:
        reason = f"no {', '.join(missing)}: `make docs` installs what builds the site"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    site, ready = base / "site", base / "site.ready"
    with (base / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            build_site(site)
            ready.touch()
    return site


def get_shared_base(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the test processes of one run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
