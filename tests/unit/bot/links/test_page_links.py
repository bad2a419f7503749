"""Links from messages to pages: beside the publisher's, whole or not at all, and one workspace's for it alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.settings import Settings
from bot.links.signing import LinkSigner
from bot.links.urls import PageLinks
from bot.queries.queries import BriefingQuery
from bot.slack.blocks.button_values import ButtonValue
from bot.slack.blocks.formatting import format_link
from bot.slack.blocks.message import add_note
from bot.slack.views import briefing, modals, who_said
from briefings.model import Briefing, Context, WhoSaid
from tests.stand_ins import briefing_service
from tests.stand_ins.slack_limits import view_problems
from tests.support.clock import Clock
from tests.unit.bot.answers.test_answer_cache import Under
from tests.unit.bot.slack.views.test_views import BRIEFING, WHO_SAID, sound

PUBLIC = "https://bot.example.org"
PAGES = PageLinks(PUBLIC, "k" * 90)
SETTINGS = Settings(bot_token="x", signing_secret="made-up", public_url=PUBLIC)


@settings(max_examples=40)
@given(BRIEFING, st.integers(0, 3))
def test_a_briefing_with_its_page_is_within_the_limits(value: Briefing, page: int) -> None:
    sound(add_note(briefing.build_message(value, "/briefing x", page, page_links=PAGES), "Shared by <@U012345678>"))


@settings(max_examples=40)
@given(WHO_SAID, st.integers(1, 3))
def test_who_said_with_its_pages_is_within_the_limits(value: WhoSaid, page: int) -> None:
    sound(add_note(who_said.build_message(value, "/whosaid x", page, page_links=PAGES), "Shared by <@U012345678>"))


@given(st.text(min_size=1, max_size=400), st.integers(0, 10**9))
def test_a_link_is_whole_or_not_there(article: str, start: int) -> None:
    """Cut short it would open something else."""
    address = PAGES.build_article_link(article, start, start + 1)
    shown = format_link(address, "in the record")
    assert shown in ("", f"<{address.replace('&', '&amp;')}|in the record>")
    assert bool(shown) == (len(address.replace("&", "&amp;")) <= 700)


def test_the_publisher_comes_first_and_stays() -> None:
    plain, more = (
        who_said.build_message(briefing_service.lynch_mob(), "/whosaid x", page_links=pages) for pages in (None, PAGES)
    )
    below = more.blocks[1].to_dict()["text"]["text"].split("\n")[2]
    assert below.index("https://www.ibtimes.co.uk/") < below.index(PUBLIC)
    assert more.text.replace(below, "") == plain.text.replace(below.partition(f" · <{PUBLIC}")[0], "")


def test_the_modal_opens_the_article_at_the_words() -> None:
    context = Context(
        briefing_service.SOURCES[0], "before", "words", "after", "https://www.theguardian.com/x#:~:text=words"
    )
    view = modals.build_context_view(
        context, ButtonValue("/briefing x"), (), PAGES.build_article_link("a", 3, 8)
    ).to_dict()
    assert view_problems(view) == []
    assert "/record/articles/a?at=3-8&amp;key=" in str(view)
    assert str(view).index("theguardian.com") < str(view).index(PUBLIC)
    assert PUBLIC not in str(modals.build_context_view(context, ButtonValue("/briefing x"), ()).to_dict())


def test_links_stay_the_same_for_an_hour_so_that_an_answer_can_be_given_again() -> None:
    clock = Clock(7_200.0)
    links = LinkSigner(SETTINGS, clock)
    first = links.build_page_links("T1")
    clock.move(3_599)
    assert links.build_page_links("T1") == first
    assert links.build_page_links("T2") != first
    clock.move(1)
    assert links.build_page_links("T1") != first


def test_there_are_none_without_a_team_or_for_a_strange_one() -> None:
    links = LinkSigner(SETTINGS, Clock())
    assert [links.build_page_links(""), links.build_page_links("T" * 33)] == [None, None]


async def test_one_answer_is_composed_and_each_workspace_gets_its_own_links() -> None:
    under, links = Under(), LinkSigner(SETTINGS, Clock())
    asked = BriefingQuery("labour-crisis")
    first, second, none, again = [
        await under.composed.get_page(asked, 0, page_links=pages)
        for pages in (links.build_page_links("T1"), links.build_page_links("T2"), None, links.build_page_links("T1"))
    ]
    assert under.desk.asked == ["labour-crisis"]
    assert first is again
    assert len({first.text, second.text, none.text}) == 3
    assert PUBLIC not in none.text
