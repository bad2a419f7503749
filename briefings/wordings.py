"""Split the other reports of a quotation into those with other words and those with the same words. Pure.

Rule: reports that differ only in case or punctuation have the same words.
"""

from briefings.model import Hit, Variant
from briefings.text.folding import make_search_key


def list_other_wordings(hit: Hit) -> tuple[Variant, ...]:
    """Return the reports with other words than the hit, each wording once."""
    if not hit.variants:
        return ()
    wordings = {make_search_key(variant.quote): variant for variant in reversed(hit.variants)}
    hit_key = make_search_key(hit.quote)
    return tuple(
        variant
        for variant in hit.variants
        if (key := make_search_key(variant.quote)) != hit_key and wordings[key] is variant
    )


def list_same_wordings(hit: Hit) -> tuple[Variant, ...]:
    """Return the reports of other articles with the words of the hit, each article once."""
    if not hit.variants:
        return ()
    hit_key = make_search_key(hit.quote)
    reports = {
        variant.article: variant
        for variant in reversed(hit.variants)
        if variant.article != hit.article and make_search_key(variant.quote) == hit_key
    }
    return tuple(variant for variant in hit.variants if reports.get(variant.article) is variant)
