"""What is new: a made-up story over some days, told by four papers."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from briefings.article import parse_article
from briefings.attribution import complete_speakers
from briefings.attribution.analysis import analyse
from briefings.compose.builder import is_verbatim
from briefings.model import Article, Slot
from briefings.text.words import count_words
from briefings.updates import Seen, Update, UpdateKind, find_update, hash_article_text

MONDAY = date(2031, 3, 3)


def article(name: str, day: int, text: str, paper: str = "The Harbour Post") -> Article:
    """An article of the day so many days after Monday."""
    published = MONDAY + timedelta(days=day)
    return parse_article(Article(name, text, paper, published, f"https://paper.example/{name}"))


FLOOD = article(
    "flood",
    0,
    "The river Tarn burst its banks at Milldon on Monday and flooded the lower town.\n\n"
    "Rescuers brought 1,400 residents to the school on the hill before nightfall.\n\n"
    "The regional council is expected to approve emergency aid of £20 million for the town.\n\n"
    '"We saw the water come over the wall within minutes," said Ada Morley, the mayor of Milldon.\n\n'
    "Three people were injured when a footbridge collapsed near the old mill.",
)
SAME_FACTS = article(
    "same",
    1,
    "The lower town of Milldon was flooded on Monday when the river Tarn burst its banks.\n\n"
    "Before nightfall, rescuers had brought 1,400 residents to the school on the hill.",
    "Valley Gazette",
)
DAY_TWO = article(
    "day-two",
    1,
    "The regional council approved emergency aid of £20 million for the town on Tuesday.\n\n"
    "Rescuers have now brought 2,100 residents to the school on the hill.\n\n"
    '"Nobody warned us that the gate upstream was open," said Tomas Brink, a baker in Mill Lane.\n\n'
    '"We saw the water come over the wall within minutes," Ada Morley, the mayor, had said.\n\n'
    "Engineers closed the railway between Milldon and Carrow after cracks appeared in a viaduct.",
    "Valley Gazette",
)


def told(
    articles: Sequence[Article],
    had: Seen,
    day: int,
    held: Sequence[Article] = (),
    words: int = 200,
    earlier: dict[str, list[str]] | None = None,
) -> Update | None:
    """What is new in `articles` so many days after Monday."""
    read = complete_speakers([(one, analyse(one).quotes) for one in articles])
    known = {one.id: one for one in (*articles, *held)}
    today = MONDAY + timedelta(days=day)
    return find_update(
        "flood",
        "The flood",
        read,
        had,
        cited_articles=known,
        find_older_texts=lambda key: (earlier or {}).get(key, []),
        today=today,
        max_words=words,
    )


@pytest.fixture
def first() -> Update:
    """What was told on Monday."""
    found = told([FLOOD], Seen(), 0)
    assert found
    return found


def texts(news: Update | None, kind: UpdateKind) -> list[str]:
    return [item.line.text for item in (news.items if news else ()) if item.kind is kind]


def test_the_first_time_everything_is_new(first: Update) -> None:
    """Facts and quotes of the first day, each verbatim with its link, and marked as the first."""
    assert first.is_first
    assert any("burst its banks" in text for text in texts(first, UpdateKind.FACT))
    assert texts(first, UpdateKind.QUOTE) == ["We saw the water come over the wall within minutes"]
    assert first.text_hashes == {"flood": hash_article_text(FLOOD)}
    for item in first.items:
        assert is_verbatim(item.line, {"flood": FLOOD})
        assert all(piece.link and piece.link.startswith("https://paper.example/flood") for piece in item.line.evidence)


def test_nothing_is_told_twice(first: Update) -> None:
    """The same articles again are no news."""
    assert told([FLOOD], first.history, 1) is None


def test_the_same_facts_in_another_outlet_are_no_news(first: Update) -> None:
    """Other words, another order, another paper, another day of publication: silence."""
    assert told([FLOOD, SAME_FACTS], first.history, 1) is None


def test_a_new_fact_and_a_new_voice_are_told_and_an_old_quote_is_not(first: Update) -> None:
    second = told([FLOOD, DAY_TWO], first.history, 1)
    assert any("closed the railway" in text for text in texts(second, UpdateKind.FACT))
    assert texts(second, UpdateKind.QUOTE) == ["Nobody warned us that the gate upstream was open"]


def test_what_was_expected_and_has_happened_is_a_new_state_beside_what_was_told(first: Update) -> None:
    second = told([FLOOD, DAY_TWO], first.history, 1)
    (item,) = [item for item in (second.items if second else ()) if item.kind is UpdateKind.STATE]
    assert item.line.text.startswith("The regional council approved emergency aid")
    assert item.previous
    assert item.previous.text.startswith("The regional council is expected to approve")
    assert item.previous.sent_on == MONDAY


def test_a_changed_figure_stands_beside_the_one_told(first: Update) -> None:
    """Both sentences, each with its link."""
    second = told([FLOOD, DAY_TWO], first.history, 1)
    (item,) = [item for item in (second.items if second else ()) if item.kind is UpdateKind.FIGURE]
    assert "2,100 residents" in item.line.text
    assert item.previous
    assert "1,400 residents" in item.previous.text
    assert item.line.evidence[0].link
    assert item.previous.evidence[0].link


def test_a_figure_that_changes_daily_stands_beside_the_one_told_last(first: Update) -> None:
    """Not beside the first."""
    had, articles = first.history, [FLOOD]
    for day, figure in enumerate(("1,650", "1,900", "2,100"), 1):
        text = f"Rescuers brought {figure} residents to the school on the hill before nightfall."
        articles.append(article(f"day-{day}", day, text, "Carrow Echo"))
        found = told(articles, had, day)
        assert found
        (item,) = found.items
        assert item.previous
        assert item.previous.sent_on == MONDAY + timedelta(days=day - 1)
        had = found.history


@pytest.mark.parametrize(
    ("text", "news"),
    [
        ("Three people were hurt as the footbridge collapsed near the old mill.", False),
        ("Five people were injured when the footbridge collapsed near the old mill.", True),
        ("Rescuers brought about 1,400 residents to the school on the hill before nightfall.", False),
        ("Rescuers brought nearly 1,410 residents to the school on the hill before nightfall.", False),
        ("Rescuers brought 1,650 residents to the school on the hill before nightfall.", True),
        ("The river Tarn burst its banks at Milldon again on Wednesday and flooded the lower town.", True),
        ("The regional council was expected to approve emergency aid of £20 million for Milldon.", False),
        ("The regional council is expected to approve emergency aid of £35 million for the town.", True),
    ],
)
def test_a_later_figure_or_day_is_news_and_another_wording_is_not(first: Update, text: str, news: bool) -> None:
    assert bool(told([FLOOD, article("other", 2, text, "Carrow Echo")], first.history, 2)) is news


def test_a_figure_that_is_added_has_changed_none(first: Update) -> None:
    """The one told still stands beside it."""
    more = article("more", 1, "Rescuers brought 1,400 residents and 3,600 head of cattle to the hill before nightfall.")
    found = told([FLOOD, more], first.history, 1)
    assert texts(found, UpdateKind.FACT) == [more.text]


def test_an_older_article_that_comes_late_changes_no_figure(first: Update) -> None:
    """It may be new; it is never shown as what the figure is now."""
    late = article("late", -1, "Rescuers brought 300 residents to the school on the hill before nightfall.")
    found = told([FLOOD, late], first.history, 1)
    assert texts(found, UpdateKind.FIGURE) == []


def test_a_line_whose_article_was_changed_is_taken_back_by_name(first: Update) -> None:
    """The next digest names the line, once; the new wording is told as the changed figure it is."""
    changed = article("flood", 0, FLOOD.text.replace("1,400 residents", "1,900 residents"))
    second = told([changed], first.history, 1, earlier={"flood": [FLOOD.text]})
    assert second
    (correction,) = second.corrections
    assert "1,400 residents" in correction.line.text
    assert (correction.is_article_removed, correction.line.sent_on, correction.line.outlet) == (
        False,
        MONDAY,
        "The Harbour Post",
    )
    assert ["1,900 residents" in text for text in texts(second, UpdateKind.FACT)] == [True]
    assert told([changed], second.history, 2) is None


def test_another_text_around_the_same_words_takes_nothing_back_and_is_no_news(first: Update) -> None:
    """A comma, a curly mark, a correction elsewhere: the untold rest of the article does not drip out either."""
    changed = article("flood", 0, FLOOD.text.replace("Milldon on Monday and", "Milldon, on Monday, and"))
    assert told([changed], first.history, 1, earlier={"flood": [FLOOD.text]}) is None


def test_a_withdrawn_article_takes_its_lines_back(first: Update) -> None:
    """Every line told from it is named, although nothing is new."""
    gone = told([], first.history, 1)
    assert gone
    assert {c.line.text for c in gone.corrections} == {item.line.text for item in first.items}
    assert all(c.is_article_removed for c in gone.corrections)
    assert gone.items == ()
    assert told([], gone.history, 2) is None


def test_an_article_that_left_the_topic_is_not_withdrawn(first: Update) -> None:
    """It is held, though no longer among those read."""
    assert told([], first.history, 1, held=[FLOOD]) is None


def test_a_reprint_of_what_was_read_is_no_news() -> None:
    """What found no room on the first day is not told later because another paper printed the same words."""
    first = told([FLOOD], Seen(), 0, words=25)
    assert first
    reprint = article("reprint", 1, FLOOD.text, "Carrow Echo")
    assert told([FLOOD, reprint], first.history, 1) is None


def test_the_words_are_bounded() -> None:
    for words in (20, 40, 200):
        found = told([FLOOD, DAY_TWO], Seen(), 0, words=words)
        assert found
        assert found.words == sum(count_words(item.line.text) for item in found.items) <= words


def test_the_order_of_the_articles_makes_no_difference(first: Update) -> None:
    articles = [FLOOD, SAME_FACTS, DAY_TWO]
    expected = told(articles, first.history, 1)
    for seed in range(4):
        mixed = Random(seed).sample(articles, 3)  # noqa: S311 - no secrets
        assert told(mixed, first.history, 1) == expected


def test_what_was_had_grows_by_what_is_told(first: Update) -> None:
    second = told([FLOOD, DAY_TWO], first.history, 1)
    assert second
    assert set(first.history.lines) < set(second.history.lines)
    assert second.history.text_hashes == {one.id: hash_article_text(one) for one in (FLOOD, DAY_TWO)}
    assert told([FLOOD, DAY_TWO, SAME_FACTS], second.history, 2) is None


def test_lines_of_the_papers_come_before_what_people_say(first: Update) -> None:
    slots = [item.line.slot for item in first.items]
    assert slots == sorted(slots, key=[Slot.STATUS, Slot.TIMELINE, Slot.QUOTES].index)
