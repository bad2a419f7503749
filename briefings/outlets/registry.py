"""The known outlets, and the hosts and names that belong to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from briefings.outlets.hosts import list_parents, read_host
from briefings.outlets.names import list_spellings, make_base_key, make_name_key, split_parts

#: fewest letters of a name for which one wrong letter is an imitation
_MIN_TYPO_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet: the names that it uses, the first one for readers, and the domains that belong to it."""

    names: tuple[str, ...]
    hosts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the name for readers."""
        return self.names[0]


class OutletRegistry:
    """Finds outlets by host and by name. Of two outlets with one host, the first is the host's main outlet."""

    def __init__(self, outlets: Iterable[Outlet] = ()) -> None:
        self.outlets = tuple(outlets)
        self._by_host: dict[str, list[Outlet]] = {}
        self._by_name: dict[str, list[Outlet]] = {}
        self._by_base: dict[str, list[Outlet]] = {}
        for outlet in self.outlets:
            for host in outlet.hosts:
                self._by_host.setdefault(host, []).append(outlet)
            for name in outlet.names:
                self._by_name.setdefault(make_name_key(name), []).append(outlet)
                if base := make_base_key(name):
                    self._by_base.setdefault(base, []).append(outlet)

    def extend(self, outlets: Iterable[Outlet]) -> "OutletRegistry":
        """Return a registry that also has these outlets; they come first, so that they win."""
        return OutletRegistry((*outlets, *self.outlets))

    def find_by_host(self, host: str | None) -> tuple[Outlet, ...]:
        """Return the outlets of a host, or else of the nearest domain that it is part of."""
        for parent in list_parents(host) if host else ():
            if parent in self._by_host:
                return tuple(self._by_host[parent])
        return ()

    def find_by_name(self, name: str | None) -> tuple[Outlet, ...]:
        """Return the outlets with this name, in any spelling."""
        return tuple(self._by_name.get(make_name_key(name), ())) if name else ()

    def find_imitated(self, name: str) -> tuple[Outlet, ...]:
        """Return the outlets that a name imitates: "Guardian News", "theguardian.com", "The Gaurdian"."""
        for part in (spelling for piece in split_parts(name) for spelling in list_spellings(piece)):
            outlets = (
                self.find_by_name(part)
                or self._by_base.get(make_base_key(part), ())
                or (self.find_by_host(read_host(part)) if "." in part else ())
                or self._find_misspelt(make_name_key(part))
            )
            if outlets:
                return tuple(outlets)
        return ()

    def _find_misspelt(self, key: str) -> tuple[Outlet, ...]:
        if len(key) < _MIN_TYPO_LENGTH - 1:
            return ()
        for known_key, outlets in self._by_name.items():
            if len(known_key) >= _MIN_TYPO_LENGTH and OSA.distance(key, known_key, score_cutoff=1) <= 1:
                return tuple(outlets)
        return ()
