"""Run the checks over a tree; each returns its figure, its limit and its findings."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.language.names import find_participles
from tests.language.passages import Finding, Passage, count_words, find_markers, report_markers
from tests.language.prose import extract_prose
from tests.language.strings import extract_strings
from tests.language.templates import extract_markdown, extract_template
from tests.language.tree import Tree
from tests.language.wordlists import Exemption, load_allowed_names, load_exempt_paths, matches_path

_PRODUCT = ("bot/**/*.py", "briefings/**/*.py")
_TEMPLATES = ("bot/**/*.html", "briefings/**/*.html")
_MARKDOWN = ("README.md", "CHANGELOG.md", "docs/**/*.md")
_OTHER_FOLDERS = ("tests", "bench", "docsite", "training")
_DATA_PATH = "tests/language/data"

#: markers allowed in a thousand words of prose
PROSE_LIMIT = 2.0


@dataclass(frozen=True)
class Result:
    """What one check measured; `words` is zero where findings are counted, not their rate."""

    title: str
    files: int
    findings: tuple[Finding, ...]
    words: int = 0
    limit: float = 0.0

    @property
    def figure(self) -> float:
        """Findings, or findings per thousand words."""
        return 1000 * len(self.findings) / self.words if self.words else len(self.findings)

    @property
    def is_broken(self) -> bool:
        """Whether the figure is over the limit."""
        return self.figure > self.limit


def run_checks(tree: Tree) -> list[Result]:
    """Run every check over a tree."""
    return [
        check_names(tree),
        _check_prose(tree, "docstrings and comments of bot, briefings", _PRODUCT),
        *(_check_prose(tree, f"docstrings and comments of {name}", (f"{name}/**/*.py",)) for name in _OTHER_FOLDERS),
        check_strings(tree),
        _check_templates(tree),
        _check_markdown(tree),
    ]


def check_names(tree: Tree, exemptions: tuple[Exemption, ...] | None = None) -> Result:
    """Find bare participles as names."""
    exemptions = load_allowed_names() if exemptions is None else exemptions
    files, findings, used_keys = tree.read(_PRODUCT), [], set()
    for path, source in files:
        for name, finding in find_participles(path, source):
            keys = {entry.key for entry in exemptions if _exempts_name(entry, path, name)}
            used_keys |= keys
            if not keys:
                findings.append(finding)
    findings += _report_unused(tree, exemptions, used_keys, "allowed_names.txt")
    return Result("bare participles as names", len(files), tuple(findings))


def check_strings(tree: Tree, exemptions: tuple[Exemption, ...] | None = None) -> Result:
    """Find marker words in the strings that users read."""
    exemptions = load_exempt_paths() if exemptions is None else exemptions
    files, findings, used_keys = tree.read(_PRODUCT), [], set()
    for path, source in files:
        used_keys |= {entry.key for entry in exemptions if matches_path(entry.key, path)}
        for passage in extract_strings(path, source):
            for marker, finding in zip(find_markers(passage.text), report_markers(passage, "a message"), strict=True):
                keys = {entry.key for entry in exemptions if _exempts_marker(entry, path, marker.phrase)}
                used_keys |= keys
                if not keys:
                    findings.append(finding)
    findings += _report_unused(tree, exemptions, used_keys, "exempt_strings.txt")
    return Result("markers in messages", len(files), tuple(findings))


def _check_prose(tree: Tree, title: str, patterns: tuple[str, ...]) -> Result:
    files = tree.read(patterns)
    passages = [passage for path, source in files for passage in extract_prose(path, source)]
    return _rate(title, len(files), passages, "a docstring or comment")


def _check_templates(tree: Tree) -> Result:
    passages = [extract_template(path, source) for path, source in tree.read(_TEMPLATES)]
    return Result("markers in templates", len(passages), tuple(_report(passages, "a template")))


def _check_markdown(tree: Tree) -> Result:
    passages = [extract_markdown(path, source) for path, source in tree.read(_MARKDOWN)]
    return _rate("markdown files", len(passages), passages, "a document")


def _rate(title: str, file_count: int, passages: list[Passage], where: str) -> Result:
    word_count = sum(count_words(passage.text) for passage in passages)
    return Result(title, file_count, tuple(_report(passages, where)), max(word_count, 1), PROSE_LIMIT)


def _report(passages: list[Passage], where: str) -> Iterator[Finding]:
    for passage in passages:
        yield from report_markers(passage, where)


def _exempts_name(entry: Exemption, path: str, name: str) -> bool:
    entry_path, _, entry_name = entry.key.rpartition(" ")
    return entry_name == name and matches_path(entry_path, path)


def _exempts_marker(entry: Exemption, path: str, phrase: str) -> bool:
    entry_path, _, entry_phrase = entry.key.partition(" ")
    return matches_path(entry_path, path) and entry_phrase in ("", phrase)


def _report_unused(
    tree: Tree, exemptions: tuple[Exemption, ...], used_keys: set[str], file_name: str
) -> Iterator[Finding]:
    """Yield a finding for each entry of an allow-list that exempts nothing in the whole project."""
    if tree.is_whole:
        for entry in exemptions:
            if entry.key not in used_keys:
                yield Finding(f"{_DATA_PATH}/{file_name}", entry.line, f"`{entry.key}` exempts nothing: remove it")
