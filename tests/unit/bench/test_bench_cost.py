"""The cost benchmark runs every stage on every kind of text, and its ways name stages that exist."""

import pytest

from bench.cost import WAYS, build_news, build_texts
from bench.cost.stages import build_feed, build_page, iterate_stages


def test_every_way_names_stages_that_exist() -> None:
    names = {name for name, _ in iterate_stages([])}
    assert {stage for stages in WAYS.values() for stage in stages} == names - {"facts", "stories", "links"}


def test_texts_have_the_size_that_is_asked_for() -> None:
    assert {len(text) for text in build_texts(500).values()} == {500}
    assert len(build_news(3_000)) == 3_000


@pytest.mark.parametrize("name", ["bullets", "dates", "deep_html", "one_token", "hebrew_quotes", "combining"])
def test_no_stage_fails_on_an_odd_text(name: str) -> None:
    text = build_texts(300, name)[name]
    for _, stage in iterate_stages([build_news(400)]):
        stage(text)()


def test_pages_and_feeds_contain_the_text() -> None:
    assert b"<p>Roe &amp; Doe</p>" in build_page("Roe & Doe")
    assert b"<description>Roe &amp; Doe</description>" in build_feed("Roe & Doe")
