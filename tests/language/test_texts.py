"""Test which texts the language check reads, and which words it finds in them."""

import pytest

from tests.language.markdown import extract_markdown
from tests.language.passages import count_words, find_markers
from tests.language.prose import extract_prose
from tests.language.strings import extract_strings
from tests.language.templates import extract_template
from tests.language.wordlists import build_marker_pattern


def list_markers(text: str) -> list[str]:
    return [marker.phrase for marker in find_markers(text)]


def list_string_markers(source: str) -> list[tuple[int, str]]:
    return [
        (passage.line + marker.row, marker.phrase)
        for passage in extract_strings("bot/module.py", source)
        for marker in find_markers(passage.text)
    ]


def list_prose_markers(source: str) -> list[tuple[int, str]]:
    return [
        (passage.line + marker.row, marker.phrase)
        for passage in extract_prose("bot/module.py", source)
        for marker in find_markers(passage.text)
    ]


def test_markers_are_whole_words_in_any_case() -> None:
    assert list_markers("Whoever stands, of\nwhich nobody's.") == ["whoever", "stands", "of which", "nobody"]
    assert list_markers("Standard understands; stand-alone, retold.") == []


def test_the_longest_marker_counts_once() -> None:
    assert list_markers("It is told.") == ["is told"]
    assert build_marker_pattern(["told", "is told"]).findall("is  told, told") == ["is  told", "told"]


def test_words_are_counted_without_digits_and_marks() -> None:
    assert count_words("Don't count 42 — only these\x00\x00 words.") == 5


@pytest.mark.parametrize(
    "source",
    [
        'x = "It stands here"',
        'x = f"{name}: it stands"',
        'x = f"{name} stands {place}"',
        'x = "It " "stands here"',
        'x = (f"{name} is " "what stands here")',
        'x = f"{a or "It stands here"}"'.replace('"It stands here"', "'It stands here'"),
        'raise ValueError("It stands here")',
        'parser.add_argument("--x", help="stands")',
        'labels = {"key": "It stands here"}',
    ],
)
def test_a_message_with_a_marker_is_found(source: str) -> None:
    assert list_string_markers(source) == [(1, "stands")]


@pytest.mark.parametrize(
    "source",
    [
        '"""It stands here."""',
        'def f():\n    """It stands here."""',
        'class A:\n    x = 1\n    """It stands here."""',
        "# it stands here",
        'x = "stands"',
        'x = "SELECT count(*) FROM words AS stands"',
        'from sqlalchemy import text\nx = text("stands IS NOT NULL")',
        'db.execute("stands IS NOT NULL")',
        'x = re.compile("it stands here")',
        'x = r"(?:it|that) stands (?P<place>.+)"',
        'get_logger().error("message stands there")',
        'self._log.warning("message stands there")',
        'x = {"it stands": 1}',
        'x = {"it stands", "they stand"}',
        'x = frozenset(("it stands", "they stand"))',
        'x = "stands stood told".split()',
        'if x == "it stands": ...',
        'x = f"{name} is {x} no {y}"',
    ],
)
def test_other_strings_are_no_messages(source: str) -> None:
    assert list_string_markers(source) == []


def test_a_message_over_several_lines_is_found_on_its_own_line() -> None:
    assert list_string_markers('x = (\n    "One line. "\n    f"{x} stands\\n"\n    "here"\n)') == [(3, "stands")]
    assert list_string_markers('x = (\n    "The one of "\n    "which we know"\n)') == [(2, "of which")]


def test_docstrings_and_comments_are_prose() -> None:
    source = '"""One.\n\nIt stands."""\nx = 1  # nobody\n# of\n# which\n#: whom\ny = "It stands here"\n'
    assert list_prose_markers(source) == [(3, "stands"), (4, "nobody"), (5, "of which"), (7, "whom")]


def test_citations_in_prose_are_not_its_own_words() -> None:
    assert list_prose_markers('# `told`, "he told us", “it stands” and https://x.org/told are examples') == []


def test_a_template_has_visible_text() -> None:
    source = (
        '{# stands #}<p class="told">It <b>stands</b></p>\n<input placeholder="Whom?" name="held">\n'
        '{% if told %}{{ "No one told" if held else x.told }}{% endif %}\n<p>is {{ x }} no</p><style>a { told }</style>'
    )
    passage = extract_template("bot/page.html", source)
    markers = [(1 + marker.row, marker.phrase) for marker in find_markers(passage.text)]
    assert markers == [(1, "stands"), (2, "whom"), (3, "told")]


def test_markdown_has_prose_outside_code() -> None:
    source = "# It stands\n```\ntold\n```\n`told` [whom](told/held.md)\n<!-- told -->\n"
    passage = extract_markdown("README.md", source)
    assert [(1 + marker.row, marker.phrase) for marker in find_markers(passage.text)] == [(1, "stands"), (5, "whom")]
