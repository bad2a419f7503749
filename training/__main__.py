"""Train all models on DATA/polnear-train and write the weights file: python -m training DATA [WEIGHTS]."""

import logging
import sys
from pathlib import Path

from training import calibrate, data, pipeline, store

log = logging.getLogger(__name__)
DEFAULT_PATH = Path(__file__).parent.parent / "briefings" / "attribution" / "models" / "weights" / "attribution.npz"


def main(arguments: list[str]) -> None:
    """Train the models and log the progress. Arguments: the data folder and, optionally, the output file."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    if not 1 <= len(arguments) <= 2:
        sys.exit(__doc__)
    folder, path = arguments[0], Path(arguments[1]) if len(arguments) == 2 else DEFAULT_PATH
    models, splits, examples = pipeline.train(
        data.read_articles(folder, "train"), data.read_tags(folder, "train"), log.info
    )
    store.write(path, models, splits, calibrate.compute_curves(examples))
    log.info("%s: %d bytes", path, path.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
