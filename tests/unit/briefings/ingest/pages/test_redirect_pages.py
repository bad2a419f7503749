"""A redirect is found in pages without text of their own, and only there."""

import pytest

from briefings.ingest.pages.redirect_pages import find_refresh_target

_ARTICLE = "<p>The council of Easton met in the old hall, and debated the wall for hours on end.</p>" * 10


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        (
            '<meta http-equiv="refresh" content="0; url=https://paper.example/a?b=1&amp;c=2">',
            "https://paper.example/a?b=1&c=2",
        ),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"0;URL='/news/x'\"><p>This page has moved.</p>", "/news/x"),
        ('<meta content="3; URL=&quot;http://paper.example/&quot;" http-equiv="Refresh">', "http://paper.example/"),
        (
            '<noscript><meta http-equiv="refresh" content="0;URL=\'http://paper.example/a\'"></noscript>',
            "http://paper.example/a",
        ),
        ('<meta http-equiv="refresh" content="0,https://paper.example/z">', "https://paper.example/z"),
        ("<meta http-equiv=refresh content='1.5;\nurl = next.html'>", "next.html"),
        ('<script>window.location.href = "https://paper.example/x";</script>', "https://paper.example/x"),
        ("<script>location.replace('https:\\/\\/paper.example\\/x')</script>", "https://paper.example/x"),
        ("<script>if (top) { top.location='/y' }</script>", "/y"),
    ],
)
def test_target_is_found_as_it_is_written(markup: str, target: str) -> None:
    assert find_refresh_target(f"<html><head><title>Moved</title>{markup}</head><body></body></html>") == target


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<p>Words.</p>",
        '<meta http-equiv="refresh" content="300">',
        '<meta http-equiv="refresh" content="5">',
        '<meta http-equiv="refresh" content="900;url=/live">',
        '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
        '<meta http-equiv="refresh" content="0;url=data:text/html,x">',
        '<meta http-equiv="refresh" content="0;url=https://paper.example/\x01x">',
        f'<meta http-equiv="refresh" content="0;url=/{"x" * 3_000}">',
        f'<noscript><meta http-equiv="refresh" content="0;url=/?noscript=1"></noscript>{_ARTICLE}',
        f'<meta http-equiv="refresh" content="0;url=/other">{_ARTICLE}',
        f'<script>if (phone) location = "/mobile";</script>{_ARTICLE[:300]}',
        '<script>var location = "Easton/harbour";</script>',
        '<script>location = "https://paper.example/" + name;</script>',
        '<script>location = "Easton";</script>',
        "<script>location.reload()</script>",
        '<meta http-equiv="refresh" content="">' * 10_000,
        "<script>" + "location." * 20_000 + "</script>",
    ],
)
def test_other_pages_have_no_target(markup: str) -> None:
    assert find_refresh_target(f"<html><head></head><body>{markup}</body></html>") is None
