"""Recognises the parts of a question in its tokens: a speaker, a subject, an outlet, days. Pure.

Rule: a name counts only if it is known, or if a filter word says what it is. `Level.EDGE` is for text without quotation
marks: there, words that are as likely to be part of what was said are not taken for a part.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from bot.queries.filters import parse_days
from bot.queries.names import KnownNames
from bot.queries.tokens import FilterName, Token, is_slip


class PartKind(StrEnum):
    """What a part of a question selects."""

    BY = "by"
    ABOUT = "about"
    OUTLET = "from"
    DAYS = "days"
    #: a word without meaning for the search: "said", "please"
    FILLER = "filler"
    #: a filter whose value was not understood; `text` is what was typed
    PROBLEM = "problem"


class Level(IntEnum):
    """How much is recognised: only what is certain, or everything, because the words searched for are in marks."""

    EDGE = 0
    ALL = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A recognised part: its value, and the index of the token after it."""

    kind: PartKind
    end: int
    text: str = ""
    since: date | None = None
    until: date | None = None
    #: the filter of a problem, and whether it was written as one (`since:`), not as a word of a sentence
    filter_name: str = ""
    #: recognised without a filter or a preposition
    is_bare: bool = False


#: most words of a name, of a topic or outlet, and of a date
_MAX_NAME_WORDS, _MAX_TITLE_WORDS, _MAX_DATE_WORDS = 5, 8, 6
#: most words of a value that was not understood, in a message
_MAX_QUOTED_WORDS = 6
_TITLES = frozenset(
    "mr mrs ms miss mx dr sir dame lord lady baron baroness senator sen president pm minister mp rep representative "
    "congressman congresswoman prof professor gov governor mayor chancellor secretary councillor cllr judge justice "
    "king queen prince princess pope".split()
)
_SPEECH_WORDS = frozenset("said says say saying spoken uttered stated claimed told tells quoted quote quotes".split())
_FILLERS = _SPEECH_WORDS | frozenset(
    "a an the who whom was is are did does do has have had been ever really actually please pls plz thanks thx cheers "
    "and or by of to it that this those these any all some with words word phrase find search show me us for "
    "what when where which from in on at about hi hello hey anyone just only also".split()
)
_SINCE_WORDS, _UNTIL_WORDS = ("since", "from"), ("until", "till", "til", "through")
_DURING_WORDS = ("on", "in", "during", "over", "within", "for", "at", "around")
_SUBJECT_WORDS = ("about", "on", "regarding", "re", "concerning", "over", "of")
_RANGE_WORDS = ("to", "until", "till", "and", "through", "-", "–", "—")
#: single words that are days without a preposition, wherever they are
_RELATIVE_DAYS = frozenset(["today", "yesterday", "tonight"])
#: surnames that are everyday words; in lower case they are these words
_WORDY_NAMES = frozenset(
    "price may will brown green white black young king long short hunt rose hart law page field bush rice power powers "
    "cash best bird bell ball banks bond brand burns carter church cook day dean fish ford fox gold good grant gray "
    "grey hall hill hope house hunter judge lamb land lane love major march marsh mason may mayor miller moon moor "
    "noble park parks pope post prince reed rich rivers root sharp small smith speaker spring stone street summers "
    "swift taylor turner wall ward waters way wells west winter wise wolf wood woods wright said says".split()
)


class PartReader:
    """Reads the parts of one question. `today` is the day from which relative days are counted."""

    def __init__(self, tokens: Sequence[Token], names: KnownNames, today: date) -> None:
        self._tokens = tokens
        self._names = names
        self._today = today

    def read(self, index: int, level: Level) -> Part | None:
        """Return the part that starts at a token, the longest if several are possible, or None."""
        token = self._tokens[index]
        if token.filter_name:
            return self._read_filter(index, token.filter_name)
        if token.is_phrase:
            return None
        if not token.word:
            return Part(PartKind.FILLER, index + 1)
        candidates = (
            self._read_days(index, level),
            self._read_speaker(index, level),
            self._read_outlet(index, level),
            self._read_topic(index, level),
        )
        parts = [part for part in candidates if part]
        # a person called May is meant by "May", and a month by "May 2016"
        is_name_like = token.word.istitle() or token.key == "by"
        if len(parts) > 1 and parts[0].kind is PartKind.DAYS and parts[1].kind is PartKind.BY and is_name_like:
            parts[0], parts[1] = parts[1], parts[0]
        if parts:
            return max(parts, key=lambda part: part.end)
        return self._read_rest(index) if level is Level.ALL else None

    def starts_part(self, index: int) -> bool:
        """Whether a part with a filter word, or days, start at a token, so that an open value ends before it."""
        token = self._tokens[index]
        if token.is_phrase or token.filter_name:
            return True
        part = self.read(index, Level.EDGE)
        return part is not None and part.kind is not PartKind.FILLER

    def read_subject(self, index: int) -> Part | None:
        """Return the subject after "about" or "on" at a token, up to the next part."""
        if self._tokens[index].key not in _SUBJECT_WORDS:
            return None
        start = self._skip_article(index + 1)
        end = self._find_value_end(start)
        words = self.join(start, end)
        return Part(PartKind.ABOUT, end, self._names.find_topic(words) or words) if words else None

    def join(self, start: int, end: int) -> str:
        """Return the words of some tokens, without punctuation around each of them."""
        return " ".join(filter(None, (token.word for token in self._tokens[start:end])))

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
                if period := parse_days(value, self._today):
                    return Part(PartKind.DAYS, end, since=period.first)
                if self._names.is_person(value):
                    return Part(PartKind.BY, end, value)
            kind = {FilterName.BY: PartKind.BY, FilterName.ABOUT: PartKind.ABOUT}.get(name, PartKind.OUTLET)
            return Part(kind, end, value)
        end, period = self._measure_days(start)
        if period is None:
            end = start + 1 if value_token.is_phrase else self._find_value_end(start)
            text = value_token.text if value_token.is_phrase else self.join(start, min(end, start + _MAX_QUOTED_WORDS))
            return Part(PartKind.PROBLEM, end, text, filter_name=name)
        return self._build_days(name, end, *period)

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

    def _read_days(self, index: int, level: Level) -> Part | None:
        """Read days with or without a preposition, and a range of days."""
        key = self._tokens[index].key
        preposition = self._correct_word(key, ("since", "until", "before", "after"))
        if preposition == "between" or (preposition == "from" and level is Level.ALL) or preposition == "from":
            if days_range := self._read_range(index + 1):
                return days_range
        if preposition in (*_SINCE_WORDS, *_UNTIL_WORDS, *_DURING_WORDS, "after", "before", "by", "up"):
            start = index + 2 if self.join(index, index + 2).casefold() == "up to" else index + 1
            end, period = self._measure_days(start)
            if period:
                names = {**dict.fromkeys(_SINCE_WORDS, FilterName.SINCE), "after": FilterName.AFTER}
                names |= {**dict.fromkeys((*_UNTIL_WORDS, "by", "up"), FilterName.UNTIL), "before": FilterName.BEFORE}
                return self._build_days(names.get(preposition, FilterName.ON), end, *period)
            if preposition in ("since", "until") and level is Level.ALL:
                end = self._find_value_end(index + 1)
                text = self.join(index + 1, min(end, index + 1 + _MAX_QUOTED_WORDS))
                return Part(PartKind.PROBLEM, end, text, filter_name=preposition)
        if days_range := self._read_range(index):
            return days_range
        end, period = self._measure_days(index)
        is_certain = end - index > 1 or key in _RELATIVE_DAYS or not key.isalpha() and not key.isdigit()
        if period and (is_certain or (level is Level.ALL and not re.fullmatch(r"\d{1,3}", key))):
            return self._build_days(FilterName.ON, end, *period, is_bare=True)
        return None

    def _read_range(self, index: int) -> Part | None:
        """Read "1 June to 15 June", "1-15 June" or "June to August 2016"."""
        for middle in range(index + 1, min(index + _MAX_DATE_WORDS + 1, len(self._tokens))):
            if self._tokens[middle].text.casefold() in _RANGE_WORDS and self._tokens[middle].filter_name is None:
                end, last = self._measure_days(middle + 1)
                first = last and self._parse_start(self._slice(index, middle), self._slice(middle + 1, end))
                if first and last and first[0] <= last[1]:
                    return Part(PartKind.DAYS, end, since=first[0], until=last[1])
        match = re.fullmatch(r"(\d{1,2})[-–](\d{1,2})", self._tokens[index].word) if index < len(self._tokens) else None
        if match:
            for end in range(min(index + 4, len(self._tokens)), index + 1, -1):
                rest = self._slice(index + 1, end)
                first_period = parse_days(f"{match[1]} {rest}", self._today)
                last_period = parse_days(f"{match[2]} {rest}", self._today)
                if first_period and last_period and first_period.first <= last_period.last:
                    return Part(PartKind.DAYS, end, since=first_period.first, until=last_period.last)
        return None

    def _parse_start(self, text: str, end_text: str) -> tuple[date, date] | None:
        """Return the first days of a range, with the month or the year of its end if they have none."""
        end_words = end_text.split()
        for missing_words in ([], end_words[-1:], end_words[-2:]):
            period = parse_days(" ".join([text, *missing_words]), self._today)
            # "June to August 2016": the year of the end comes first, because "June" alone is another year
            if period and (missing_words or not re.search(r"\b\d{4}\b", end_text) or re.search(r"\d{4}", text)):
                return period.first, period.last
        return None

    def _measure_days(self, index: int) -> tuple[int, tuple[date, date] | None]:
        """Return the end and the days of the longest date at a token."""
        if index < len(self._tokens) and self._tokens[index].is_phrase:
            period = parse_days(self._tokens[index].text, self._today)
            return index + 1, (period.first, period.last) if period else None
        for end in range(min(index + _MAX_DATE_WORDS, len(self._tokens)), index, -1):
            if any(token.is_phrase or token.filter_name for token in self._tokens[index:end]):
                continue
            for text in (self._slice(index, end), self.join(index, end)):
                if period := parse_days(text.strip("()[]?!"), self._today):
                    return end, (period.first, period.last)
        return index, None

    def _build_days(self, name: FilterName, end: int, first: date, last: date, *, is_bare: bool = False) -> Part:
        if first <= self._today < last:
            last = self._today
        since = first if name in (FilterName.SINCE, FilterName.ON) else None
        until = last if name in (FilterName.UNTIL, FilterName.ON) else None
        if name is FilterName.AFTER:
            since = last + timedelta(1)
        if name is FilterName.BEFORE:
            until = first - timedelta(1)
        return Part(PartKind.DAYS, end, since=since, until=until, is_bare=is_bare)

    def _read_speaker(self, index: int, level: Level) -> Part | None:
        start = index
        while start < len(self._tokens) and self._tokens[start].key in _SPEECH_WORDS and level is Level.ALL:
            start += 1
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
            return Part(PartKind.BY, person_end, self._get_name(first_name, person_end), is_bare=not has_preposition)
        if not has_preposition or self._tokens[start].key != "by":
            return None
        name_start = self._skip_article(self._skip_titles(name_start))
        end = self._measure_capitals(name_start)
        if end == name_start and level is Level.ALL:
            end = self._find_value_end(name_start)
        is_whole_rest = end == len(self._tokens) or level is Level.ALL
        name = self.join(name_start, end)
        return Part(PartKind.BY, end, _strip_possessive(name), is_bare=True) if name and is_whole_rest else None

    def _is_name_like(self, index: int, level: Level) -> bool:
        """Whether one word can be a name in this place: capitalised, or no everyday word."""
        word = _strip_possessive(self._tokens[index].word)
        if word[:1].isupper():
            return True
        return level is Level.ALL and word.casefold() not in _WORDY_NAMES

    def _read_outlet(self, index: int, level: Level) -> Part | None:
        start = index
        while start < len(self._tokens) and self._tokens[start].key in ("told", "tell", "telling", "tells", "to"):
            start += 1
        is_told = start > index
        has_preposition = is_told or self._tokens[index].key in ("in", "from", "at", "via", "on")
        if has_preposition and not is_told:
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
        has_preposition = self._tokens[index].key in (*_SUBJECT_WORDS, "in")
        if has_preposition and (topic := self._measure_topic(index + 1)):
            return Part(PartKind.ABOUT, topic[0], topic[1], is_bare=True)
        if level is Level.ALL:
            if topic := self._measure_topic(index):
                return Part(PartKind.ABOUT, topic[0], topic[1], is_bare=True)
            if self._tokens[index].key in ("about", "on", "regarding", "re", "concerning"):
                return self.read_subject(index)
        return None

    def _read_rest(self, index: int) -> Part | None:
        """Read a word without meaning for the search, or a bare address."""
        token = self._tokens[index]
        is_address = re.match(r"https?://", token.text)
        return Part(PartKind.FILLER, index + 1) if token.key in _FILLERS or is_address else None

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
            if outlet := self._names.find_outlet(self._get_name(start, end), partial=is_partial):
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
        while end < len(self._tokens) and self._tokens[end].word[:1].isupper() and not self._tokens[end].filter_name:
            if self._tokens[end].is_phrase or (end > index and self.starts_part(end)):
                break
            end += 1
            if self._tokens[end - 1].text[-1] in ",;:?!)":
                break
        return end

    def _find_value_end(self, index: int) -> int:
        """Return where an open value ends: before the next phrase, filter or part."""
        return next((end for end in range(index, len(self._tokens)) if self.starts_part(end)), len(self._tokens))

    def _find_words_end(self, index: int) -> int:
        return next(
            (end for end in range(index, len(self._tokens)) if self._is_special(end)),
            len(self._tokens),
        )

    def _is_special(self, index: int) -> bool:
        return self._tokens[index].is_phrase or self._tokens[index].filter_name is not None

    def _skip_titles(self, index: int) -> int:
        start = index
        while start + 1 < len(self._tokens) and self._tokens[start].key in _TITLES and not self._is_special(start + 1):
            start += 1
        return start

    def _skip_article(self, index: int) -> int:
        is_article = index + 1 < len(self._tokens) and self._tokens[index].key in ("the", "this", "that", "our")
        return index + 1 if is_article else index

    def _get_name(self, start: int, end: int) -> str:
        return _strip_possessive(self.join(start, end))

    def _slice(self, start: int, end: int) -> str:
        return " ".join(token.text for token in self._tokens[start:end])

    def _correct_word(self, key: str, words: Sequence[str]) -> str:
        if len(key) < 4:
            return key
        return next((word for word in words if is_slip(key, word) and key not in _FILLERS), key)


def _strip_possessive(name: str) -> str:
    return re.sub(r"(?:['’]s|(?<=s)['’])$", "", name)
