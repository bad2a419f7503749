"""A plain text at an address keeps its paragraphs, and has a title only if its first line clearly is one."""

import pytest

from briefings.errors import BadInput
from briefings.feeds.plain_text import read_plain_text

ADDRESS = "https://council.example/release.txt"
BODY = "Councillors in Easton voted.\n\n“Nobody wants that,” said Jane Roe.\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Harbour plan agreed\n\n{BODY}", "Harbour plan agreed"),
        (f"Harbour plan agreed\r\n\r\n{BODY}", "Harbour plan agreed"),
        (BODY, None),  # a sentence
        (f"Harbour plan agreed\n{BODY}", None),  # no blank line
        (f"Contact: press office\n\n{BODY}", None),
        (f"- a list of things\n\n{BODY}", None),
        (f"Statement\n\n{BODY}", None),  # one word
        (f"{'word ' * 30}\n\n{BODY}", None),
        ("Harbour plan agreed", None),  # no text after it
    ],
)
def test_first_line_is_the_title_only_if_it_clearly_is_one(text: str, title: str | None) -> None:
    article = read_plain_text(text.encode(), ADDRESS, "text/plain; charset=utf-8")
    assert (article.title, article.text) == (title, text)
    assert (article.id, article.url) == (ADDRESS, ADDRESS)
    assert (article.published, article.publisher, article.byline) == (None, None, None)


def test_front_matter_is_read_as_in_a_text_file() -> None:
    article = read_plain_text(f"Title: The hall\nOutlet: The Paper\n\n{BODY}".encode(), ADDRESS, "text/plain")
    assert (article.title, article.publisher, article.text) == ("The hall", "The Paper", BODY)


def test_charset_of_the_header_is_used() -> None:
    data = "Привет, Истон. Мы голосовали.".encode("cp1251")
    assert read_plain_text(data, ADDRESS, "text/plain; charset=windows-1251").text.startswith("Привет")


@pytest.mark.parametrize("data", [b"", b"  \n", b"\0\x01\x02\xff" * 20])
def test_content_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_plain_text(data, ADDRESS, "text/plain")
