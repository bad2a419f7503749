"""The example notebook runs from top to bottom, shows every kind of answer, and stores no output."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from briefings.answer import Answer

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs/examples/notebook.ipynb"
ANSWERS = ("Report", "WhoSaid", "PersonTimeline", "PersonComparison", "NewsBriefing", "DraftCheck")


def read_cells() -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def run_cell(code: str, names: dict[str, object]) -> object:
    """Run a cell as a notebook does, and return the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, NOTEBOOK.name, "exec"), names)  # noqa: S102  # the code is our own notebook
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names)  # noqa: S307  # the same


def test_cells_run_in_order_and_show_every_kind_of_answer() -> None:
    names: dict[str, object] = {}
    values = [run_cell("".join(cell["source"]), names) for cell in read_cells()]
    answers = [value for value in values if isinstance(value, Answer)]
    assert tuple(type(answer).__name__ for answer in answers) == ANSWERS
    assert values[0] == 4
    assert "misattributed" in values


def test_notebook_runs_in_jupyter_and_shows_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat", reason="nbformat comes with `make develop`")
    nbclient = pytest.importorskip("nbclient", reason="nbclient comes with `make develop`")
    pytest.importorskip("ipykernel", reason="ipykernel comes with `make develop`")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]
    pages = [output["data"]["text/html"] for output in outputs if "text/html" in output["data"]]
    assert sum(page.startswith('<div class="tex2jax_ignore') for page in pages) == len(ANSWERS)
    assert list(tmp_path.glob("*.db")) == []


def test_notebook_stores_no_output() -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in read_cells())
