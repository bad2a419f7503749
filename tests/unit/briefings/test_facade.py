"""The front door of `briefings`: public names, a light import, and `open`."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import briefings
from briefings import Article, DatabaseUnavailable

LAZY_FACADES = ("briefings", "briefings.ingest")


@pytest.mark.parametrize("facade", LAZY_FACADES)
def test_every_public_name_can_be_imported(facade: str) -> None:
    module = import_module(facade)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("facade", LAZY_FACADES)
def test_public_names_are_those_that_the_type_checker_sees(facade: str) -> None:
    module = import_module(facade)
    (block,) = [node for node in ast.parse(Path(str(module.__file__)).read_text()).body if isinstance(node, ast.If)]
    names = [alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(names) == sorted(module.__all__)


@pytest.mark.parametrize("facade", LAZY_FACADES)
def test_an_unknown_name_is_an_attribute_error(facade: str) -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = import_module(facade).nonsense


def test_importing_briefings_loads_no_heavy_library() -> None:
    """NumPy, SQLAlchemy and the HTTP client come with the first use of what needs them."""
    program = "import briefings, sys; print(sorted({'numpy', 'sqlalchemy', 'aiohttp', 'lxml'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_open_creates_a_database_at_a_path_and_finds_it_again(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    article = Article("a1", 'The hall was full. "We will not resign," said John Smith, the mayor.')
    with briefings.open(path) as service:
        assert service.add([article]) == ("a1",)
    with briefings.open(f"sqlite:///{path}") as service:
        (hit,) = service.who_said("we will not resign").hits
        assert hit.speaker is not None
        assert hit.speaker.name == "John Smith"


def test_open_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with briefings.open(":memory:") as service:
        assert service.get_counts().articles == 0
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_opened_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        briefings.open(tmp_path)


def test_a_folder_can_be_added_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The vote was lost on Tuesday. Nobody resigned.", encoding="utf-8")
    with briefings.open(":memory:") as service:
        assert service.add(tmp_path) == ("one",)
        assert service.add(str(tmp_path / "one.txt")) == ()


def test_a_path_that_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    with briefings.open(":memory:") as service, pytest.raises(briefings.BadInput, match="missing"):
        service.add(tmp_path / "missing")
