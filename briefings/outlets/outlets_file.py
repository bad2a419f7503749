"""Read lists of outlets: the shipped one and the team's file (OUTLETS).

One outlet a line: its names, a colon, its domains. "The Tribune; Tribune Online: tribune.example, tribune.co.example"
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from briefings.errors import BadInput
from briefings.outlets.hosts import is_shared, read_host
from briefings.outlets.names import make_name_key, tidy_name
from briefings.outlets.registry import Outlet

_MAX_FILE_BYTES, _MAX_NAME_LENGTH = 2_000_000, 100
_EXAMPLE = "The Tribune: tribune.example"


def make_list_fingerprint(outlets: Iterable[Outlet]) -> str:
    """Return a text that differs if the shipped list or the other outlets differ. Does not parse the shipped list."""
    return sha256(_read_known_list().encode() + repr(tuple(outlets)).encode()).hexdigest()


@cache
def load_known_outlets() -> tuple[Outlet, ...]:
    """Return the outlets of the shipped list."""
    return tuple(_parse(_read_known_list().splitlines(), "known_outlets.txt", is_checked=True))


def read_outlets(path: Path) -> tuple[Outlet, ...]:
    """Return the outlets of the team's file. Raises BadInput, with the file's name and the line."""
    try:
        content = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise BadInput(f"{path}: it can't be read. Check its permissions.") from error
    if content is None:
        raise BadInput(f"{path}: the file was not found. Check OUTLETS.")
    if len(content) > _MAX_FILE_BYTES:
        raise BadInput(f"{path}: it is larger than {_MAX_FILE_BYTES // 1_000_000} MB. Split it or remove outlets.")
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: it isn't UTF-8 text. Save it as UTF-8.") from error
    return tuple(_parse(lines, str(path)))


def parse_name(name: str) -> str:
    """Return the tidied name of an outlet. Raises BadInput."""
    tidy = tidy_name(name)
    if tidy is None or not make_name_key(tidy) or len(tidy) > _MAX_NAME_LENGTH or set(tidy) & set(":;"):
        raise BadInput(f"“{_shorten(name)}” can't be an outlet's name. Use, for example, The Tribune.")
    return tidy


def parse_host(text: str) -> str:
    """Return the domain in a text, without "www.". Raises BadInput for anything that can't belong to one outlet."""
    host = read_host(text)
    if host is None or ("." not in host and ":" not in host):
        raise BadInput(f"“{_shorten(text)}” isn't a domain. Use, for example, tribune.example.")
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    if is_shared(host):
        raise BadInput(f"Many people publish on {host}, so it can't belong to one outlet. Use the outlet's own host.")
    return host


def _read_known_list() -> str:
    return files("briefings.outlets").joinpath("known_outlets.txt").read_text("utf-8")


def _parse(lines: Iterable[str], name: str, *, is_checked: bool = False) -> Iterator[Outlet]:
    """Yield the outlets of a list. A checked list, which a test parses with all checks, is read faster."""
    for number, line in enumerate(lines, 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        outlet_names, colon, hosts = line.partition(":")
        if not colon or not outlet_names.strip() or not hosts.strip():
            raise BadInput(f"{name}, line {number}: “{_shorten(line)}” needs a name, a colon and domains: {_EXAMPLE}")
        if is_checked:
            names_and_hosts = (re.split(r"\s*;\s*", outlet_names.strip()), re.split(r"\s*,\s*", hosts.strip()))
            yield Outlet(*map(tuple, names_and_hosts))
            continue
        try:
            yield Outlet(
                tuple(parse_name(part) for part in outlet_names.split(";") if part.strip()),
                tuple(parse_host(part) for part in hosts.split(",") if part.strip()),
            )
        except BadInput as error:
            raise BadInput(f"{name}, line {number}: {error}") from None


def _shorten(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return printable if len(printable) <= 60 else f"{printable[:60]}…"
