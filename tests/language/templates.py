"""Extract the visible text of Jinja templates, and the prose of markdown files."""

import re

from tests.language.passages import Passage, mask, mask_citations, mask_matches

_HIDDEN = re.compile(r"\{#.*?#\}|<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LITERAL = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>|<![^>]*>")
_VISIBLE_ATTRIBUTE = re.compile(r'\b(?:title|placeholder|alt|label|aria-label|content)="([^"]*)"')
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n.*?^[ \t]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
_MARKDOWN_MARKUP = re.compile(r"<!--.*?-->|</?[a-zA-Z][^>\n]*>|(?<=\])\([^)\n]*\)", re.DOTALL)
_INLINE_TAGS = {"a", "abbr", "b", "bdi", "em", "i", "mark", "q", "small", "span", "strong", "time"}


def extract_template(path: str, source: str) -> Passage:
    """Return the visible text of a template: text, attributes that people read, sentences in expressions."""
    text = mask_matches(_HIDDEN, source)
    text = _EXPRESSION.sub(_reduce_expression, text)
    return Passage(path, 1, _TAG.sub(_reduce_tag, text))


def extract_markdown(path: str, source: str) -> Passage:
    """Return the prose of a markdown file, without code, link targets and quotations."""
    return Passage(path, 1, mask_citations(mask_matches(_MARKDOWN_MARKUP, mask_matches(_FENCE, source))))


def _reduce_expression(match: re.Match[str]) -> str:
    """Mask an expression except for its literals that read like a sentence."""
    sentences = [literal for literal in _LITERAL.finditer(match[0]) if " " in literal[0].strip("\"'")]
    return _keep_spans(match[0], [(literal.start() + 1, literal.end() - 1) for literal in sentences])


def _reduce_tag(match: re.Match[str]) -> str:
    """Mask a tag except for its visible attributes; an inline tag does not interrupt a phrase."""
    spans = [attribute.span(1) for attribute in _VISIBLE_ATTRIBUTE.finditer(match[0])]
    if not spans and (match[1] or "").lower() in _INLINE_TAGS:
        return re.sub(r"[^\n]", " ", match[0]) if _touches_blank(match) else ""
    return _keep_spans(match[0], spans)


def _touches_blank(match: re.Match[str]) -> bool:
    """Tell whether a tag holds a line break or has a blank on a side, so that it may become blanks."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return "\n" in match[0] or before.isspace() or after.isspace()


def _keep_spans(text: str, spans: list[tuple[int, int]]) -> str:
    """Mask a text outside the given spans."""
    pieces, position = [], 0
    for start, end in spans:
        pieces += [mask(text[position:start]), text[start:end]]
        position = end
    return "".join(pieces) + mask(text[position:])
