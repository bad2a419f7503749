"""Recognises the parts of a question in its tokens: a speaker, a subject, an outlet, days. Pure.

Rule: a name counts only if it is known, or if a filter word says what it is. `Level.EDGE` is for text without quotation
marks: there, words that are as likely to be part of what was said are not taken for a part.
"""

import re
from collections.abc import Sequence
from datetime import date

from bot.queries.filters import parse_days
from bot.queries.grammar.day_reader import DayReader, correct_preposition
from bot.queries.grammar.names import KnownNames
from bot.queries.grammar.part import Level, Part, PartKind
from bot.queries.grammar.tokens import FilterName, Token, join_words
from bot.queries.grammar.vocabulary import (
    AFTER_SPEAKER,
    ARTICLES,
    BEFORE_SPEAKER,
    BEFORE_SPEAKER_WORDS,
    FILLERS,
    NEGATIONS,
    OUTLET_VERBS,
    OUTLET_WORDS,
    SPEECH_WORDS,
    SUBJECT_WORDS,
    TITLES,
    WORDY_NAMES,
)

#: most words of a name, and of a topic or outlet
_MAX_NAME_WORDS, _MAX_TITLE_WORDS = 5, 8
#: most words of a value that was not understood, in a message
_MAX_QUOTED_WORDS = 6
#: words that end a name of which nothing is known
_AFTER_NAME = frozenset(
    [*OUTLET_WORDS, *SUBJECT_WORDS, "since", "until", "till", "before", "after", "by", "last", "this"]
)


class PartReader:
    """Reads the parts of one question. `today` is the day from which relative days are counted."""

    def __init__(self, tokens: Sequence[Token], names: KnownNames, today: date) -> None:
        self._tokens = tokens
        self._names = names
        self._today = today
        self._days = DayReader(tokens, today)

    def read(self, index: int, level: Level) -> Part | None:
        """Return the part that starts at a token, the longest if several are possible, or None."""
        token = self._tokens[index]
        if token.filter_name:
            return self._read_filter(index, token.filter_name)
        if token.is_phrase:
            return None
        if not token.word:
            return Part(PartKind.FILLER, index + 1)
        if token.key in NEGATIONS and (excluded := self._read_excluded(index, level)):
            return excluded
        candidates = (
            self._days.read(index, level),
            self._read_speaker(index, level),
            self._read_outlet(index, level),
            self._read_topic(index, level),
        )
        parts = [part for part in candidates if part]
        # a person called May is meant by "May", and a month by "May 2016"
        is_day_or_person = len(parts) > 1 and (parts[0].kind, parts[1].kind) == (PartKind.DAYS, PartKind.BY)
        if is_day_or_person and (token.word.istitle() or (token.key == "by" and not parts[1].is_bare)):
            parts[0], parts[1] = parts[1], parts[0]
        if parts:
            return max(parts, key=lambda part: part.end)
        return self._read_rest(index) if level is Level.ALL else None

    def _read_excluded(self, index: int, level: Level) -> Part | None:
        """Return the problem of "not by Roe" or "but not in the Tribune": a search cannot leave out a part."""
        start = index + 1
        while start < len(self._tokens) and self._tokens[start].key in NEGATIONS:  # "but not"
            start += 1
        part = self.read(start, level) if start < len(self._tokens) else None
        is_narrowing = part is not None and part.kind not in (PartKind.FILLER, PartKind.PROBLEM)
        is_excluded = part is not None and is_narrowing and (level is Level.ALL or not part.is_bare)
        return Part(PartKind.PROBLEM, part.end, self.join(index, part.end)) if part and is_excluded else None

    def _read_wrong_days(self, index: int) -> Part | None:
        """Return the problem of "since" without a day."""
        preposition = correct_preposition(self._tokens[index].key)
        end = self._find_value_end(index + 1) if preposition in ("since", "until") else index
        if end <= index + 1:
            return None
        text = self.join(index + 1, min(end, index + 1 + _MAX_QUOTED_WORDS))
        return Part(PartKind.PROBLEM, end, text, filter_name=preposition)

    def starts_part(self, index: int) -> bool:
        """Whether a part with a filter word, or days, start at a token, so that an open value ends before it."""
        token = self._tokens[index]
        if token.is_phrase or token.filter_name:
            return True
        part = self.read(index, Level.EDGE)
        return part is not None and part.kind is not PartKind.FILLER

    def read_subject(self, index: int) -> Part | None:
        """Return the subject after "about" or "on" at a token, up to the next part."""
        if self._tokens[index].key not in SUBJECT_WORDS:
            return None
        start = self._skip_article(index + 1)
        end = self._find_value_end(start)
        words = self.join(start, end)
        return Part(PartKind.ABOUT, end, self._names.find_topic(words) or words) if words else None

    def join(self, start: int, end: int) -> str:
        """Return the words of some tokens, without punctuation around each of them."""
        return join_words(self._tokens[start:end])

    def _read_filter(self, index: int, name: FilterName) -> Part:
        start = index + 1
        value_token = self._tokens[start] if start < len(self._tokens) else None
        if value_token is None or value_token.filter_name:
            return Part(PartKind.PROBLEM, start, "", filter_name=name)
        if name in (FilterName.BY, FilterName.ABOUT, FilterName.FROM):
            end, value = self._read_value(start, name)
            if not re.search(r"\w", value):
                return Part(PartKind.PROBLEM, end, "", filter_name=name)
            if name is FilterName.FROM and not self._names.find_outlet(value, partial=True):
                if value_days := parse_days(value, self._today):
                    is_period = self._tokens[index].key == "in"  # "from:june" is since then
                    day_filter = FilterName.ON if is_period else FilterName.SINCE
                    return self._days.build(day_filter, end, value_days.first, value_days.last)
                if self._names.is_person(value):
                    return Part(PartKind.BY, end, value)
            kind = {FilterName.BY: PartKind.BY, FilterName.ABOUT: PartKind.ABOUT}.get(name, PartKind.OUTLET)
            return Part(kind, end, value)
        end, period = self._days.measure(start)
        if period is None:
            end = start + 1 if value_token.is_phrase else self._find_value_end(start)
            text = value_token.text if value_token.is_phrase else self.join(start, min(end, start + _MAX_QUOTED_WORDS))
            return Part(PartKind.PROBLEM, end, text, filter_name=name)
        return self._days.build(name, end, *period)

    def _read_value(self, start: int, name: FilterName) -> tuple[int, str]:
        """Return the end and the value of a filter for names: a phrase, a known name, or the words up to a part."""
        token = self._tokens[start]
        if token.is_phrase:
            return start + 1, self._clean_value(token.text, name)
        if name is FilterName.BY and (person_end := self._measure_person(start)):
            return person_end, self.join(self._skip_titles(start), person_end)
        if name is FilterName.FROM and (outlet := self._measure_outlet(start, partial=True)):
            return outlet
        if name is FilterName.ABOUT and (topic := self._measure_topic(start)):
            return topic
        end = self._find_value_end(start)
        has_words_before = not self._tokens[0].filter_name
        has_phrase = any(token.is_phrase for token in self._tokens)
        if not (has_words_before or has_phrase):  # before the words: one word and the capitalised words after it
            end = min(end, self._measure_capitals(start + 1))
        return end, self._clean_value(self.join(start, end), name)

    def _clean_value(self, value: str, name: FilterName) -> str:
        if name is FilterName.ABOUT:
            return self._names.find_topic(value) or value
        if name is FilterName.FROM:
            return self._names.find_outlet(value, partial=True) or value
        return value

    def _read_speaker(self, index: int, level: Level) -> Part | None:
        start = self._skip_speech(index, level)
        has_preposition = start < len(self._tokens) and self._tokens[start].key in ("by", "from")
        name_start = start + has_preposition
        if name_start >= len(self._tokens):
            return None
        if self._tokens[name_start].is_phrase:
            name = self._tokens[name_start].text
            is_other_phrase = any(token.is_phrase for i, token in enumerate(self._tokens) if i != name_start)
            is_name = has_preposition and (self._names.is_person(name) or (is_other_phrase and level is Level.ALL))
            is_name = is_name and self._tokens[start].key == "by"
            return Part(PartKind.BY, name_start + 1, name) if is_name else None
        if person_end := self._measure_person(name_start):
            first_name = self._skip_titles(name_start)
            is_plain_word = person_end - name_start == 1 and not self._is_name_like(name_start, level)
            if not has_preposition and is_plain_word:
                return None
            name = self._get_name(first_name, person_end)
            return Part(PartKind.BY, self._skip_after_speaker(person_end), name, is_bare=not has_preposition)
        if not has_preposition or self._tokens[start].key != "by":
            return None
        name_start = self._skip_article(self._skip_titles(name_start))
        end = self._measure_capitals(name_start)
        if end == name_start and level is Level.ALL:
            end = min(self._find_value_end(name_start), self._find_after_name(name_start))
        is_whole_rest = end == len(self._tokens) or level is Level.ALL
        name = self.join(name_start, end)
        return Part(PartKind.BY, end, _strip_possessive(name), is_bare=True) if name and is_whole_rest else None

    def _skip_speech(self, index: int, level: Level) -> int:
        """Return the index after "said" or "according to" before a speaker."""
        start = index
        keys = [token.key for token in self._tokens[index : index + 2]]
        if tuple(keys) in BEFORE_SPEAKER:
            return index + 1 if keys[1] == "by" else index + 2
        words = SPEECH_WORDS if level is Level.ALL else BEFORE_SPEAKER_WORDS
        while start < len(self._tokens) - 1 and self._tokens[start].key in words:
            start += 1
        return start

    def _skip_after_speaker(self, index: int) -> int:
        """Return the index after "said that" or "quotes" behind a speaker."""
        end = index
        while end < len(self._tokens) and self._tokens[end].key in AFTER_SPEAKER and not self._is_special(end):
            end += 1
        is_that = end > index and end < len(self._tokens) and self._tokens[end].key == "that"
        return end + 1 if is_that else end

    def _is_name_like(self, index: int, level: Level) -> bool:
        """Whether one word can be a name in this place: capitalised, or no everyday word."""
        word = _strip_possessive(self._tokens[index].word)
        if word[:1].isupper():
            return True
        return level is Level.ALL and word.casefold() not in WORDY_NAMES

    def _read_outlet(self, index: int, level: Level) -> Part | None:
        start = index
        while start < len(self._tokens) and self._tokens[start].key in OUTLET_VERBS:
            start += 1
        has_verb = start > index
        has_preposition = has_verb or self._tokens[index].key in OUTLET_WORDS
        if has_preposition and not has_verb:
            start += 1
        if start >= len(self._tokens) or self._tokens[start].is_phrase:
            return self._read_quoted_outlet(index, start) if has_preposition and start < len(self._tokens) else None
        if outlet := self._measure_outlet(start, partial=has_preposition):
            is_plain_word = outlet[0] - start == 1 and not self._is_name_like(start, level)
            if not has_preposition and is_plain_word:
                return None
            return Part(PartKind.OUTLET, outlet[0], outlet[1], is_bare=not has_preposition)
        if level is Level.EDGE or self._tokens[index].key not in ("in", "from"):
            return None
        name_start = self._skip_article(start)
        end = self._measure_capitals(name_start)
        return Part(PartKind.OUTLET, end, self.join(name_start, end)) if end > name_start else None

    def _read_quoted_outlet(self, index: int, start: int) -> Part | None:
        outlet = self._names.find_outlet(self._tokens[start].text, partial=True)
        return Part(PartKind.OUTLET, start + 1, outlet) if outlet and start > index else None

    def _read_topic(self, index: int, level: Level) -> Part | None:
        has_preposition = self._tokens[index].key in (*SUBJECT_WORDS, "in")
        if has_preposition and (topic := self._measure_topic(index + 1)):
            return Part(PartKind.ABOUT, topic[0], topic[1], is_bare=True)
        if level is Level.ALL:
            if topic := self._measure_topic(index):
                return Part(PartKind.ABOUT, topic[0], topic[1], is_bare=True)
            if self._tokens[index].key in ("about", "on", "regarding", "re", "concerning"):
                return self.read_subject(index)
        return None

    def _read_rest(self, index: int) -> Part | None:
        """Read a word without meaning for the search, a bare address, or "since" without a day."""
        if problem := self._read_wrong_days(index):
            return problem
        token = self._tokens[index]
        is_address = re.match(r"https?://", token.text)
        return Part(PartKind.FILLER, index + 1) if token.key in FILLERS or is_address else None

    def _measure_person(self, index: int) -> int:
        """Return the end of the longest known name at a token, with titles before it, or 0."""
        start = self._skip_titles(index)
        for end in range(min(start + _MAX_NAME_WORDS, self._find_words_end(start)), start, -1):
            if self._names.is_person(self._get_name(start, end)):
                return end
        return 0

    def _measure_outlet(self, index: int, *, partial: bool) -> tuple[int, str] | None:
        start = self._skip_article(index)
        for end in range(min(start + _MAX_TITLE_WORDS, self._find_words_end(start)), start, -1):
            is_partial = partial and self._tokens[start].word[:1].isupper()
            # "the" tells "the Herald" from a town
            if outlet := self._names.find_outlet(self._get_name(index, end), partial=is_partial):
                return end, outlet
        return None

    def _measure_topic(self, index: int) -> tuple[int, str] | None:
        start = self._skip_article(index)
        for end in range(min(start + _MAX_TITLE_WORDS, self._find_words_end(start)), start, -1):
            if topic := self._names.find_topic(self.join(start, end)):
                return end, topic
        return None

    def _measure_capitals(self, index: int) -> int:
        end = index
        while end < min(len(self._tokens), index + _MAX_NAME_WORDS):
            token = self._tokens[end]
            is_other_part = token.key in _AFTER_NAME or (end > index and self._days.measure(end)[1] is not None)
            if self._is_special(end) or not token.word[:1].isupper() or is_other_part:
                break
            end += 1
            if token.text[-1] in ",;:?!)":
                break
        return end

    def _find_value_end(self, index: int) -> int:
        """Return where an open value ends: before the next phrase, filter or part."""
        return next((end for end in range(index, len(self._tokens)) if self.starts_part(end)), len(self._tokens))

    def _find_after_name(self, index: int) -> int:
        return next(
            (end for end in range(index, len(self._tokens)) if self._tokens[end].key in _AFTER_NAME), len(self._tokens)
        )

    def _find_words_end(self, index: int) -> int:
        return next(
            (end for end in range(index, len(self._tokens)) if self._is_special(end)),
            len(self._tokens),
        )

    def _is_special(self, index: int) -> bool:
        return self._tokens[index].is_phrase or self._tokens[index].filter_name is not None

    def _skip_titles(self, index: int) -> int:
        start = index
        while start + 1 < len(self._tokens) and self._tokens[start].key in TITLES and not self._is_special(start + 1):
            start += 1
        return start

    def _skip_article(self, index: int) -> int:
        is_article = index + 1 < len(self._tokens) and self._tokens[index].key in ARTICLES
        return index + 1 if is_article else index

    def _get_name(self, start: int, end: int) -> str:
        return _strip_possessive(self.join(start, end))


def _strip_possessive(name: str) -> str:
    return re.sub(r"(?:['’]s|(?<=s)['’])$", "", name)
