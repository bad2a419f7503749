"""Texts that are dear to read: pages of one sentence, of names, of marks, of labels. All words are invented."""

from collections.abc import Iterator

_SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "po", "ri", "su", "ta", "ve", "wo", "za", "ke", "hi")
_PROSE = "Jane Roe, the mayor of Easton, said on Monday that the bridge would open soon, and John Doe welcomed it. "


def build_hostile_texts(size: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each kind, with about `size` characters."""
    for name, unit in _UNITS.items():
        yield name, _repeat(unit, size)
    for name, pattern in _PATTERNS.items():
        yield name, _number(pattern, size)


def _repeat(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def _number(pattern: str, size: int) -> str:
    """Return the pattern with a new first name and surname each time."""
    parts: list[str] = []
    length = 0
    while length < size:
        number = len(parts)
        part = pattern.format(first=_spell(number * 7 + 3), last=_spell(number + 16**3), number=number)
        parts.append(part)
        length += len(part)
    return "".join(parts)[:size]


def _spell(number: int) -> str:
    """Spell a number as a capitalised word."""
    word = ""
    while number or not word:
        number, rest = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[rest]
    return word.capitalize()


_UNITS = {
    "he_said_he_said": "He said he said that he said ",
    "said_bob": "said Bob. ",
    "yes_said_bob_paragraphs": "“Yes,” said Bob.\n\n",
    "yes_said_bob_straight": '"Yes," said Bob.\n\n',
    "long_quotes_bob": "“We will never do that again,” said Bob.\n\n",
    "opening_mark_paragraphs": "“It goes on and on\n\n",
    "according_to_bob": "according to Bob, ",
    "one_line_prose": _PROSE,
    "one_name": "Jane Roe ",
    "one_name_lines": "Jane Roe\n",
    "he_said_paragraphs": "He said so.\n\n",
    "she_told_him": "She told him that her mother told his father that she told them. ",
    "short_paragraphs": "Yes.\n\n",
    "labels": 'A: "x"\n',
    "two_labels": "HOLT: We are late.\nDOE: So we are.\n",
    "labelled_quotes": "Jane Roe: “We are late again today”\n",
    "bold_questions": "**What do you say?**\n\nWe say no.\n\n",
    "wrapped_lines": "Jane Roe said that the new bridge of Easton would open in\n"
    "spring, and that “everybody is welcome\nto see it” then.\n",
    "unbalanced_marks": '“ ‘ " Roe said ” so «',
    "marks_only": "“”",
    "nested_marks": "“She said ‘no’ to ‘him’ ",
    "digits": "1234567890",
    "numbers": "1,234.5 67 8 90% ",
    "punctuation": "!?;:,.-()[]{}",
    "commas": "a, b, c, ",
    "parentheses": "(Roe (Doe ",
    "offices": "the minister, the mayor, the president, ",
    "officials": "The official said an official told officials. ",
    "apposition": "the mayor of Easton, Jane Roe, a nurse, ",
    "capitals": "THE MAYOR OF EASTON SAYS NO ",
    "one_word": "a" * 1000,
    "one_letters": "a ",
    "initials": "J. R. ",
    "who_which": "who which that who ",
    "i_said": "“I told you,” I said. ",
    "quoted_words": "the “so-called” “great” “plan” of Roe ",
    "more_cards": "Jane Roe Jane Roe… MORE ",
}
_PATTERNS = {
    "names": "{first} {last} ",
    "names_said": "{first} {last} said no. ",
    "names_quoted": "“We will never do that again,” said {first} {last}.\n\n",
    "names_yes": "“Yes,” said {last}.\n\n",
    "names_he_said": "{first} {last} won. “We will never do that again,” he said.\n\n",
    "surnames": "{last} ",
    "one_surname": "{first} Roe met Roe. ",
    "one_first_name": "Jane {last} met Jane. ",
    "name_roles": "{first} {last}, the mayor of {last}, met the mayor. ",
    "roles_joined": "Mayor {first} {last} met the {last} spokesman. ",
    "descriptions": "The {last} official said the official of {last} said so. ",
    "labels_all_different": "{first} {last}: “We are late again today”\n",
    "capital_labels": "{last}: We are late.\n",
    "initial_labels": "{first} {last} came.\nJR: We are late.\nJD: Are we?\n",
}
