"""Learn what well-known people are called: the role words next to a name that recur in many articles."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from briefings.attribution.features.document import parse_document
from briefings.attribution.people.naming.entities import find_entities
from briefings.attribution.people.naming.name_chunks import find_chunks
from briefings.attribution.people.naming.name_tagger import PERSON, tag_names
from briefings.text.learned_models import LinearModel
from briefings.text.pos_tagger import Tagger
from briefings.text.tokenizer import hash_word

#: articles that name a person; articles with the word, and their least share
MIN_ARTICLES, MIN_WORD_ARTICLES, MIN_WORD_SHARE = 5, 3, 0.06
#: a surname without a first name means the bearer that so many articles name, and this share of those with a bearer
MIN_SURNAME_ARTICLES, MIN_SURNAME_SHARE = 40, 0.8


def collect_roles(
    texts: Iterable[str], tagger: Tagger, names: tuple[LinearModel, LinearModel]
) -> dict[int, frozenset[int]]:
    """Return the hashes of the role words of well-known people, by the hash of the name."""
    articles: Counter[str] = Counter()
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        document = parse_document(text, tagger)
        if not len(document.mentions):
            continue
        found = find_entities(
            document, find_chunks(document, tag_names(document, *names)), np.zeros(len(document.mentions), np.float32)
        )
        for entity in found.entities:
            if entity.is_full_name and entity.kinds[PERSON] > 0.5:
                key = f"{entity.words[0]} {entity.surname}"
                articles[key] += 1
                words[key].update(entity.role_stems)
    bearers: dict[str, Counter[str]] = defaultdict(Counter)
    for key, count in articles.items():
        bearers[key.split()[-1]][key] += count
    result: dict[int, frozenset[int]] = {}
    for key, count in articles.items():
        stems = frozenset(
            hash_word(word)
            for word, n in words[key].items()
            if n >= max(MIN_WORD_ARTICLES, MIN_WORD_SHARE * count) and word.isalpha() and len(word) > 2
        )
        if count >= MIN_ARTICLES and stems:
            result[hash_word(key)] = stems
            surname = key.split()[-1]
            if count >= max(MIN_SURNAME_ARTICLES, MIN_SURNAME_SHARE * bearers[surname].total()):
                result[hash_word(surname)] = stems
    return result
