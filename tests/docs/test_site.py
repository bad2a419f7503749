"""The documentation site is built without warnings, and needs nothing from other hosts."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import ThreadingHTTPServer
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote

import pytest

import briefings
from docsite import builder
from docsite.__main__ import main
from docsite.builder import BuildFailed, build_site
from tests.docs.blocks import DOCS
from tests.docs.site_build import get_shared_base, get_site

#: attributes with which a page loads a file, by tag
_LOADING = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "srcset")}


class PageReader(HTMLParser):
    """Read the ids, the links and the loaded files of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.files: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.ids.update(attributes[name] for name in ("id", "name") if name in attributes)
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        is_canonical = attributes.get("rel") in ("canonical", "prev", "next")
        self.files += [
            value for name, value in attributes.items() if (tag, name) in _LOADING and not is_canonical and value
        ]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return get_site(get_shared_base(tmp_path_factory))


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, PageReader]:
    return {
        path.relative_to(site).as_posix(): PageReader(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    }


def find_broken_links(pages: dict[str, PageReader], site: Path) -> Iterator[tuple[str, str]]:
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"[a-z]+:", link) or name == "404.html":
                continue
            path, _, anchor = link.partition("#")
            target = normpath(f"{name}/../{unquote(path)}") if path else name
            if not (site / target).is_file() or (
                anchor and target in pages and unquote(anchor) not in pages[target].ids
            ):
                yield name, link


def test_every_page_of_the_documentation_is_on_the_site(site: Path) -> None:
    names = {page.relative_to(DOCS).as_posix().replace("README.md", "index.md") for page in DOCS.rglob("*.md")}
    assert [name for name in sorted(names) if not (site / name).with_suffix(".html").is_file()] == []


def test_every_link_and_anchor_of_the_site_resolves(pages: dict[str, PageReader], site: Path) -> None:
    assert list(find_broken_links(pages, site)) == []


def test_pages_load_files_of_the_site_only(pages: dict[str, PageReader], site: Path) -> None:
    files = {(name, file) for name, page in pages.items() for file in page.files}
    assert [file for _, file in files if re.match(r"(?:[a-z]+:)?//", file)] == []
    broken_files = [
        (name, file)
        for name, file in files
        if name != "404.html" and not (site / normpath(f"{name}/../{file.partition('?')[0]}")).exists()
    ]
    assert broken_files == []


def test_every_page_has_a_content_policy(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert path.read_text(encoding="utf-8").count('http-equiv="Content-Security-Policy"') == 1, path


def test_no_generated_part_is_left_out(site: Path) -> None:
    assert [path for path in site.rglob("*.html") if "<!-- generated" in path.read_text(encoding="utf-8")] == []


def test_python_reference_has_every_public_name(pages: dict[str, PageReader]) -> None:
    ids = pages["reference/python.html"].ids
    assert [name for name in briefings.__all__ if f"briefings.{name}" not in ids] == []


def test_search_index_has_the_pages(site: Path) -> None:
    index = (site / "search/search_index.json").read_text(encoding="utf-8")
    assert "how-to/install.html" in index
    assert "reference/settings.html" in index


def test_warning_of_mkdocs_stops_the_build(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert site.is_dir()

    def prepare_pages(folder: Path) -> None:
        (folder / "README.md").write_text("# A\n\n[gone](gone.md)\n")

    monkeypatch.setattr(builder, "prepare_pages", prepare_pages)
    with pytest.raises(BuildFailed, match=r"MkDocs reports:\n(?s:.*)gone\.md"):
        build_site(tmp_path / "site")


def test_missing_programs_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builder, "REQUIRED", ("no_such_module",))
    assert main(["build", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "Can't build the site without no_such_module: install the extra docs.\n"
    assert sys.modules.get("no_such_module") is None


def test_site_is_served_to_this_machine_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses: list[tuple[str, int]] = []

    class Server(ThreadingHTTPServer):
        def serve_forever(self, poll_interval: float = 0.5) -> None:  # noqa: ARG002 - as declared
            addresses.append((str(self.server_address[0]), self.server_port))
            raise KeyboardInterrupt

    monkeypatch.setattr("docsite.__main__.build_site", lambda _: 1)
    monkeypatch.setattr("http.server.ThreadingHTTPServer", Server)
    assert main(["serve", str(tmp_path), "--port", "0"]) == 0
    assert [address for address, _ in addresses] == ["127.0.0.1"]
