"""The learnt weights: one `attribution.npz`, arrays only, written by `training` and read once a process.

Rule: nothing that could run code is read (no pickle), and the same training gives the same bytes.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from briefings.quotes.confidence import Curve
from briefings.quotes.engine import Models
from briefings.quotes.trees import Forest, forest
from briefings.text.linear import Linear
from briefings.text.tagger import Tagger

FILE = "attribution.npz"


@cache
def models() -> Models:
    """Everything that was learnt. Takes about a tenth of a second the first time."""
    with (files(__name__) / FILE).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return read({name: stored[name] for name in stored.files})


def read(arrays: dict[str, Any]) -> Models:
    """The models of stored arrays, each named "part/array"."""
    words = bytes(arrays["tagger/words"]).decode("utf-8").split("\n")
    classes = dict(zip(words, arrays["tagger/classes"].tolist(), strict=True))
    return Models(
        tagger=Tagger(classes, _linear(arrays, "tagger1"), _linear(arrays, "tagger2")),
        cue=_linear(arrays, "cue"),
        source=_linear(arrays, "source"),
        chain=_linear(arrays, "chain"),
        cue_ranker=_forest(arrays, "cue_ranker"),
        judge=_forest(arrays, "judge"),
        first=_forest(arrays, "first"),
        second=_forest(arrays, "second"),
        quoted=_curve(arrays, "quoted"),
        reported=_curve(arrays, "reported"),
    )


def _linear(arrays: dict[str, Any], part: str) -> Linear:
    """Tables are kept as steps of one byte."""
    return Linear(arrays[f"{part}/steps"].astype(np.float32) * arrays[f"{part}/scale"], arrays[f"{part}/bias"])


def _forest(arrays: dict[str, Any], part: str) -> Forest:
    prefix = f"{part}/"
    return forest({name[len(prefix) :]: value for name, value in arrays.items() if name.startswith(prefix)})


def _curve(arrays: dict[str, Any], part: str) -> Curve:
    return Curve(tuple(arrays[f"{part}/at"].tolist()), tuple(arrays[f"{part}/right"].tolist()))
