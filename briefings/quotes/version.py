"""The name of the engine: what says whether a record's quotes were found as they would be found today.

Rule: other weights or another release is another engine; nothing else is, so that the same program never reads a record
twice.
"""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from briefings.quotes import weights

_DIGITS = 12


@cache
def get_engine_version() -> str:
    """The first 12 hexadecimal digits of SHA-256 over the release and the weights. Takes a few milliseconds, once."""
    weight_bytes = (files(weights) / weights.FILE).read_bytes()
    return sha256(version("on-the-record").encode() + b"\n" + weight_bytes).hexdigest()[:_DIGITS]
