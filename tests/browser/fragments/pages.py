"""Invented pages, each with one cited passage and with traps: the same words in other places.

Rule: `[[` and `]]` in the HTML mark the cited passage. The article's text has the page's blocks line by line, without
those that a reader of web pages drops: captions, pull quotes, menus.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import html

from briefings.model import Article, Span
from tests.support.depth import choose

URL = "https://tribune.example/pier"
#: quotations as HTML: short and long ones, with marks, scripts and repeats that make matching hard
QUOTATIONS = {
    "short": "I did all I could",
    "long": "We will rebuild the pier before the winter, and we will not ask anyone in Easton for money",
    "curly": "the café’s new façade is “a crime”, isn’t it",
    "marks": "It was a no-win, winner-takes-all deal: 3.5% here, 3.5% there &amp; nothing for R&amp;D",
    "ligatures": "the oﬃce will ﬁnd out, the ﬂood was no ﬂuke",
    "blanks": "some 30&nbsp;boats left the harbour at 9&nbsp;p.m. on that&nbsp;night",
    "hyphens": "an un&shy;for&shy;get&shy;ta&shy;ble night of storms",
    "umlauts": "Die Brücke über die Straße bleibt für Fußgänger offen, sagte sie, und die Fähre fährt",
    "chinese": "我们会重建码头，也会重建灯塔",
    "elements": 'we <em>will</em> fight, we <a href="#x">will</a> fight, and in the end we <b>will</b> fight',
}
_OPENING = "<p>The council of Easton met on Monday to talk about the pier, which a storm broke in March.</p>"
_CLOSING = "<p>The next meeting of the council is in June, when it decides about the money.</p>"
#: elements that the article's text lacks
_DROPPED = "aside, figcaption, nav, table"


@dataclass(frozen=True, slots=True)
class CitedPage:
    """Page as the publisher serves it, what the record has of it, and the passage to mark."""

    html: str
    article: Article
    passage: Span
    #: the page's non-blank characters, and which of them are the passage
    characters: str
    cited: range


def build_page(blocks: list[str], headline: str = "Council meets about the pier") -> CitedPage:
    """Build the page of these blocks of HTML, one of which has the marks of the cited passage."""
    marked_html = f"<body><nav>Home News Sport</nav><h1>{headline}</h1>{''.join(blocks)}</body>"
    tree = html.fromstring(f"<html>{marked_html}</html>")
    characters = re.sub(r"\s", "", "".join(tree.itertext()))
    start, end = characters.index("[["), characters.index("]]") - 2
    text = _extract_text(blocks)
    text_start, text_end = text.index("[["), text.index("]]") - 2
    return CitedPage(
        html=marked_html.replace("[[", "").replace("]]", ""),
        article=Article("pier", text.replace("[[", "").replace("]]", ""), url=URL, title=_get_words(headline)),
        passage=Span(text_start, text_end),
        characters=characters.replace("[[", "").replace("]]", ""),
        cited=range(start, end),
    )


def _extract_text(blocks: list[str]) -> str:
    trees = [html.fragment_fromstring(block) for block in blocks]
    return "\n".join(
        _get_words(block) for block, tree in zip(blocks, trees, strict=True) if tree.tag not in _DROPPED.split(", ")
    )


def _get_words(markup: str) -> str:
    """Return the words of HTML as a reader of web pages does: without soft hyphens, blanks collapsed."""
    words = html.fragment_fromstring(markup.replace("</li>", "</li>\n"), create_parent=True).text_content()
    words = words.replace("\u00ad", "").strip()
    return "\n".join(" ".join(line.split()) for line in words.split("\n"))


def _say(words: str) -> str:
    """Return a paragraph in which the mayor says the words."""
    return f"<p>The mayor, Jane Roe, said: “{words}.” Then she left for Weston.</p>"


#: places of the cited passage, each a function from a quotation to the blocks of the page
LAYOUTS: dict[str, Callable[[str], list[str]]] = {
    "only once": lambda words: [_OPENING, _say(f"[[{words}]]"), _CLOSING],
    "caption that the text lacks": lambda words: [
        f"<figcaption>Jane Roe: “{words}.”</figcaption>",
        _OPENING,
        _say(f"[[{words}]]"),
        _CLOSING,
    ],
    "caption that the text has": lambda words: [
        f"<p>Jane Roe: “{words}”. Photograph: A. Smith</p>",
        _OPENING,
        _say(f"[[{words}]]"),
        _CLOSING,
    ],
    "pull quote before": lambda words: [
        _OPENING,
        f"<aside>“{words}.”</aside>",
        f"<p>“[[{words}]],” said Jane Roe, the mayor. She was in Weston.</p>",
        _CLOSING,
    ],
    "pull quote with the speaker": lambda words: [
        _OPENING,
        f"<aside>“{words},” said Jane Roe.</aside>",
        _CLOSING,
        f"<p>“[[{words}]],” said Jane Roe. She was in Weston.</p>",
    ],
    "pull quote of a paragraph": lambda words: [
        f"<aside>“{words}.”</aside>",
        _OPENING,
        f"<p>“[[{words}]].”</p>",
        _CLOSING,
    ],
    "pull quote of a paragraph, and an advertisement before": lambda words: [
        f"<aside>“{words}.”</aside>",
        _OPENING,
        "<aside>Advertisement</aside>",
        f"<p>“[[{words}]].”</p>",
        _CLOSING,
    ],
    "pull quote of a paragraph, and a picture after": lambda words: [
        f"<aside>“{words}.”</aside>",
        _OPENING,
        f"<p>“[[{words}]].”</p>",
        "<figcaption>Easton in March. Photograph: A. Smith</figcaption>",
        _CLOSING,
    ],
    "standfirst": lambda words: [
        f"<p class='standfirst'>“{words},” the mayor says.</p>",
        _OPENING,
        _say(f"[[{words}]]"),
    ],
    "standfirst in capitals": lambda words: [
        f"<p class='standfirst'>{re.sub('&[a-z]+;|<[^>]+>', '', words).upper()}</p>",
        _OPENING,
        _say(f"[[{re.sub('&[a-z]+;|<[^>]+>', '', words)}]]"),
    ],
    "first of two answers": lambda words: [
        _OPENING,
        f"<p>“[[{words}]],” she said on Monday.</p>",
        f"<p>“{words},” she said on Tuesday.</p>",
    ],
    "second of two answers": lambda words: [
        _OPENING,
        f"<p>“{words},” she said on Monday.</p>",
        f"<p>“[[{words}]],” she said on Tuesday.</p>",
    ],
    "middle of three equal paragraphs": lambda words: [
        f"<p>“{words}.”</p>",
        _OPENING,
        f"<p>“[[{words}]].”</p>",
        _CLOSING,
        f"<p>“{words}.”</p>",
    ],
    "end that recurs within": lambda words: [_OPENING, _say(f"[[{words}. And I say it again: {words}]]"), _CLOSING],
    "end that recurs after": lambda words: [
        _OPENING,
        f"<p>She said: “[[{words}]]. Yes, {words}.”</p>",
        _CLOSING,
    ],
    "start that occurs before": lambda words: [
        _OPENING,
        f"<p>She asked: “{words}?” She answered: “[[{words}, and I mean it]].”</p>",
        _CLOSING,
    ],
    "two paragraphs": lambda words: [
        _OPENING,
        f"<p>She said: “[[{words}.</p>",
        f"<p>“And when the day comes, {words}]].”</p>",
        _CLOSING,
    ],
    "three paragraphs, the ends repeated": lambda words: [
        f"<p>{words}.</p>",
        _OPENING,
        f"<p>She said: “[[{words}.</p>",
        f"<p>“{words}.</p>",
        f"<p>“So I say {words}]].”</p>",
        _CLOSING,
    ],
    "table before": lambda words: [
        f"<table><tr><td>Roe</td><td>{words}</td></tr><tr><td>Smith</td><td>no</td></tr></table>",
        _OPENING,
        _say(f"[[{words}]]"),
    ],
    "list": lambda words: [
        _OPENING,
        f"<ul><li>Roe: {words}</li><li>Smith: [[{words}]]</li><li>Jones: {words}</li></ul>",
        _CLOSING,
    ],
    "elements at the edges": lambda words: [
        f"<figcaption>{words}</figcaption>",
        _OPENING,
        f"<p>The <a href='#m'>mayor</a> said: “<em>[[{words}]]</em><b>.</b>” Then she left.</p>",
    ],
    "caption with the same speaker": lambda words: [
        f"<figcaption>The mayor, Jane Roe, said: “{words}.” Photograph: A. Smith</figcaption>",
        _OPENING,
        _say(f"[[{words}]]"),
        _CLOSING,
    ],
    "key point of a paragraph's first sentence": lambda words: [
        f"<aside><ul><li>Roe: {words}.</li><li>The harbour stays open.</li></ul></aside>",
        _OPENING,
        f"<p>[[Roe: {words}.]] It was her third speech this year.</p>",
        _CLOSING,
    ],
    "caption that begins alike": lambda words: [
        "<figcaption>In Easton on Monday they heard of the storm</figcaption>",
        _OPENING,
        f"<p>[[In Easton on Monday they all heard that {words}, as planned, and nobody slept before the morning.]]</p>",
        _CLOSING,
    ],
    "sentence of the article": lambda words: [
        f"<p>People in Weston said that {words}.</p>",
        f"<p>Nobody knew. [[The mayor said that {words}.]] Nobody in Easton said that {words}.</p>",
        _CLOSING,
    ],
}


def build_cited_pages() -> Iterator[tuple[str, CitedPage]]:
    """Yield pages with their names: a fifth of the quotations in every layout, or all 250 in a thorough run.

    The headline repeats each third quotation.
    """
    step = choose(5, 1)
    for number, (layout, build_blocks) in enumerate(LAYOUTS.items()):
        for index, (name, words) in enumerate(QUOTATIONS.items()):
            if (number + 2 * index) % step:
                continue
            headline = words if (number + index) % 3 == 0 else "Council meets about the pier"
            yield f"{layout}: {name}", build_page(build_blocks(words), headline)
