"""Read the head of a page's article: its elements and lines from its beginning to its first paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.metadata.day_marks import states_change, states_other_day
from briefings.ingest.pages.metadata.page_parts import PageParts, get_text, is_container

#: number of characters from which a line after the headline is running text
_PARAGRAPH_LENGTH = 120
#: the second sentence after the headline is running text, too: the first can introduce the article
_SENTENCE, _MAX_SENTENCES = re.compile(r".{60,}[.!?…”\"]"), 2
#: maximum number of elements and characters of an article's head
_MAX_ELEMENTS, _MAX_LENGTH = 1_000, 4_000
_BLOCK_TAGS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "section",
        "article",
        "main",
        "table",
        "tr",
        "td",
        "th",
        "br",
        "hr",
        "address",
        "pre",
        "center",
    ]
)
_STANDFIRST_CLASS = re.compile(
    r"standfirst|sub-?_?(?:title|head)|summary|deck|dek\b|excerpt|description|intro|abstract|strap|byline|h2",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HeadPart:
    """An element of the article's head, and the words of its line before it."""

    element: HtmlElement
    words_before: str


@dataclass(slots=True)
class _Lines:
    """The lines that were read, and the one that is being read."""

    lines: list[str]
    line: str = ""
    length: int = 0
    sentences: int = 0

    def end_line(self) -> None:
        if line := " ".join(self.line.split()):
            self.lines.append(line)
            self.sentences += _SENTENCE.fullmatch(line) is not None
        self.line = ""

    def add(self, text: str) -> None:
        self.line += text
        self.length += len(text)

    def get_words_before(self) -> str:
        """Return the words of this line so far, or else the line before if it is a label."""
        words = " ".join(self.line.split())
        return words[-100:] if words or not self.lines or not self.lines[-1].endswith(":") else self.lines[-1][-100:]


#: the elements of an article's head, and its lines
ArticleHead = tuple[list[HeadPart], list[str]]


def read_head(parts: PageParts) -> ArticleHead:
    """Return the elements and the lines of the article's head, without its headline.

    The head begins with the innermost article element, or else at the headline; without a headline, there is none.
    """
    head_parts: list[HeadPart] = []
    if parts.headline is None:
        return head_parts, []
    reader = _Lines([])
    article = next((ancestor for ancestor in parts.headline.iterancestors() if is_container(ancestor)), None)
    is_started, is_after_headline = False, False
    for is_start, element, text in _walk(parts):
        is_started = is_started or element is article
        if is_start and element is parts.headline:
            is_started = is_after_headline = True
            reader.sentences = 0
        if not is_started:
            continue
        if element.tag in _BLOCK_TAGS:
            reader.end_line()
            if is_after_headline and reader.sentences >= _MAX_SENTENCES:
                break
        if is_start:
            head_parts.append(HeadPart(element, reader.get_words_before()))
        reader.add(text)
        if len(reader.line) >= _PARAGRAPH_LENGTH and not _is_standfirst(element):
            reader.line = ""
            if is_after_headline:
                break
            # a paragraph before the headline is not part of the head
            head_parts, reader = [], _Lines([], length=reader.length)
        if len(head_parts) > _MAX_ELEMENTS or reader.length > _MAX_LENGTH:
            reader.line = ""
            break
    reader.end_line()
    headline = get_text(parts.headline)
    return head_parts, [line for line in reader.lines if line != headline]


def read_first_lines(tree: HtmlElement) -> list[str]:
    """Return the lines of a page from its beginning to its first paragraph, for pages without a headline."""
    reader = _Lines([])
    for _, element, text in _walk(PageParts(tree, None, None, frozenset([tree, *tree.iterchildren("body")]))):
        if element.tag in _BLOCK_TAGS:
            reader.end_line()
        reader.add(text)
        if len(reader.line) >= _PARAGRAPH_LENGTH or reader.length > _MAX_LENGTH:
            return reader.lines
    reader.end_line()
    return reader.lines


def _walk(parts: PageParts) -> Iterator[tuple[bool, HtmlElement, str]]:
    """Yield the starts and ends of the article's elements, each with the text that follows it.

    Neighbours and the days of changes are left out.
    """
    root = parts.container if parts.container is not None else parts.tree.find("body")
    if root is None:
        return
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        is_start = event == "start"
        if element is not root and (not isinstance(element.tag, str) or _is_left_out(element, parts)):
            if is_start:
                walker.skip_subtree()
            else:
                yield False, element, element.tail or ""
        else:
            yield is_start, element, (element.text if is_start else element.tail if element is not root else "") or ""


def _is_left_out(element: HtmlElement, parts: PageParts) -> bool:
    is_day = element.tag == "time" or len(element) == 0
    return parts.is_neighbour(element) or (is_day and (states_change(element) or states_other_day(element)))


def _is_standfirst(element: HtmlElement) -> bool:
    """Tell whether an element is a sentence below the headline that introduces the article."""
    parents = [element, element.getparent()]
    return any(
        parent is not None and bool(_STANDFIRST_CLASS.search(f"{parent.tag} {parent.get('class', '')}"[:300]))
        for parent in parents
    )
