"""The trained models of this package in one record, and how they are loaded from the weights file."""

from dataclasses import dataclass
from functools import cache

from briefings.attribution.models.weights import load_forest, load_linear, read_arrays
from briefings.attribution.people.naming.known_roles import KnownRoles, load_known_roles
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


@cache
def load_people_models() -> PeopleModels:
    """Load the name tagger and the person ranker once."""
    arrays = read_arrays()
    return PeopleModels(
        load_linear(arrays, "names1"),
        load_linear(arrays, "names2"),
        PersonRanker(
            load_forest(arrays, "people1"), load_forest(arrays, "people2"), arrays["people/curve"].astype("float32")
        ),
        load_known_roles(),
        float(arrays["people/min_confidence"]),
        float(arrays["people/min_named_confidence"]),
    )
