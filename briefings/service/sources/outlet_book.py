"""Keeps the outlets that a record knows, and judges its fetched articles by them.

Rule: the shipped list and the team's file win over admins: a host or a name that they list can't be given to another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefings.errors import BadInput
from briefings.model import Article, Provenance
from briefings.outlets import (
    Outlet,
    OutletRegistry,
    find_site,
    have_same_owner,
    judge,
    judge_article,
    load_known_outlets,
    make_list_fingerprint,
    make_name_key,
    parse_host,
    parse_name,
    read_host,
)
from briefings.storage import ConfirmedOutlet, OutletRepository, Repository


@dataclass(frozen=True, slots=True)
class OutletChange:
    """A confirmed or removed outlet with its hosts, and how many articles are shown differently now."""

    name: str
    hosts: tuple[str, ...]
    article_count: int


class OutletBook:
    """The outlets of one record. Thread-safe. Its methods block and may raise DatabaseUnavailable."""

    def __init__(self, repository: Repository, team_outlets: Sequence[Outlet] = ()) -> None:
        self._repository = OutletRepository(*repository.connections)
        self._articles = repository
        self._team_outlets = tuple(team_outlets)
        #: the confirmed outlets that were read last, and the registry with them
        self._cache: tuple[tuple[ConfirmedOutlet, ...], OutletRegistry] | None = None

    @property
    def team_list(self) -> tuple[Outlet, ...]:
        """The outlets of the team's file."""
        return self._team_outlets

    def use_team_list(self, team_outlets: Sequence[Outlet]) -> None:
        """Use the outlets of the team's file, and judge the stored articles again if any list has changed."""
        self._team_outlets, self._cache = tuple(team_outlets), None
        if self._repository.get_fingerprint() != self._make_fingerprint():
            self.judge_stored()

    def list_confirmed(self) -> tuple[ConfirmedOutlet, ...]:
        """Return the hosts that admins confirmed, sorted by outlet."""
        return self._repository.list_confirmed()

    def judge(self, article: Article) -> Article:
        """Return a newly fetched article with the outlet that its address gives it."""
        return judge_article(article, self._get_registry())

    def have_same_owner(self, first_address: str, second_address: str) -> bool:
        """Tell whether two addresses are of one site or of one known outlet."""
        return have_same_owner(first_address, second_address, self._get_registry())

    def confirm(self, name: str, host: str, person: str) -> OutletChange:
        """Confirm that a host and its subdomains belong to an outlet. `host` may be any address there.

        Raises BadInput for a name or host that can't be confirmed, or that a list gives to another outlet.
        """
        name, host = parse_name(name), parse_host(host)
        known_registry = self._get_listed()
        owners, named_outlets = known_registry.find_by_host(host), known_registry.find_imitated(name)
        if owners and not set(owners) & set(known_registry.find_by_name(name)):
            raise BadInput(f"{host} belongs to {owners[0].name}. To change that, add a line to the file in OUTLETS.")
        if named_outlets and not owners:
            hosts = ", ".join(named_outlets[0].hosts[:3])
            raise BadInput(
                f"“{name}” is the name of {named_outlets[0].name} ({hosts}), or too much like it. To add a host, add a "
                "line to the file in OUTLETS."
            )
        self._repository.confirm(name, host, person)
        return OutletChange(name, (host,), self.judge_stored())

    def confirm_stated(self, name: str, address: str, person: str) -> None:
        """Confirm the outlet that a person gave to a site, unless the name or the site is known as another one's."""
        host = read_host(address)
        if host is None:
            return
        site = find_site(host)
        confirmed = next((outlet for outlet in self.list_confirmed() if outlet.host == site), None)
        if confirmed is not None:
            return
        try:
            self.confirm(name, site, person)
        except BadInput:
            return  # its articles are shown with their host, or with the outlet that the host belongs to

    def remove(self, name_or_host: str) -> OutletChange:
        """Remove what was confirmed for an outlet or for a host. Raises BadInput if nothing was."""
        host, key = read_host(name_or_host), make_name_key(name_or_host)
        outlets = self.list_confirmed()
        matching_outlets = [
            outlet for outlet in outlets if host is not None and outlet.host == host.removeprefix("www.")
        ]
        matching_outlets = matching_outlets or [
            outlet for outlet in outlets if key and make_name_key(outlet.name) == key
        ]
        if not matching_outlets:
            label = " ".join(name_or_host.split())[:100]
            raise BadInput(f"“{label}” was not confirmed here. List the outlets to see what was.")
        hosts = tuple(outlet.host for outlet in matching_outlets)
        self._repository.remove(hosts)
        return OutletChange(matching_outlets[0].name, hosts, self.judge_stored())

    def trust(self, ids: Iterable[str]) -> None:
        """Take the outlets of fetched articles as their pages state them, because a person vouches for them."""
        for article in self._articles.get_articles(tuple(ids)):
            if article.provenance is not Provenance.STATED:
                self._repository.save_judgement(
                    article.id, article.claimed_outlet or article.publisher, Provenance.STATED
                )

    def judge_stored(self) -> int:
        """Judge all fetched articles by the current lists, and return how many are shown differently now."""
        registry, fingerprint, changed_count = self._get_registry(), self._make_fingerprint(), 0
        for page in self._repository.iterate_judged():
            for article in page:
                judgement = judge(article.claimed_outlet, article.url, registry)
                if (judgement.outlet, judgement.provenance) != (article.outlet, article.provenance):
                    self._repository.save_judgement(article.id, judgement.outlet, judgement.provenance)
                    changed_count += 1
        self._repository.set_fingerprint(fingerprint)
        return changed_count

    def _get_listed(self) -> OutletRegistry:
        return OutletRegistry((*self._team_outlets, *load_known_outlets()))

    def _get_registry(self) -> OutletRegistry:
        confirmed = self.list_confirmed()
        if self._cache is None or self._cache[0] != confirmed:
            added = (Outlet((outlet.name,), (outlet.host,)) for outlet in confirmed)
            self._cache = confirmed, OutletRegistry((*self._team_outlets, *load_known_outlets(), *added))
        return self._cache[1]

    def _make_fingerprint(self) -> str:
        confirmed = (Outlet((outlet.name,), (outlet.host,)) for outlet in self.list_confirmed())
        return make_list_fingerprint((*self._team_outlets, *confirmed))
