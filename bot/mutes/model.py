"""Values of muted sources. A mute is an outlet, a site or a section of a site, in one channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from briefings import SourceFilter, build_source_filter, make_outlet_key, normalize_address


class SourceKind(StrEnum):
    """What is muted: an outlet by its name, or a site or section by its address."""

    OUTLET = "outlet"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class MuteTarget:
    """A source that can be muted. `label` is the outlet's name or the address as it is shown."""

    kind: SourceKind
    label: str

    @property
    def key(self) -> str:
        """Return what identifies the source in its channel."""
        name = make_outlet_key(self.label) if self.kind is SourceKind.OUTLET else normalize_address(self.label) or ""
        return f"{self.kind}:{name}"


@dataclass(frozen=True, slots=True)
class Mute:
    """A muted source, who muted it, and when."""

    target: MuteTarget
    person: str
    created_at: datetime


def build_filter(mutes: Iterable[Mute]) -> SourceFilter:
    """Return the filter that matches the articles of these sources."""
    targets = [mute.target for mute in mutes]
    return build_source_filter(
        [target.label for target in targets if target.kind is SourceKind.OUTLET],
        [target.label for target in targets if target.kind is SourceKind.ADDRESS],
    )
