"""Names for the arrays that pass between the modules of the engine."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint32]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Anything = NDArray[Any]
