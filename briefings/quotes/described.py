"""Whom an article means by a description: "the Labour leader" is whoever the article calls so.

Rule: only where the article itself uses those words, and every time for the same person.
"""

from functools import lru_cache

from briefings.model import Article
from briefings.quotes.attributions import split_into_parts
from briefings.quotes.engine import analyse
from briefings.quotes.speakers import describe_mention, resolve_coreference
from briefings.quotes.weights import load_models
from briefings.text.folding import make_search_key
from briefings.text.spans import mask_spans

#: articles whose descriptions are kept at hand
_DESCRIPTION_CACHE_SIZE = 256


def resolve_description(article: Article, words: str) -> str | None:
    """The name of the person whom `article` means by `words` ("Labour leader"); None when it does not tell."""
    matching_names = {name for key, name in _find_descriptions(article) if key == make_search_key(words)}
    return matching_names.pop() if len(matching_names) == 1 else None


@lru_cache(maxsize=_DESCRIPTION_CACHE_SIZE)
def _find_descriptions(article: Article) -> tuple[tuple[str, str], ...]:
    """Each description of a person in `article`, as a search key, and the name it stands for."""
    descriptions: list[tuple[str, str]] = []
    for _, part in split_into_parts(mask_spans(article.text, article.boilerplate)):
        analysis = analyse(part, load_models())
        if analysis is None:
            continue
        coreference = resolve_coreference(analysis.signals)
        for number in range(len(analysis.document.mentions)):
            speaker, reason = coreference.resolve_speaker(number)
            if speaker and not speaker.anonymous and reason.startswith("by the office"):
                descriptions.append((make_search_key(describe_mention(analysis.document, number)), speaker.name))
    return tuple(descriptions)
