"""The HTML of a message becomes its text, without history and hidden parts, and plain text gives way to it."""

import pytest

from tests.unit.briefings.ingest.documents.mail.sample_messages import WORDS, build_html, read


def test_html_becomes_one_line_per_block_with_tables_and_without_hidden_text() -> None:
    markup = (
        "<html><head><style>p{color:red}</style><title>no</title></head><body><div style='display:none'>Preheader</div>"
        "<table><tr><td><h1>Library stays open</h1></td></tr><tr><td><p>The library in <b>Easton</b>\n stays open.</p>"
        "First line<br>second&nbsp;line</td></tr></table><script>var x;</script></body></html>"
    )
    article, _ = read(build_html(markup))
    assert article.text == "Library stays open\nThe library in Easton stays open.\nFirst line\nsecond line"


def test_plain_text_made_from_html_gives_way_to_it() -> None:
    markup = "<p>The <a href='https://e.example'>library</a> stays <b>open</b> today.</p>"
    for plain in (
        "The library<https://e.example> stays open today.",
        "The library stays *open* today.",
        "[image: logo]\nThe library stays open today.",
    ):
        assert read(build_html(markup, plain))[0].text == "The library stays open today."


def test_an_indented_block_of_a_mail_program_is_no_quotation() -> None:
    article, _ = read(build_html("<p>All said:</p><blockquote style='margin:0 0 0 40px'>We listened.</blockquote>"))
    assert (article.text, article.quotation_elements) == ("All said:\nWe listened.", ())


def test_preformatted_html_keeps_its_lines() -> None:
    for markup in (f"<pre>{WORDS}\n\n-- \nJane</pre>", f"<div style='white-space: pre-wrap'>{WORDS}</div>"):
        assert read(build_html(markup))[0].text.startswith(WORDS.replace("\n\n", "\n"))


def test_a_quotation_element_in_html_is_a_quotation() -> None:
    article, _ = read(build_html("<p>Ann Poe said:</p><blockquote>We listened.</blockquote><p>That was all.</p>"))
    assert article.text == "Ann Poe said:\nWe listened.\nThat was all."
    assert [span.of(article.text) for span in article.quotation_elements] == ["We listened."]


@pytest.mark.parametrize(
    "history",
    [
        "<div class='gmail_quote'>On 29 June 2016 at 10:00, Bob &lt;b@paper.example&gt; wrote:<br>"
        "<blockquote class='gmail_quote'>Will it close?</blockquote></div>",
        "<blockquote type='cite'><div>Will it close?</div></blockquote>",
        "<hr><div><b>From:</b> Bob Coe<br><b>Sent:</b> 29 June 2016 10:00<br><b>To:</b> Jane<br><b>Subject:</b> Library"
        "</div><p>Will it close?</p>",
    ],
)
def test_html_has_no_history(history: str) -> None:
    data = build_html(f"<p>The library stays open.</p>{history}", Subject="Re: Library")
    assert read(data)[0].text == "The library stays open."


def test_a_message_forwarded_as_html_is_read() -> None:
    markup = (
        "<p>FYI</p><div class='gmail_quote'><div class='gmail_attr'>---------- Forwarded message ---------<br>From: <b>"
        "Easton Council</b> <span>&lt;<a href='mailto:a@easton.example'>a@easton.example</a>&gt;</span><br>"
        "Date: Wed, 29 Jun 2016 at 10:00<br>Subject: Library stays open<br>To: Desk<br></div><br><p>It stays.</p></div>"
    )
    article, _ = read(build_html(markup, Subject="Fwd: Library", From="Bob Coe <b@paper.example>"))
    assert (article.text, article.title, article.publisher) == ("It stays.", "Library stays open", "Easton Council")


def test_a_plain_stub_gives_way_to_the_html() -> None:
    markup = f"<p>{'The library in Easton stays open. ' * 5}</p>"
    assert read(build_html(markup, "Please view this message in HTML."))[0].text.startswith("The library")
    assert read(build_html("<p>The library stays open today.</p>", "The library stays open today."))[0].text == (
        "The library stays open today."
    )
