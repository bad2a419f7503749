"""Name a source for readers. Pure."""

from briefings.model import Hit, Narration, Source, Variant


def get_source_name(citation: Source | Hit | Variant | Narration) -> str:
    """Return the name of a source for readers; the outlet if the value was built without an article."""
    return citation.source_name or citation.publisher or "unknown outlet"


def get_outlet_name(citation: Source | Hit | Variant | Narration) -> str | None:
    """Return the outlet of a source for readers, marked if it is not certain: "The Tribune (unconfirmed)"."""
    if citation.publisher is None or citation.provenance.is_certain:
        return citation.publisher
    return citation.source_name or citation.publisher
