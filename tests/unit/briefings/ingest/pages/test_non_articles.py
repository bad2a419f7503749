"""A page that is no article is refused with what it is; an article about such things is taken."""

import pytest

from briefings.errors import BadInput
from briefings.ingest.pages.html import read_page
from tests.stand_ins.articles import AUTUMN, PLAN

_PARTNERS = "<p>With your permission we and our partners may use location data for the purposes below.</p>" * 20


def _read(body: str, title: str = "The Tribune", head: str = "") -> str:
    return read_page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode(), None).text


@pytest.mark.parametrize(
    ("title", "body", "message"),
    [
        ("App", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>", "JavaScript"),
        ("Oops", "<p>JavaScript is disabled in your browser.</p>", "JavaScript"),
        ("Just a moment...", "<h1>paper.example</h1><p>Checking your browser before accessing the page.</p>", "robots"),
        ("Tribune", "<h1>Are you a robot?</h1><p>Please tick the box below to go on reading.</p>", "robots"),
        ("Access denied", "<h1>Access Denied</h1><p>You don't have permission to see this.</p>", "robots"),
        ("Tribune", "<p>Please enable cookies to continue.</p>", "cookies"),
        ("Page not found", "<h1>Sorry</h1><p>Try one of these sections.</p>", "error page"),
        ("Tribune", "<h1>404</h1><p>The page you are looking for could not be found.</p>", "error page"),
        ("Tribune", "<h1>Sorry</h1><p>This article is no longer available.</p>", "error page"),
        ("503 Service Unavailable", "<h1>Service Unavailable</h1><p>Try again.</p>", "error page"),
        ("Tribune", "<h1>Sign in</h1><p>Forgot your password?</p>", "login page"),
        ("Tribune", f"<h1>We value your privacy</h1><p>Accept or reject cookies.</p>{_PARTNERS}", "consent"),
    ],
)
def test_page_that_is_no_article_is_refused_with_what_it_is(title: str, body: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as error:
        _read(body, title)
    assert str(error.value).startswith("this page ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Robot wins", "<p>“I am not a robot, whatever the captcha thinks of it,” said Jane Roe.</p>"),
        ("Ferry stops", "<p>The ferry is no longer available to walkers, the council of Easton said on Monday.</p>"),
        ("New rules", f"<p>Sites must ask before they enable cookies, under a law of Easton.</p><p>{PLAN}</p>"),
        ("A long story", f"<p>{PLAN}</p><p>{AUTUMN}</p>" * 4 + "<p>Please enable JavaScript.</p>"),
        ("Wall", "<p>The security check of the wall took a day, and the road was closed for all of it.</p>"),
    ],
)
def test_article_about_such_things_is_taken(title: str, body: str) -> None:
    assert _read(f"<article><h1>{title}</h1>{body}</article>", title)


def test_redirect_is_refused_with_the_address_that_it_leads_to() -> None:
    head = '<meta http-equiv="refresh" content="3;url=https://paper.example/new">'
    with pytest.raises(BadInput, match=r"only redirects to https://paper\.example/new\. Add that address"):
        _read("<h1>This page has moved</h1><p>Please update your bookmarks.</p>", head=head)
    with pytest.raises(BadInput, match="only redirects to another page"):
        _read("<h1>This page has moved</h1>", head='<meta http-equiv="refresh" content="0;url=/new">')
