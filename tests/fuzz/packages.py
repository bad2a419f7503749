"""Damage one part of a ZIP package (Word, EPUB, ODS) and pack it again, so that the damage reaches its parser."""

import io
import zipfile
from random import Random

from briefings.ingest.formats.zip_type import ZIP_ERRORS
from tests.fuzz.mutator import mutate

#: largest part that is damaged, in bytes
_MAX_PART = 1_000_000


def is_package(data: bytes) -> bool:
    """Tell whether the data starts like a ZIP file."""
    return data.startswith(b"PK\x03\x04")


def mutate_package(data: bytes, random: Random) -> bytes:
    """Return a package with one damaged part; a package that cannot be read is damaged as bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if any(info.file_size > _MAX_PART for info in package.infolist()):
                return mutate(data, random)
            parts = [(info.filename, package.read(info)) for info in package.infolist()]
    except ZIP_ERRORS:
        return mutate(data, random)
    if not parts:
        return mutate(data, random)
    chosen, file = random.randrange(len(parts)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (name, content) in enumerate(parts):
            info = zipfile.ZipInfo(name)  # without the time of day, so that equal seeds give equal packages
            package.writestr(info, mutate(content, random) if number == chosen else content)
    return file.getvalue()
