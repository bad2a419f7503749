"""Keep track of damage that ends content early, and say it in a sentence.

Rule: whoever finds damage reports it here, and the stream ends. What came before is whole and can be kept, unless the
content is one article: the beginning of an article would look like a correction of it.
"""

from dataclasses import dataclass
from enum import Enum

from briefings.errors import BadInput


class Damage(Enum):
    """Why content ends early."""

    CUT_OFF = "cut off"
    CORRUPT = "corrupt"


@dataclass(slots=True)
class Integrity:
    """The first damage of one file's content, which is known once the content has been read up to it."""

    name: str = ""
    #: name of the compression or format that is damaged; empty if it is not known
    format_name: str = ""
    damage: Damage | None = None
    #: whether damage raises an error at once, because no part of the content is usable
    is_strict: bool = False

    def report(self, damage: Damage, format_name: str) -> None:
        """Remember the first damage. Raises BadInput if no part of the content is usable."""
        if self.damage is None:
            self.damage, self.format_name = damage, format_name
        self.check()

    def check(self) -> None:
        """Raise BadInput if the content is damaged and no part of it is usable."""
        if self.is_strict and self.damage is not None:
            raise self.build_error(0)

    def build_error(self, article_count: int) -> BadInput:
        """Build the error that names the damage and the number of articles that were taken before it."""
        if self.damage is Damage.CUT_OFF:
            if not article_count:
                return BadInput(
                    f"{self.name} ends in the middle: the download was cut off, so nothing was taken from it. "
                    "Download it again."
                )
            count = _format_count(article_count)
            return BadInput(f"{self.name} ends in the middle: the download was cut off. {count} Download it again.")
        count = f" {_format_count(article_count)}" if article_count else ""
        description = f"{self.format_name} file" if self.format_name else "file"
        return BadInput(f"{self.name} is a damaged or incomplete {description}.{count} Download or create it again.")


def _format_count(article_count: int) -> str:
    if article_count == 1:
        return "1 article before that was taken."
    return f"{article_count:,} articles before that were taken."
