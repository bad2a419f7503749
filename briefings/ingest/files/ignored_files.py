"""Tell which files of a folder or archive are not sources: files of the system, lock files, parts of saved pages.

Rule: only what no person would add is ignored without a word. Any other file is read, or refused by name.
"""

from collections.abc import Iterable, Set
from pathlib import PurePosixPath

from briefings.ingest.formats.file_type import strip_compression_suffix

_SYSTEM_NAMES = frozenset(
    {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "__pycache__", "__init__.py"}
)
#: settings of this program, which may lie beside articles
_SETTINGS_NAMES = frozenset({"sources.toml", "topics.toml", "feeds.toml"})
#: lock files of Office and LibreOffice; names that begin with a dot are hidden anyway
_LOCK_PREFIXES = ("~$", "._")
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml")
#: ends of the name of the folder that browsers save beside a page, in the languages of Windows
_COMPANION_ENDINGS = (
    "_files",
    ".files",
    "_file",
    "-dateien",
    "_fichiers",
    "_archivos",
    "_arquivos",
    "_ficheiros",
    "_bestanden",
    "-filer",
    "_tiedostot",
    "_pliki",
    "_soubory",
    "_elemei",
    "_dosyalar",
    "_datoteke",
    "_fitxers",
    "_failid",
    "_bylos",
    "_fajlovi",
)
#: suffixes of files that are read in such a folder: documents that a person put there, not parts of the page
_DOCUMENT_SUFFIXES = frozenset(
    {".pdf", ".doc", ".docx", ".rtf", ".odt", ".eml", ".mbox", ".epub", ".csv", ".xls", ".xlsx", ".zip", ".warc"}
)
#: suffixes of texts that are not articles, and what to say of them
_OTHER_TEXTS = (
    (
        frozenset({".css", ".less", ".scss", ".js", ".mjs", ".ts", ".py", ".r", ".sh", ".bat", ".ps1", ".php", ".sql"}),
        "is part of a program or a web page, not an article. Remove it, or save its text as .txt.",
    ),
    (
        frozenset({".toml", ".yaml", ".yml", ".ini", ".cfg", ".conf", ".log", ".lock", ".svg", ".map", ".license"}),
        "holds settings or data, not an article. Remove it, or save its text as .txt.",
    ),
    (
        frozenset({".url", ".webloc", ".desktop", ".website"}),
        "is a shortcut to a page, not the page. Add the address itself: ontherecord add https://...",
    ),
    (
        frozenset({".ics", ".vcf", ".ris", ".bib", ".enw"}),
        "holds dates, contacts or references, not an article. Remove it from the folder.",
    ),
)
#: suffixes of files that a browser is still downloading
_UNFINISHED_SUFFIXES = frozenset({".crdownload", ".part", ".partial", ".opdownload"})


def is_ignored_name(name: str) -> bool:
    """Tell whether a file or folder is hidden, or belongs to the system or to a program that has a document open."""
    return name.startswith((".", *_LOCK_PREFIXES)) or name.lower() in _SYSTEM_NAMES


def is_settings_file(name: str) -> bool:
    """Tell whether a file has settings of this program."""
    return name in _SETTINGS_NAMES


def is_readme(name: str) -> bool:
    """Tell whether a file describes its folder ("README.md")."""
    return name.lower().partition(".")[0] == "readme"


def find_page_stems(names: Iterable[str]) -> frozenset[str]:
    """Return the names of the web pages among the files of a folder, without suffixes and in lower case."""
    lower_names = (name.lower() for name in names)
    return frozenset(name.rpartition(".")[0] for name in lower_names if name.endswith(_PAGE_SUFFIXES))


def is_companion_folder(name: str, page_stems: Set[str]) -> bool:
    """Tell whether a folder holds the images, styles and scripts of a saved page beside it."""
    lower_name = name.lower()
    return any(
        lower_name.endswith(ending) and lower_name.removesuffix(ending) in page_stems for ending in _COMPANION_ENDINGS
    )


def is_page_part(name: str) -> bool:
    """Tell whether a file in the folder of a saved page is a part of the page, and not a document."""
    return PurePosixPath(name).suffix.lower() not in _DOCUMENT_SUFFIXES


def is_unfinished(name: str) -> bool:
    """Tell whether a file is a download that has not finished, by its suffix."""
    return PurePosixPath(name).suffix.lower() in _UNFINISHED_SUFFIXES


def explain_other_text(name: str) -> str | None:
    """Return why a text file is not an article, by its suffix, as the rest of a sentence; None if it may be one."""
    suffix = PurePosixPath(strip_compression_suffix(name)).suffix.lower()
    return next((reason for suffixes, reason in _OTHER_TEXTS if suffix in suffixes), None)
