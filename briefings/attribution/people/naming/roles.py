"""Find what an article says a named person is: the title before the name, the apposition behind it, "is a ...".

Rule: the words are collected as stems, to be compared with a description; the first clean job title is shown.
"""

from functools import lru_cache

import numpy as np

from briefings.attribution.features.clause import find_link_after
from briefings.attribution.features.document import Document
from briefings.attribution.features.person_names import CANDIDACY_WORDS, clean_job_title, lowercase_first
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG, VERBS
from briefings.text.tokenizer import FIRST_UPPER, stem

#: maximum words of an apposition, and of a title before a name
MAX_APPOSITION, MAX_BEFORE = 14, 8
_STOPS = frozenset([",", "–", "—", ";", ":", ".", "(", ")", "``", "''", "“", "”", '"'])
_SENTENCE_ENDS = frozenset([".", "!", "?", "”", "''", '"'])
_COPULAS = frozenset(["is", "was", "became", "becomes"])
_ARTICLES = frozenset(["a", "an", "the"])
_POSSESSIVES = frozenset(["his", "her", "its", "our", "their"])
_NO_TITLE_OPENINGS = _ARTICLES | _POSSESSIVES | {"'s", "’s"}
_OFFICE_PREFIXES = frozenset(["Under", "Vice", "Deputy", "Assistant", "Acting"])
_RANKS = frozenset(
    ["rear", "adm", "admiral", "gen", "maj", "lt", "col", "capt", "cmdr", "sgt", "brig", "rev", "dr", "mr", "mrs", "ms"]
)
_EXPANSIONS = {"d": "democrat", "r": "republican"}


class RoleFinder:
    """Reads the roles of the names of one article, whose mentions do not matter."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tags, self.sentence = document.tags.tolist(), document.sentence.tolist()
        lines, shapes = document.tokens.paragraph, document.shapes
        is_long = np.array([len(w) > 3 and w[0].isalpha() for w in document.tokens.words], dtype=np.float64)
        totals = np.bincount(lines, weights=is_long)
        capitals = np.bincount(lines, weights=is_long * (shapes[:, FIRST_UPPER] > 0))
        last_of_line = np.r_[np.diff(lines) > 0, True]
        is_sentence = np.array([word in _SENTENCE_ENDS for word in document.tokens.words], dtype=bool)
        sentences = np.zeros(len(totals), dtype=bool)
        sentences[lines[last_of_line & is_sentence]] = True
        self.headline_tokens = ((totals > 3) & (capitals > 0.7 * totals) & ~sentences)[lines]

    def add_name_roles(self, roles: list[str], stems: set[str], start: int, first: int, last: int) -> None:
        """Add the roles around the name in tokens `first` to `last`; its mention starts at `start`."""
        words = self.document.tokens.words
        if start < first:
            begin = self._skip_possessor(start, first)
            begin -= begin > 0 and words[begin - 1] in _OFFICE_PREFIXES
            self._add(roles, stems, begin, first, opens=True)
        sentence = self.sentence
        if start > 2 and words[start - 1] == "," and sentence[start - 1] == sentence[start - 2] == sentence[first]:
            self._add_before(roles, stems, start - 1)
        if last + 1 >= len(words) or sentence[last] != sentence[first]:
            return
        if words[last] in (",", "–", "—"):
            end = self._find_apposition_end(last + 1)
            if end > last + 1 and words[last + 1].lower() not in ("who", "which", "and"):
                self._add(roles, stems, last + 1, end)
        elif words[last] == "(":
            for word in words[last + 1 : last + 6]:
                if word == ")":
                    break
                self._add_stems(stems, word)
        elif words[last].lower() in _COPULAS and words[last + 1].lower() in _ARTICLES:
            self._add([], stems, last + 2, self._find_apposition_end(last + 2))

    def add_heads(self, heads: set[str], start: int, first: int, last: int) -> None:
        """Add the head noun of each role around a name: "minister" in "interior minister", "Jane Roe, a minister"."""
        words, sentence = self.document.tokens.words, self.sentence
        if start < first:
            heads.add(stem(words[first - 1].lower().strip(".")))
        before = start - 2 if start > 1 and words[start - 1] == "," else -1
        if before >= 0 and sentence[before] == sentence[first]:
            heads.add(stem(words[self._find_head(before)].lower()))
        if last + 1 < len(words) and words[last] in (",", "–", "—") and sentence[last + 1] == sentence[first]:
            end = self._find_apposition_end(last + 1)
            link = next((i for i in range(last + 1, end) if self.tags[i] in (TAG["IN"], TAG["TO"])), end)
            if link > last + 1:
                heads.add(stem(words[link - 1].lower()))

    def _find_head(self, token: int) -> int:
        """Return the head of the phrase that ends at `token`: "mayor" in "the mayor of Easton"."""
        words, tags = self.document.tokens.words, self.tags
        for index in range(token, max(token - MAX_BEFORE, 0), -1):
            if words[index].lower() in _ARTICLES or words[index] in _STOPS:
                break
            if tags[index] == TAG["IN"] and words[index].lower() == "of":
                return index - 1
        return token

    def add_complement(self, stems: set[str], end: int) -> None:
        """Add the words after a description: "for the Roe campaign"."""
        link = find_link_after(self.document, end)
        if link >= 0:
            for word in self.document.tokens.words[link : link + 4]:
                if word in _STOPS:
                    break
                self._add_stems(stems, word)

    def ends_apposition(self, last: int) -> bool:
        """Whether an apposition that holds the phrase up to `last` is closed by a comma or the sentence's end."""
        end = self._find_apposition_end(last)
        words = self.document.tokens.words
        return end >= len(words) or words[end] in _STOPS or self.tags[end] == TAG["WH"]

    def _find_apposition_end(self, first: int) -> int:
        words = self.document.tokens.words
        end = first
        while (
            end < len(words)
            and end < first + MAX_APPOSITION
            and self.sentence[end] == self.sentence[first - 1]
            and words[end] not in _STOPS
            and self.tags[end] != TAG["WH"]
            and not (self.tags[end] in VERBS and self.tags[end] not in (TAG["VBN"], TAG["VBG"]))
        ):
            end += 1
        return end

    def _add_before(self, roles: list[str], stems: set[str], end: int) -> None:
        """Add a title in apposition before the name: "the interior minister, Jane Roe"."""
        words = self.document.tokens.words
        first = end
        is_office = words[end - 1].lower() in lexicon.load_words("offices")
        if end > 1 and is_office and words[end - 2].lower() in CANDIDACY_WORDS:
            return
        while first > 0 and end - first < MAX_BEFORE and self.sentence[first - 1] == self.sentence[end]:
            word = words[first - 1]
            if word in _STOPS or self.tags[first - 1] in VERBS:
                break
            first -= 1
            if word.lower() in _ARTICLES or word.lower() in _POSSESSIVES or word in ("'s", "’s"):
                self._add(roles, stems, first, end)
                return

    def _skip_possessor(self, start: int, first: int) -> int:
        words = self.document.tokens.words
        return max((i + 1 for i in range(start, first) if words[i] in ("'s", "’s")), default=start)

    def _add(self, roles: list[str], stems: set[str], first: int, last: int, *, opens: bool = False) -> None:
        document, words = self.document, self.document.tokens.words
        for word in words[first:last]:
            self._add_stems(stems, word)
        if opens:
            first, last = self._trim_office(first, last)
        while first < last and words[first].lower() in _NO_TITLE_OPENINGS:
            first += 1
        if first < last:
            text = document.text[document.tokens.starts[first] : document.tokens.ends[last - 1]]
            title = clean_job_title(" ".join((lowercase_first(text) if opens else text).split()))
            if title and title not in roles:
                roles.append(title)

    def _trim_office(self, first: int, last: int) -> tuple[int, int]:
        """Trim what is not an office from the words before a name: "decision President", "spokesman Rear Adm."."""
        words = self.document.tokens.words
        while last > first and words[last - 1].lower().strip(".") in _RANKS:
            last -= 1
        capital = next((index for index in range(first, last) if words[index][:1].isupper()), last)
        before = [word.lower() for word in words[first:capital] if word.lower() not in _ARTICLES]
        is_stray = bool(before) and self.tags[capital - 1] == TAG["NN"]
        if is_stray and capital < last and before[-1] not in lexicon.load_words("offices"):
            first = capital
        return first, last

    def _add_stems(self, stems: set[str], word: str) -> None:
        lowercase = word.lower().strip(".")
        if lowercase[:1].isalnum() and lowercase not in _ARTICLES:
            for part in [lowercase, *lowercase.split("-")]:
                stems.add(stem(_EXPANSIONS.get(part, part)))


@lru_cache(maxsize=1)  # for the quotes and then the names of the same article
def build_role_finder(document: Document) -> RoleFinder:
    """Return the reader of an article's roles, made once for the article before and after its mentions were trimmed."""
    return RoleFinder(document)
