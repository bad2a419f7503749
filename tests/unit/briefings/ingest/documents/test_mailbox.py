"""Each message of a mailbox is an article with a stable id; a broken one costs only itself."""

from datetime import date

import pytest

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.mail import mailbox
from briefings.model import Article


def build(
    number: int, text: str = "The library stays open.", start: str = "From a@e.example Thu Jun 30 10:00:00 2016"
) -> str:
    return (
        f"{start}\nMessage-ID: <m{number}@easton.example>\nFrom: Easton Council <a@easton.example>\n"
        f"Subject: Library {number}\nDate: Thu, 30 Jun 2016 10:00:00 +0100\n\n{text}\n\n"
    )


def read(text: str) -> tuple[list[Article], list[str]]:
    items = mailbox.read(text.encode(), "press.mbox", "press", ReadOptions())
    return [item for item in items if isinstance(item, Article)], [
        str(item) for item in items if isinstance(item, BadInput)
    ]


def test_each_message_is_an_article_whose_id_is_its_message_id() -> None:
    articles, errors = read(build(1) + build(2))
    assert [(article.id, article.title) for article in articles] == [
        ("m1@easton.example", "Library 1"),
        ("m2@easton.example", "Library 2"),
    ]
    assert {(article.publisher, article.published) for article in articles} == {("Easton Council", date(2016, 6, 30))}
    assert errors == []


@pytest.mark.parametrize(
    "start",
    [
        "From - Thu Jun 30 10:00:00 2016",
        "From 123@xxx Thu Jun 30 10:00:00 +0000 2016",
        "From MAILER-DAEMON Thu Jun 30 10:00 2016",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_mail_programs_start_messages_differently(start: str, line_end: str) -> None:
    articles, _ = read((build(1, start=start) + build(2, start=start)).replace("\n", line_end))
    assert [article.title for article in articles] == ["Library 1", "Library 2"]


def test_an_escaped_line_is_restored_and_a_sentence_starts_no_message() -> None:
    text = "It opens.\n\n>From Easton, at 10:00, all came.\n\nFrom here at 10:00 they went on."
    articles, _ = read(build(1, text) + build(2))
    assert articles[0].text == text.replace(">From", "From")
    assert len(articles) == 2


@pytest.mark.parametrize("bad_id", ["<a b@c>", "<<script>@x>", "", "<no-at-sign>", "<" + "a" * 600 + "@x>"])
def test_an_unsafe_message_id_is_replaced_by_the_place_in_the_file(bad_id: str) -> None:
    articles, _ = read(build(1).replace("<m1@easton.example>", bad_id) + build(2))
    assert [article.id for article in articles] == ["press/1", "m2@easton.example"]


def test_a_copy_of_a_message_is_taken_once_and_another_text_twice() -> None:
    articles, _ = read(build(1) + build(1) + build(1, "The library closes."))
    assert [(article.id, article.text) for article in articles] == [
        ("m1@easton.example", "The library stays open."),
        ("press/3", "The library closes."),
    ]


def test_a_broken_message_is_one_error() -> None:
    articles, errors = read(build(1, "") + build(2) + build(3, "-----BEGIN PGP MESSAGE-----\nabc"))
    assert [article.title for article in articles] == ["Library 2"]
    assert [error.partition(" is ")[0] for error in errors] == ["press.mbox, message 1", "press.mbox, message 3"]


def test_a_mailbox_without_messages_or_with_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="contains no message"):
        read("From nobody\n\nNothing.")
    monkeypatch.setattr(mailbox, "MAX_MESSAGES", 2)
    with pytest.raises(BadInput, match="more than 2 messages"):
        read(build(1) + build(2) + build(3))


def test_the_messages_that_time_does_not_allow_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "_MAX_SECONDS", -1.0)
    assert read(build(1) + build(2)) == ([], ["press.mbox: only the first 0 of 2 messages were read. Split it."])
