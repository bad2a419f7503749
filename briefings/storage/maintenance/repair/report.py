"""What a repair did with each article."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Result of mending one article."""

    MENDED = "mended"
    #: the damaged text is kept as an older version, in quarantine, and another text is shown
    REPLACED = "replaced"
    #: kept, marked and not shown
    QUARANTINED = "in quarantine"


@dataclass(frozen=True, slots=True)
class RepairAction:
    """What became of one article, or of the rows of a table; `detail` is the end of a sentence."""

    subject: str
    outcome: Outcome
    detail: str
