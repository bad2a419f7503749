"""What every answer can do in a notebook: a short `repr`, HTML, a dictionary and a pandas table.

Rule: answers are plain values. How they look is in `briefings.render.notebook`, which is imported when it is needed, by
name: imports go down the layers only.
"""

from importlib import import_module
from typing import Any


class Answer:
    """Base of the answer types."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the kind of answer, what it is about, and how much it has, on one short line."""
        text: str = _get_notebook().describe(self)
        return text

    def _repr_html_(self) -> str:
        """Return the answer as HTML, which notebooks show. Nothing in it is active, and links open web pages only."""
        text: str = _get_notebook().render_html(self)
        return text

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values, in the form that `--json` prints."""
        values: dict[str, Any] = _get_notebook().to_json(self)
        return values

    def to_dataframe(self) -> Any:  # noqa: ANN401  # pandas.DataFrame, if it is installed
        """Return the answer as a pandas DataFrame. Raises BadInput if pandas is not installed."""
        return _get_notebook().build_dataframe(self)


def _get_notebook() -> Any:  # noqa: ANN401  # a module of a higher layer
    return import_module("briefings.render.notebook")
