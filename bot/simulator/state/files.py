"""Files and canvases of the local workspace, in memory: the newest ones, up to a total size."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace

#: most files kept, and most bytes of one
_MAX_FILES, MAX_FILE_BYTES = 50, 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file or a canvas. `content` is empty (None) until its upload."""

    id: str
    name: str
    title: str
    content: bytes | None = None
    is_canvas: bool = False


@dataclass(slots=True)
class FileStore:
    """The files by id; the oldest ones are dropped."""

    _files: OrderedDict[str, StoredFile] = field(default_factory=OrderedDict)

    def add(self, file: StoredFile) -> StoredFile:
        """Add a file."""
        self._files[file.id] = file
        while len(self._files) > _MAX_FILES:
            self._files.popitem(last=False)
        return file

    def find(self, file_id: str) -> StoredFile | None:
        """Return the file with this id, or None."""
        return self._files.get(file_id)

    def remove(self, file_id: str) -> None:
        """Remove a file, if it exists."""
        self._files.pop(file_id, None)

    def upload(self, file_id: str, content: bytes) -> bool:
        """Store the content of a file whose upload has begun, and return whether there is one."""
        file = self._files.get(file_id)
        if file is None or file.content is not None or len(content) > MAX_FILE_BYTES:
            return False
        self._files[file_id] = replace(file, content=content)
        return True
