"""Parses what is to be watched, typed or in plain words, into a query; and formats a query as a command again. Pure.

Rule: every text gives a value, never an exception. What a watch cannot do is refused with a sentence that shows one
that works: days, "or", left-out words, beginnings of words.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.queries.filters import wrap_in_quotes
from bot.queries.grammar.names import NO_NAMES, KnownNames
from bot.queries.grammar.readings import Problem, Reading
from bot.queries.grammar.watch_reader import read_watch
from bot.queries.queries import MAX_CHARACTERS, UsageMessage
from bot.queries.slack_text import clean_input, read_slack_text
from bot.queries.watch_requests import WatchRequest, read_watch_request
from briefings.text import make_search_key
from briefings.watches import WatchQuery, has_only_common_words

WATCH_COMMAND = "/watch"
_EXAMPLE = '/watch "lynch-mob"'
_WORDS_EXAMPLE = "/watch Tooting by-election"
_SPEAKER_EXAMPLE = "/watch by:Corbyn about:immigration"
_FILTERS = ("by", "about", "from")
#: characters of typed text that are read, and of a value in a message
_MAX_READ, _MAX_ECHO = 8 * MAX_CHARACTERS, 80
#: fewest words of a phrase that may consist of stop words only: "to be or not to be"
_MIN_STOP_WORDS = 4
_PRONOUN = re.compile(r"(?:he|she|it|they|we|you|i|this|that|people|everyone|anyone|someone)", re.IGNORECASE)
_CONJUNCTION = re.compile(r"(?:or|and|&|,)\s", re.IGNORECASE)
_EITHER = re.compile(r"^(?P<first>.+?)\s+(?:OR|or|Or|\||/)\s+(?P<second>.+)$")
_EITHER_PHRASE = re.compile(r"[\"”“»]\s*(?:,\s*)?(?:or|and/or|\||/)\s*[\"“”«]", re.IGNORECASE)
_LEFT_OUT = re.compile(r"(?<!\S)(?:[-–−](?=[^\W\d_])|NOT\s+)\S+")
_BEGINNING = re.compile(r"\w[\w’'-]*[*?~](?=\s|$)|(?<!\S)\*\w+")


def parse_watch(text: str, today: date, names: KnownNames = NO_NAMES) -> WatchQuery | UsageMessage:
    """Parse the text after `/watch`, or what `strip_watch_request` returns for a sentence."""
    line = read_slack_text(text[:_MAX_READ])
    if len(line) > MAX_CHARACTERS:
        return UsageMessage(
            f"That's {len(clean_input(text)):,} characters; the limit is {MAX_CHARACTERS:,}. Watch for a few words."
        )
    if not make_search_key(line):
        return UsageMessage(f"What should I watch for? Add words, for example: {_EXAMPLE} or {_SPEAKER_EXAMPLE}")
    request = read_watch_request(re.sub(r"(?<=\w)[‘’](?=\w)", "'", line))
    if request is None:
        return UsageMessage(
            f"I can't watch for “{_shorten(line)}”. Name a speaker or words, for example: {_SPEAKER_EXAMPLE} "
            f"or {_WORDS_EXAMPLE}"
        )
    if _EITHER_PHRASE.search(line):
        return UsageMessage(f"One watch has one phrase. Make one watch for each, for example: {_EXAMPLE}")
    return _explain_speaker(request.by, names) or _build_query(request, today, names)


def format_watch(query: WatchQuery) -> str:
    """Return the command for this query."""
    values = (("by", query.by), ("about", query.about), ("from", query.outlet))
    filters = [f"{name}:{wrap_in_quotes(value)}" for name, value in values if value]
    phrase = f'"{_drop_marks(query.phrase)}"' if query.phrase else ""
    return " ".join(filter(None, (WATCH_COMMAND, phrase, query.words, *filters)))


def _build_query(request: WatchRequest, today: date, names: KnownNames) -> WatchQuery | UsageMessage:
    watch_reading = read_watch(request.words, names, today, _clean_name(request.by, names) if request.by else None)
    reading, is_phrase = watch_reading.reading, watch_reading.is_phrase
    if request.outlet:
        outlet = names.find_outlet(request.outlet, partial=True)
        if outlet is None and names.is_person(_clean_name(request.outlet, names)):
            reading = replace(reading, by=_clean_name(request.outlet, names))
        else:
            reading = replace(reading, outlet=outlet or request.outlet)
    if problem := _explain(reading, is_phrase=is_phrase):
        return problem
    words = reading.words if make_search_key(reading.words) else ""
    by, about = reading.by, reading.about
    if about and not (words or by):
        words, about = about, None
    if not (words or by):
        place = f" in {reading.outlet}" if reading.outlet else ""
        return UsageMessage(f"What should I watch for{place}? Add words or a speaker, for example: {_EXAMPLE}")
    is_phrase = bool(words) and (is_phrase or request.is_quote)
    if problem := _explain_stop_words(words, about, is_phrase=is_phrase):
        return problem
    if not is_phrase and (problem := _explain_words(words)):
        return problem
    if is_phrase:
        return WatchQuery(words, "", by, about, reading.outlet)
    return WatchQuery(None, words, by, about, reading.outlet)


def _explain_speaker(name: str | None, names: KnownNames) -> UsageMessage | None:
    """Return a message about a name that is a pronoun, or two names."""
    if name is None:
        return None
    if _PRONOUN.fullmatch(name) or not make_search_key(name):
        return UsageMessage(f"Who do you mean? Name the speaker, for example: {_SPEAKER_EXAMPLE}")
    first, conjunction, last = re.sub(r"\s+(and|or|&)\s+", r"|\1|", name, flags=re.IGNORECASE).partition("|")
    conjunction, _, last = last.partition("|")
    if last and (conjunction.casefold() == "or" or (names.is_person(first) and names.is_person(last))):
        return _ask_for_one_speaker(first)
    return None


def _explain(reading: Reading, *, is_phrase: bool) -> UsageMessage | None:
    """Return a message about what was not understood, or about days."""
    if reading.since or reading.until or (reading.problem and reading.problem.filter_name in _DAY_FILTERS):
        return UsageMessage(
            "A watch looks at every article from now on, so it has no dates. Leave them out, for example: "
            f"{_suggest(reading, is_phrase=is_phrase)}"
        )
    return _explain_problem(reading.problem) if reading.problem else _explain_speakers(reading)


_DAY_FILTERS = ("since", "until", "after", "before", "on")


def _explain_speakers(reading: Reading) -> UsageMessage | None:
    """Return a message about two speakers: "by:Roe or Alder"."""
    if reading.by is None:
        return None
    first, *others = re.split(r"\s+or\s+", reading.by, flags=re.IGNORECASE)
    return _ask_for_one_speaker(first) if others or _CONJUNCTION.match(reading.words) else None


def _ask_for_one_speaker(name: str) -> UsageMessage:
    return UsageMessage(
        f"One watch has one speaker. Make one watch for each, for example: {WATCH_COMMAND} by:{wrap_in_quotes(name)}"
    )


def _explain_problem(problem: Problem) -> UsageMessage:
    name, text = problem.filter_name, _shorten(problem.text)
    if problem.is_unknown:
        known_filters = " ".join(f"{known_name}:" for known_name in _FILTERS)
        return UsageMessage(
            f"I don't know the filter “{name}:”. Put words with a colon in quotation marks, or use {known_filters}, "
            f"for example: {_SPEAKER_EXAMPLE}"
        )
    if problem.is_duplicate:
        return UsageMessage(f"Use {name}: only once, for example: {_SPEAKER_EXAMPLE}")
    if text:
        return UsageMessage(
            f"I don't understand “{text}” here. Remove it, or put it in quotation marks, for example: {_EXAMPLE}"
        )
    if name == "by":
        return UsageMessage(f"Add a name after by:, or remove it, for example: {_SPEAKER_EXAMPLE}")
    return UsageMessage(f"{name}: needs a value. Add one, or remove the filter, for example: {_SPEAKER_EXAMPLE}")


def _explain_words(words: str) -> UsageMessage | None:
    """Return a message about what words without marks cannot say."""
    if match := _LEFT_OUT.search(words):
        return UsageMessage(
            f"A watch can't leave words out (“{_shorten(match[0])}”). Remove that part, for example: {_WORDS_EXAMPLE}"
        )
    if match := _BEGINNING.search(words):
        return UsageMessage(
            f"A watch looks for whole words, so “{_shorten(match[0])}” would find nothing. Type the word in full, "
            f"for example: {_WORDS_EXAMPLE}"
        )
    if match := _EITHER.match(words):
        first = _shorten(match["first"])
        return UsageMessage(
            f"A watch looks for all of its words. For either of two, make two watches, for example: "
            f"{WATCH_COMMAND} {first}"
        )
    return None


def _explain_stop_words(words: str, about: str | None, *, is_phrase: bool) -> UsageMessage | None:
    """Return a message if the words, or the subject, are in nearly every article."""
    for text, is_whole in ((words, is_phrase), (about or "", True)):
        is_long = is_whole and len(make_search_key(text).split()) >= _MIN_STOP_WORDS
        if has_only_common_words(text) and not is_long:
            return UsageMessage(
                f"“{_shorten(text)}” is in nearly every article. Add a rarer word, for example: {_EXAMPLE}"
            )
    return None


def _suggest(reading: Reading, *, is_phrase: bool) -> str:
    """Return the command without its days, or an example."""
    words = reading.words if make_search_key(reading.words) else ""
    if not (words or reading.by):
        return _EXAMPLE
    phrase, words = (words, "") if is_phrase and words else (None, words)
    query = WatchQuery(phrase, words, reading.by, reading.about, reading.outlet)
    command = format_watch(query)
    return command if len(command) <= _MAX_ECHO else _EXAMPLE


def _clean_name(name: str, names: KnownNames) -> str:
    """Return a speaker's name without what is before it: "the mayor, Jane Roe"."""
    words = re.sub(r"^(?:the|our)\s+(?=\S)", "", name.strip(" ,;:"), flags=re.IGNORECASE).split()
    ends: Sequence[str] = [" ".join(words[start:]) for start in range(min(len(words), 8))]
    return next((end for end in ends if names.is_person(end)), " ".join(words))


def _drop_marks(phrase: str) -> str:
    return " ".join(re.sub('["“”„‟«»″〝〞＂「」『』]', " ", phrase).split())


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_ECHO else f"{text[:_MAX_ECHO]}…"
