"""Drop caps, tables, live blogs, quotation blocks and named areas keep their words, wherever they are in a page."""

import pytest
from lxml.html import document_fromstring

from briefings.ingest.pages.html import read_page
from briefings.ingest.pages.repairs.live_updates import unwrap_updates
from tests.stand_ins.articles import HALE, PLACES, PLAN, REPORT, ROE, VOTE, read_lines, write_paragraphs

_REST = VOTE[1:]
_WORDS = "No one should have to wait for a boat in the rain while the county counts its money."
_PULLED = "Nobody wants another winter"


@pytest.mark.parametrize("place", ["article", "no names"])
@pytest.mark.parametrize(
    "first",
    [
        f'<p><span class="dropcap">C</span>{_REST}</p>',
        f'<p><span class="dropcap">C</span>\n{_REST}</p>',
        f'<p><span class="drop-cap"><span>C</span></span> {_REST}</p>',
        f'<p><span class="firstcharacter">C</span>\n   {_REST}</p>',
        f'<p><span class="first-letter" aria-hidden="true">C</span><span>{_REST}</span></p>',
        f"<p><b>C</b>{_REST}</p>",
        f"<p><big>C</big> {_REST}</p>",
        f'<p><font size="7">C</font>\n{_REST}</p>',
        f'<p><strong style="float: left; font-size: 60px">C</strong> {_REST}</p>',
        f'<p><div class="dropcap">C</div>{_REST}</p>',
        f'<div class="dropcap">C</div><p>{_REST}</p>',
        f'<p><i class="lettrine">C</i> <span>{_REST}</span></p>',
    ],
)
def test_drop_cap_is_part_of_its_word(first: str, place: str) -> None:
    assert VOTE in read_lines(first + write_paragraphs(REPORT[1:]), place)


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ('<span class="dropcap">A</span> wall fell on Monday.', "A wall fell on Monday."),
        ('<span class="dropcap">A</span>\nfter the wall fell, it rained.', "After the wall fell, it rained."),
        ('<span class="dropcap">I</span> was there, and saw it all.', "I was there, and saw it all."),
        ('<span class="dropcap">I</span>\nt was cold on Monday.', "It was cold on Monday."),
        ('<span class="dropcap">I</span>T was cold on Monday.', "IT was cold on Monday."),
        ('<span class="dropcap">“W</span>e will wait,” said Roe.', "“We will wait,” said Roe."),
        ('<span class="dropcap">The</span> wall fell on Monday.', "The wall fell on Monday."),
        ('<span class="dropcap">C</span> OUNCILLORS met on Monday.', "COUNCILLORS met on Monday."),
        ('<span class="dropcap">W</span> Smith met the council.', "W Smith met the council."),
        ("<b>T</b> cells were counted on Monday.", "T cells were counted on Monday."),
        ("<b>Q</b> What did you see on Monday?", "Q What did you see on Monday?"),
    ],
)
def test_words_that_are_apart_stay_apart(part: str, line: str) -> None:
    assert line in read_lines(f"<p>{part}</p>{write_paragraphs(REPORT)}")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "part",
    [
        "<table width=600>" + "".join(f"<tr><td>{line}</td></tr>" for line in REPORT) + "</table>",
        f"<table><tr><td><img src=x></td><td>{write_paragraphs(REPORT)}</td></tr></table>",
        "<table><tr><td><a href=/>Menu home</a><br><a href=/n>Menu news</a></td><td><table><tr><td>"
        + "<br><br>".join(REPORT)
        + "</td></tr></table></td></tr></table>",
        f"{write_paragraphs(REPORT[:1])}<table><tr><td>{ROE}</td></tr></table>{write_paragraphs(REPORT[2:])}",
        write_paragraphs(REPORT)
        + "<table><tr><th>Menu ward</th><th>Votes</th></tr><tr><td>Menu north</td><td>1234</td></tr></table>",
    ],
)
def test_running_text_of_tables_is_kept_and_data_is_dropped(part: str, place: str) -> None:
    lines = read_lines(part, place)
    assert [line for line in lines if line in REPORT] == list(REPORT)
    assert not [line for line in lines if "Menu" in line]


def test_name_beside_a_quotation_in_a_table_is_kept_and_numbers_are_not() -> None:
    rows = f"<tr><th>Who</th><th>What</th></tr><tr><td>Tom Hale</td><td>{HALE}</td><td>1,234</td></tr>"
    assert read_lines(f"{write_paragraphs(REPORT[:3])}<table>{rows}</table>") == [*REPORT[:3], "Tom Hale", HALE]


def test_head_of_a_press_release_in_a_table_is_kept() -> None:
    cells = f"<tr><td>NEWS RELEASE<br>30 June 2016</td></tr><tr><td>{'<br><br>'.join(REPORT)}</td></tr>"
    page = f"<html><head><title>Release</title></head><body><table>{cells}</table></body></html>"
    assert read_page(page.encode(), None).text.split("\n") == ["NEWS RELEASE", "30 June 2016", *REPORT]


_UPDATES = [
    f"Jane Roe told update {number}: “The road stays open for reason {number}.” She sat down." for number in range(6)
]


def _write_updates(tag: str, attributes: str, head: str, lead: str = "") -> str:
    return "".join(
        f"<{tag} {attributes}>{head.format(number)}"
        f"<div class='entry-content'>{lead if number == 0 else ''}<p>{line}</p></div></{tag}>"
        for number, line in enumerate(_UPDATES)
    )


@pytest.mark.parametrize("place", ["article", "main", "no names", "body"])
@pytest.mark.parametrize("lead", ["", write_paragraphs(REPORT)])
@pytest.mark.parametrize(
    "head",
    [
        "<time>11:1{}</time><h2>Update {}</h2>".replace("{}</h2>", "</h2>"),
        "<h2>11:1{} The vote</h2>",
        "<header><h3>The vote</h3><time datetime=2016-06-30T11:1{}:00Z>11.1</time></header>",
        "<p class='block-time'><time>11:1{}</time></p>",
        "<h2><a href='/live?page=with:block-{0}#block-{0}'>The vote</a></h2><time>11:1{0}</time>",
    ],
)
@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("div", "class=post"),
        ("article", "class=update"),
        ("section", "class='entry live-entry'"),
        ("article", "class=block itemprop=liveBlogUpdate itemscope itemtype='http://schema.org/BlogPosting'"),
        ("div", "class='post-content'"),
    ],
)
def test_all_updates_of_a_live_blog_are_kept_in_order(
    tag: str, attributes: str, head: str, lead: str, place: str
) -> None:
    lines = read_lines(_write_updates(tag, attributes, head, lead), place)
    assert [line for line in lines if line in _UPDATES] == _UPDATES


def test_updates_in_a_list_are_lines_of_their_own() -> None:
    lines = read_lines(f"<ol>{_write_updates('li', 'class=liveblog-entry', '<time>11:1{}</time>')}</ol>")
    assert lines == _UPDATES


def test_teasers_of_other_stories_are_no_updates() -> None:
    teasers = _write_updates("article", "class=post", "<h2><a href='/story/{}'>Another story</a></h2>")
    tree = document_fromstring(f"<html><body><main>{teasers}</main></body></html>")
    unwrap_updates(tree)
    assert len(list(tree.iter("article"))) == len(_UPDATES)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("part", "signature"),
    [
        ("<blockquote><p>{}</p></blockquote>", None),
        ("<blockquote>{}</blockquote>", None),
        ("<blockquote><div>{}</div></blockquote>", None),
        ("<blockquote><p>{}</p><cite>Jane Roe, mayor</cite></blockquote>", "Jane Roe, mayor"),
        ("<blockquote><p>{}</p><footer>— Jane Roe</footer></blockquote>", "— Jane Roe"),
        ("<figure><blockquote><p>{}</p></blockquote><figcaption>Jane Roe</figcaption></figure>", "Jane Roe"),
        ("<figure><blockquote>{}</blockquote><figcaption>— <cite>Jane Roe</cite></figcaption></figure>", "— Jane Roe"),
        ("<ul><li><p>Jane Roe said:</p><blockquote><p>{}</p></blockquote></li></ul>", "Jane Roe said:"),
        ("<ul><li>Jane Roe said:<blockquote>{}</blockquote></li></ul>", "Jane Roe said:"),
        ("<table><tr><td><p>Jane Roe said:</p><blockquote>{}</blockquote></td></tr></table>", "Jane Roe said:"),
        ("<div class='social embed'><blockquote class='twitter-tweet'><p>{}</p></blockquote></div>", None),
        (
            "<div class='embed'><blockquote class='twitter-tweet'><p>{}</p>— Jane Roe (@roe)</blockquote></div>",
            "— Jane Roe (@roe)",
        ),
    ],
)
def test_quotation_blocks_are_kept_with_their_signatures(part: str, signature: str | None, place: str) -> None:
    markup = write_paragraphs(REPORT[:3]) + part.format(_WORDS) + write_paragraphs(REPORT[3:])
    page = f"<html><body>{PLACES[place].format(markup)}</body></html>"
    article = read_page(page.encode(), None)
    lines = article.text.split("\n")
    assert [line for line in lines if line in (*REPORT, _WORDS)] == [*REPORT[:3], _WORDS, *REPORT[3:]]
    assert [span.of(article.text) for span in article.quotation_elements] == [_WORDS]
    assert signature is None or signature in lines


@pytest.mark.parametrize(
    "part",
    [
        f"<aside class=pullquote><blockquote><p>{_PULLED}</p></blockquote></aside>",
        f"<blockquote class='pull-quote'><p>{_PULLED}</p></blockquote>",
        f"<blockquote>{_PULLED}</blockquote>",
        f"<div class=pullquote>“{_PULLED}”<span>Jane Roe</span></div>",
        f"<figure class='wp-block-pullquote'><blockquote><p>{_PULLED}</p><cite>Jane Roe</cite></blockquote></figure>",
    ],
)
def test_pull_quote_is_no_second_quotation(part: str) -> None:
    assert read_lines(write_paragraphs(REPORT[:3]) + part + write_paragraphs(REPORT[3:])) == list(REPORT)


def test_pull_quote_with_words_of_its_own_is_kept() -> None:
    lines = read_lines(
        f"{write_paragraphs(REPORT)}<div class=pullquote>“{_WORDS}”</div><p>It rained on Monday in Easton.</p>"
    )
    assert f"“{_WORDS}”" in lines


def test_quotation_that_an_article_repeats_in_part_is_kept() -> None:
    markup = f"{write_paragraphs(REPORT)}<blockquote><p>{_PULLED} like that.</p><p>{_WORDS}</p></blockquote>"
    assert read_lines(f"{markup}<p>It rained on Monday in Easton.</p>")[5:7] == [f"{_PULLED} like that.", _WORDS]


@pytest.mark.parametrize("name", ["elementor-widget", "embed", "slide", "article-meta", "message", "progress-bar"])
def test_quotation_in_an_element_with_the_name_of_a_widget_is_kept(name: str) -> None:
    widgets = "".join(f"<div class='{name}'><p>{line}</p></div>" for line in REPORT)
    assert read_lines(widgets) == list(REPORT)
    one_widget = f"{write_paragraphs(REPORT[:1])}<div class='{name}'><p>{ROE}</p></div>{write_paragraphs(REPORT[2:])}"
    assert read_lines(one_widget) == list(REPORT)


@pytest.mark.parametrize("name", ["newsletter", "related-stories", "comments", "share-tools", "author-bio"])
def test_areas_around_an_article_are_dropped(name: str) -> None:
    area = f"<div class='{name}'><p>“Menu of a story,” said somebody in another story.</p></div>"
    assert read_lines(f"{write_paragraphs(REPORT)}{area}<p>{PLAN}</p>") == [*REPORT, PLAN]
