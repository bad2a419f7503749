"""The content of a digest: channel message, thread and history, within Slack's limits."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest

from bot.answers.left_out import LeftOut
from bot.core.permissions.table import GuardedAction
from bot.digests.content_source import build_content
from bot.digests.model import Content, DetailsPlace, Digest, DigestConfig, DigestState, HistoryEntry, WhenNothing
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import WEEKDAYS
from bot.digests.service import DigestService
from bot.slack.blocks.message import Message
from bot.slack.permissions.actor import Actor
from bot.slack.permissions.authorizer import NOTHING, Allowed, Authorizer, Decision, Subject
from briefings.errors import BadQuestion, DatabaseUnavailable
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.source_filter import build_source_filter
from briefings.storage.repository import Repository, open_repository
from tests.stand_ins.slack_limits import find_problems, iterate_texts

MONDAY = datetime(2031, 3, 3, 18, tzinfo=UTC)
TOPICS = (Topic("flood", "The Milldon <flood> & *after*", ("Milldon", "residents", "council")),)
FIRST = (
    "The river Tarn burst its banks at Milldon on Monday and flooded the lower town.\n\n"
    "Rescuers brought 1,400 residents to the school on the hill before nightfall.\n\n"
    "The regional council is expected to approve emergency aid of £20 million for the town.\n\n"
    '"We saw the water come over the wall within minutes," said Ada Morley, the mayor of Milldon.'
)
SECOND = (
    "The regional council approved emergency aid of £20 million for the town on Tuesday.\n\n"
    "Rescuers have now brought 2,100 residents to the school on the hill.\n\n"
    "Engineers closed the railway between Milldon and Carrow after cracks appeared in a viaduct."
)


def make_article(name: str, text: str, day: int = 0) -> Article:
    published = date(2031, 3, 3) + timedelta(days=day)
    return Article(name, text, "The <Post>", published, f"https://paper.example/{name}")


@pytest.fixture
def repository() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: MONDAY)) as repository:
        yield repository


@pytest.fixture
def service(repository: Repository) -> BriefingService:
    return BriefingService(repository, TOPICS)


def make_digest(
    when_nothing: WhenNothing = WhenNothing.SILENT, query: str = "flood", zone: str = "Europe/London"
) -> Digest:
    config = DigestConfig("T1", "C1", "U1", query, build_weekly_schedule(WEEKDAYS, (time(8, 30),)), zone, when_nothing)
    return Digest(1, 1, config, DigestState.ACTIVE, None, MONDAY, None)


def build_history(*contents: Content | None) -> list[HistoryEntry]:
    """Return the channel's history after these digests. A new entry replaces the one with the same fingerprint."""
    entries: dict[str, HistoryEntry] = {}
    for day, content in enumerate(contents):
        for item in content.history_items if content else ():
            entries.pop(item.fingerprint, None)
            entries[item.fingerprint] = HistoryEntry(item, 1, MONDAY + timedelta(days=day), "1.1")
    return list(entries.values())


def assert_within_limits(content: Content) -> None:
    for message in (content.message, *content.thread):
        assert find_problems(dict(message.content)) == []


def get_channel_text(content: Content) -> str:
    return "\n".join(iterate_texts([block.to_dict() for block in content.message.blocks]))


def count_lines(content: Content) -> int:
    """Return the number of article lines that the digest posts."""
    return sum("evidence" in item.detail for item in content.history_items)


def read_counts(content: Content) -> dict[str, int]:
    """Return the counts at the top of a digest by their label in the singular: {"new fact": 3, "new quote": 1}."""
    counts = re.search(r"^(?:Latest: )?(\d+ .+)$", get_channel_text(content), re.MULTILINE)
    assert counts
    entries = [entry.split(" ", 1) for entry in counts[1].rstrip(".").split(", ")]
    return {label.removesuffix("s"): int(count) for count, label in entries}


def test_second_day_of_a_story_shows_what_changed(service: BriefingService) -> None:
    """Counts are at the top, changed items have a label, the thread has both sentences, and `text` has everything."""
    service.add([make_article("a", FIRST)])
    first = build_content(service, make_digest(), [], MONDAY)
    assert first
    assert_within_limits(first)
    assert read_counts(first)["new quote"] == 1
    assert sum(read_counts(first).values()) == count_lines(first)
    service.add([make_article("b", SECOND, 1)])
    second = build_content(service, make_digest(), build_history(first), MONDAY + timedelta(days=1))
    assert second
    assert_within_limits(second)
    assert read_counts(second).items() >= {"development": 1, "changed figure": 1}.items()
    assert "*Changed figure*\n>Rescuers have now brought 2,100 residents" in get_channel_text(second)
    (thread,) = second.thread
    earlier_line = ">Rescuers brought 1,400 residents to the school on the hill before nightfall."
    assert f"Posted here on Mon 3 Mar 2031\n{earlier_line}" in thread.text
    assert thread.text.count("https://paper.example/") == 4
    for words in ("1,400 residents", "2,100 residents", "closed the railway", "is expected to approve"):
        assert words in second.message.text


def test_nothing_new_posts_nothing_or_one_line_as_configured(service: BriefingService) -> None:
    service.add([make_article("a", FIRST)])
    history = build_history(build_content(service, make_digest(), [], MONDAY))
    assert build_content(service, make_digest(), history, MONDAY) is None
    line = build_content(service, make_digest(WhenNothing.ONE_LINE), history, MONDAY)
    assert line
    assert "nothing new since the last digest" in line.message.text
    assert (line.thread, line.history_items) == ((), ())


def test_changed_article_is_corrected_with_the_line_and_the_day(service: BriefingService) -> None:
    """The correction quotes the line as it was posted. Its link leads to the article, not to the deleted words."""
    service.add([make_article("a", FIRST)])
    first = build_content(service, make_digest(), [], MONDAY)
    service.add([make_article("a", FIRST.replace("1,400 residents", "400 residents"))])
    second = build_content(service, make_digest(), build_history(first), MONDAY + timedelta(days=1))
    assert second
    assert_within_limits(second)
    earlier_line = ">Rescuers brought 1,400 residents to the school on the hill"
    assert f"*Corrected*\nPosted here on Mon 3 Mar 2031\n{earlier_line}" in get_channel_text(second)
    assert "<https://paper.example/a|The &lt;Post&gt;> has since changed this" in get_channel_text(second)
    assert build_content(service, make_digest(), build_history(first, second), MONDAY + timedelta(days=2)) is None


def test_deleted_article_is_corrected_once_even_without_news(service: BriefingService) -> None:
    service.add([make_article("a", FIRST)])
    first = build_content(service, make_digest(), [], MONDAY)
    with closing(open_repository("sqlite://", lambda: MONDAY)) as empty_repository:
        empty_service = BriefingService(empty_repository, TOPICS)
        second = build_content(empty_service, make_digest(), build_history(first), MONDAY + timedelta(days=1))
        assert second
        assert_within_limits(second)
        assert first
        assert f"{count_lines(first)} corrections" in get_channel_text(second)
        assert "the article was removed" in get_channel_text(second)
        history = build_history(first, second)
        assert build_content(empty_service, make_digest(), history, MONDAY + timedelta(days=2)) is None


def test_news_from_another_digest_of_the_channel_is_not_repeated(service: BriefingService) -> None:
    """Only a digest on the same story posts the correction."""
    service.add([make_article("a", FIRST)])
    first = build_content(service, make_digest(), [], MONDAY)
    assert build_content(service, make_digest(query="Tarn"), build_history(first), MONDAY) is None
    service.add([make_article("a", FIRST.replace("1,400 residents", "400 residents"))])
    other_content = build_content(service, make_digest(query="Tarn"), build_history(first), MONDAY)
    assert other_content is None or "Corrected" not in other_content.message.text


def test_restored_line_is_posted_again(service: BriefingService) -> None:
    """The paper changes a sentence and restores it: first a correction, then the line again, then nothing."""
    correction = FIRST.replace("1,400 residents", "400 residents")
    contents: list[Content | None] = []
    restored = f"{FIRST}\n\nThis article was amended on Wednesday."
    for day, text in enumerate((FIRST, correction, restored, restored)):
        service.add([make_article("a", text)])
        contents.append(build_content(service, make_digest(), build_history(*contents), MONDAY + timedelta(days=day)))
    first, second, third, fourth = contents
    assert first
    assert second
    assert third
    assert "1 correction" in get_channel_text(second)
    assert "1,400 residents" in third.message.text
    assert fourth is None


def test_dates_are_in_the_time_zone_of_the_digest(service: BriefingService) -> None:
    """18:00 UTC on Monday is Tuesday in Auckland."""
    service.add([make_article("a", FIRST)])
    first = build_content(service, make_digest(zone="Pacific/Auckland"), [], MONDAY)
    service.add([make_article("a", FIRST.replace("1,400 residents", "400 residents"))])
    second = build_content(service, make_digest(), build_history(first), MONDAY + timedelta(days=1))
    assert second
    assert "Posted here on Tue 4 Mar 2031" in second.message.text


def test_details_in_the_channel_have_a_heading_of_their_own(service: BriefingService) -> None:
    """The first message announces them, and its text does not repeat them."""
    service.add([make_article("a", FIRST)])
    first = build_content(service, make_digest(), [], MONDAY)
    service.add([make_article("b", SECOND, 1)])
    second = build_content(
        service, make_digest(), build_history(first), MONDAY + timedelta(days=1), DetailsPlace.CHANNEL
    )
    assert second
    assert second.details_place is DetailsPlace.CHANNEL
    assert_within_limits(second)
    assert "Details follow." in get_channel_text(second)
    assert "Details follow." in second.message.text
    assert "in the thread" not in get_channel_text(second)
    (details,) = second.thread
    heading = details.blocks[0].to_dict()["text"]["text"]
    assert heading == "*The Milldon &lt;flood&gt; &amp; \u2060*\u200bafter\u2060*\u200b\u2060*, details"
    assert details.text.startswith(heading)
    assert "1,400 residents" in details.text
    assert "1,400 residents" not in second.message.text


def test_channel_without_details_gets_one_message_and_no_correction_of_a_line_it_never_got(
    service: BriefingService,
) -> None:
    """What was left out counts as read, so it does not come back later as news."""
    texts = (
        FIRST,
        "Milldon hospital moved 60 patients to Easton before the ground floor was under water.",
        "Trains between Milldon and Westport stay cancelled until Thursday because a viaduct has cracks.",
        "The army sent nine helicopters and 300 soldiers to repair the dam above Milldon.",
        "Farmers near Milldon lost 2,500 sheep when the meadows disappeared within an hour.",
        "Schools in Milldon stay closed all week, and exams are postponed to June, the ministry announced.",
        "Insurers expect claims of £90 million from Milldon, the highest sum for a storm in ten years.",
    )
    articles = [make_article(f"a{number}", text) for number, text in enumerate(texts)]
    service.add(articles)
    full = build_content(service, make_digest(), [], MONDAY)
    first = build_content(service, make_digest(), [], MONDAY, DetailsPlace.NONE)
    assert full
    assert first
    assert full.thread, "some lines do not fit into the channel message"
    assert first.thread == ()
    assert_within_limits(first)
    assert "Open the full briefing for more." in get_channel_text(first)
    assert sum(read_counts(first).values()) == count_lines(first) < count_lines(full)
    posted_fingerprints = {item.fingerprint for item in first.history_items}
    left_out = [
        item for item in full.history_items if "evidence" in item.detail and item.fingerprint not in posted_fingerprints
    ]
    assert left_out
    article_id, _, _, words, _ = left_out[0].detail["evidence"][0]
    assert words not in first.message.text
    assert build_content(service, make_digest(), build_history(first), MONDAY, DetailsPlace.NONE) is None
    service.add([make_article(article_id, "The paper has removed its report.")])
    corrected = build_content(service, make_digest(), build_history(full), MONDAY + timedelta(days=1))
    assert corrected
    assert "Corrected" in get_channel_text(corrected)
    second = build_content(service, make_digest(), build_history(first), MONDAY + timedelta(days=1))
    assert second is None or "Corrected" not in get_channel_text(second)


def test_digest_of_the_news_leaves_muted_sources_out_and_says_so(service: BriefingService) -> None:
    service.add(
        [
            Article("m", "The flood reached Easton on Monday, and a school was closed.", "The Tribune", MONDAY.date()),
            Article("s", "The ferry crews of Milldon began a strike on Monday.", "The Courier", MONDAY.date()),
        ]
    )
    digest = make_digest(query="today")
    left_out = LeftOut(build_source_filter(["The Tribune"]), "1 muted source is left out. Note.")
    content = build_content(service, digest, [], MONDAY, left_out=left_out)
    assert content
    assert "strike" in content.message.text
    assert "school" not in content.message.text
    assert content.message.text.startswith(left_out.note)
    assert content.history_items[0].detail["news"] == ["s"]


class _Permissive(Authorizer):
    """Allows everything."""

    def __init__(self) -> None:
        pass

    async def authorize(self, action: GuardedAction, actor: Actor, subject: Subject = NOTHING) -> Decision:
        del action, actor, subject
        return Allowed()


async def test_preview_in_a_removed_time_zone_is_refused() -> None:
    class ZonelessSource:
        async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
            raise ZoneInfoNotFoundError(f"{digest.config.zone} at {now}")

    unused: Any = None
    service = DigestService(unused, _Permissive(), unused, ZonelessSource(), lambda: MONDAY)
    with pytest.raises(BadQuestion, match="Mars/Phobos no longer exists"):
        await service.preview(unused, make_digest(zone="Mars/Phobos"), "U1")


async def test_saved_digest_is_confirmed_even_if_its_details_cannot_be_set() -> None:
    """An error in the form would say that nothing was saved."""

    class BrokenRepository:
        async def list_digests(self, team: str, channel: str) -> tuple[Digest, ...]:
            raise DatabaseUnavailable(f"{team} {channel} <!here>")

    unused: Any = None
    broken: Any = BrokenRepository()
    service = DigestService(unused, _Permissive(), broken, unused, lambda: MONDAY, broken)
    message = await service.apply_details(
        unused, make_digest().config, "U1", DetailsPlace.NONE, Message("I'll post a digest.")
    )
    assert "The digest is saved, but where its details go was not changed." in message.text
    assert "I'll post a digest." in message.text
    assert "<!here>" not in message.text


def test_hostile_text_is_escaped(service: BriefingService) -> None:
    """An article's text, title and outlet cannot mention users, add links or change the style."""
    hostile = (
        "Residents of Milldon told <!channel> and <@U1> on Monday that *bold* claims stood at <http://evil.example|x>.\n\n"
        "Rescuers of Milldon brought *bold* residents & their pets to the school on the hill on Monday.\n\n"
        '"Look at https://evil.example/x and <!here> before the council votes on it," said Ada Morley, the mayor.'
    )
    service.add([make_article("a", hostile)])
    content = build_content(service, make_digest(), [], MONDAY)
    assert content
    assert_within_limits(content)
    for message in (content.message, *content.thread):
        message_text = "\n".join([message.text, *iterate_texts([block.to_dict() for block in message.blocks])])
        for markup in ("<!channel>", "<@U1>", "<!here>", "<http://evil.example|", "*bold*", "<flood>", "<Post>"):
            assert markup not in message_text.replace(content.message.blocks[0].to_dict()["text"]["text"], "")
        assert "https://evil.example" not in message_text


def test_forty_long_articles_stay_within_the_limits(service: BriefingService) -> None:
    sentence = (
        "Inspector number {n} of Milldon counted {m} residents near bridge {n} on Monday after a long night there."
    )
    service.add(
        [
            make_article(f"a{n}", "\n\n".join(sentence.format(n=n * 9 + k, m=200 + 7 * n + k) for k in range(9)))
            for n in range(40)
        ]
    )
    content = build_content(service, make_digest(), [], MONDAY)
    assert content
    assert_within_limits(content)
    assert len(content.message.text) <= 8000
