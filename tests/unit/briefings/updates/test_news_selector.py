"""What an update leads with, and how long it is, on an invented story."""

from datetime import date, timedelta

import pytest

from briefings.article import parse_article
from briefings.attribution import extract_quotes
from briefings.model import Article
from briefings.updates import replay_updates
from briefings.updates.seen_story import SeenStory

MONDAY = date(2031, 3, 3)
FIRST = (
    "Ferry runs aground off Sandhaven with 212 people on board",
    "A ferry with 212 people on board ran aground off Sandhaven on Monday in thick fog.\n\n"
    "Lifeboats brought all passengers to the pier before noon, the coastguard of Sandhaven reported.\n\n"
    "The ferry line Northsail has served the islands since 1987.\n\n"
    "The hull was torn open over four metres, divers of the harbour police reported.",
)
SECOND = (
    "Captain of Sandhaven ferry charged with sailing drunk",
    "Prosecutors charged the captain of the Sandhaven ferry on Tuesday with sailing drunk.\n\n"
    "The ferry with 212 people on board ran aground off Sandhaven on Monday in thick fog.\n\n"
    "Captain Olaf Brandt had 1.8 parts per thousand of alcohol in his blood, prosecutors reported.\n\n"
    "The Northsail line suspended all sailings to the islands until Friday.",
)
ESSAY = (
    "How islanders learned to live with the fog",
    "Long before engines, men on the quay rang bells at dusk and burned tar in iron baskets.\n\n"
    "Grandmothers knitted patterns by which a drowned fisherman could be recognised.\n\n"
    "A museum near the chapel shows eleven of the old lamps and a drum made from sealskin.\n\n"
    "Painters came for the light each spring and stayed in rooms above the bakery.\n\n"
    "Children still learn a song that names every rock between the two lighthouses.",
)


def make_article(name: str, day: int, story: tuple[str, str], paper: str = "The Harbour Post") -> Article:
    title, text = story
    return parse_article(Article(name, text, paper, MONDAY + timedelta(days=day), None, title))


def replay(*articles: Article, words: int = 200) -> list[list[str]]:
    days = replay_updates([(article, extract_quotes(article)) for article in articles], max_words=words)
    return [[item.line.text for item in items] for _, items in days]


def test_first_line_tells_what_is_new_and_not_what_was_sent() -> None:
    first, second = replay(make_article("a", 0, FIRST), make_article("b", 1, SECOND))
    assert first[0].startswith("A ferry with 212 people")
    assert second[0].startswith("Prosecutors charged the captain")
    assert not any("ran aground" in text for text in second)


def test_day_without_news_has_few_lines() -> None:
    _, essay = replay(make_article("a", 0, FIRST), make_article("c", 1, ESSAY))
    assert 0 < len(essay) <= 3


def test_first_line_of_a_later_day_is_not_the_old_news_that_opens_the_article() -> None:
    recap = (
        "Sandhaven ferry: captain charged",
        "A ferry with 212 people on board ran aground off Sandhaven on Monday in thick fog.\n\n" + SECOND[1],
    )
    _, lines = replay(make_article("a", 0, FIRST), make_article("b", 1, recap))
    assert lines[0].startswith("Prosecutors charged the captain")


def test_day_with_a_new_day_in_its_articles_is_not_quiet() -> None:
    essay = (ESSAY[0], ESSAY[1] + "\n\nA choir from Easton sang in the chapel on Tuesday and collected blankets.")
    _, lines = replay(make_article("a", 0, FIRST), make_article("c", 1, essay))
    assert len(lines) > 3


def test_first_update_is_not_short_even_without_news() -> None:
    assert len(replay(make_article("c", 0, ESSAY))[0]) > 3


def test_day_that_repeats_the_news_in_other_words_has_no_line() -> None:
    again = ("Ferry aground", "In thick fog a ferry with 212 people on board ran aground on Monday off Sandhaven.")
    assert replay(make_article("a", 0, FIRST), make_article("d", 1, again, "Island Echo"))[1] == []


def test_each_event_has_one_line_in_an_update() -> None:
    (lines,) = replay(
        make_article("a", 0, FIRST),
        make_article("e", 0, ("Ferry aground", "A ferry ran aground off Sandhaven in thick fog on Monday."), "Echo"),
    )
    assert sum("ran aground" in text for text in lines) == 1


def test_article_order_makes_no_difference() -> None:
    articles = [make_article("a", 0, FIRST), make_article("b", 1, SECOND), make_article("c", 1, ESSAY)]
    assert replay(*articles) == replay(*reversed(articles))


def test_words_per_day_are_bounded() -> None:
    for lines in replay(make_article("a", 0, FIRST), make_article("b", 1, SECOND), words=30):
        assert sum(len(text.split()) for text in lines) <= 30


def test_undated_articles_are_left_out() -> None:
    undated = Article("u", FIRST[1], "The Harbour Post", None, None, FIRST[0])
    assert replay(undated) == []


def test_new_share_counts_what_no_earlier_sentences_tell() -> None:
    story = SeenStory([make_article("a", 0, FIRST)], [SECOND[1]])
    assert story.measure_new_share("ferry fog Sandhaven") == 0.0
    assert story.measure_new_share("captain charged drunk") == 1.0
    assert 0.0 < story.measure_new_share("ferry captain") < 1.0


def test_words_of_many_earlier_sentences_do_not_make_a_fact_old() -> None:
    story = SeenStory([make_article("a", 0, FIRST)], [])
    assert story.measure_new_share("ferry lifeboats pier coastguard") == 0.0
    assert story.measure_new_share("ferry lifeboats Northsail islands hull divers") > 0.0


def test_uncovered_share_counts_words_that_no_added_text_has() -> None:
    story = SeenStory([], [SECOND[1]])
    assert story.measure_uncovered_share("captain charged") == 1.0
    story.add("The captain was charged.")
    assert story.measure_uncovered_share("captain charged") == 0.0
    assert 0.0 < story.measure_uncovered_share("captain drunk") < 1.0


@pytest.mark.parametrize(
    ("text", "is_changed"),
    [
        ("A ferry with 230 people on board ran aground off Sandhaven.", True),
        ("A ferry with 212 people on board ran aground off Sandhaven.", False),
        ("A ferry ran aground off Sandhaven.", False),
        ("The mayor of Easton spent 230 crowns.", False),
    ],
)
def test_changed_figure_is_another_figure_for_the_same_thing(text: str, is_changed: bool) -> None:
    assert SeenStory([make_article("a", 0, FIRST)], [text]).has_changed_figure(text) is is_changed


def test_topic_share_is_that_of_the_most_frequent_word() -> None:
    story = SeenStory([make_article("a", 0, FIRST)], ["The ferry sank.", "Subscribe for alerts."])
    assert (
        story.measure_topic_share("The ferry left Easton.") > story.measure_topic_share("Subscribe for alerts.") > 0.0
    )
    assert story.measure_topic_share("Nothing in common") == 0.0


@pytest.mark.parametrize(
    "promotion",
    [
        "Subscribe here for breaking alerts and special offers.",
        "Jane Roe and John Doe contributed from Easton.",
        "Trending recipes and quizzes are below this column.",
    ],
)
def test_line_that_shares_no_topic_with_the_story_is_left_out(promotion: str) -> None:
    long_story = (SECOND[0], f"{SECOND[1]}\n\n{promotion}")
    first_story = (
        FIRST[0],
        "\n\n".join([FIRST[1]] + [f"The ferry crew met on pier {number}." for number in range(20)]),
    )
    _, lines = replay(make_article("a", 0, first_story), make_article("b", 1, long_story))
    assert lines
    assert promotion not in lines


def test_day_after_the_last_article_is_fresh() -> None:
    story = SeenStory([make_article("a", 0, FIRST)], [])
    assert story.is_fresh([MONDAY + timedelta(days=1)])
    assert not story.is_fresh([MONDAY])
    assert not SeenStory([], []).is_fresh([MONDAY])


def test_days_are_stale_only_when_all_are_before_the_last_article() -> None:
    story = SeenStory([make_article("a", 0, FIRST)], [])
    saturday, tuesday = MONDAY - timedelta(days=2), MONDAY + timedelta(days=1)
    assert story.is_stale([saturday])
    assert not story.is_stale([saturday, tuesday])
    assert not story.is_stale([MONDAY])
    assert not story.is_stale([])
    assert not SeenStory([], []).is_stale([saturday])


def test_first_line_is_the_new_event_rather_than_one_of_days_before() -> None:
    retaliation = (
        "Easton taxes Sandhaven fish in the ferry quarrel",
        "On Saturday, Sandhaven raised the ferry tax for Easton from 10 to 25 crowns after talks failed.\n\n"
        "Easton decided on Tuesday to tax Sandhaven fish because of the ferry quarrel.\n\n"
        "Fishermen of Sandhaven closed the harbour of Easton with nets and boats.",
    )
    _, lines = replay(make_article("a", 0, FIRST), make_article("b", 1, retaliation))
    assert lines[0].startswith("Easton decided on Tuesday")


def test_changed_figure_of_a_sent_line_makes_the_day_not_quiet() -> None:
    essay = (
        ESSAY[0],
        ESSAY[1] + "\n\nA ferry with 340 people on board ran aground off Sandhaven on Monday in thick fog.",
    )
    _, lines = replay(make_article("a", 0, FIRST), make_article("c", 1, essay))
    assert any("340 people" in text for text in lines)
    assert len(lines) > 3


def test_opening_that_points_back_makes_the_day_not_quiet() -> None:
    title = "Another captain of the Sandhaven ferry line charged with sailing drunk"
    opening = "Another captain of the Sandhaven ferry line was charged with sailing drunk, prosecutors reported."
    _, lines = replay(make_article("a", 0, FIRST), make_article("c", 1, (title, f"{opening}\n\n{ESSAY[1]}")))
    assert opening not in lines
    assert len(lines) > 3


def test_opening_that_was_read_before_leaves_the_day_quiet() -> None:
    opening = "Another captain of the Sandhaven ferry line was charged with sailing drunk, prosecutors reported."
    title = "Another captain of the Sandhaven ferry line charged with sailing drunk"
    first = make_article("a", 0, (FIRST[0], f"{FIRST[1]}\n\n{opening}"))
    _, lines = replay(first, make_article("c", 1, (title, f"{opening}\n\n{ESSAY[1]}")))
    assert len(lines) <= 3


@pytest.mark.parametrize(
    ("text", "is_new"),
    [
        ("Olaf Brandt denied sailing drunk on Tuesday.", True),
        ("Olaf Brandt denied on Wednesday that he sailed drunk.", True),
        ("Olaf Brandt denied sailing drunk on Monday.", False),
        ("Olaf Brandt denied sailing drunk on Thursday.", False),
        ("Olaf Brandt sailed drunk last Tuesday.", False),
        ("Olaf Brandt sails every Wednesday.", False),
        ("Olaf Brandt sails on Tuesdays.", False),
    ],
)
def test_weekday_is_new_between_the_last_article_and_its_own(text: str, *, is_new: bool) -> None:
    story = SeenStory([make_article("a", 0, FIRST)], [])
    assert story.names_new_weekday(text, MONDAY + timedelta(days=2)) is is_new


def test_weekday_is_not_new_without_dates() -> None:
    assert not SeenStory([], []).names_new_weekday("Jane Roe left on Tuesday.", MONDAY)
    assert not SeenStory([make_article("a", 0, FIRST)], []).names_new_weekday("Jane Roe left on Tuesday.", None)


def test_every_weekday_is_new_after_more_than_a_week() -> None:
    story = SeenStory([make_article("a", 0, FIRST)], [])
    assert story.names_new_weekday("Jane Roe left on Sunday.", MONDAY + timedelta(days=30))


def test_line_that_means_little_alone_gives_way_to_one_that_names_what_it_tells() -> None:
    addition = "The captain has also refused to answer questions about the fog."
    story = (SECOND[0], f"{SECOND[1]}\n\n{addition}")
    _, lines = replay(make_article("a", 0, FIRST), make_article("b", 1, story))
    assert lines
    assert addition not in lines


def test_quote_that_repeats_the_lines_of_the_day_is_left_out() -> None:
    quoted = "The captain was charged with sailing drunk"
    story = (SECOND[0], f'{SECOND[1]}\n\n"{quoted}," Jane Roe, a prosecutor of Easton, told the paper.')
    _, lines = replay(make_article("a", 0, FIRST), make_article("b", 1, story))
    assert not any(text.startswith(quoted) for text in lines)
