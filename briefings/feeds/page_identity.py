"""Find the address under which a page is stored already.

Rule: a page is stored under its key. It keeps another address that it was stored under before: the spelling of an
earlier version, or the place on a page that had several entries of one feed.
"""

from collections.abc import Callable, Collection, Sequence

from briefings.ingest.addresses import build_former_key, get_fragment


def identify_pages(
    pages: Sequence[tuple[str, str]], find_pages: Callable[[Collection[str]], Collection[str]]
) -> list[str]:
    """Return the stored address of each page, or its key if it is new.

    A page is its key and its exact URL. `find_pages` returns those of some addresses that are stored. Blocking.
    """
    candidates = [[key, *_list_other_addresses(key, address)] for key, address in pages]
    stored_addresses = find_pages(frozenset().union(*candidates))
    return [
        next((address for address in addresses if address in stored_addresses), addresses[0])
        for addresses in candidates
    ]


def _list_other_addresses(key: str, address: str) -> list[str]:
    if "#" in key:
        return []
    fragment = get_fragment(address)
    former_key = build_former_key(key)
    return [*([former_key] if former_key else []), *([f"{key}#{fragment}"] if fragment else [])]
