"""Answers on who said what: quotes by pages without loss, and unknown facts named."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.slack.blocks import message
from bot.slack.blocks.button_values import Action
from bot.slack.blocks.menus import Choice, Menu
from bot.slack.blocks.message import Item, Part, PlannedAccessory, paginate
from bot.slack.views import who_said
from briefings.model import Kind, Narration, Variant, WhoSaid
from briefings.speaker_labels import NOT_CERTAIN, NOT_SPEECH
from tests.stand_ins import briefing_service
from tests.support.slack_messages import assert_within_limits, decode_buttons, join_texts, render_who_said


def test_hits_are_paginated_without_loss() -> None:
    """Each hit has its own menu. A page has at most six hits, and its button counts those to come."""
    hits = tuple(
        briefing_service.make_hit(
            briefing_service.RALLY,
            "without the rope",
            briefing_service.MCDONNELL,
            quote=f"said {i:03}",
            start=i,
            end=i + 8,
        )
        for i in range(100)
    )
    result = WhoSaid("said", briefing_service.SEARCH_TOTALS, hits)
    seen_numbers: list[str] = []
    for page in range(1, 20):
        message = render_who_said(result, page)
        assert_within_limits(message)
        numbers = re.findall(r"“said (\d{3})”", join_texts(message))
        assert len(decode_buttons(message, Action.CONTEXT)) == len(numbers) <= 6
        seen_numbers += numbers
        if len(seen_numbers) < 100:
            assert f"\n{100 - len(seen_numbers)} more\n" in join_texts(message)
        if len(seen_numbers) >= 100:
            break
    assert seen_numbers == [f"{i:03}" for i in range(100)]
    assert not [value for value in decode_buttons(message, Action.PAGE) if value.page > page]


def test_long_quote_counts_the_characters_left_out() -> None:
    hit = briefing_service.make_hit(briefing_service.RALLY, "said", None, quote="word " * 1000)
    message = render_who_said(WhoSaid("word", briefing_service.SEARCH_TOTALS, (hit,)))
    assert "shortened: 3,8" in join_texts(message)


def test_unknown_facts_are_named() -> None:
    """Unknown speaker with the reason, unnamed source, probable speaker, no date, no outlet."""
    hits = (
        briefing_service.make_hit(briefing_service.GUARDIAN, "I did all I could", None),
        briefing_service.make_hit(briefing_service.GUARDIAN, "it’s just not good enough", briefing_service.UNNAMED),
        briefing_service.make_hit(
            briefing_service.RALLY,
            "has vowed to stay on",
            briefing_service.CORBYN,
            confidence=0.6,
            kind=Kind.INDIRECT,
            publisher=None,
        ),
        briefing_service.make_hit(
            briefing_service.RALLY, "has vowed to stay on", briefing_service.CORBYN, published=None
        ),
    )
    message_text = join_texts(render_who_said(WhoSaid("x", briefing_service.SEARCH_TOTALS, hits)))
    assert "*Unknown speaker* (two people are named beside it)" in message_text
    assert "*Unnamed:* Senior Labour sources" in message_text
    assert (
        "Probably *Jeremy Corbyn*, Labour leader (reported, not in quotation marks; named before the quotation)"
        in message_text
    )
    assert "unknown outlet" in message_text
    assert "undated" in message_text


@pytest.mark.parametrize(
    ("source", "reason", "speaker", "details"),
    [
        ("he", NOT_CERTAIN, "*“he”* (not certain whose words these are)", "introduced by “said”"),
        ("Roe Director", NOT_CERTAIN, "*Unknown speaker* (not certain whose words these are)", "introduced by “said”"),
        ("Easton", NOT_SPEECH, f"*No speaker* ({NOT_SPEECH})", ""),
    ],
)
def test_source_that_is_not_certain_is_never_a_name(source: str, reason: str, speaker: str, details: str) -> None:
    hit = briefing_service.make_hit(
        briefing_service.GUARDIAN, "I did all I could", None, source=source, reason=reason, confidence=0.0
    )
    message_text = join_texts(render_who_said(WhoSaid("x", briefing_service.SEARCH_TOTALS, (hit,))))
    assert speaker in message_text
    assert details in message_text
    assert ("introduced by" in message_text) is bool(details)
    assert "identified from" not in message_text


def test_paragraphs_of_a_quote_are_kept() -> None:
    """All are inside one pair of quotation marks and behind the bar. Indirect speech gets no marks."""
    hit = briefing_service.make_hit(
        briefing_service.RALLY, "without the rope", briefing_service.MCDONNELL, quote='the rope.\n\n"MP after MP'
    )
    message_text = join_texts(
        render_who_said(WhoSaid("rope", briefing_service.SEARCH_TOTALS, (hit, replace(hit, kind=Kind.INDIRECT))))
    )
    assert '\n>“the rope.\n>"MP after MP”\n' in message_text
    assert '\n>the rope.\n>"MP after MP\n' in message_text


def test_narration_is_separate_from_quotes() -> None:
    narration = (Narration("the words stand here", briefing_service.RALLY, 0, 1, briefing_service.IBT, None),)
    narration_text = join_texts(render_who_said(WhoSaid("words", briefing_service.SEARCH_TOTALS, (), narration)))
    assert "No one is quoted saying “words”." in narration_text
    mixed_text = join_texts(render_who_said(replace(briefing_service.make_lynch_mob_answer(), narration=narration)))
    assert "*In the articles' own text, not in a quote*\n>the words stand here" in mixed_text


def test_only_the_menus_of_the_shown_page_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    built_suffixes: list[int | str] = []
    build_menu = who_said.build_fitting_menu

    def count_builds(suffix: int | str, choices: Sequence[Choice]) -> Menu:
        built_suffixes.append(suffix)
        return build_menu(suffix, choices)

    monkeypatch.setattr(who_said, "build_fitting_menu", count_builds)
    hit = briefing_service.make_hit(briefing_service.RALLY, "without the rope", briefing_service.MCDONNELL)
    render_who_said(WhoSaid("rope", briefing_service.SEARCH_TOTALS, (hit,) * 20), 2)
    assert built_suffixes == [6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("other_wordings", [0, 1, 2])
def test_a_planned_menu_counts_the_characters_of_the_menu(other_wordings: int) -> None:
    """So that a page has the same items whether its menus are built or only planned."""
    hit = briefing_service.make_hit(briefing_service.RALLY, "without the rope", briefing_service.MCDONNELL)
    variants = tuple(Variant(f"the rope {number}", "b", 0, 10, None, None) for number in range(other_wordings))
    builder = who_said._ItemBuilder("whosaid rope", None)
    linked_item, _ = builder.build_hits([replace(hit, variants=variants)])[0]
    accessory = linked_item.accessory
    assert isinstance(accessory, PlannedAccessory)
    element, block_id = accessory.build()
    built_item = Item(linked_item.markup, accessory=element, block_id=block_id)
    assert message._count_element_characters(built_item) == accessory.text_length
    assert paginate([], [Part("", (linked_item,))], [])[0].blocks[0].to_dict() == (
        paginate([], [Part("", (built_item,))], [])[0].blocks[0].to_dict()
    )
