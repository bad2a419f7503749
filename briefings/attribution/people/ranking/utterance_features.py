"""Features of each utterance and its likeliest source, which all candidates of the utterance share."""

import numpy as np

from briefings.attribution.people.ranking.entity_table import EntityTable, Utterance
from briefings.attribution.people.ranking.sources import Sources
from briefings.text.learned_models import AnyArray, FloatArray, IntArray
from briefings.text.pos_tagger import TAG, mark_tags
from briefings.text.tokenizer import FIRST_UPPER, WORD, hash_word

#: longer passages are no slogan
MAX_SLOGAN_TOKENS = 12
#: tokens whose capitals are counted, and tokens on each side that are searched for a cue
_MAX_CAPITALS, _CUE_WINDOW = 40, 12
#: more recurrences are not counted
_MAX_REPETITIONS = 4
_DETERMINER_CODES = {
    "the": 1,
    "a": 2,
    "an": 2,
    "another": 2,
    "one": 2,
    "his": 3,
    "her": 3,
    "their": 3,
    "its": 3,
    "this": 4,
}
_PUNCTUATION_CODES = {
    ",": 1,
    ".": 2,
    "?": 3,
    "!": 3,
    ":": 4,
    ";": 5,
    "the": 6,
    "a": 6,
    "an": 6,
    "that": 7,
    "as": 8,
    "and": 9,
}
_NAMING_WORDS = {
    **dict.fromkeys(
        ["titled", "entitled", "called", "known", "headlined", "headlining", "dubbed", "named", "termed"], 1
    ),
    **dict.fromkeys(["term", "phrase", "word", "words", "expression", "slogan", "motto", "nickname", "formula"], 2),
    **dict.fromkeys(["book", "show", "film", "movie", "song", "album", "program", "programme", "series", "memoir"], 3),
    **dict.fromkeys(["piece", "column", "article", "essay", "story", "headline", "sign", "banner", "hat", "line"], 4),
    **dict.fromkeys(["'s", "’s"], 5),
    **dict.fromkeys(["of", "for", "to", "with", "by", "from", "in"], 6),
    **dict.fromkeys(["on", "at", "about"], 7),
    **dict.fromkeys(["chanted", "chanting", "shouting", "shouted", "reading", "reads", "read"], 8),
}
_NAMING_HASHES, _NAMING_CODES = np.array(
    sorted({hash_word(word.replace("’", "'")): code for word, code in _NAMING_WORDS.items()}.items()), dtype=np.int64
).T
_VERB_TAGS = [TAG[tag] for tag in ("VBD", "VBZ", "VBP", "MD")]
_I_HASHES = [hash_word(word) for word in ("i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've", "you")]


def describe_utterances(
    table: EntityTable,
    utterances: list[Utterance],
    sources: Sources,
    own_shares: tuple[FloatArray, FloatArray],
    previous_best: FloatArray,
) -> FloatArray:
    """Return the features, one row for each utterance.

    `own_shares` are the best share of an entity and the sum of the shares; `previous_best` is the best share in the
    utterance before, -1 for the first.
    """
    document, signals = table.document, table.signals
    first, last, words = sources.first, sources.last, document.tokens.words
    tags, sentence = document.tags, document.sentence
    shares = _sort_shares(utterances)
    start = np.searchsorted(sentence, sentence[first])
    end = np.searchsorted(sentence, sentence[np.maximum(last - 1, first)], side="right")
    totals = _Totals(table)
    head_end = np.minimum(last, first + _MAX_CAPITALS)
    letters = totals.letters[head_end] - totals.letters[first]
    capitals = totals.capitals[head_end] - totals.capitals[first]
    mark_before, mark_after = np.where(first > 1, first - 2, -1), np.where(last + 1 < len(words), last + 1, -1)
    naming = _find_naming_codes(document.shapes[:, WORD])
    determiners = [words[token].lower() for token in sources.start.tolist()]
    has_before, has_after, is_known = mark_before >= 0, mark_after >= 0, sources.is_known
    columns: list[AnyArray] = [
        np.array([utterance.nobody_share for utterance in utterances]),
        shares[:, 0],
        shares[:, 1],
        np.array([utterance.support for utterance in utterances]),
        sources.form,
        sources.code,
        last - first,
        np.where(last > first, document.shapes[first, FIRST_UPPER], 0),
        np.where(letters > 0, capitals / np.maximum(letters, 1), 0),
        np.where(last > 0, _get_punctuation(words, last - 1), 0),
        np.where(has_after, _get_punctuation(words, mark_after), 0),
        np.where(has_before, tags[mark_before], -1),
        np.where(has_after, tags[mark_after], -1),
        np.where(has_before, _get_punctuation(words, mark_before), 0),
        _find_best(signals.cue, np.maximum(start, first - _CUE_WINDOW), first, _CUE_WINDOW),
        _find_best(signals.cue, last, np.minimum(end, last + _CUE_WINDOW), _CUE_WINDOW),
        np.where(has_before, signals.cue[mark_before], 0),
        totals.outside[np.maximum(end, start)] - totals.outside[start],
        first - start,
        end - last,
        totals.verbs[last] > totals.verbs[first],
        totals.participants[last] > totals.participants[first],
        np.full(len(first), (table.person > 0.5).sum()),
        np.where(sources.token < first, sources.token - first, sources.token - last),
        sentence[sources.token] - sentence[first],
        document.tokens.paragraph[sources.token] - document.tokens.paragraph[first],
        np.where(is_known, [_DETERMINER_CODES.get(word, 0) for word in determiners], 0),
        sources.is_plural,
        sources.person,
        sources.is_office,
        np.where(is_known, signals.source[sources.mention], 0) if len(signals.source) else np.zeros(len(first)),
        *own_shares,
        previous_best,
        np.minimum(50, sentence[first]),
        sources.gender,
        np.where(is_known, document.passage_ids[sources.token] > 0, -1),
        np.where(has_before, naming[mark_before], 0),
        _find_naming_words(naming, start, first),
        _count_repetitions(table, sources),
        sources.noun_code,
        sources.is_possessed,
        sources.end - sources.start,
    ]
    result = np.empty((len(first), len(columns)), dtype=np.float32)
    for number, column in enumerate(columns):
        result[:, number] = column
    return result


def _get_punctuation(words: list[str], tokens: IntArray) -> IntArray:
    return np.array([_PUNCTUATION_CODES.get(words[token], 0) for token in tokens.tolist()], dtype=np.int64)


def _find_naming_codes(hashes: IntArray) -> IntArray:
    """Return the code of each word, 0 for most."""
    place = np.minimum(np.searchsorted(_NAMING_HASHES, hashes), len(_NAMING_HASHES) - 1)
    return np.where(_NAMING_HASHES[place] == hashes, _NAMING_CODES[place], 0)


class _Totals:
    """Running totals over an article's tokens."""

    def __init__(self, table: EntityTable) -> None:
        document = table.document
        is_letter = np.array([word[:1].isalpha() for word in document.tokens.words], dtype=bool)
        self.letters = _sum_running(is_letter)
        self.capitals = _sum_running(is_letter * document.shapes[:, FIRST_UPPER])
        self.outside = _sum_running(document.passage_ids == 0)
        self.verbs = _sum_running(mark_tags(document.tags, _VERB_TAGS))
        self.participants = _sum_running(np.isin(document.shapes[:, WORD], _I_HASHES))


def _sum_running(values: AnyArray) -> IntArray:
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    return total


def _sort_shares(utterances: list[Utterance]) -> FloatArray:
    """Return the two highest shares of each utterance's mentions, 0 where there are fewer."""
    result = np.zeros((len(utterances), 2), dtype=np.float32)
    for number, utterance in enumerate(utterances):
        best = sorted(utterance.shares.tolist(), reverse=True)[:2]
        result[number, : len(best)] = best
    return result


def _find_best(values: AnyArray, low: IntArray, high: IntArray, width: int) -> AnyArray:
    """Return the highest of `values[low:high]` for each pair, 0 if there are none. No range is longer than `width`."""
    at = low[:, None] + np.arange(width)
    best: AnyArray = np.where(at < high[:, None], values[np.minimum(at, len(values) - 1)], 0).max(axis=1, initial=0)
    return best


def _find_naming_words(naming: IntArray, start: IntArray, first: IntArray) -> IntArray:
    """Return the highest code among the words from six to three before each utterance, in its sentence.

    For an utterance that opens the article, it is the highest code of the article.
    """
    near = _find_best(naming, np.maximum(start, first - 6), first - 2, 4)
    if (first > 1).all():
        return near
    best = np.array([naming[:-1].max(initial=0), naming[1:-1].max(initial=0)])
    return np.where(first > 1, near, best[np.minimum(start, 1)])


def _count_repetitions(table: EntityTable, sources: Sources) -> FloatArray:
    """Return how often a short passage's words recur in the article, as a slogan or title does."""
    text, tokens = table.folded_text, table.document.tokens
    counts: dict[str, float] = {"": -1.0}
    result = np.full(len(sources), -1, dtype=np.float32)
    for number, (first, last) in enumerate(zip(sources.first.tolist(), sources.last.tolist(), strict=True)):
        if 0 < last - first <= MAX_SLOGAN_TOKENS:
            phrase = text[tokens.starts[first] : tokens.ends[last - 1]].strip(" ,.!?")
            if phrase not in counts:
                counts[phrase] = float(_count_up_to(text, phrase, _MAX_REPETITIONS))
            result[number] = counts[phrase]
    return result


def _count_up_to(text: str, phrase: str, limit: int) -> int:
    count, position = 0, text.find(phrase)
    while position >= 0 and count < limit:
        count += 1
        position = text.find(phrase, position + len(phrase)) if count < limit else -1
    return count
