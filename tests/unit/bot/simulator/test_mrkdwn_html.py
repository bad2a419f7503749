"""Tests of mrkdwn as HTML: Slack's marks, http links only, and escaping."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.pages import plain_to_html, safe_link, to_html
from bot.slack.blocks.mrkdwn import escape_mrkdwn

NAMES = {"U1": "ada", "C1": "newsroom"}
LINK = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'


@pytest.mark.parametrize(
    ("mrkdwn", "html"),
    [
        ("*bold* _italic_ ~gone~ `code`", "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>code</code>"),
        ("_*both*_", "<em><strong>both</strong></em>"),
        ("2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c"),
        ("* not bold * and *open", "* not bold * and *open"),
        ("`*no* <@U1>`", "<code>*no* &lt;@U1&gt;</code>"),
        ("&gt; one\n> two\nthree", "<blockquote>one<br>two</blockquote>three"),
        (">one\na\n\n>two\n\n>three", "<blockquote>one</blockquote>a<br><br><blockquote>two</blockquote><br>"
                                      "<blockquote>three</blockquote>"),
        ("```a\n*b*```", "<pre>a\n*b*</pre>"),
        ("a &amp; b &lt;i&gt; &amp;lt;", "a &amp; b &lt;i&gt; &amp;lt;"),
        ("&quot;&nbsp;", "&amp;quot;&amp;nbsp;"),
        ("<https://x.example/a_b?c&amp;d|the _site_>", LINK.format("https://x.example/a_b?c&amp;d", "the _site_")),
        ("<http://x.example>", LINK.format("http://x.example", "http://x.example")),
        ("*<http://x.example|bold link>*", "<strong>" + LINK.format("http://x.example", "bold link") + "</strong>"),
        ("<@U1> <@U9|bob> <#C1> <!here>", " ".join(f'<span class="mention">{n}</span>' for n in
                                                  ("@ada", "@bob", "#newsroom", "@here"))),
        ("<!date^1467244800^{date}|30 June>", '<span class="mention">30 June</span>'),
        ("<javascript:alert(1)|click>", "click"),
        ("<|>", ""),
    ],
)  # fmt: skip
def test_marks_look_the_same_as_in_slack(mrkdwn: str, html: str) -> None:
    assert to_html(mrkdwn, NAMES) == html


@pytest.mark.parametrize("text", ["*x*", "_x_", "~x~", "`x`", "```x```", "a *b c* d", "*_~`x`~_*", "*x* and *y*"])
def test_escaped_marks_are_shown_as_text(text: str) -> None:
    """Text from `escape_mrkdwn` has no style, next to our own bold text too."""
    assert re.sub("[\u2060\u200b]", "", to_html(escape_mrkdwn(text), NAMES)) == text
    html = to_html(f"*ours* {escape_mrkdwn(text)}", NAMES)
    assert re.sub("[\u2060\u200b]", "", html) == f"<strong>ours</strong> {text}"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "/local", "mailto:a@b.c", "https://", "http://[",
            "https://x.example/ y", "https://x.example/\x00", "JAVASCRIPT:x", ""]
)  # fmt: skip
def test_only_http_urls_are_linked(url: str) -> None:
    assert safe_link(url) is None


def test_plain_text_has_no_marks() -> None:
    assert plain_to_html("*a* <b> &amp;\nc") == "*a* &lt;b&gt; &amp;amp;<br>c"


PIECES = [*"ab *_~`<>|&;!@#\n\"'", "&gt;", "http://x.y", "```", "javascript:"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_produces_only_our_own_tags(text: str) -> None:
    """The HTML has no other tags, attributes or quotation marks."""
    our_tags = r'</?(?:strong|em|s|code|pre|blockquote|a|span)>|<br>|<span class="mention">'
    our_links = r'<a href="https?://[^"<>]+" target="_blank" rel="noopener noreferrer">'
    rest = re.sub(f"{our_tags}|{our_links}", "", to_html(text, NAMES))
    assert not re.search(r"[<>\"']", rest)


@pytest.mark.parametrize("text", ["~x~", "`x`", "~", "half_", "x ~"])
def test_our_bold_text_can_end_with_an_escaped_mark(text: str) -> None:
    html = to_html(f"*{escape_mrkdwn(text)}* · end", NAMES)
    assert re.sub("[\u2060\u200b]", "", html) == f"<strong>{text}</strong> · end"
