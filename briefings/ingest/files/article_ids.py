"""Derive the ids of articles from the names of their files.

Rule: the id is the path without its suffixes. If a file before it in name order has this id, the id is the whole path:
`a.docx` gets "a" and `a.pdf` beside it gets "a.pdf". So the first keeps its id when others are added after it.
"""

import re
from pathlib import PurePosixPath

from briefings.ingest.formats.file_type import strip_compression_suffix
from briefings.ingest.text_file import make_label

_SUFFIX = re.compile(r"(?<=.)\.[a-z][a-z0-9~]{0,9}$", re.IGNORECASE)


def derive_article_id(path: str) -> str:
    """Return a path without its suffixes ("june/lead.html.gz" becomes "june/lead"), printable on one line."""
    parent, slash, name = make_label(path).rpartition("/")
    return parent + slash + (_SUFFIX.sub("", strip_compression_suffix(name)) or name)


class ArticleIds:
    """Ids of the files of one folder or archive; each file gets a different one."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def allocate(self, path: str) -> str:
        """Return the id of the next file in name order; `path` is relative to the folder or archive."""
        article_id, label, number = derive_article_id(path), make_label(path), 1
        while article_id in self._ids:
            article_id = label if number == 1 else f"{label} ({number})"
            number += 1
        self._ids.add(article_id)
        return article_id


def clean_path(path: str) -> str:
    """Return the path of a file in an archive as a label: relative, without "..", printable on one line."""
    parts = (part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in {"/", "..", "."})
    return make_label("/".join(part for part in parts if not re.fullmatch(r"[A-Za-z]:|/+", part)))
