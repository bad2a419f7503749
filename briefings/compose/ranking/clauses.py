"""Tell from its verbs whether a sentence is a full clause: it has a finite verb, a subject and something to say.

Rule: a sentence without a finite verb is a caption, a heading or a piece of a list. The present tense of unknown verbs
is taken from what follows an "-s": "the count carries a penalty".
"""

import re
from functools import lru_cache

from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.words import load_table

_AUXILIARIES = (
    "is|are|was|were|am|be|has|have|had|does|do|did|can|could|would|may|might|must|should|will|cannot|"
    r"[a-z]+n't|\w+'(?:s|re|ve|ll|d)|ain't"
)
_IRREGULAR = (
    "took|went|won|told|shot|put|hit|cut|set|read|struck|sued|swept|fled|led|thought|felt|knew|wrote|sought|stood|drove|"
    "threw|grew|drew|kept|taught|shook|flew|wore|hung|blew|bit|bore|caught|drank|ate|sang|slept|spun|stole|swore|wept"
)
#: irregular past forms, as alternatives of a pattern
PAST_FORMS = "|".join([*map(re.escape, sorted(load_table("irregular_past").values())), _IRREGULAR])
_FINITE = re.compile(
    rf"(?<![\w-])(?:{lexicon.build_alternation('past')}|(?:{lexicon.build_alternation('present_verbs')})(?:e?s)?|{_AUXILIARIES}|"
    rf"{PAST_FORMS}|\w{{2,}}ed)(?![\w-])"
)
#: "carries a", "knows that": an "-s" before what only follows a verb
_PRESENT_WITH_OBJECT = re.compile(
    r"(?<![\w-])\w{3,}s (?:the|a|an|to|that|no|its|his|her|their|it|him|them|up|out|off|over|beyond|whether|how|what|"
    r"not|nothing|nearly|\d)(?!\w)"
)
#: "Directed officials to refuse": a list item whose subject comes before the list; "Asked about it, Jane Roe" has one
_SUBJECTLESS = re.compile(r"[A-Z][a-z]{2,}ed (?!by |in |on |at )[^,]*$")
_IMPERATIVE = re.compile(rf"(?:{lexicon.build_alternation('imperatives')})(?!\w)")
#: a name that is the same word as an imperative: "Read Smith said"
_NAME_FOLLOWS = re.compile(r"[A-Z][a-z]+(?: (?!The )[A-Z][a-z]+)+ [a-z]")
#: "Jane Roe asked at a press conference Monday.": another sentence says what she asked
_REPORTING_ALONE = (
    "said|asked|added|wrote|tweeted|replied|continued|explained|joked|declared|insisted|argued|noted|responded"
)
_AUXILIARY = re.compile(rf"(?<![\w-])(?:{_AUXILIARIES})(?![\w-])")
_EMPTY_REPORT = re.compile(
    r"(?:[A-Z][^,]{0,40}, )?(?:[\w.’'-]+ ){1,6}"
    rf"(?:(?:{_REPORTING_ALONE})|took to (?:Twitter|Facebook|Instagram|social media))"
    r"(?P<rest> (?:at|in|on|to|during|after|before|from|when|as|of|via)\b[^,“\"]*"
    r"| (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day[^,“\"]*)?\.$"
)
#: the main verb of a clause before its day: "has an event on Tuesday", "goes into effect on Saturday"
_PRESENT = re.compile(
    r"(?<!\w)(?:is|are|has|have|goes|go|takes|take|begins|begin|starts|start|comes|come|opens|open|meets|meet|holds|hold|"
    r"projects|plans|expects|faces|returns|travels|heads|votes|will|to)(?!\w)"
)
_PAST = re.compile(rf"(?<!\w)(?:{lexicon.build_alternation('past')}|{PAST_FORMS}|was|were|\w{{2,}}[^\W_e]ed)(?!\w)")
#: "was set to meet on Thursday": the plan is in the past, not the meeting
_PLAN = re.compile(
    r"(?<!\w)(?:was|were|been|is|are) (?:\w+ )?(?:set|scheduled|due|slated|expected|poised|supposed|to)(?!\w)"
)
_CLAUSE_MARKS = re.compile(r"[,;:]")
#: "could not" and "could have" tell what was; "to remain" and "a remain vote" tell no state
_PERISHABLE = re.compile(
    rf"(?<!\w)(?<!to )(?<!a )(?<!the )(?:{lexicon.build_alternation('perishable')})(?!\w)"
    r"(?! (?:have|not|no longer|be (?:heard|seen))\b)"
)


@lru_cache(maxsize=4_096)
def is_clause(unquoted_words: str) -> bool:
    """Tell whether a sentence, its quoted words blank, has a finite verb and a subject, and says something."""
    folded_words = fold(unquoted_words)
    return (
        (_FINITE.search(folded_words) is not None or _PRESENT_WITH_OBJECT.search(folded_words) is not None)
        and _SUBJECTLESS.match(unquoted_words) is None
        and (_IMPERATIVE.match(folded_words) is None or _NAME_FOLLOWS.match(unquoted_words) is not None)
        and not _reports_nothing(unquoted_words)
    )


def _reports_nothing(unquoted_words: str) -> bool:
    """Tell whether a sentence says only who spoke, where and when; "said on Tuesday it will close" tells more."""
    match = _EMPTY_REPORT.match(unquoted_words)
    if match is None or " that " in unquoted_words:
        return False
    return _AUXILIARY.search(fold(match["rest"] or "")) is None


def tells_plan(before: str) -> bool:
    """Tell whether the words before a day, folded, are a clause in the present tense: what is planned for that day."""
    clause = _CLAUSE_MARKS.split(before)[-1]
    is_present = _PRESENT.search(clause) is not None and _PAST.search(clause) is None
    return is_present or _PLAN.search(clause) is not None


@lru_cache(maxsize=4_096)
def is_perishable(words: str) -> bool:
    """Tell whether words say how things are or may become, which later news overtakes."""
    return _PERISHABLE.search(fold(words)) is not None
