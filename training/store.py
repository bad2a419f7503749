"""Write the models to `briefings/attribution/models/weights/attribution.npz`.

Rule: the file contains only arrays, and the same models always give the same bytes.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from briefings.attribution.models.pipeline import Models
from briefings.text.learned_models import LinearModel
from training.trees import Arrays

DEFAULT_PATH = Path(__file__).parent.parent / "briefings" / "attribution" / "models" / "weights" / "attribution.npz"


def write(
    path: Path, models: Models, splits: Mapping[str, Arrays], curves: Mapping[str, tuple[list[float], list[float]]]
) -> None:
    """Write the weights file that `briefings.attribution.models` loads."""
    arrays: Arrays = {}
    words = sorted(models.tagger.classes)
    arrays["tagger/words"] = np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)
    arrays["tagger/classes"] = np.array([models.tagger.classes[word] for word in words], dtype=np.int16)
    tables = {
        "tagger1": models.tagger.first,
        "tagger2": models.tagger.second,
        "cue": models.cue_classifier,
        "source": models.source_classifier,
        "chain": models.content_tagger,
    }
    arrays |= quantise_tables(tables)
    for name, part in splits.items():
        arrays |= {f"{name}/{key}": value for key, value in part.items()}
    for name, (at, right) in curves.items():
        arrays |= {f"{name}/at": np.array(at), f"{name}/right": np.array(right)}
    write_arrays(path, arrays)


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write named arrays, sorted by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            body = io.BytesIO()
            np.lib.format.write_array(body, np.asarray(arrays[name], order="C"), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), body.getvalue(), zipfile.ZIP_DEFLATED, 9
            )


def quantise_tables(tables: Mapping[str, LinearModel]) -> Arrays:
    """Return the arrays that store linear models."""
    return {key: value for name, linear in tables.items() for key, value in _quantise_to_steps(name, linear).items()}


def _quantise_to_steps(name: str, linear: LinearModel) -> dict[str, Any]:
    values = linear.weights[linear.weights != 0]
    scale = np.float32(np.abs(values).min()) if len(values) else np.float32(1)
    steps = np.rint(linear.weights / scale).astype(np.int8)
    return {f"{name}/steps": steps, f"{name}/scale": scale, f"{name}/bias": linear.bias.astype(np.float32)}
