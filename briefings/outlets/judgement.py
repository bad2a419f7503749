"""Decides which outlet a fetched page is shown as.

Rule: the host that served a page decides. A name that belongs to other hosts is never shown as the outlet.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from briefings.model import Article, Provenance
from briefings.outlets.hosts import is_same_site, list_parents, read_host
from briefings.outlets.names import tidy_name
from briefings.outlets.outlets_file import load_known_outlets
from briefings.outlets.registry import OutletRegistry


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outlet of a page: its name for readers, how certain it is, and the name that the page gives itself."""

    outlet: str | None
    provenance: Provenance
    claim: str | None


class OutletJudge(Protocol):
    """Judges fetched articles."""

    def judge(self, article: Article) -> Article:
        """Return a newly fetched article with the outlet that its address gives it."""

    def have_same_owner(self, first_address: str, second_address: str) -> bool:
        """Tell whether two addresses are of one site or of one known outlet."""

    def confirm_stated(self, name: str, address: str, person: str) -> None:
        """Confirm the outlet that a person gave to a site, unless the name or the site is known as another one's."""


class KnownOutletJudge:
    """Judges by the shipped list only."""

    def __init__(self) -> None:
        self._registry = OutletRegistry(load_known_outlets())

    def judge(self, article: Article) -> Article:
        """Return the article with its outlet."""
        return judge_article(article, self._registry)

    def have_same_owner(self, first_address: str, second_address: str) -> bool:
        """Tell whether two addresses are of one site or of one known outlet."""
        return have_same_owner(first_address, second_address, self._registry)

    def confirm_stated(self, name: str, address: str, person: str) -> None:
        """Do nothing: there is no place to store it."""


def judge(claim: str | None, address: str | None, registry: OutletRegistry) -> Judgement:
    """Return the outlet of a page that calls itself `claim` and was served from `address`.

    A known host is shown with its outlet's name, whatever the page says. On another host, a name that is known or
    imitates a known one is contradicted, and the host is shown. Any other name is unconfirmed.
    """
    claim = tidy_name(claim)
    host = read_host(address)
    owners = registry.find_by_host(host)
    if owners:
        named_outlets = registry.find_by_name(claim)
        owner = next((owner for owner in owners if owner in named_outlets), owners[0])
        return Judgement(owner.name, Provenance.CONFIRMED, claim)
    if claim is not None and host is not None and _is_of_others(claim, host, registry):
        return Judgement(host, Provenance.CONTRADICTED, claim)
    return Judgement(claim, Provenance.UNCONFIRMED, claim)


def judge_article(article: Article, registry: OutletRegistry) -> Article:
    """Return an article whose outlet is what its page says, with the outlet that its address gives it."""
    judgement = judge(article.publisher, article.url, registry)
    return replace(article, publisher=judgement.outlet, provenance=judgement.provenance, claimed_outlet=judgement.claim)


def have_same_owner(first_address: str, second_address: str, registry: OutletRegistry) -> bool:
    """Tell whether two addresses are of one site or of one known outlet."""
    if is_same_site(first_address, second_address):
        return True
    owners = [set(registry.find_by_host(read_host(address))) for address in (first_address, second_address)]
    return bool(owners[0] & owners[1])


def _is_of_others(claim: str, host: str, registry: OutletRegistry) -> bool:
    claimed_host = read_host(claim) if "." in claim else None
    if claimed_host and "." in claimed_host:
        names = {claimed_host, claimed_host.removeprefix("www.")}
        return not names & set(list_parents(host))
    return bool(registry.find_imitated(claim))
