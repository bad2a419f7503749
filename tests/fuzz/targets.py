"""List the targets: one for each parser of strangers' input."""

from tests.fuzz import file_targets, request_targets, stored_targets, text_targets, value_targets
from tests.fuzz.target import Target


def list_targets() -> list[Target]:
    """Return every target, each with its own name."""
    modules = (text_targets, request_targets, value_targets, file_targets, stored_targets)
    return [target for module in modules for target in module.list_targets()]
