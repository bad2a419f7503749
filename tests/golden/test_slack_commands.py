"""What /briefing and /whosaid answer in Slack."""

import pytest

from tests.golden.compare import compare
from tests.golden.person import Person

ASKED = {
    "briefing_topic": ("/briefing", "labour-crisis"),
    "briefing_words": ("/briefing", "no-confidence vote"),
    "briefing_a_name": ("/briefing", "Angela Eagle"),
    "briefing_days": ("/briefing", "labour-crisis since:2016-06-28 until:2016-06-30"),
    "briefing_yesterday": ("/briefing", "labour-crisis since:yesterday"),
    "briefing_one_outlet": ("/briefing", "labour-crisis from:Guardian"),
    "briefing_unknown_outlet": ("/briefing", "labour-crisis from:Tribune"),
    "briefing_no_day_fits": ("/briefing", "labour-crisis since:2017-01-01"),
    "briefing_slip": ("/briefing", "labour-crysis"),
    "briefing_unknown": ("/briefing", "zeppelin"),
    "briefing_bad_day": ("/briefing", "labour-crisis since:someday"),
    "briefing_bad_filter": ("/briefing", "labour-crisis colour:red"),
    "briefing_filter_alone": ("/briefing", "since:monday"),
    "briefing_help": ("/briefing", "help"),
    "briefing_topics": ("/briefing", ""),
    "briefing_too_long": ("/briefing", "word " * 300),
    "whosaid_one": ("/whosaid", "“lynch-mob”"),
    "whosaid_several": ("/whosaid", "leadership"),
    "whosaid_name": ("/whosaid", "Corbyn"),
    "whosaid_by": ("/whosaid", "by:Corbyn"),
    "whosaid_by_full": ("/whosaid", "by:“Jeremy Corbyn”"),
    "whosaid_words_by": ("/whosaid", "party by:Corbyn"),
    "whosaid_by_wrong": ("/whosaid", "“lynch-mob” by:Corbyn"),
    "whosaid_by_nobody": ("/whosaid", "by:Merkel"),
    "whosaid_by_slip": ("/whosaid", "by:Corbin"),
    "whosaid_about": ("/whosaid", "by:Corbyn about:labour-crisis"),
    "whosaid_since": ("/whosaid", "party since:2016-06-28"),
    "whosaid_until": ("/whosaid", "party until:2016-06-26"),
    "whosaid_from": ("/whosaid", "leadership from:Sharecast"),
    "whosaid_nearest": ("/whosaid", "like a lynch mob without the hope"),
    "whosaid_never": ("/whosaid", "I never liked Europe"),
    "whosaid_narration": ("/whosaid", "Noisy pro-Corbyn demonstrators gathered"),
    "whosaid_unnamed": ("/whosaid", "worked his bollocks off"),
    "whosaid_question": ("/whosaid", "What about Europe Jeremy?"),
    "whosaid_caption": ("/whosaid", "EU referendum revealed"),
    "whosaid_slip": ("/whosaid", "abundently claer"),
    "whosaid_nothing": ("/whosaid", "xylophone zeppelin"),
    "whosaid_empty": ("/whosaid", ""),
    "whosaid_marks": ("/whosaid", "“”"),
    "whosaid_help": ("/whosaid", "help"),
    "whosaid_bad_day": ("/whosaid", "party since:2016-13-45"),
    "whosaid_bad_filter": ("/whosaid", "party colour:red"),
    "whosaid_twice": ("/whosaid", "party by:Corbyn by:Coffey"),
    "whosaid_empty_filter": ("/whosaid", "party by:"),
    "whosaid_turned_days": ("/whosaid", "party since:2016-06-30 until:2016-06-01"),
    "whosaid_too_long": ("/whosaid", "a" * 8000),
    "whosaid_hostile": ("/whosaid", "<!channel> *bold* <http://evil.example|x> :smile:"),
}
PAGED = {
    "briefing_pages": ("/briefing", "labour-crisis"),
    "briefing_words_pages": ("/briefing", "Corbyn"),
    "whosaid_pages": ("/whosaid", "by:Corbyn"),
    "whosaid_common_pages": ("/whosaid", "the"),
}


@pytest.mark.parametrize("name", ASKED)
async def test_a_command_is_answered_as_before(person: Person, name: str) -> None:
    """The same blocks, buttons and text."""
    await person.types(*ASKED[name])
    compare(f"slack/commands/{name}.json", await person.all_that_came())


@pytest.mark.parametrize("name", PAGED)
async def test_every_page_of_an_answer_is_as_before(person: Person, name: str) -> None:
    """Forth to the last page, and back to the one before."""
    shown = await person.types(*PAGED[name])
    for label in ("Whole", "More", "More", "More", "Back"):
        try:
            body = person.button(shown, label)
        except StopIteration:
            continue
        shown = await person.answered(body)
    compare(f"slack/commands/{name}.json", await person.all_that_came())


async def test_what_may_have_been_meant_is_asked_by_a_button(person: Person) -> None:
    """The button of a slip of the keys, and that of a listed topic."""
    await person.answered(person.button(await person.types("/briefing", "labour-crysis since:2016-06-24"), "labour"))
    await person.answered(person.button(await person.types("/briefing", ""), "Labour"))
    compare("slack/commands/briefing_asked_by_buttons.json", await person.all_that_came())
