"""A description belongs to a named person if the article leaves one bearer; all others stay descriptions."""

import numpy as np
import pytest

from briefings.attribution.features.document import parse_document
from briefings.attribution.models.weights import load_models
from briefings.attribution.people.models import load_people_models
from briefings.attribution.people.naming.entities import find_entities
from briefings.attribution.people.naming.entity import Entity, choose_spelling
from briefings.attribution.people.naming.name_chunks import find_chunks
from briefings.attribution.people.naming.name_tagger import KINDS, PERSON, tag_names


def _read(text: str) -> dict[str, Entity]:
    """Return the entity of each mention of `text` by its words; of several mentions the last."""
    models = load_people_models()
    document = parse_document(text, load_models().tagger)
    chunks = find_chunks(document, tag_names(document, models.first_name_tagger, models.second_name_tagger))
    result = find_entities(document, chunks, np.full(len(document.mentions), 0.5, dtype=np.float32))
    return {
        " ".join(document.tokens.words[first:last]): result.entities[entity]
        for first, last, entity in zip(
            document.mentions.first.tolist(),
            document.mentions.last.tolist(),
            result.entity_by_mention.tolist(),
            strict=True,
        )
        if entity >= 0
    }


def _name(text: str, mention: str) -> str | None:
    entity = _read(text)[mention]
    return None if entity.is_description else choose_spelling(entity)


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        (
            "President Maria Lopez of Chile met Tom Hale on Sunday.\nThe Chilean leader added a word.",
            "The Chilean leader",
        ),
        ("French President Maria Lopez spoke first.\nTom Hale agreed.\nThe French leader left.", "The French leader"),
        ("Prime Minister Maria Lopez met traders on Sunday.\nThe Danish leader said no.", "The Danish leader"),
        ("Chancellor Maria Lopez of Austria flew home.\nThe Austrian leader was tired.", "The Austrian leader"),
        (
            "Maria Lopez, the Peruvian president, spoke.\nTom Hale left.\nThe Peruvian leader stayed.",
            "The Peruvian leader",
        ),
    ],
)
def test_leader_of_a_country_is_its_president_or_prime_minister(text: str, mention: str) -> None:
    assert _name(text, mention) == "Maria Lopez"


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        (
            "President Maria Lopez of Chile met President Ana Diaz of Peru.\nThe Spanish leader left.",
            "The Spanish leader",
        ),
        ("Tom Hale, a teacher, spoke first.\nThe French leader left.", "The French leader"),
        ("President Maria Lopez spoke.\nTom Hale left early.\nThe Syrian leader was not there.", "The Syrian leader"),
    ],
)
def test_leader_of_another_country_stays_a_description(text: str, mention: str) -> None:
    assert _name(text, mention) is None


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("But Jane Roe is not worried. “I don't accept it,” the Prime Minister said.", "the Prime Minister"),
        ("Jane Roe has read the report. “It is wrong,” the Foreign Secretary said.", "the Foreign Secretary"),
        ("Jane Roe will not resign.\n“I shall stay,” the Lord Mayor said.", "the Lord Mayor"),
        ("Pop star Jane Roe has hit back at claims.\nThe singer, 29, posted a clip.", "The singer"),
        ("Jane Roe came home on Friday.\nThe nurse, 41, had been away for a year.", "The nurse"),
    ],
)
def test_office_in_capitals_and_age_mean_the_one_person_of_the_sentence_before(text: str, mention: str) -> None:
    assert _name(text, mention) == "Jane Roe"


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Jane Roe and Tom Hale are not worried. “No,” the Prime Minister said.", "the Prime Minister"),
        ("Senator Jane Roe is not worried. “No,” the Prime Minister said.", "the Prime Minister"),
        ("The case went to Jane Roe.\nNow the U.S. Attorney for the district can act.", "the U.S. Attorney"),
        ("Jane Roe is not worried. “No,” the spokesman said.", "the spokesman"),
    ],
)
def test_office_stays_a_description_where_somebody_else_can_have_it(text: str, mention: str) -> None:
    assert _name(text, mention) is None


@pytest.mark.parametrize(
    ("lead", "mention"),
    [
        ("A brave gran who hit a burglar says she would do it again.", "A brave gran"),
        ("A mother-of-two found a fox in her bath.", "A mother-of-two"),
        ("A woman who was locked in a shop for a night has been given a cake.", "A woman"),
        ("A widow won a car in a raffle.", "A widow"),
        ("A grandmother has been given a medal for a swim.", "A grandmother"),
    ],
)
def test_description_in_the_lead_is_the_person_named_in_the_next_paragraph(lead: str, mention: str) -> None:
    assert _name(f"{lead}\nJane Roe, 81, was making supper in Easton.", mention) == "Jane Roe"


def test_description_in_the_lead_is_not_a_person_of_another_gender_or_without_an_age() -> None:
    lead = "A woman who was locked in a shop for a night has been given a cake."
    assert _name(f"{lead}\nJohn Doe, 81, was making supper in Easton.", "A woman") is None
    assert _name(f"{lead}\nJane Roe was making supper in Easton.", "A woman") is None


@pytest.mark.parametrize("words", ["One", "Another", "Some", "Others", "Both"])
def test_words_without_a_noun_are_descriptions_that_can_speak(words: str) -> None:
    assert _read(f"Fans were divided. {words} wrote: “I waited for nine hours.”")[words].is_description


@pytest.mark.parametrize("noun", ["gran-of-six", "mother-in-law", "pal", "onlooker", "passer-by", "neighbour"])
def test_nouns_for_people_are_people(noun: str) -> None:
    entity = _read(f"“It was loud,” the {noun} said.")[f"the {noun}"]
    assert entity.is_description
    assert entity.kinds[PERSON] > 0.5


@pytest.mark.parametrize("body", ["Danish Presidency", "Dutch Presidency", "French Presidency"])
def test_body_keeps_the_adjective_of_its_country(body: str) -> None:
    assert _name(f"In the words of the {body}: “It is a text that all can live with.”", f"the {body}") == body


def test_person_taken_for_a_place_is_a_person_if_the_surname_acts() -> None:
    text = "A late header from Luca Ferri gave Easton a win.\nFerri, signed in January, had missed two chances."
    entity = _read(text)["Ferri"]
    assert choose_spelling(entity) == "Luca Ferri"
    assert int(entity.kinds[1:].argmax()) + 1 == PERSON
    assert len(entity.kinds) == len(KINDS)
