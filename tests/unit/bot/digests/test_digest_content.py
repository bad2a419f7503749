"""What a digest posts: short in the channel, the rest in its thread, within Slack's limits, and remembered."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.digests.model import Content, Digest, DigestConfig, DigestState, HistoryEntry, WhenNothing
from bot.digests.schedule import WEEKDAYS, Schedule
from bot.digests.service import build_content
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from tests.stand_ins.slack_limits import problems, texts

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


def article(name: str, text: str, day: int = 0) -> Article:
    published = date(2031, 3, 3) + timedelta(days=day)
    return Article(name, text, "The <Post>", published, f"https://paper.example/{name}")


@pytest.fixture
def record() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: MONDAY)) as found:
        yield found


@pytest.fixture
def desk(record: Repository) -> BriefingService:
    return BriefingService(record, TOPICS)


def digest(nothing: WhenNothing = WhenNothing.SILENT, ask: str = "flood", zone: str = "Europe/London") -> Digest:
    wish = DigestConfig("T1", "C1", "U1", ask, Schedule(WEEKDAYS, (time(8, 30),)), zone, nothing)
    return Digest(1, 1, wish, DigestState.ACTIVE, None, MONDAY, None)


def had(*contents: Content | None) -> list[HistoryEntry]:
    """What the channel has had by these digests; a row takes the place of one with its fingerprint."""
    rows: dict[str, HistoryEntry] = {}
    for day, one in enumerate(contents):
        for told in one.history_items if one else ():
            rows.pop(told.fingerprint, None)
            rows[told.fingerprint] = HistoryEntry(told, 1, MONDAY + timedelta(days=day), "1.1")
    return list(rows.values())


def fits(found: Content) -> None:
    for message in (found.message, *found.thread):
        assert problems(dict(message.content)) == []


def shown(found: Content) -> str:
    return "\n".join(texts([block.to_dict() for block in found.message.blocks]))


def test_two_days_of_a_story(desk: BriefingService) -> None:
    """The second day: counts on top, moved lines named, both sentences of each in the thread, all of it in `text`."""
    desk.add([article("a", FIRST)])
    first = build_content(desk, digest(), [], MONDAY)
    assert first
    fits(first)
    assert "Where it stands: 3 new facts, 1 new quote" in shown(first)
    desk.add([article("b", SECOND, 1)])
    second = build_content(desk, digest(), had(first), MONDAY + timedelta(days=1))
    assert second
    fits(second)
    assert "1 development, 1 changed figure, 1 new fact" in shown(second)
    assert "*Changed figure*\n>Rescuers have now brought 2,100 residents" in shown(second)
    (thread,) = second.thread
    pair = "Told here on Mon 3 Mar 2031\n>Rescuers brought 1,400 residents to the school on the hill before nightfall."
    assert pair in thread.text
    assert thread.text.count("https://paper.example/") == 4
    for words in ("1,400 residents", "2,100 residents", "closed the railway", "is expected to approve"):
        assert words in second.message.text


def test_nothing_new_is_silence_or_one_line_as_chosen(desk: BriefingService) -> None:
    desk.add([article("a", FIRST)])
    known = had(build_content(desk, digest(), [], MONDAY))
    assert build_content(desk, digest(), known, MONDAY) is None
    line = build_content(desk, digest(WhenNothing.ONE_LINE), known, MONDAY)
    assert line
    assert "nothing new since the last digest" in line.message.text
    assert (line.thread, line.history_items) == ((), ())


def test_a_changed_article_is_named_with_the_line_and_the_day(desk: BriefingService) -> None:
    """By its line as it was told, and with no link to words that stand there no more."""
    desk.add([article("a", FIRST)])
    first = build_content(desk, digest(), [], MONDAY)
    desk.add([article("a", FIRST.replace("1,400 residents", "400 residents"))])
    second = build_content(desk, digest(), had(first), MONDAY + timedelta(days=1))
    assert second
    fits(second)
    told = "*Corrected*\nTold here on Mon 3 Mar 2031\n>Rescuers brought 1,400 residents to the school on the hill"
    assert told in shown(second)
    assert "<https://paper.example/a|The &lt;Post&gt;> has since changed it" in shown(second)
    assert build_content(desk, digest(), had(first, second), MONDAY + timedelta(days=2)) is None


def test_a_withdrawn_article_is_told_once_though_nothing_is_new(desk: BriefingService) -> None:
    desk.add([article("a", FIRST)])
    first = build_content(desk, digest(), [], MONDAY)
    with closing(open_repository("sqlite://", lambda: MONDAY)) as emptied:
        gone = BriefingService(emptied, TOPICS)
        second = build_content(gone, digest(), had(first), MONDAY + timedelta(days=1))
        assert second
        fits(second)
        assert "4 corrections" in shown(second)
        assert "the article is no longer in the record" in shown(second)
        assert build_content(gone, digest(), had(first, second), MONDAY + timedelta(days=2)) is None


def test_what_another_digest_of_the_channel_told_is_not_told_again(desk: BriefingService) -> None:
    """And it is taken back in a digest of its own story alone."""
    desk.add([article("a", FIRST)])
    first = build_content(desk, digest(), [], MONDAY)
    assert build_content(desk, digest(ask="Tarn"), had(first), MONDAY) is None
    desk.add([article("a", FIRST.replace("1,400 residents", "400 residents"))])
    other = build_content(desk, digest(ask="Tarn"), had(first), MONDAY)
    assert other is None or "Corrected" not in other.message.text


def test_a_line_taken_back_that_stands_there_again_is_told_again(desk: BriefingService) -> None:
    """The paper changes it and changes it back: a correction, then the line anew, then silence."""
    changed = FIRST.replace("1,400 residents", "400 residents")
    contents: list[Content | None] = []
    back = f"{FIRST}\n\nThis article was amended on Wednesday."
    for day, text in enumerate((FIRST, changed, back, back)):
        desk.add([article("a", text)])
        contents.append(build_content(desk, digest(), had(*contents), MONDAY + timedelta(days=day)))
    first, second, third, fourth = contents
    assert first
    assert second
    assert third
    assert "1 correction" in shown(second)
    assert "1,400 residents" in third.message.text
    assert fourth is None


def test_the_day_is_the_readers(desk: BriefingService) -> None:
    """18:00 UTC on Monday is Tuesday in Auckland."""
    desk.add([article("a", FIRST)])
    first = build_content(desk, digest(zone="Pacific/Auckland"), [], MONDAY)
    desk.add([article("a", FIRST.replace("1,400 residents", "400 residents"))])
    second = build_content(desk, digest(), had(first), MONDAY + timedelta(days=1))
    assert second
    assert "Told here on Tue 4 Mar 2031" in second.message.text


def test_hostile_text_stays_text(desk: BriefingService) -> None:
    """Nothing of an article pings, links, restyles; the title and the outlet neither."""
    hostile = (
        "Residents of Milldon told <!channel> and <@U1> on Monday that *bold* claims stood at <http://evil.example|x>.\n\n"
        '"Look at https://evil.example/x and <!here> before the council votes on it," said Ada Morley, the mayor.'
    )
    desk.add([article("a", hostile)])
    found = build_content(desk, digest(), [], MONDAY)
    assert found
    fits(found)
    for message in (found.message, *found.thread):
        said = "\n".join([message.text, *texts([block.to_dict() for block in message.blocks])])
        for never in ("<!channel>", "<@U1>", "<!here>", "<http://evil.example|", "*bold*", "<flood>", "<Post>"):
            assert never not in said.replace(found.message.blocks[0].to_dict()["text"]["text"], "")
        assert "https://evil.example" not in said


def test_many_articles_fit(desk: BriefingService) -> None:
    """Forty long ones: bounded in words, within the limits, and nothing is cut without a word."""
    sentence = (
        "Inspector number {n} of Milldon counted {m} residents near bridge {n} on Monday after a long night there."
    )
    desk.add(
        [
            article(f"a{n}", "\n\n".join(sentence.format(n=n * 9 + k, m=200 + 7 * n + k) for k in range(9)))
            for n in range(40)
        ]
    )
    found = build_content(desk, digest(), [], MONDAY)
    assert found
    fits(found)
    assert len(found.message.text) <= 8000
