"""Both parts of a mail have the same sentences, each word for word and with its link, and hostile text stays text."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from bot.core.configuration.mail_settings import MailSettings
from bot.digests import digest_view
from bot.digests.mail.addresses import MailAddress
from bot.digests.mail.composer import MailComposer
from bot.digests.mail.content import build_confirmation_mail, build_digest_mail, build_news_mail, shorten_subject
from bot.digests.mail.links import MailLinks
from bot.digests.mail.model import Recipient, RecipientState
from bot.digests.model import MailContent
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from briefings.updates import Correction, ReadingHistory, Update, UpdateItem, UpdateKind
from tests.stand_ins.mail_server import get_part

NOW = datetime(2031, 3, 3, 18, tzinfo=UTC)
HOSTILE = "The Milldon <b>flood</b> & \r\nBcc: x@example.com {{ 7 * 7 }} \u202e\ud800"
TEXT = (
    "The river Tarn burst its banks at Milldon on Monday and flooded the lower town & its market.\n\n"
    "Rescuers brought 1,400 residents to the school on the hill before nightfall.\n\n"
    '"We saw the water come over the wall within minutes," said Ada Morley, the mayor of Milldon.'
)
URL = "https://paper.example/a?x=1&y='2'"


class Reader(HTMLParser):
    """Collects the sentences and the links of an HTML part."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] not in (["style"], ["title"]):
            self.text += data


@pytest.fixture
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: NOW)) as repository:
        service = BriefingService(repository, (Topic("flood", HOSTILE, ("Milldon", "residents")),))
        service.add([Article("a", TEXT, "The <Post>\nBcc: y@example.com", date(2031, 3, 3), URL)])
        yield service


@pytest.fixture
def update(service: BriefingService) -> Update:
    update = service.get_update("flood", ReadingHistory(), today=date(2031, 3, 4))
    assert update
    return update


def compose(content: MailContent) -> EmailMessage:
    settings = MailSettings(
        "localhost", 25, "news@bot.example", "Größte Redaktion, GmbH", unsubscribe_address="s@b.example"
    )
    links = MailLinks("https://bot.example", ("a" * 32,), NOW.timestamp)
    recipient = Recipient(1, 7, "T1", MailAddress(f"{'x' * 60}@example.com"), RecipientState.CONFIRMED, "U1", NOW)
    message = MailComposer(settings, links).compose_digest(content, recipient, "run", NOW)
    assert message.isascii()
    head = message.partition("\r\n\r\n")[0]
    for line in message.split("\r\n"):
        assert len(line) <= 78 or line.startswith(("List-Unsubscribe: <https://", "To: "))
    assert "\r\nBcc" not in head
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", head))
    mail = message_from_string(message, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def read_html(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def split_words(text: str) -> list[str]:
    """Return the words of a part without its links, rules and quote marks, which only the plain part needs."""
    return re.sub(r"https?://\S+|----|^> ", " ", text, flags=re.MULTILINE).split()


def test_both_parts_have_the_same_sentences_and_links(update: Update) -> None:
    mail = compose(build_digest_mail(update, digest_view.summarize(update), "1 muted source is left out."))
    plain, html = get_part(mail, "plain").replace("\r\n", "\n"), get_part(mail, "html")
    reader = read_html(html)
    assert split_words(plain) == split_words(reader.text)
    assert re.findall(r"https?://\S+", plain) == reader.links
    assert f"> {TEXT.partition(chr(10))[0]}\n" in plain
    assert "> “We saw the water come over the wall within minutes”\n" in plain
    assert "Ada Morley" in plain
    assert "1 muted source is left out." in plain


def test_hostile_text_stays_text(update: Update) -> None:
    mail = compose(build_digest_mail(update, digest_view.summarize(update)))
    reader = read_html(get_part(mail, "html"))
    assert not {"b", "post", "script", "img"} & set(reader.tags)
    assert "{{ 7 * 7 }}" in reader.text
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    assert "\u202e" not in reader.text + get_part(mail, "plain") + mail["Subject"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://[", "data:text/html,x", "https://a.example/\u00a0x", ""]
)
def test_only_web_links_are_links(url: str, update: Update) -> None:
    item = update.items[0]
    evidence = tuple(replace(evidence, link=url) for evidence in item.line.evidence)
    sources = tuple(replace(source, url=url) for source in update.sources)
    item = replace(item, line=replace(item.line, evidence=evidence))
    mail = compose(build_digest_mail(replace(update, items=(item,), sources=sources), "1 new fact"))
    assert all(link.startswith("https://bot.example/mail/") for link in read_html(get_part(mail, "html")).links)


def test_a_line_without_evidence_does_not_stop_the_digest(update: Update) -> None:
    line = replace(update.items[0].line, evidence=())
    content = build_digest_mail(replace(update, items=(replace(update.items[0], line=line),)), "1 new fact")
    assert line.text in content.text


def test_a_changed_line_has_what_was_sent_before_with_its_link(update: Update) -> None:
    item = UpdateItem(update.items[0].line, UpdateKind.FIGURE, update.sent_lines[1])
    content = build_digest_mail(replace(update, items=(item,)), "1 changed figure")
    before, now = content.text.split("\nNow\n")
    assert "Changed figure\nBefore\n" in before
    assert "sent on Tue 4 Mar 2031\nhttps://paper.example/a" in before
    assert item.line.text in now


@pytest.mark.parametrize(("is_removed", "label"), [(True, "Withdrawn"), (False, "Corrected")])
def test_a_correction_says_what_became_of_the_article(update: Update, is_removed: bool, label: str) -> None:
    correction = Correction(update.sent_lines[0], is_removed)
    content = build_digest_mail(replace(update, items=(), corrections=(correction,)), "1 correction")
    assert f"\n{label}\n> {update.sent_lines[0].text}" in content.text
    assert ("https://paper.example" in content.text) is not is_removed
    assert "#:~:text" not in content.text


def test_the_news_have_a_line_of_each_story(service: BriefingService) -> None:
    briefing = service.news.get_news(date(2031, 3, 1), date(2031, 3, 4))
    assert briefing.stories
    mail = compose(build_news_mail(briefing, "The news of the day", "1 muted source is left out."))
    reader = read_html(get_part(mail, "html"))
    assert mail["Subject"] == f"The news of the day: {len(briefing.stories)} story"
    assert split_words(get_part(mail, "plain")) == split_words(reader.text)
    assert "1 outlet · 1 article" in reader.text
    line = briefing.stories[0].line
    assert line is None or line.text in reader.text


def test_a_story_without_a_clear_line_has_only_its_name(service: BriefingService) -> None:
    briefing = service.news.get_news(date(2031, 3, 1), date(2031, 3, 4))
    stories = tuple(replace(story, line=None) for story in briefing.stories)
    content = build_news_mail(replace(briefing, stories=stories), "The news of the day")
    assert "1 outlet · 1 article\n\n----" in content.text
    assert "blockquote" not in content.html


@pytest.mark.parametrize("title", ["Überflutung " * 30, "長い題名" * 60, "x" * 500, HOSTILE, ""])
def test_a_subject_is_short_and_read_back(title: str) -> None:
    content = build_confirmation_mail(title, "daily at 9", "Someone", "https://bot.example/mail/confirm?token=a")
    subject = compose(content)["Subject"]
    assert subject == content.subject == shorten_subject(content.subject)
    assert len(subject) <= 150
