"""Updates on an invented story over several days in four papers."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from briefings.article import parse_article
from briefings.attribution import complete_speakers
from briefings.attribution.analysis import analyse
from briefings.compose.verification import is_verbatim
from briefings.model import Article, Slot
from briefings.text.words import count_words
from briefings.updates import ReadingHistory, Update, UpdateKind, find_update, hash_article_text

MONDAY = date(2031, 3, 3)


def article(name: str, day: int, text: str, paper: str = "The Harbour Post") -> Article:
    """Return an article published that many days after Monday."""
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


def find_news(
    articles: Sequence[Article],
    history: ReadingHistory,
    day: int,
    cited_articles: Sequence[Article] = (),
    words: int = 200,
    older_texts: dict[str, list[str]] | None = None,
) -> Update | None:
    """Return what is new in `articles` that many days after Monday."""
    return find_update(
        "flood",
        "The flood",
        complete_speakers([(source, analyse(source).quotes) for source in articles]),
        history,
        cited_articles={source.id: source for source in (*articles, *cited_articles)},
        find_older_texts=lambda article_id: (older_texts or {}).get(article_id, []),
        today=MONDAY + timedelta(days=day),
        max_words=words,
    )


@pytest.fixture
def first() -> Update:
    """Return Monday's update."""
    update = find_news([FLOOD], ReadingHistory(), 0)
    assert update
    return update


def get_texts(update: Update | None, kind: UpdateKind) -> list[str]:
    return [item.line.text for item in (update.items if update else ()) if item.kind is kind]


def test_first_update_has_facts_and_quotes_with_links(first: Update) -> None:
    assert first.is_first
    assert any("burst its banks" in text for text in get_texts(first, UpdateKind.FACT))
    assert get_texts(first, UpdateKind.QUOTE) == ["We saw the water come over the wall within minutes"]
    assert first.text_hashes == {"flood": hash_article_text(FLOOD)}
    for item in first.items:
        assert is_verbatim(item.line, {"flood": FLOOD})
        assert all(piece.link and piece.link.startswith("https://paper.example/flood") for piece in item.line.evidence)


def test_same_articles_give_no_update(first: Update) -> None:
    assert find_news([FLOOD], first.history, 1) is None


def test_same_facts_in_another_outlet_are_not_new(first: Update) -> None:
    """Another wording, order, outlet or publication day is not new."""
    assert find_news([FLOOD, SAME_FACTS], first.history, 1) is None


def test_new_facts_and_quotes_are_sent_without_old_quotes(first: Update) -> None:
    second = find_news([FLOOD, DAY_TWO], first.history, 1)
    assert any("closed the railway" in text for text in get_texts(second, UpdateKind.FACT))
    assert get_texts(second, UpdateKind.QUOTE) == ["Nobody warned us that the gate upstream was open"]


def test_expected_event_that_happened_is_a_new_state_with_the_sent_line(first: Update) -> None:
    second = find_news([FLOOD, DAY_TWO], first.history, 1)
    (item,) = [item for item in (second.items if second else ()) if item.kind is UpdateKind.STATE]
    assert item.line.text.startswith("The regional council approved emergency aid")
    assert item.previous
    assert item.previous.text.startswith("The regional council is expected to approve")
    assert item.previous.sent_on == MONDAY


def test_changed_figure_comes_with_the_sent_line(first: Update) -> None:
    """Both sentences have links."""
    second = find_news([FLOOD, DAY_TWO], first.history, 1)
    (item,) = [item for item in (second.items if second else ()) if item.kind is UpdateKind.FIGURE]
    assert "2,100 residents" in item.line.text
    assert item.previous
    assert "1,400 residents" in item.previous.text
    assert item.line.evidence[0].link
    assert item.previous.evidence[0].link


def test_figure_that_changes_daily_comes_with_the_last_sent_line(first: Update) -> None:
    history, articles = first.history, [FLOOD]
    for day, figure in enumerate(("1,650", "1,900", "2,100"), 1):
        text = f"Rescuers brought {figure} residents to the school on the hill before nightfall."
        articles.append(article(f"day-{day}", day, text, "Carrow Echo"))
        update = find_news(articles, history, day)
        assert update
        (item,) = update.items
        assert item.previous
        assert item.previous.sent_on == MONDAY + timedelta(days=day - 1)
        history = update.history


@pytest.mark.parametrize(
    ("text", "is_new"),
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
def test_other_figure_or_day_is_new_but_another_wording_is_not(first: Update, text: str, is_new: bool) -> None:
    assert bool(find_news([FLOOD, article("later", 2, text, "Carrow Echo")], first.history, 2)) is is_new


def test_additional_figure_is_a_fact_and_changes_no_figure(first: Update) -> None:
    longer = article(
        "longer", 1, "Rescuers brought 1,400 residents and 3,600 head of cattle to the hill before nightfall."
    )
    update = find_news([FLOOD, longer], first.history, 1)
    assert get_texts(update, UpdateKind.FACT) == [longer.text]


def test_older_article_changes_no_figure(first: Update) -> None:
    """A late article may be new, but its figure does not replace a newer one."""
    older = article("older", -1, "Rescuers brought 300 residents to the school on the hill before nightfall.")
    update = find_news([FLOOD, older], first.history, 1)
    assert get_texts(update, UpdateKind.FIGURE) == []


def test_changed_article_corrects_its_line_once(first: Update) -> None:
    """The next update names the corrected line and sends the new wording as a fact."""
    changed = article("flood", 0, FLOOD.text.replace("1,400 residents", "1,900 residents"))
    second = find_news([changed], first.history, 1, older_texts={"flood": [FLOOD.text]})
    assert second
    (correction,) = second.corrections
    assert "1,400 residents" in correction.line.text
    assert (correction.is_article_removed, correction.line.sent_on, correction.line.outlet) == (
        False,
        MONDAY,
        "The Harbour Post",
    )
    assert ["1,900 residents" in text for text in get_texts(second, UpdateKind.FACT)] == [True]
    assert find_news([changed], second.history, 2) is None


def test_edit_around_the_same_words_corrects_nothing_and_is_not_new(first: Update) -> None:
    """After a small edit, the parts of the article that were not sent do not become new either."""
    changed = article("flood", 0, FLOOD.text.replace("Milldon on Monday and", "Milldon, on Monday, and"))
    assert find_news([changed], first.history, 1, older_texts={"flood": [FLOOD.text]}) is None


def test_removed_article_corrects_all_its_lines(first: Update) -> None:
    """The update names every sent line of the article, although nothing is new."""
    update = find_news([], first.history, 1)
    assert update
    assert {correction.line.text for correction in update.corrections} == {item.line.text for item in first.items}
    assert all(correction.is_article_removed for correction in update.corrections)
    assert update.items == ()
    assert find_news([], update.history, 2) is None


def test_article_that_left_the_topic_is_not_removed(first: Update) -> None:
    """It is still stored, although the topic no longer includes it."""
    assert find_news([], first.history, 1, cited_articles=[FLOOD]) is None


def test_reprint_of_a_read_article_is_not_new() -> None:
    """Lines that did not fit on the first day are not sent later when another paper prints the same words."""
    first = find_news([FLOOD], ReadingHistory(), 0, words=25)
    assert first
    reprint = article("reprint", 1, FLOOD.text, "Carrow Echo")
    assert find_news([FLOOD, reprint], first.history, 1) is None


def test_update_is_within_the_word_limit() -> None:
    for words in (20, 40, 200):
        update = find_news([FLOOD, DAY_TWO], ReadingHistory(), 0, words=words)
        assert update
        assert update.words == sum(count_words(item.line.text) for item in update.items) <= words


def test_article_order_makes_no_difference(first: Update) -> None:
    articles = [FLOOD, SAME_FACTS, DAY_TWO]
    expected = find_news(articles, first.history, 1)
    for seed in range(4):
        shuffled = Random(seed).sample(articles, 3)  # noqa: S311 - no secrets
        assert find_news(shuffled, first.history, 1) == expected


def test_history_grows_by_the_sent_lines(first: Update) -> None:
    second = find_news([FLOOD, DAY_TWO], first.history, 1)
    assert second
    assert set(first.history.lines) < set(second.history.lines)
    assert second.history.text_hashes == {source.id: hash_article_text(source) for source in (FLOOD, DAY_TWO)}
    assert find_news([FLOOD, DAY_TWO, SAME_FACTS], second.history, 2) is None


def test_sentences_come_before_quotes(first: Update) -> None:
    slots = [item.line.slot for item in first.items]
    assert slots == sorted(slots, key=[Slot.STATUS, Slot.TIMELINE, Slot.QUOTES].index)
