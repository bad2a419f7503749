"""The trained models of this package in one record."""

from dataclasses import dataclass

from briefings.attribution.people.naming.known_roles import KnownRoles
from briefings.attribution.people.ranking.person_ranker import PersonRanker
from briefings.text.learned_models import LinearModel


@dataclass(frozen=True, slots=True)
class PeopleModels:
    """Name tagger and person ranker. A name below `min_confidence` is not shown.

    Where the source mention itself is that name, `min_named_confidence` counts.
    """

    first_name_tagger: LinearModel
    second_name_tagger: LinearModel
    ranker: PersonRanker
    known_roles: KnownRoles
    min_confidence: float
    min_named_confidence: float
