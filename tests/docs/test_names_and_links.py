"""The documentation names only what exists: modules, files, links, headings."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [page for page in sorted(ROOT.glob("docs/**/*.md")) if "decisions" not in page.parent.name]
DOCUMENTS = [README, ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
MAX_README_WORDS = 1_500
QUESTION_COUNT = 20

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:bot|briefings|tests|bench|training|seeds|docs|docsite)/[\w./-]*")
_DOTTED_NAME = re.compile(r"((?:bot|briefings|tests|bench|training|docsite)(?:\.\w+)+)(?:\(.*\))?")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_OUTSIDE_LINK = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(?:/[\w./#?=&%-]*)?")


def test_each_claim_about_security_names_tests_that_exist() -> None:
    """Each row of the two tables with the column "tried by" has a test, unless its answer is a page."""
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    rows = [
        line.strip("| ").split(" | ")
        for table in text.split("| tried by |\n")[1:]
        for line in table.split("\n\n")[0].splitlines()[1:]
    ]
    names = [name for row in rows for name in _CODE.findall(row[-1])]
    assert len(rows) >= 20
    assert [name for name in names if name.endswith(".py") and not (ROOT / "tests" / name).is_file()] == []
    assert len([row for row in rows if ".py" in row[-1]]) >= len(rows) - 2


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


def list_outside_links(document: Path) -> list[str]:
    """Return the links of a document that lead to another site."""
    text = _CODE.sub("", read_prose(document))
    links = [*_LINK.findall(text), *re.findall(r"<([a-z]+:[^>\s]*)>", text)]
    return [link for link in links if re.match(r"[a-z]+:", link)]


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=describe)
def test_a_path_that_is_shown_as_a_link_is_the_path_of_its_target(document: Path) -> None:
    """Pages move: a link then leads to the new place, and its text must not name the old one."""
    links = re.findall(r"\[`?((?:docs|bot|briefings|tests)/[^\]`]+)`?\]\(([^)#\s]+)", read_prose(document))
    assert [(text, link) for text, link in links if (ROOT / text).resolve() != (document.parent / link).resolve()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=describe)
def test_every_row_is_in_a_table_with_a_heading(document: Path) -> None:
    """After an empty line, rows are shown as a paragraph full of bars."""
    tables = re.findall(r"(?:^\|.*\n)+", read_prose(document) + "\n", re.MULTILINE)
    assert [table for table in tables if not re.match(r"\|.*\n\|[-:| ]+\|\n", table)] == []


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
    pages = [page.relative_to(index.parent).as_posix() for page in PAGES if page != index]
    assert [page for page in pages if page not in links] == []


def test_a_link_with_the_title_of_a_page_leads_to_it() -> None:
    index = ROOT / "docs/README.md"
    listed = re.findall(r"^\| \[([^\]]+)\]\(([^)]+)\)", index.read_text(encoding="utf-8"), re.MULTILINE)
    titles = {title.casefold(): (index.parent / link).resolve() for title, link in listed}
    links = [
        (page, text, (page.parent / path).resolve())
        for page in (README, *PAGES)
        for text, path in re.findall(r"\[([^\]`]+)\]\(([^):#\s]+)", read_prose(page))
    ]
    assert len(links) > len(titles) > 20
    wrong_links = [
        (describe(page), text) for page, text, target in links if titles.get(text.casefold(), target) != target
    ]
    assert wrong_links == []


def test_every_link_to_another_site_is_well_formed() -> None:
    """No test asks other hosts. A link has https, a host and no space, so a reader can at least try it."""
    links = [(describe(document), link) for document in DOCUMENTS for link in list_outside_links(document)]
    assert [(document, link) for document, link in links if not _OUTSIDE_LINK.fullmatch(link)] == []
    assert links


def test_menu_lists_every_page_once() -> None:
    menu = re.findall(r"^ +- (?:[^:\n]+: )?(\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in PAGES]
    assert sorted(menu) == sorted([*pages, "decisions/README.md"])


def test_design_lists_the_layers_of_the_import_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = {contract["containers"][0]: contract["layers"] for contract in contracts if contract["type"] == "layers"}
    design = (ROOT / "docs/explanation/design.md").read_text(encoding="utf-8")
    diagram = re.findall(r"^```text\nbot +briefings\n--- +---------\n(.*?)^```$", design, re.DOTALL | re.MULTILINE)[0]
    rows = [(line[:38].strip(), line[38:].strip()) for line in diagram.splitlines()]
    assert [bot for bot, _ in rows] == layers["bot"]
    assert [briefings for _, briefings in rows if briefings] == layers["briefings"]


def test_design_answers_each_question_with_one_module() -> None:
    rows = re.findall(
        r"^\| Where .+\? \| `([\w/]+\.py)` \|$", (ROOT / "docs/explanation/design.md").read_text(), re.MULTILINE
    )
    assert len(rows) == QUESTION_COUNT
    assert len(set(rows)) == QUESTION_COUNT
