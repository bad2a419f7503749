"""What well-known people are called in the news that the models learnt from: "president", "senator", "chairman".

Rule: it only helps to understand a description in an article that gives the name; it adds no names of its own.
The names and words are stored as hashes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from briefings.attribution.models.weights import read_arrays
from briefings.text.learned_models import AnyArray
from briefings.text.tokenizer import hash_word

#: a name's row that means no known person
_NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownRoles:
    """The hashes of the role words of each name: "jane roe", and "roe" where one bearer is far better known."""

    stems_by_name: dict[int, frozenset[int]]

    def find(self, words: Sequence[str]) -> frozenset[int]:
        """Return the hashes of the role words of a name, given as lower-case words."""
        key = f"{words[0]} {words[-1]}" if len(words) > 1 else words[0]
        return self.stems_by_name.get(hash_word(key), _NOBODY)

    def is_lesser_bearer(self, words: Sequence[str]) -> bool:
        """Whether the surname without a first name means a better known person than the one with this full name."""
        best_known = self.find(words[-1:])
        return bool(best_known) and best_known != self.find(words)


@cache
def load_known_roles() -> KnownRoles:
    """Load the table once. It is all that a stored quote needs of the trained models."""
    return unpack(read_arrays(["people/known_roles"])["people/known_roles"])


def pack(stems_by_name: dict[int, frozenset[int]]) -> AnyArray:
    """Return the table as pairs of hashes."""
    pairs = sorted((name, stem) for name, stems in stems_by_name.items() for stem in stems)
    return np.array(pairs, dtype=np.uint32).reshape(-1, 2)


def unpack(pairs: AnyArray) -> KnownRoles:
    """Build the table from pairs of hashes."""
    stems_by_name: dict[int, set[int]] = {}
    for name, stem in pairs.tolist():
        stems_by_name.setdefault(name, set()).add(stem)
    return KnownRoles({name: frozenset(stems) for name, stems in stems_by_name.items()})
