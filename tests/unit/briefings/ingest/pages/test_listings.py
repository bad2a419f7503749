"""A page that only lists articles is refused; an article with links to others and a live blog are taken."""

import pytest

from briefings.errors import BadInput
from briefings.ingest.pages.html import read_page

STORIES = (
    ("Walls to be repaired", "The council will spend 40 million pounds on river walls, Jane Roe says in Easton."),
    ("Mayor resigns", "“I am going,” said Mayor Tilda Orr, who had led the town for years and years before."),
    ("School opens", "A new school has opened its doors in the west of the town, the council said on Monday."),
    ("Bridge closed", "The old bridge over the river is closed until the autumn, because a pillar has moved."),
)
BODY = (
    "<p>Councillors in Easton voted to close the swimming hall after a long debate on Monday night.</p>"
    "<p>“Nobody here wants that,” said Jane Roe, the leader of the opposition, before the vote.</p>"
    "<p>The hall was built in the year of the great flood, and its roof has leaked since the last winter.</p>"
    "<p>A private company from Norton has offered to take it over, but the council wants to sell the ground.</p>"
)
FLASH = "<time datetime='2016-06-30'>30 June 2016</time><p>The bridge in Easton is open again, the council said.</p>"
INTRODUCTION = "<p>All the news from the council in Easton. Write to the press office for more.</p>"


def repeat(pattern: str) -> str:
    """Fill a pattern with each story: its headline, its text and the path of its page."""
    return "".join(
        pattern.format(title=title, text=text, path=f"/news/{number}") for number, (title, text) in enumerate(STORIES)
    )


ARTICLES = repeat("<article><h2><a href={path}>{title}</a></h2><time>30 June</time><p>{text}</p></article>")
CARDS = repeat("<div class=card><a href={path}><img src=a.png><h3>{title}</h3><p>{text}</p></a></div>")
ITEMS = repeat("<li><h3><a href={path}>{title}</a></h3><div>{text}</div><a href={path}>Read more</a></li>")
FLAT = repeat("<h3><a href={path}>{title}</a></h3><p>{text}</p>")
HEADLINES = repeat("<article><h1><a href={path}>{title} in the town of Easton.</a></h1></article>")
SECTIONS = repeat("<h2>{title}</h2><p>{text}</p>")


def read(body: str, head: str = "") -> str:
    page = f"<html><head><title>The Tribune</title>{head}</head><body>{body}</body></html>"
    return read_page(page.encode(), None).text


@pytest.mark.parametrize(
    "body",
    [
        f"<main><h1>Latest news</h1>{ARTICLES}</main>",
        ARTICLES,
        f"<h1>News</h1>{INTRODUCTION}<div class=grid>{CARDS}</div>",
        f"<main><h1>News</h1><ul>{ITEMS}</ul></main><footer>The Tribune, Easton.</footer>",
        f"<div id=content><h1>Press releases</h1>{FLAT}</div>",
        f"<main><h1>Category: Easton</h1>{HEADLINES}</main>",
        f"<article><h1>News</h1>{FLAT}</article>",
    ],
)
def test_page_that_only_lists_articles_is_refused_with_what_to_do(body: str) -> None:
    with pytest.raises(BadInput) as error:
        read(body)
    assert str(error.value) == (
        "this page is a list of articles. Add the articles' addresses, or follow the site's feed."
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (f"<article><h1>Hall</h1>{BODY}</article><h2>More</h2>{ARTICLES}", "“Nobody here wants that,”"),
        (f"<main><h1>Hall</h1>{BODY}{FLAT}</main>", "“Nobody here wants that,”"),
        (f"<main>{ARTICLES}<article><h1>Hall</h1>{BODY}</article></main>", "“Nobody here wants that,”"),
        (f"<article><h1>Bridge</h1>{FLASH}</article><aside>{ARTICLES}</aside>", "is open again"),
        (f"<article><h1>Bridge</h1>{FLASH}</article><div class=related>{CARDS}</div>", "is open again"),
        (f"<article><h1>Bridge</h1>{FLASH}</article><section><h2>More</h2>{CARDS}</section>", "is open again"),
        (f"<div><h1>Bridge</h1>{FLASH}</div><section><h2>More</h2>{FLAT}</section>", "is open again"),
        (f"<main><h1>Easton today</h1>{SECTIONS}</main>", "said Mayor Tilda Orr"),
        (f"<main><h1>Live</h1>{FLAT.replace('/news/', '#post-')}</main>", "said Mayor Tilda Orr"),
    ],
)
def test_article_with_links_to_others_is_taken(body: str, sentence: str) -> None:
    assert sentence in read(body)


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2016-06-30'>",
        '<script type=\'application/ld+json\'>{"@type": "LiveBlogPosting"}</script>',
    ],
)
def test_page_that_states_that_it_is_an_article_is_taken(head: str) -> None:
    assert "said Mayor Tilda Orr" in read(f"<main><h1>The day in short</h1>{FLAT}</main>", head)


def test_answers_under_the_linked_names_of_a_few_speakers_are_an_article() -> None:
    answers = "".join(
        f"<div><h3><a href=/people/{number % 2}>Jane Roe {number % 2}</a></h3><p>We will look at it, number {number}."
        "</p></div>"
        for number in range(8)
    )
    assert "number 5" in read(f"<main><h1>Debate on the hall</h1>{answers}</main>")
