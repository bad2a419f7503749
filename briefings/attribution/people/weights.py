"""Load the models of this package from the weights file."""

from functools import cache

from briefings.attribution.models.weights import load_forest, load_linear, read_arrays
from briefings.attribution.people.models import PeopleModels
from briefings.attribution.people.naming.known_roles import unpack
from briefings.attribution.people.ranking.person_ranker import PersonRanker


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
        unpack(arrays["people/known_roles"]),
        float(arrays["people/min_confidence"]),
        float(arrays["people/min_named_confidence"]),
    )
