"""python -m training DATA [WEIGHTS]: fits everything on DATA/polnear-train and writes the weights file."""

import logging
import sys
from pathlib import Path

from training import calibrate, data, pipeline, store

log = logging.getLogger(__name__)
DEFAULT = Path(__file__).parent.parent / "briefings" / "quotes" / "weights" / "attribution.npz"


def main(arguments: list[str]) -> None:
    """Trains, and says where the time goes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    if not 1 <= len(arguments) <= 2:
        sys.exit(__doc__)
    folder, path = arguments[0], Path(arguments[1]) if len(arguments) == 2 else DEFAULT
    models, splits, examples = pipeline.train(data.articles(folder, "train"), data.tags(folder, "train"), log.info)
    store.write(path, models, splits, calibrate.curves(examples))
    log.info("%s: %d bytes", path, path.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
