"""List the people that an article names in full, with their job titles."""

import numpy as np

from briefings.attribution.features.document import Document
from briefings.attribution.features.person_names import clean_job_title
from briefings.attribution.people.models import PeopleModels
from briefings.attribution.people.naming.entities import find_entities
from briefings.attribution.people.naming.entity import choose_spelling
from briefings.attribution.people.naming.name_chunks import find_chunks
from briefings.attribution.people.naming.name_tagger import PERSON, tag_names

#: an entity is a person from this share of its words on
MIN_PERSON = 0.5


def find_people_in_full(document: Document, models: PeopleModels) -> list[tuple[str, tuple[str, ...]]]:
    """Return each person with a full name that is outside headlines, and the clean job titles."""
    if not len(document.mentions):
        return []
    chunks = find_chunks(document, tag_names(document, models.first_name_tagger, models.second_name_tagger))
    result = find_entities(document, chunks, np.zeros(len(document.mentions), dtype=np.float32))
    return [
        (choose_spelling(entity), tuple(dict.fromkeys(filter(None, map(clean_job_title, entity.roles)))))
        for entity in result.entities
        if entity.is_full_name and entity.kinds[PERSON] >= MIN_PERSON and sum(entity.spellings.values()) > 0
    ]
