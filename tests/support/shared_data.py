"""Where the shared data is: next to the project. It may be missing. Tests that need it skip with the reason."""

from pathlib import Path

from tests.language.tree import PROJECT_ROOT

SHARED = PROJECT_ROOT.parent / "shared"
CASE_FILES: Path = SHARED / "cases" / "formats" / "files"
