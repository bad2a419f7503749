"""Find the files of the project that a check reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: the folder that holds README.md
PROJECT_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Tree:
    """The project below `root`; with `folders`, only the files in these files and folders of it."""

    root: Path = PROJECT_ROOT
    folders: tuple[Path, ...] = ()

    def find_files(self, patterns: Sequence[str]) -> list[Path]:
        """Return the files that match one of the glob patterns, in order."""
        files = {file for pattern in patterns for file in self.root.glob(pattern) if file.is_file()}
        return sorted(file for file in files if self._includes(file))

    def read(self, patterns: Sequence[str]) -> list[tuple[str, str]]:
        """Return the path below the root and the text of each file that matches."""
        return [
            (file.relative_to(self.root).as_posix(), file.read_text(encoding="utf-8"))
            for file in self.find_files(patterns)
        ]

    @property
    def is_whole(self) -> bool:
        """Whether no folder narrows the project."""
        return not self.folders

    def _includes(self, file: Path) -> bool:
        return self.is_whole or any(file.is_relative_to(folder) for folder in self.folders)
