"""The documentation names only what exists: modules, files, links, headings."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted(ROOT.glob("docs/*.md"))
DOCUMENTS = [README, ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
MAX_README_WORDS = 1_500
QUESTION_COUNT = 15

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:bot|briefings|tests|bench|training|seeds|docs)/[\w./-]*")
_DOTTED_NAME = re.compile(r"((?:bot|briefings|tests|bench|training)(?:\.\w+)+)(?:\(.*\))?")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def describe(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def read_prose(document: Path) -> str:
    return _FENCE.sub("", document.read_text(encoding="utf-8"))


def read_names(module: Path) -> set[str]:
    """Return the names that a module binds, at any level."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def is_dotted_name_valid(dotted_name: str) -> bool:
    """Tell whether a dotted name is a package, a module, or a name that one of these binds."""
    place, *parts = (ROOT, *dotted_name.split("."))
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    is_module = bool(parts) and (place / f"{parts[0]}.py").is_file()
    module = place / f"{parts.pop(0)}.py" if is_module else place / "__init__.py"
    return not parts or (len(parts) == 1 and module.is_file() and parts[0] in read_names(module))


def find_unknown_names(text: str) -> list[str]:
    """Return the paths and dotted names in inline code that do not exist."""
    unknown_names = []
    for code in _CODE.findall(text):
        dotted_name = _DOTTED_NAME.fullmatch(code)
        if _PATH.fullmatch(code) and not (ROOT / code).exists():
            unknown_names.append(code)
        if dotted_name and not is_dotted_name_valid(dotted_name[1]):
            unknown_names.append(code)
    return unknown_names


def list_anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", read_prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def find_broken_links(document: Path) -> list[str]:
    """Return the relative links and images that lead nowhere."""
    broken_links = []
    for link in _LINK.findall(_CODE.sub("", read_prose(document))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in list_anchors(target)):
            broken_links.append(link)
    return broken_links


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.name != "CHANGELOG.md"], ids=describe)
def test_every_named_module_and_file_exists(document: Path) -> None:
    assert find_unknown_names(read_prose(document)) == []


def test_unknown_names_are_found() -> None:
    text = (
        "`bot.nowhere`, `bot/nowhere.py`, `briefings.model.Nothing`, `briefings.nothing()`, "
        "`briefings.model.Article`, `briefings/model.py`, `briefings.open(path)`, `ontherecord add`"
    )
    assert find_unknown_names(text) == [
        "bot.nowhere",
        "bot/nowhere.py",
        "briefings.model.Nothing",
        "briefings.nothing()",
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=describe)
def test_every_relative_link_and_image_resolves(document: Path) -> None:
    assert find_broken_links(document) == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(
        "# A heading\n[a](#a-heading) [b](#nowhere) ![c](missing.png) [d](page.md) [e](https://x.example)"
    )
    assert find_broken_links(document) == ["#nowhere", "missing.png"]


def test_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").split()) <= MAX_README_WORDS


def test_index_lists_every_page() -> None:
    index = ROOT / "docs/README.md"
    links = _LINK.findall(index.read_text(encoding="utf-8"))
    assert [page.name for page in PAGES if page != index and page.name not in links] == []


def test_design_answers_15_questions_with_one_module_each() -> None:
    rows = re.findall(r"^\| Where .+\? \| `([\w/]+\.py)` \|$", (ROOT / "docs/design.md").read_text(), re.MULTILINE)
    assert len(rows) == QUESTION_COUNT
    assert len(set(rows)) == QUESTION_COUNT


def test_guide_for_admins_lists_every_setting() -> None:
    settings = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    guide = (ROOT / "docs/admins.md").read_text(encoding="utf-8")
    assert [setting for setting in settings if f"`{setting}`" not in guide] == []
