"""Trained weights: one `attribution.npz` that contains only arrays. `training` writes it; a process reads it once.

Rule: reading cannot run code (no pickle), and the same training gives the same bytes.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from briefings.text.learned_models import Forest, LinearModel, build_forest

if TYPE_CHECKING:
    from briefings.attribution.models.pipeline import CalibrationCurve, Models

FILE = "attribution.npz"


@cache
def load_models() -> "Models":
    """Load the models of this package. The first call takes about a tenth of a second."""
    return build_models(read_arrays())


def read_arrays(names: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the arrays of the weights file with these names ("part/array"), or all of them."""
    with (files(__name__) / FILE).open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in names or archive.files}


def build_models(arrays: dict[str, Any]) -> "Models":
    """Build the models from stored arrays, which are named "part/array"."""
    # slow to import, and the arrays are also read without it
    from briefings.attribution.models.pipeline import Models
    from briefings.text.pos_tagger import Tagger

    words = bytes(arrays["tagger/words"]).decode("utf-8").split("\n")
    classes = dict(zip(words, arrays["tagger/classes"].tolist(), strict=True))
    return Models(
        tagger=Tagger(classes, load_linear(arrays, "tagger1"), load_linear(arrays, "tagger2")),
        cue_classifier=load_linear(arrays, "cue"),
        source_classifier=load_linear(arrays, "source"),
        content_tagger=load_linear(arrays, "chain"),
        cue_source_ranker=load_forest(arrays, "cue_ranker"),
        candidate_classifier=load_forest(arrays, "judge"),
        first_speaker_ranker=load_forest(arrays, "first"),
        second_speaker_ranker=load_forest(arrays, "second"),
        quoted_curve=_load_curve(arrays, "quoted"),
        reported_curve=_load_curve(arrays, "reported"),
    )


def load_linear(arrays: dict[str, Any], part: str) -> LinearModel:
    """Load a linear model. Its table is stored as one-byte steps of a scale."""
    return LinearModel(arrays[f"{part}/steps"], arrays[f"{part}/bias"], np.float32(arrays[f"{part}/scale"]))


def load_forest(arrays: dict[str, Any], part: str) -> Forest:
    """Load a forest from its splits."""
    prefix = f"{part}/"
    return build_forest({name[len(prefix) :]: value for name, value in arrays.items() if name.startswith(prefix)})


def _load_curve(arrays: dict[str, Any], part: str) -> "CalibrationCurve":
    from briefings.attribution.models.pipeline import CalibrationCurve  # see `build_models`

    return CalibrationCurve(tuple(arrays[f"{part}/at"].tolist()), tuple(arrays[f"{part}/right"].tolist()))
