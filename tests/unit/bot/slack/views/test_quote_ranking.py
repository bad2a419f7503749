"""The quotes of a person: sentences first, fragments last, and how many more there are."""

from datetime import date
from typing import Any

from bot.slack.views import who_said
from bot.slack.views.quote_ranking import rank_quotes
from briefings import Hit, Kind, SearchTotals, Speaker, WhoSaid

SENTENCE = "We will keep the harbour open for everyone who works there all year."


def make_hit(quote: str, start: int = 0, **fields: Any) -> Hit:
    values: dict[str, Any] = {
        "speaker": Speaker("Jane Roe"), "quote": quote, "kind": Kind.DIRECT, "cue": "said", "source": "Jane Roe",
        "confidence": 0.99, "reason": "named", "article": "a", "start": start, "end": start + len(quote),
        "publisher": "The Tribune", "published": date(2026, 5, 4), "url": None, "link": None, "outlets": 1,
    }  # fmt: skip
    return Hit(**(values | fields))


def test_quotes_are_ranked_by_length_then_outlets_then_day() -> None:
    hits = [
        make_hit("a disgrace", 1, outlets=5),
        make_hit("closed", 2),
        make_hit("a long and bitter fight", 3),
        make_hit(SENTENCE, 4, published=date(2026, 5, 1)),
        make_hit(SENTENCE, 5, published=date(2026, 5, 3)),
        make_hit(SENTENCE, 6, published=None, outlets=3),
        make_hit(SENTENCE, 7, kind=Kind.INDIRECT, outlets=4),
        make_hit("The council never asked any of us about it.", 8, outlets=2),
    ]
    assert [hit.start for hit in rank_quotes(hits)] == [6, 5, 4, 7, 8, 3, 1, 2]


def test_first_page_has_sentences_and_counts_the_rest() -> None:
    fragments = [make_hit("closed", number) for number in range(12)]
    sentences = [make_hit(f"{SENTENCE} It is number {number}.", 100 + number) for number in range(6)]
    result = WhoSaid("", SearchTotals(3, 18), (*fragments, *sentences), bounds=("by Roe",))
    message = who_said.build_message(result, "/whosaid by:Roe")
    shown = "\n".join(str(block.to_dict()) for block in message.blocks)
    assert shown.count(SENTENCE) == 6
    assert "“closed”" not in shown
    assert "'12 more'" in shown
    assert "Quotes 1 to 6 of 18." in shown
    last_page = who_said.build_message(result, "/whosaid by:Roe", 3)
    assert "“closed”" in str([block.to_dict() for block in last_page.blocks])


def test_answer_to_words_keeps_the_order_of_the_search() -> None:
    hits = (make_hit("closed", 1), make_hit(SENTENCE, 2))
    message = who_said.build_message(WhoSaid("closed", SearchTotals(1, 2), hits), "/whosaid closed")
    assert message.text.index("“closed”\n") < message.text.index(SENTENCE)


def test_outlet_count_of_one_is_not_shown() -> None:
    message = who_said.build_message(WhoSaid("x", SearchTotals(1, 1), (make_hit(SENTENCE),)), "/whosaid x")
    assert "in 1 outlet" not in message.text
    assert "identified from" not in message.text
