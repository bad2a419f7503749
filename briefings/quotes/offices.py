"""Which of the words beside a name may be shown as somebody's office.

Rule: a wrong office is worse than none. What is shown is words in a row that could be an office by themselves: they
begin with no preposition, number or weekday, end in no word that hangs, hold no other marks, and are one person's.
"""

import re
from calendar import day_name

from briefings.text import lexicon

#: the minute that a live page has before each entry
_TIMESTAMP = re.compile(r"^\d{4} ")
#: what is said of the person behind the office, and what tokenised texts have in brackets
_TRAILING_CLAUSE = re.compile(r"(?:^|,? )(?:who|whose|whom|which|that)\b.*|\W*\b[LR][RS]B\b.*", re.DOTALL)
_MARKS = re.compile(r"[“”\"`\\/|]|''")
_DAY_NAMES = frozenset(day.lower() for day in day_name)


def clean_job_title(text: str) -> str | None:
    """The office in these words, without what is said behind it; None when they only look like one."""
    office = _TRAILING_CLAUSE.sub("", _TIMESTAMP.sub("", text))
    words = office.split()
    if not words or _MARKS.search(office) or office.count("(") != office.count(")"):
        return None
    stop_words = lexicon.load_words("stop_words")
    if words[0] in stop_words or words[-1] in stop_words or words[0].lower() in _DAY_NAMES or not words[0][0].isalpha():
        return None
    return (
        office
        if any(word.lower() in lexicon.load_words("offices") for word in re.findall(r"[^\W_]+", office))
        else None
    )
