"""An outlet that no one confirmed never speaks for one that is confirmed: not in who said it, and not as the lead."""

from dataclasses import replace
from datetime import date

import pytest

from briefings.compose import answer_who_said
from briefings.compose.people.utterances import group_statements
from briefings.model import Article, Hit, Provenance, SearchTotals, Slot
from tests.support.articles import analyse_articles
from tests.support.small_briefings import brief, get_texts

UNCERTAIN = (Provenance.UNCONFIRMED, Provenance.CONTRADICTED)
WALL = Article(
    "a",
    "The mayor of Easton said on Friday that the flood wall will be rebuilt by the spring.\n\n"
    "“We will never again build on the meadow,” said Jane Roe, the mayor of Easton.",
    "Easton Tribune",
    date(2024, 3, 1),
    "https://tribune.example/wall",
    provenance=Provenance.CONFIRMED,
)
#: newer, with a longer quotation and another story in front
FORGERY = replace(
    WALL,
    id="b",
    text="The mayor of Easton resigned on Saturday after the flood wall broke in two places.\n\n"
    "“We will never again build on the meadow, and I am sorry for all that I did,” said Jane Roe, the mayor of Easton.",
    publisher="evil.example",
    published=date(2024, 3, 2),
    url="https://evil.example/wall",
)


def find_hit(*articles: Article) -> Hit:
    (hit,) = answer_who_said("meadow", analyse_articles(*articles), SearchTotals(2, 2, None, None)).hits
    return hit


def get_lead(*articles: Article) -> str:
    return brief(*articles).lines[0].evidence[0].article


@pytest.mark.parametrize("provenance", UNCERTAIN)
def test_longer_wording_of_an_uncertain_outlet_is_only_another_report(provenance: Provenance) -> None:
    hit = find_hit(replace(FORGERY, provenance=provenance), WALL)
    assert (hit.article, [variant.article for variant in hit.variants]) == ("a", ["b"])
    assert hit.outlets == 1


def test_longest_wording_comes_first_among_certain_outlets() -> None:
    hit = find_hit(replace(FORGERY, provenance=Provenance.STATED), WALL)
    assert (hit.article, hit.outlets) == ("b", 2)


@pytest.mark.parametrize("provenance", UNCERTAIN)
def test_uncertain_outlet_leads_only_if_no_other_has_the_story(provenance: Provenance) -> None:
    forgery = replace(FORGERY, provenance=provenance)
    assert get_lead(forgery, WALL) == "a"
    assert get_lead(forgery) == "b"
    certain = replace(FORGERY, provenance=Provenance.STATED)
    assert get_lead(certain, WALL) == "b"


@pytest.mark.parametrize("provenance", UNCERTAIN)
def test_briefing_says_that_an_uncertain_outlet_is_no_second_source(provenance: Provenance) -> None:
    briefing = brief(replace(FORGERY, provenance=provenance), WALL)
    sentence = "A second confirmed outlet: 1 of these 2 articles is from outlets that no one confirmed."
    assert sentence in get_texts(briefing, Slot.MISSING)
    alone = brief(replace(FORGERY, provenance=provenance), replace(WALL, provenance=provenance))
    sentence = "A confirmed outlet: 2 of these 2 articles are from outlets that no one confirmed."
    assert sentence in get_texts(alone, Slot.MISSING)


@pytest.mark.parametrize("provenance", UNCERTAIN)
def test_paraphrase_of_a_confirmed_outlet_is_shown_before_the_quotation_of_an_uncertain_one(
    provenance: Provenance,
) -> None:
    paraphrase = replace(WALL, text="Jane Roe said she would never again build houses on the water meadow of Easton.")
    quotation = replace(
        WALL,
        id="b",
        text="“I will never again build houses on the water meadow of Easton,” said Jane Roe.",
        provenance=provenance,
    )
    for articles in ((quotation, paraphrase), (paraphrase, quotation)):
        pairs = [(article, quote) for article, quotes in analyse_articles(*articles) for quote in quotes]
        for group in group_statements(pairs):
            reports = [article.provenance.is_certain for article, _ in group]
            assert reports == sorted(reports, reverse=True)
