"""Page links in messages: added after the publisher's link, complete or left out, and signed per workspace."""

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
from tests.stand_ins.slack_limits import find_view_problems
from tests.support.any_answers import BRIEFING, WHO_SAID
from tests.support.clock import Clock
from tests.support.slack_messages import assert_within_limits
from tests.unit.bot.answers.test_answer_cache import CacheSetup

PUBLIC = "https://bot.example.org"
PAGES = PageLinks(PUBLIC, "k" * 90)
SETTINGS = Settings(bot_token="x", signing_secret="made-up", public_url=PUBLIC)


@settings(max_examples=40)
@given(BRIEFING, st.integers(0, 3))
def test_briefing_with_page_links_is_within_slack_limits(value: Briefing, page: int) -> None:
    assert_within_limits(
        add_note(briefing.build_message(value, "/briefing x", page, page_links=PAGES), "Shared by <@U012345678>")
    )


@settings(max_examples=40)
@given(WHO_SAID, st.integers(1, 3))
def test_who_said_with_page_links_is_within_slack_limits(value: WhoSaid, page: int) -> None:
    assert_within_limits(
        add_note(who_said.build_message(value, "/whosaid x", page, page_links=PAGES), "Shared by <@U012345678>")
    )


@given(st.text(min_size=1, max_size=400), st.integers(0, 10**9))
def test_long_link_is_left_out_instead_of_shortened(article: str, start: int) -> None:
    """A shortened link would open another page."""
    url = PAGES.build_article_link(article, start, start + 1)
    markup = format_link(url, "full article")
    assert markup in ("", f"<{url.replace('&', '&amp;')}|full article>")
    assert bool(markup) == (len(url.replace("&", "&amp;")) <= 700)


def test_page_link_comes_after_the_publishers_link() -> None:
    plain_message, linked_message = (
        who_said.build_message(briefing_service.make_lynch_mob_answer(), "/whosaid x", page_links=page_links)
        for page_links in (None, PAGES)
    )
    details = linked_message.blocks[1].to_dict()["text"]["text"].split("\n")[2]
    assert details.index("https://www.ibtimes.co.uk/") < details.index(PUBLIC)
    plain_details = details.partition(f" · <{PUBLIC}")[0]
    assert linked_message.text.replace(details, "") == plain_message.text.replace(plain_details, "")


def test_context_modal_links_to_the_words_in_the_article() -> None:
    context = Context(
        briefing_service.SOURCES[0], "before", "words", "after", "https://www.theguardian.com/x#:~:text=words"
    )
    view = modals.build_context_view(
        context, ButtonValue("/briefing x"), (), PAGES.build_article_link("a", 3, 8)
    ).to_dict()
    assert find_view_problems(view) == []
    assert "/record/articles/a?at=3-8&amp;key=" in str(view)
    assert str(view).index("theguardian.com") < str(view).index(PUBLIC)
    assert PUBLIC not in str(modals.build_context_view(context, ButtonValue("/briefing x"), ()).to_dict())


def test_links_are_identical_for_an_hour_so_that_cached_answers_can_be_reused() -> None:
    clock = Clock(7_200.0)
    links = LinkSigner(SETTINGS, clock)
    first = links.build_page_links("T1")
    clock.advance(3_599)
    assert links.build_page_links("T1") == first
    assert links.build_page_links("T2") != first
    clock.advance(1)
    assert links.build_page_links("T1") != first


def test_missing_or_overlong_team_id_gets_no_links() -> None:
    links = LinkSigner(SETTINGS, Clock())
    assert [links.build_page_links(""), links.build_page_links("T" * 33)] == [None, None]


async def test_cached_answer_gets_the_links_of_each_workspace() -> None:
    setup, links = CacheSetup(), LinkSigner(SETTINGS, Clock())
    query = BriefingQuery("labour-crisis")
    first, second, none, again = [
        await setup.cache.get_page(query, 0, page_links=pages)
        for pages in (links.build_page_links("T1"), links.build_page_links("T2"), None, links.build_page_links("T1"))
    ]
    assert setup.service.queries == ["labour-crisis"]
    assert first is again
    assert len({first.text, second.text, none.text}) == 3
    assert PUBLIC not in none.text
