"""Reads the fields of a submitted form. Pure."""

from collections.abc import Mapping
from typing import Any


def get_value(view: Mapping[str, Any], name: str) -> str:
    """Return what the user typed or chose in the field `name`, or "". The state of the form can be malformed."""
    element: object = view
    for key in ("state", "values", name, name):
        element = element.get(key) if isinstance(element, Mapping) else None
    if not isinstance(element, Mapping):
        return ""
    option = element.get("selected_option")
    selection = option.get("value") if isinstance(option, Mapping) else element.get("selected_conversation")
    return str(selection or element.get("value") or "").strip()
